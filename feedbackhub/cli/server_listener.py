"""Where the built-in server listens: takes connections in, hands requests on, and parts from who holds them up."""

from __future__ import annotations

import logging
import time
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]
from waitress.wasyncore import dispatcher  # type: ignore[import-untyped]

from .server_channel import Channel
from .server_hands import Hands
from .server_loop import Loop

__all__ = ["Listener"]

log = logging.getLogger(__name__)
#: Asked by machines that decide whether this process lives; answered by threads of their own, however many wait.
URGENT = ("/healthz", "/readyz", "/metrics")
#: Connections taken in before those that are there get their turn again.
AT_ONCE = 64
#: Seconds without a new connection when the system has no descriptor left.
REST = 0.5
#: Seconds that a client may keep silent within a request, take for the head of one, for all of it, and between two.
SILENT, HEAD, WHOLE, KEPT = 30.0, 30.0, 900.0, 120.0


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """One listening socket.

    Args:
        application: What is served.
        loop: Waits for the sockets.
        hands: Answer requests.
        urgent: Answer those who ask after the server's health.
        adj: Options of waitress.
        sockinfo: Where to listen.
        most: Connections at the same time; when there are more, those go that have been idle longest.
    """

    channel_class = Channel

    def __init__(
        self,
        application: WSGIApplication,
        loop: Loop,
        hands: Hands[Channel],
        urgent: Hands[Channel],
        adj: Any,
        sockinfo: Any,
        most: int,
    ) -> None:
        self.loop, self.most, self.deaf, self.leaving = loop, most, False, False
        self._urgent, self._rests_until = urgent, 0.0
        super().__init__(application, loop.map, dispatcher=hands, adj=adj, sockinfo=sockinfo)

    def add_task(self, task: Channel) -> None:
        """Hand on a request."""
        request = task.requests[0]
        if self.leaving:
            request.headers["CONNECTION"] = "close"
        urgent = getattr(request, "path", "").endswith(URGENT)
        (self._urgent if urgent else self.task_dispatcher).add_task(task)

    def readable(self) -> bool:
        """Whether new connections are taken in."""
        return bool(self.accepting) and time.monotonic() >= self._rests_until

    def handle_accept(self) -> None:
        """Take in whoever is at the door."""
        for _ in range(AT_ONCE):
            try:
                conn, address = self.socket.accept()
            except (BlockingIOError, ConnectionError, InterruptedError):
                return
            except OSError as error:
                self._rest(error)
                return
            if len(self.active_channels) >= self.most:
                self._make_room()
            self.set_socket_options(conn)
            self.channel_class(self, conn, address, self.adj, map=self._map)

    def _rest(self, error: OSError) -> None:
        """Take nobody in for a moment, and let go of who is idle: there is no descriptor left."""
        log.warning("no connection can be taken in: %s", error.strerror)
        self._rests_until, self.deaf = time.monotonic() + REST, True
        self._make_room()

    def _make_room(self) -> None:
        idle = [each for each in self.active_channels.values() if each.waits]
        idle.sort(key=lambda each: each.last_activity)
        for channel in idle[: max(1, len(idle) // 16)]:
            channel.handle_close()

    def look_after(self) -> None:
        """Part from clients that keep silent or are too slow, and listen again after a rest."""
        now = time.time()  # as waitress notes it
        for channel in list(self.active_channels.values()):
            if channel.waits and self._tired_of(channel, now):
                channel.handle_close()
        self.loop.settle(self)

    @staticmethod
    def _tired_of(channel: Channel, now: float) -> bool:
        request, silent = channel.request, now - channel.last_activity
        if request is None:
            channel.begun = None
            return bool(silent > KEPT)
        if channel.begun is None:
            channel.begun = now
        took = now - channel.begun
        return bool(silent > SILENT or took > WHOLE or (took > HEAD and not request.headers_finished))

    def leave(self) -> None:
        """Take in who is at the door, then nobody more; answers from now on are the last ones of their connections."""
        self.handle_accept()
        self.leaving = True
        for channel in list(self.active_channels.values()):
            channel.last_one()
        # The server's own close() would take away the trigger that running requests answer through.
        dispatcher.close(self)
