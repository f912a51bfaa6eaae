"""The load: one process that keeps many connections busy with ready-made bytes, so that the server is the limit.

It is run as ``python -m bench.client`` by `bench.load`, with its order on the standard input, and prints what it saw.
A closed loop sends the next request of a connection as soon as the last one was answered. An open loop sends at moments
fixed beforehand and counts from these, so that a server that falls behind cannot hide it.
"""

from __future__ import annotations

import gc
import json
import selectors
import socket
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import BinaryIO

#: An answer that takes longer than this counts as none.
PATIENCE = 60.0
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Order:
    """What to send.

    Args:
        port: Where, on this machine.
        clients: How many connections at most.
        rate: Requests a second in an open loop; 0 for a closed one.
        lengths: How long each request is; their bytes follow one another.
        timeline: Whether to tell when each answer came, too.
    """

    port: int
    clients: int
    rate: float
    lengths: list[int]
    timeline: bool = False


@dataclass
class Seen:
    """What came back.

    Args:
        wall: Seconds from the first byte sent to the last one received.
        times: Seconds that each answer took.
        statuses: How often each status came; 0 for connections that broke.
        ends: When each answer was there, counted from the start; only where it was asked for.
        cpu: CPU seconds of this process.
    """

    wall: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    ends: list[float] = field(default_factory=list)
    cpu: float = 0.0


class Connection:
    """A kept connection, and the answer that is coming in."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sock: socket.socket | None = None
        self.begun = 0.0
        self.data = b""
        self.needed = 0
        self.last = False

    def opened(self) -> socket.socket:
        """Return the socket, connected anew where the server closed it."""
        if self.sock is None:
            self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.sock

    def close(self) -> None:
        """Close the socket."""
        if self.sock is not None:
            self.sock.close()
            self.sock = None

    def receive(self) -> int | None:
        """Take what has come; return the status when the answer is whole, 0 when the connection broke."""
        assert self.sock is not None
        try:
            more = self.sock.recv(262_144)
        except OSError:
            return 0
        if not more:
            return 0
        self.data = self.data + more if self.data else more
        if not self.needed:
            end = self.data.find(_END)
            if end < 0:
                return None
            head = self.data[:end].lower()
            self.needed = end + 4 + _length(head)
            self.last = b"connection: close" in head
        if len(self.data) < self.needed:
            return None
        status = int(self.data[9:12])
        self.data, self.needed = b"", 0
        if self.last:
            self.close()
        return status


def _length(head: bytes) -> int:
    at = head.find(_LENGTH)
    return int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


class Run:
    """One measurement."""

    def __init__(self, order: Order, requests: list[bytes]) -> None:
        self.order, self.requests = order, requests
        self.seen = Seen()
        self.poll = selectors.DefaultSelector()
        self.idle: deque[Connection] = deque()
        self.busy: dict[Connection, socket.socket] = {}
        self.next = 0
        self.start = 0.0

    def go(self) -> Seen:
        """Send everything, wait for all answers, and return what was seen."""
        gc.disable()
        for _ in range(min(self.order.clients, len(self.requests))):
            connection = Connection(self.order.port)
            connection.opened()
            self.idle.append(connection)
        cpu = time.process_time()
        self.start = time.perf_counter()
        self._open() if self.order.rate else self._closed()
        self.seen.wall = time.perf_counter() - self.start
        self.seen.cpu = time.process_time() - cpu
        for connection in self.idle:
            connection.close()
        return self.seen

    def _closed(self) -> None:
        while self.next < len(self.requests) and self.idle:
            self._send(self.idle.popleft(), time.perf_counter())
        while self.busy:
            for connection in self._answered(PATIENCE):
                if self.next < len(self.requests):
                    self._send(connection, time.perf_counter())
                else:
                    self.idle.append(connection)

    def _open(self) -> None:
        while self.next < len(self.requests) or self.busy:
            due = self.start + self.next / self.order.rate
            now = time.perf_counter()
            if self.next < len(self.requests) and due <= now and self.idle:
                self._send(self.idle.popleft(), due)
                continue
            waits = self.next < len(self.requests) and self.idle
            self.idle.extend(self._answered(max(0.0, due - now) if waits else PATIENCE))

    def _send(self, connection: Connection, begun: float) -> None:
        request = self.requests[self.next]
        self.next += 1
        connection.begun = begun
        try:
            sock = connection.opened()
            sock.sendall(request)
        except OSError:
            self._broken(connection)
            self.idle.append(connection)
            return
        self.busy[connection] = sock
        self.poll.register(sock, selectors.EVENT_READ, connection)

    def _answered(self, seconds: float) -> list[Connection]:
        """Wait for answers, and return the connections that are free again."""
        events = self.poll.select(seconds)
        if not events and seconds >= PATIENCE:
            raise SystemExit("the server does not answer")
        free = []
        for key, _ in events:
            connection: Connection = key.data
            status = connection.receive()
            if status is None:
                continue
            self.poll.unregister(key.fileobj)
            del self.busy[connection]
            if status:
                self._note(connection, status)
            else:
                self._broken(connection)
            free.append(connection)
        return free

    def _note(self, connection: Connection, status: int) -> None:
        now = time.perf_counter()
        self.seen.times.append(now - connection.begun)
        self.seen.statuses[status] += 1
        if self.order.timeline:
            self.seen.ends.append(now - self.start)

    def _broken(self, connection: Connection) -> None:
        self.seen.statuses[0] += 1
        connection.close()
        connection.data, connection.needed = b"", 0


def read_order(file: BinaryIO) -> tuple[Order, list[bytes]]:
    """Read an order: a line of JSON, then the bytes of the requests."""
    order = Order(**json.loads(file.readline()))
    return order, [file.read(length) for length in order.lengths]


def main() -> None:
    """Do what the standard input orders, and print what was seen as JSON."""
    order, requests = read_order(sys.stdin.buffer)
    json.dump(vars(Run(order, requests).go()), sys.stdout)


if __name__ == "__main__":
    main()
