"""The engine: finds due work in the outbox, hands it to threads, and records what became of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

from ..contract.errors import FeedbackhubError
from ..store.queries import outbox
from ..store.types import AnyRow
from . import tallies
from .core import Core
from .deliver import Claim, deliver
from .housekeeping import JOBS
from .invite import DELIVER
from .retry import backoff
from .settle import SETTLE, quiet_until, settle
from .tell import number_events

log = logging.getLogger(__name__)
_BATCH = 50
Handler = Callable[[Core, Claim, str], None]


def _deliver(core: Core, claim: Claim, reference: str) -> None:
    deliver(core, claim, int(reference))


def _settle(core: Core, claim: Claim, reference: str) -> None:
    now = core.clock.now()

    def run(connection: Any) -> None:
        quiet = quiet_until(connection, int(reference))
        if quiet is not None and quiet > now:
            outbox.postpone(connection, claim.task_id, claim.attempt, quiet, "")
            return
        settle(connection, int(reference), now)
        outbox.finish(connection, claim.task_id, claim.attempt, now)

    core.store.write(run)


HANDLERS: dict[str, Handler] = {DELIVER: _deliver, SETTLE: _settle}


class Engine:
    """Runs due tasks: in threads of its own, or on demand with a clock that is moved by hand.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._last_job: dict[str, datetime] = {}
        self.last_tick: datetime | None = None

    def start(self) -> None:
        """Begin to look for due work, until `stop`."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="feedbackhub-pump", daemon=True)
        self._thread.start()

    def stop(self, patience: float = 20.0) -> None:
        """Finish what is being sent and end.

        Args:
            patience: Seconds to wait for that.
        """
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(patience)

    @property
    def running(self) -> bool:
        """Whether the pump is alive."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        with ThreadPoolExecutor(self.core.settings.engine.threads, "feedbackhub-send") as hands:
            while not self._stopping.is_set():
                try:
                    busy = self.tick(hands)
                except FeedbackhubError as error:
                    log.warning("the engine waits: %s", error)
                    busy = False
                except Exception:
                    log.exception("the engine failed and goes on")
                    busy = False
                self._stopping.wait(0 if busy else self.core.settings.engine.tick_seconds)

    def tick(self, hands: ThreadPoolExecutor) -> bool:
        """Do one round with these hands and tell whether there may be more to do at once."""
        now = self.core.clock.now()
        self.last_tick = now
        self._keep_house(now)
        claimed = self._claim(now, limit=self.core.settings.engine.threads * 2)
        started: list[Future[None]] = [hands.submit(self._work, row) for row in claimed]
        wait(started)
        return bool(claimed) | self.follow()

    def drain(self, limit: int = 100_000) -> int:
        """Run everything that is due now, in this thread, and return how many tasks that were."""
        done = 0
        now = self.core.clock.now()
        self._keep_house(now)
        while done < limit:
            claimed = self._claim(now, _BATCH)
            if not claimed:
                break
            for row in claimed:
                self._work(row)
            done += len(claimed)
        while self.follow():
            pass
        return done

    def follow(self) -> bool:
        """Number new events and bring the tallies up to date; tell whether anything was read."""
        number_events(self.core.store)
        return tallies.keep(self.core.store, self.core.clock.now()) > 0

    def _keep_house(self, now: datetime) -> None:
        for name, (every, job) in JOBS.items():
            last = self._last_job.get(name)
            if last is None or now - last >= every:
                self._last_job[name] = now
                try:
                    job(self.core)
                except FeedbackhubError as error:
                    log.warning("%s could not run: %s", name, error)

    def _claim(self, now: datetime, limit: int) -> list[AnyRow]:
        with self.core.store.read() as connection:
            lanes = outbox.due_lanes(connection, now)
        if not lanes:
            return []
        lease = now + timedelta(seconds=self.core.settings.engine.lease_seconds)
        share = max(1, limit // len(lanes))

        def run(connection: Any) -> list[AnyRow]:
            return [row for lane in lanes for row in outbox.claim(connection, lane, now, lease, share)]

        return self.core.store.write(run)

    def _work(self, row: AnyRow) -> None:
        claim = Claim(row.id, row.attempt)
        try:
            HANDLERS[row.kind](self.core, claim, row.reference)
        except Exception as error:
            log.exception("task %s of kind %s failed", row.id, row.kind)
            self._put_back(claim, f"{type(error).__name__}")

    def _put_back(self, claim: Claim, error: str) -> None:
        now = self.core.clock.now()
        most = self.core.settings.engine.max_attempts

        def run(connection: Any) -> None:
            if claim.attempt >= most:
                outbox.park(connection, claim.task_id, claim.attempt, now, error)
            else:
                outbox.postpone(connection, claim.task_id, claim.attempt, now + backoff(claim.attempt), error)

        try:
            self.core.store.write(run)
        except FeedbackhubError:
            log.warning("task %s comes back when its lease runs out", claim.task_id)
