"""A lean HTTP client over a kept connection, which tells what surely did not arrive from what may have."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Answer", "Client", "NoAnswer", "NotSent"]

_END = b"\r\n\r\n"


class NoAnswer(Exception):
    """The connection broke before the answer: whether the request was carried out is unknown."""


class NotSent(NoAnswer):
    """Nobody listened: the request was surely not carried out."""


@dataclass(frozen=True)
class Answer:
    """What the server said; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def accepted(self) -> bool:
        """Whether the server says that it has what it was given."""
        return self.status in (200, 201, 202, 303)


class Client:
    """One connection to this machine, opened anew when it broke.

    Args:
        port: Where.
        key: API key, empty for none.
        timeout: Seconds to wait for an answer.
    """

    def __init__(self, port: int, key: str, timeout: float) -> None:
        self._port, self._timeout = port, timeout
        self._head = f"Host: 127.0.0.1:{port}\r\nAccept-Language: en\r\n" + (
            f"Authorization: Bearer {key}\r\n" if key else ""
        )
        self._socket: socket.socket | None = None

    def call(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> Answer:
        """Send a request and return the answer.

        Raises:
            NotSent: Nobody listens.
            NoAnswer: The connection broke or nothing came in time.
        """
        more = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n" if body else ""
        try:
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=self._timeout)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise NotSent(str(error)) from error
        try:
            self._socket.sendall(f"{method} {path} HTTP/1.1\r\n{self._head}{more}\r\n".encode("ascii") + body)
            answer = _received(self._socket)
        except (OSError, ValueError) as error:
            self.close()
            raise NoAnswer(str(error)) from error
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def __del__(self) -> None:
        # Callers are given up at any moment; the server is not to wait for what they would have said.
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _received(connection: socket.socket) -> Answer:
    came = b""
    while (end := came.find(_END)) < 0:
        came += _more(connection)
    lines = came[:end].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    status, body = int(lines[0].split(" ")[1]), came[end + 4 :]
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return Answer(status, headers, _chunks(connection, body))
    length = headers.get("content-length")
    wanted = 0 if length is None and status in (204, 304) else int(length or 0)
    while len(body) < wanted:
        body += _more(connection)
    return Answer(status, headers, body)


def _chunks(connection: socket.socket, came: bytes) -> bytes:
    body = b""
    while True:
        while b"\r\n" not in came:
            came += _more(connection)
        size, _, came = came.partition(b"\r\n")
        length = int(size, 16)
        while len(came) < length + 2:
            came += _more(connection)
        if not length:
            return body
        body, came = body + came[:length], came[length + 2 :]


def _more(connection: socket.socket) -> bytes:
    more = connection.recv(65536)
    if not more:
        raise ValueError("the connection was closed")
    return more
