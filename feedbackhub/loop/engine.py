"""The engine: finds due work in the outbox and hands it to threads, as much as there are hands for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError
from ..store.queries import outbox
from ..store.types import AnyRow
from . import tallies
from .core import Core
from .housekeeping import JOBS, MAY_WAIT, Job
from .plugin_hands import PluginHands, is_plugins
from .rates import Rates
from .subscribers import Subscribers
from .tell import number_events
from .work import work

log = logging.getLogger(__name__)
_BATCH = 50
#: What plugins' tasks may take at the end; whoever stops the engine gives them up sooner.
_PATIENCE = 20.0


class Engine:
    """Runs due tasks: in threads of its own, or on demand with a clock that is moved by hand.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._last_job: dict[str, datetime] = {}
        self._busy: set[Future[None]] = set()
        self._waiting: dict[str, threading.Thread] = {}
        self._rates = Rates(core.settings.engine.rates)
        self._plugin_hands = PluginHands(core, self._wake.set)
        self._subscribers = Subscribers(core)

    def start(self) -> None:
        """Begin to look for due work, until `stop`."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="feedbackhub-pump", daemon=True)
        self._thread.start()

    def stop(self, patience: float = 20.0, for_plugins: float = 5.0) -> None:
        """Take no more work, finish what is being sent, and end.

        Args:
            patience: Seconds to wait for that.
            for_plugins: Seconds of these that plugins' code may take; what hangs is then given up.
        """
        self._stopping.set()
        self._subscribers.stop()
        self._wake.set()
        if self._thread is None:
            return
        self._thread.join(min(patience, for_plugins))
        if self._thread.is_alive():
            self.core.containment.stop()
            self._thread.join(max(0.0, patience - for_plugins))

    @property
    def running(self) -> bool:
        """Whether the pump is alive."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        with ThreadPoolExecutor(self.core.settings.engine.threads, "feedbackhub-send") as hands:
            while not self._stopping.is_set():
                self._wake.clear()
                try:
                    more = self._turn(hands)
                except FeedbackhubError as error:
                    log.warning("the engine waits: %s", error)
                    more = False
                except Exception:
                    log.exception("the engine failed and goes on")
                    more = False
                if not more:
                    self._wake.wait(self.core.settings.engine.tick_seconds)
        self._plugin_hands.wait(_PATIENCE)
        self._subscribers.wait(_PATIENCE)

    def _turn(self, hands: ThreadPoolExecutor) -> bool:
        """Do one round and tell whether there may be more to do at once."""
        now = self.core.clock.now()
        self._keep_house(now, apart=True)
        self._busy = {each for each in self._busy if not each.done()}
        free = self.core.settings.engine.threads - len(self._busy)
        lanes = self._due_lanes(now)
        for row in self._claim(now, [each for each in lanes if not is_plugins(each)], free) if free > 0 else ():
            begun = hands.submit(work, self.core, row)
            self._busy.add(begun)
            begun.add_done_callback(lambda _: self._wake.set())
        for row in self._take(now, {each: self._plugin_hands.free(each) for each in lanes if is_plugins(each)}):
            self._plugin_hands.begin(row)
        more = self.follow()
        self._subscribers.wake()
        return more

    def drain(self, limit: int = 100_000) -> int:
        """Run everything that is due now, in this thread and whatever the rates, and return how many tasks that were.

        Args:
            limit: The most tasks to run.
        """
        done = 0
        now = self.core.clock.now()
        self._keep_house(now, apart=False)
        while done < limit:
            worked = self._work_off(now, limit - done)
            done += worked
            if not worked and not self._tell_all():
                break
        return done

    def _work_off(self, now: datetime, limit: int) -> int:
        """Run what is due in all lanes, in this thread, and return how many tasks that were."""
        done = 0
        while done < limit:
            claimed = self._claim(now, self._due_lanes(now), _BATCH, rated=False)
            if not claimed:
                break
            for row in claimed:
                work(self.core, row)
            done += len(claimed)
        return done

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

    def _keep_house(self, now: datetime, apart: bool) -> None:
        """Run what is due now and then; what may wait for other systems in threads apart, so that sending goes on."""
        for name, (every, job) in JOBS.items():
            last = self._last_job.get(name)
            if last is not None and now - last < every:
                continue
            if apart and name in MAY_WAIT:
                if name in self._waiting and self._waiting[name].is_alive():
                    continue
                self._waiting[name] = threading.Thread(target=self._job, args=(name, job), name=name, daemon=True)
                self._waiting[name].start()
            else:
                self._job(name, job)
            self._last_job[name] = now

    def _job(self, name: str, job: Job) -> None:
        try:
            job(self.core)
        except FeedbackhubError as error:
            log.warning("%s could not run: %s", name, error)
        except Exception:
            log.exception("%s failed", name)

    def _due_lanes(self, now: datetime) -> list[str]:
        with self.core.store.read() as connection:
            return outbox.due_lanes(connection, now)

    def _claim(self, now: datetime, lanes: Sequence[str], limit: int, rated: bool = True) -> list[AnyRow]:
        """Claim up to `limit` tasks, shared out evenly among the lanes, within each lane's rate."""
        share = max(1, limit // len(lanes)) if lanes else 0
        wanted = {lane: self._rates.take(lane, now, share) if rated else share for lane in lanes}
        claimed = self._take(now, wanted)
        for lane, n in wanted.items() if rated else ():
            self._rates.give_back(lane, n - sum(row.lane == lane for row in claimed))
        return claimed

    def _take(self, now: datetime, wanted: Mapping[str, int]) -> list[AnyRow]:
        wanted = {lane: n for lane, n in wanted.items() if n > 0}
        if not wanted:
            return []
        lease = now + timedelta(seconds=self.core.settings.engine.lease_seconds)

        def run(connection: Connection) -> list[AnyRow]:
            return [row for lane, n in wanted.items() for row in outbox.claim(connection, lane, now, lease, n)]

        return self.core.store.write(run)
