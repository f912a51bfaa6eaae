"""A connection of the built-in server: how an answer is written, and when the loop has to be woken for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.task import WSGITask  # type: ignore[import-untyped]

__all__ = ["Channel", "Task"]

log = logging.getLogger(__name__)
#: Seconds after which somebody who was turned away may try again.
RETRY_AFTER = 2
_BUSY = b'{"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "Too many requests wait."}\n'
_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n"
    b"Retry-After: %d\r\nContent-Length: %d\r\n%%s\r\n%s" % (RETRY_AFTER, len(_BUSY), _BUSY)
)
_CLOSE = b"Connection: close\r\n"
#: A longer first piece is not copied to stand behind the head.
_SMALL = 1 << 18


class Task(WSGITask):  # type: ignore[misc]
    """An answer whose head and first piece leave together: one packet, one call of the system."""

    wrote_header: bool
    channel: Any

    def write(self, data: bytes) -> None:
        """Send a piece of the answer, the head first."""
        if self.wrote_header or not self.complete:
            super().write(data)
            return
        head = self.build_response_header()
        self.wrote_header = True
        whole = self.content_length is not None and len(data) <= self.content_length and not self.chunked_response
        if data and whole and self.has_body and len(data) <= _SMALL:
            self.content_bytes_written += len(data)
            self.channel.write_soon(head + data)
            return
        self.channel.write_soon(head)
        if data:
            super().write(data)


class _Server:
    """The server as one connection sees it: what its answers need, and a bell that rings only if the loop must come."""

    def __init__(self, server: Any, ring: Callable[[], None]) -> None:
        self.application, self.adj, self.server_name = server.application, server.adj, server.server_name
        self.effective_host, self.effective_port = server.effective_host, server.effective_port
        self.active_channels, self.add_task = server.active_channels, server.add_task
        self.pull_trigger = ring


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection of a client.

    waitress wakes its loop after every answer. Here a thread that has sent its whole answer wakes nobody: the loop
    still listens to the connection, and hears of the next request by itself.
    """

    task_class = Task

    #: Whether the loop does not listen to the connection for now, since no more can be read.
    deaf = False
    #: When the request that is coming in was first seen unfinished.
    begun: float | None = None
    requests: list[Any]
    request: Any

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        self._loop = server.loop
        super().__init__(server, sock, addr, adj, map)
        self.server = _Server(server, self._ring)

    def received(self, data: bytes) -> bool:
        """Take in what the client sends; one whose body has no room on the disk is told to come again."""
        try:
            return bool(super().received(data))
        except OSError as error:
            log.warning("a request cannot be taken in: %s", error.strerror)
            self.request = None
            self.write_soon(_REFUSAL % _CLOSE)
            self.close_when_flushed = True
            return False

    def _ring(self) -> None:
        if self.deaf or self.total_outbufs_len or self.close_when_flushed or self.will_close:
            self._loop.look_at(self)

    @property
    def waits(self) -> bool:
        """Whether it is the client's turn."""
        return not self.requests and not self.total_outbufs_len

    def last_one(self) -> None:
        """Let the answer that is being prepared be the last one, if its head has not been sent."""
        with self.requests_lock:
            for request in self.requests:
                request.headers["CONNECTION"] = "close"

    def refuse(self) -> None:
        """Tell the client that too many requests wait; whatever it asked for is dropped."""
        with self.requests_lock:
            requests, self.requests = self.requests, []
            closes = len(requests) > 1 or any(_wants_to_close(each) for each in requests)
            for each in requests:
                each.close()
            self.write_soon(_REFUSAL % (_CLOSE if closes else b""))
            self.close_when_flushed = closes
        self._loop.settle(self)


def _wants_to_close(request: Any) -> bool:
    asked = request.headers.get("CONNECTION", "").lower()
    return bool(request.error) or asked == "close" or (request.version != "1.1" and asked != "keep-alive")
