"""A network that goes wrong on demand: a proxy in front of a server of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.services.processes import free_port

__all__ = ["MODES", "OK", "FaultProxy", "Mode", "proxied"]

_PIECE = 65536


@dataclass(frozen=True)
class Mode:
    """How the network behaves.

    Args:
        name: What is done to what passes by.
        amount: How much: seconds, bytes, bytes per second or a chance, as the name says.
    """

    name: str
    amount: float = 0.0

    def __str__(self) -> str:
        return f"{self.name} {self.amount:g}" if self.amount else self.name


OK = Mode("ok")
#: Everything that goes wrong in networks: all is late, or unevenly late; nobody is let in; connections break at once,
#: or after so many bytes with and without the last of these; everything is swallowed; arrives in crumbs, slowly,
#: altered, or one direction ends.
MODES = (
    Mode("latency", 0.3), Mode("jitter", 0.3), Mode("refuse"), Mode("rst"), Mode("rst", 2000), Mode("blackhole"),
    Mode("slice", 7), Mode("bandwidth", 20_000), Mode("corrupt", 0.2), Mode("halfclose"), Mode("cut_after", 1500),
)  # fmt: skip


@dataclass(eq=False)
class _Link:
    """A connection through the proxy, and how many bytes have passed in both directions."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    passed: int = 0

    def reset(self) -> None:
        """Break both sides without a goodbye."""
        _reset(self.client)
        _reset(self.server)


@dataclass
class FaultProxy:
    """The proxy: listens at a port, passes on to another, and behaves as its mode says.

    Args:
        port: Where it listens on the loopback address.
        target: The server's port on the same address.
    """

    port: int
    target: int
    mode: Mode = OK
    connections: int = 0
    _links: set[_Link] = field(default_factory=set)
    _transports: list[asyncio.WriteTransport] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def change(self, mode: Mode) -> None:
        """Behave in another way from now on; some ways break what is open at once."""
        asyncio.run_coroutine_threadsafe(self._change(mode), self._loop).result(10)

    async def _change(self, mode: Mode) -> None:
        self.mode = mode
        if mode.name == "refuse" or mode == Mode("rst"):
            for link in list(self._links):
                link.reset()

    async def accept(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        self.connections += 1
        self._transports.append(client.transport)
        if self.mode.name == "refuse":
            return _reset(client)
        try:
            answers, server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return _reset(client)
        self._transports.append(server.transport)
        link = _Link(client, server)
        self._links.add(link)
        try:
            await asyncio.gather(self._carry(reader, server, link), self._carry(answers, client, link))
        finally:
            self._links.discard(link)
            client.close()
            server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: _Link) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            while piece := await reader.read(_PIECE):
                link.passed += len(piece)
                if not await self._pass_on(piece, writer, link):
                    return
            writer.write_eof()

    async def _pass_on(self, piece: bytes, writer: asyncio.StreamWriter, link: _Link) -> bool:
        """Do to a piece what the mode says, and tell whether this direction goes on."""
        mode = self.mode
        if mode.name == "blackhole":
            return True
        if mode.name in ("rst", "cut_after") and link.passed >= mode.amount:
            if mode.name == "cut_after":
                writer.write(piece[: max(0, len(piece) - (link.passed - int(mode.amount)))])
                await writer.drain()
            link.reset()
            return False
        await asyncio.sleep(_delay(mode, len(piece)))
        step = int(mode.amount) if mode.name == "slice" else len(piece)
        piece = _altered(piece) if mode.name == "corrupt" and random.random() < mode.amount else piece
        for begin in range(0, len(piece), step):
            writer.write(piece[begin : begin + step])
            await writer.drain()
        if mode.name == "halfclose":
            writer.write_eof()
        return mode.name != "halfclose"

    def run(self, ready: threading.Event) -> None:
        """Serve until the loop is stopped."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self.accept, "127.0.0.1", self.port))
        ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in self._transports:
            transport.abort()  # also what waits for somebody to read what is left
        await asyncio.sleep(0.05)  # transports are closed in the loop's next turns

    def stop(self) -> None:
        """Let `run` return."""
        self._loop.call_soon_threadsafe(self._loop.stop)


def _delay(mode: Mode, size: int) -> float:
    if mode.name == "latency":
        return mode.amount
    if mode.name == "jitter":
        return random.uniform(0, mode.amount)
    return size / mode.amount if mode.name == "bandwidth" else 0.0


def _altered(piece: bytes) -> bytes:
    at = random.randrange(len(piece))
    return piece[:at] + bytes([piece[at] ^ 1 << random.randrange(8)]) + piece[at + 1 :]


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None:
        # Closing with nothing to linger for sends RST instead of FIN.
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def proxied(target: int) -> Iterator[FaultProxy]:
    """Run a proxy in front of a port of this machine until the block ends."""
    proxy, ready = FaultProxy(free_port(), target), threading.Event()
    thread = threading.Thread(target=proxy.run, args=(ready,), name="fault-proxy", daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the proxy does not start")
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join(10)
