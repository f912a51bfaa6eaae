"""The engine: one thread hands due work to a runner, another keeps house and tells what happened."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from ..contract.errors import FeedbackhubError
from . import tallies
from .core import Core
from .house import House
from .plugin_queue import PLUGIN_LANE
from .pump import Pump, claim_all
from .runner import Runner
from .runner_celery import CeleryRunner
from .runner_threads import ThreadsRunner
from .starting import claim_of
from .steady import Steady
from .subscribers import Subscribers
from .tell import number_events
from .work import work

__all__ = ["Engine", "runner_of"]

log = logging.getLogger(__name__)
_BATCH = 50


def runner_of(core: Core, low: Callable[[], None]) -> Runner:
    """Return the runner that the settings name.

    Args:
        core: The instance.
        low: Called when there are hands for more work.

    Raises:
        Unavailable: What it needs is not installed.
    """
    return CeleryRunner(core) if core.settings.engine.runner == "celery" else ThreadsRunner(core, low)


class Engine:
    """Runs due tasks: through a runner, or on demand with a clock that is moved by hand.

    Args:
        core: The instance.
        steady: Tells whether the clock can be believed; while it cannot, nothing is begun by it. Left out: it always
            is, as one that is moved by hand has to be.
    """

    def __init__(self, core: Core, steady: Steady | None = None) -> None:
        self.core, self._steady = core, steady
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._threads: list[threading.Thread] = []
        self._runner: Runner | None = None
        self._house = House(core)
        self._subscribers = Subscribers(core)

    def start(self) -> None:
        """Begin to look for due work, until `stop`.

        Raises:
            Unavailable: What the runner needs is not installed.
        """
        self._stopping.clear()
        self._runner = runner = runner_of(self.core, self._wake.set)
        pump = Pump(self.core, runner)
        runner.start()
        self._threads = [
            threading.Thread(target=self._repeat, args=(turn,), name=f"feedbackhub-{name}", daemon=True)
            for name, turn in (("pump", partial(self._look, pump)), ("house", self._keep_house))
        ]
        for thread in self._threads:
            thread.start()
        self.core.bell.answer(self._wake.set)

    def stop(self, patience: float = 20.0, for_plugins: float = 5.0) -> None:
        """Take no more work, give back what has not begun, finish what is being sent, and end.

        Args:
            patience: Seconds to wait for that.
            for_plugins: Seconds of these that plugins' code may take; what hangs is then given up.
        """
        until = time.monotonic() + patience
        self.core.bell.answer(None)
        self._stopping.set()
        self._subscribers.stop()
        self._wake.set()
        if self._runner is None:
            return
        self._threads[0].join(patience)
        self._runner.stop()
        if not self._ended(min(patience, for_plugins)):
            self.core.containment.stop()
            self._ended(max(0.0, until - time.monotonic()))

    def _ended(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        ended = self._runner is None or self._runner.wait(seconds)
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._subscribers.wait(max(0.0, until - time.monotonic()))
        return self._house.wait(max(0.0, until - time.monotonic())) and ended and not self.running

    @property
    def running(self) -> bool:
        """Whether it looks for work."""
        return bool(self._threads) and any(each.is_alive() for each in self._threads)

    def _repeat(self, turn: Callable[[], float]) -> None:
        while not self._stopping.is_set():
            is_pump = threading.current_thread() is self._threads[0]
            if is_pump:
                self._wake.clear()
            wait = self.core.settings.engine.tick_seconds
            try:
                wait = turn()
            except FeedbackhubError as error:
                log.warning("the engine waits: %s", error)
            except Exception:
                log.exception("the engine failed and goes on")
            (self._wake if is_pump else self._stopping).wait(wait)

    def _look(self, pump: Pump) -> float:
        return self.core.settings.engine.tick_seconds if self._doubtful() else pump.look()

    def _doubtful(self) -> bool:
        return self._steady is not None and self._steady.doubtful()

    def _keep_house(self) -> float:
        """Run jobs, number events, bring tallies and subscribers up to date; return when to do so again."""
        if not self._doubtful():
            self._house.keep()
        more = self.follow()
        self._subscribers.wake()
        return 0.0 if more else self.core.settings.engine.tick_seconds

    def drain(self, limit: int = 100_000) -> int:
        """Run everything that is due now, in this thread and whatever the limits, and return how many tasks that were.

        Args:
            limit: The most tasks to run.
        """
        if self._doubtful():
            return 0
        done = 0
        now = self.core.clock.now()
        self._house.keep_all()
        while done < limit:
            worked = self._work_off(now, min(_BATCH, limit - done))
            done += worked
            if not worked and not self._tell_all():
                break
        return done

    def drain_own(self) -> int:
        """Run what the core has due now, in this thread, and return how many tasks that were.

        Plugins' tasks, what comes round, and telling what happened wait for `drain`, which takes them all together.
        """
        done, now = 0, self.core.clock.now()
        while worked := self._work_off(now, _BATCH, PLUGIN_LANE):
            done += worked
        return done

    def _work_off(self, now: datetime, limit: int, but: str = "") -> int:
        claimed = claim_all(self.core, now, limit, but)
        for row in claimed:
            work(self.core, row, claim_of(row))
        return len(claimed)

    def _tell_all(self) -> bool:
        """Bring tallies and subscribers up to date, in this thread, and tell whether there was anything to do."""
        told = False
        while self.follow() or self._subscribers.feed():
            told = True
        return told

    def follow(self) -> bool:
        """Number new events and bring the tallies up to date; tell whether there was anything to do."""
        numbered = number_events(self.core.store)
        return bool(tallies.keep(self.core.store, self.core.clock.now()) + numbered)
