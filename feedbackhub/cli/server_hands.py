"""Who answers requests: waitress's threads, with a bound on how many requests wait for one, and how long."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.task import ThreadedTaskDispatcher  # type: ignore[import-untyped]
from waitress.utilities import Error  # type: ignore[import-untyped]

__all__ = ["Channel", "Hands"]

log = logging.getLogger(__name__)
#: Seconds after which somebody who was turned away may try again.
RETRY_AFTER = 2
#: Says that the process lives, without waiting for anything; asked by those who would end it otherwise.
ALIVE = "/healthz"
_BUSY = b'{"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "Too many requests wait."}\n'


class Busy(Error):  # type: ignore[misc]
    """Too many requests wait; nothing was done for this one."""

    code, reason = 503, "Service Unavailable"

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body."""
        headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store", "Retry-After": RETRY_AFTER}
        return f"{self.code} {self.reason}", [(name, str(value)) for name, value in headers.items()], _BUSY


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection of a client."""

    requests: list[Any]
    request: Any
    #: When its request began to wait for a thread.
    since = 0.0

    def service(self) -> None:
        """Answer one request, the last one of its connection when the server ends."""
        if self.server.task_dispatcher.leaving:
            self.requests[0].headers["CONNECTION"] = "close"
        super().service()

    def received(self, data: bytes) -> bool:
        """Take in what the client sends; one whose body has no room on the disk is told to come again."""
        try:
            return bool(super().received(data))
        except OSError as error:
            log.warning("a request cannot be taken in: %s", error.strerror)
            self.request.error = Busy("")
            self.requests, self.request = [self.request], None
            self.server.add_task(self)
            return False

    def turn_away(self) -> None:
        """Tell the client that too many requests wait, without doing anything for this one."""
        self.requests[0].error = Busy("")
        self.service()


class Hands(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Threads that answer requests in the order in which they came.

    Args:
        threads: Requests that are answered at the same time.
        most: Requests that may wait beside these; more are turned away at once.
        longest: Seconds that a request waits before it is turned away.
        refused: Called for each one that is.
    """

    #: Whether answers are the last ones of their connections.
    leaving = False

    def __init__(self, threads: int, most: int, longest: float, refused: Callable[[], None]) -> None:
        super().__init__()
        self._most, self._longest, self._refused = most, longest, refused
        self._aside: deque[Channel] = deque()
        self.set_thread_count(threads)

    def add_task(self, task: Channel) -> None:
        """Take on a request, or set it aside when too many wait already."""
        task.since = time.monotonic()
        with self.lock:
            idle = len(self.threads) - self.stop_count - self.active_count
            has_room = len(self.queue) - idle < self._most
            if has_room:
                self.queue.append(task)
                self.queue_cv.notify()
        if not has_room:
            # Whoever calls holds the connection's lock, which answering needs.
            self._aside.append(task)
            task.server.pull_trigger()

    def see_to(self) -> None:
        """Answer who was set aside, and turn away who has waited too long while every thread was busy."""
        before = time.monotonic() - self._longest
        with self.lock:
            while self.queue and self.queue[0].since < before:
                self._aside.append(self.queue.popleft())
        while self._aside:
            channel = self._aside.popleft()
            if getattr(channel.requests[0], "path", "") == ALIVE:
                channel.service()
            else:
                self._refused()
                channel.turn_away()
