"""The built-in web server: waitress, with bounded queues, and an end that first finishes what it has begun."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from wsgiref.types import WSGIApplication

from waitress.adjustments import Adjustments  # type: ignore[import-untyped]
from waitress.channel import ClientDisconnected  # type: ignore[import-untyped]

from .server_channel import Channel
from .server_hands import Hands
from .server_listener import Listener
from .server_loop import Loop

__all__ = ["Server", "stopped_by_signals"]

THREADS = 16
#: Requests that may wait for a thread, and for how many seconds.
WAITING, PATIENCE = 256, 5.0
#: Threads for those who ask after the server's health.
URGENT_THREADS = 2
CONNECTIONS = 2000
#: Descriptors kept for everything else: the database, logs, calls to other systems.
SPARE_DESCRIPTORS = 200
# Flask refuses large bodies with a page of ours; waitress only cuts off what is far beyond that.
SPARE_BODY = 1 << 20
LARGEST_HEAD = 1 << 16
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
        self._refused = refused
        self._loop = Loop()
        self._hands: Hands[Channel] = Hands("feedbackhub-web", threads, waiting, patience)
        self._urgent: Hands[Channel] = Hands("feedbackhub-health", URGENT_THREADS, waiting, patience)
        options = Adjustments(
            host=host,
            port=port,
            ident="feedbackhub",
            max_request_header_size=LARGEST_HEAD,
            max_request_body_size=largest_body + SPARE_BODY,
            # A next request may be read while one is answered; and whoever goes away meanwhile is noticed.
            channel_request_lookahead=1,
            # Whose word counts about the visitor's address is decided by the application's own setting.
            clear_untrusted_proxy_headers=False,
        )
        most = max(threads + waiting + 16, min(CONNECTIONS, _descriptors() - SPARE_DESCRIPTORS))
        self._listeners = [
            Listener(application, self._loop, self._hands, self._urgent, options, each, most) for each in options.listen
        ]
        self._loop.wakes(self._listeners[0].trigger)
        self._port = int(self._listeners[0].effective_port)
        self._stopping = threading.Event()

    @property
    def port(self) -> int:
        """The port listened at."""
        return self._port

    def stop(self) -> None:
        """Let `run` finish what it has begun and return; safe in a signal handler."""
        self._stopping.set()
        self._loop.ring()

    def run(self, patience: float = 20.0, leaving: Callable[[], None] = lambda: None) -> None:
        """Serve until `stop`; then take no new connections and finish the requests that have begun.

        Args:
            patience: Seconds that these may last.
            leaving: Called when the end has begun, to let go those who wait for what will not come any more.
        """
        looked = time.monotonic()
        while not self._stopping.is_set():
            self._turn(LOOK)
            if time.monotonic() - looked >= LOOK:
                self._look_after()
                looked = time.monotonic()
        for listener in self._listeners:
            listener.leave()
        leaving()
        self._finish(time.monotonic() + patience)
        self._hands.shutdown(1.0)
        self._urgent.shutdown(0.0)
        self._loop.close()

    def _finish(self, deadline: float) -> None:
        """Answer what is on its way; a client that is just sending its next request is answered, too."""
        grace = time.monotonic() + GRACE
        while (now := time.monotonic()) < deadline:
            channels = [each for listener in self._listeners for each in listener.active_channels.values()]
            if not any(now < grace or each.request is not None or not each.waits for each in channels):
                return
            self._turn(0.05)
            self._look_after()

    def _turn(self, seconds: float) -> None:
        self._loop.turn(seconds)
        for hands in (self._hands, self._urgent):
            while hands.refused:
                _refuse(hands.refused.popleft())
                self._refused()

    def _look_after(self) -> None:
        self._hands.give_up()
        self._urgent.give_up()
        for listener in self._listeners:
            listener.look_after()


def _refuse(channel: Channel) -> None:
    with suppress(ClientDisconnected):  # else nobody is there to be told
        channel.refuse()


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
