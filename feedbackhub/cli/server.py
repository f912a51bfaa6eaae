"""The built-in web server: waitress, with bounded queues, and an end that first finishes what it has begun."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any
from wsgiref.types import WSGIApplication

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]

from .server_hands import Channel, Hands

__all__ = ["Server", "stopped_by_signals"]

THREADS = 16
#: Requests that may wait for a thread, and for how many seconds.
WAITING, PATIENCE = 256, 5.0
CONNECTIONS = 1000
#: Descriptors kept for everything else: the database, logs, calls to other systems.
SPARE_DESCRIPTORS = 200
#: Seconds after which a connection that brings nothing is closed, and how often that is looked for.
SILENT, SWEEP = 60, 10
# Flask refuses large bodies with a page of ours; waitress only cuts off what is far beyond that.
SPARE_BODY = 1 << 20
LOOK = 0.5
#: Seconds in which a kept connection may bring one more request when the end has begun.
GRACE = 0.5


class Server:
    """Listens at an address and serves an application until it is told to stop.

    Args:
        application: What is served.
        host: Name or number of the address.
        port: Port; 0 for any free one.
        largest_body: Bytes of a request's body that the application takes.
        threads: Requests at the same time.
        waiting: Requests that may wait beside these; more are told to come again later.
        patience: Seconds that a request may wait.
        refused: Called for each request that is told to come again later.

    Raises:
        OSError: The address cannot be listened at.
    """

    def __init__(
        self,
        application: WSGIApplication,
        host: str,
        port: int,
        largest_body: int,
        threads: int = THREADS,
        waiting: int = WAITING,
        patience: float = PATIENCE,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._map: dict[int, Any] = {}
        self._hands = Hands(threads, waiting, patience, refused)
        self._server = create_server(
            application,
            map=self._map,
            _dispatcher=self._hands,
            host=host,
            port=port,
            ident="feedbackhub",
            connection_limit=max(threads + waiting, min(CONNECTIONS, _descriptors() - SPARE_DESCRIPTORS)),
            channel_timeout=SILENT,
            cleanup_interval=SWEEP,
            max_request_body_size=largest_body + SPARE_BODY,
            # Whose word counts about the visitor's address is decided by the application's own setting.
            clear_untrusted_proxy_headers=False,
        )
        for listener in self._listeners():
            listener.channel_class = Channel
        self._stopping = threading.Event()

    def _listeners(self) -> list[Any]:
        return [each for each in self._map.values() if getattr(each, "accepting", False)]

    @property
    def port(self) -> int:
        """The port listened at."""
        return int(self._listeners()[0].effective_port)

    def stop(self) -> None:
        """Let `run` finish what it has begun and return; safe in a signal handler."""
        self._stopping.set()

    def run(self, patience: float = 20.0, leaving: Callable[[], None] = lambda: None) -> None:
        """Serve until `stop`; then take no new connections and finish the requests that have begun.

        Args:
            patience: Seconds that these may last.
            leaving: Called when the end has begun, to let go those who wait for what will not come any more.
        """
        while not self._stopping.is_set():
            self._turn(LOOK)
        self._stop_listening()
        leaving()
        now = time.monotonic()
        grace, deadline = now + GRACE, now + patience
        while time.monotonic() < deadline and (self._busy() or (time.monotonic() < grace and self._channels())):
            self._turn(0.05)
        self._hands.shutdown(timeout=1)
        wasyncore.close_all(self._map)

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)
        self._hands.see_to()

    def _stop_listening(self) -> None:
        self._turn(0)  # whoever is at the door already comes in
        self._hands.leaving = True
        for each in self._listeners():
            # The server's own close() would take away the trigger that running requests answer through.
            wasyncore.dispatcher.close(each)

    def _channels(self) -> list[Channel]:
        return [each for each in self._map.values() if isinstance(each, Channel)]

    def _busy(self) -> bool:
        return any(each.requests or each.request is not None or each.total_outbufs_len for each in self._channels())


def _descriptors() -> int:
    try:
        # Not on Windows, where other limits hold.
        import resource
    except ImportError:
        return CONNECTIONS + SPARE_DESCRIPTORS
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


@contextmanager
def stopped_by_signals(server: Server) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C stop a server; a second one ends the process as usual."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before[signal.Signals(number)])
        server.stop()

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
