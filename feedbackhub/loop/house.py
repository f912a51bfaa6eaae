"""The house: who runs the jobs that come round, each when it is due; what others would only do again, one for all."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta

from ..contract.errors import FeedbackhubError, Unavailable
from ..store.queries import jobs as rows
from .core import Core
from .housekeeping import EACH, JOBS, MAY_WAIT, Job

__all__ = ["House"]

log = logging.getLogger(__name__)


class House:
    """Runs the jobs of one process.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._hold = timedelta(seconds=max(60, core.settings.engine.lease_seconds))
        self._last: dict[str, datetime] = {}
        self._apart: dict[str, threading.Thread] = {}
        self._held: dict[str, datetime] = {}

    def keep(self) -> None:
        """Run what is due now, what may wait for other systems in threads apart, unless another process does.

        Raises:
            Unavailable: The database is away.
        """
        now = self._core.clock.now()
        for name, (every, job) in JOBS.items():
            thread = self._apart.get(name)
            if thread is not None and thread.is_alive():
                self._go_on_holding(name, now)
            elif self._is_due(name, every, now) and self._taken(name, every, now):
                self._begin(name, job)

    def keep_all(self) -> None:
        """Run what is due for this house in this thread, whatever other processes do."""
        now = self._core.clock.now()
        for name, (every, job) in JOBS.items():
            if self._is_due(name, every, now):
                self._last[name] = now
                self._run(name, job)

    def wait(self, seconds: float) -> bool:
        """Wait for jobs in threads apart, but no longer than this, and tell whether they have ended."""
        until = time.monotonic() + seconds
        for thread in self._apart.values():
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._apart.values())

    def _is_due(self, name: str, every: timedelta, now: datetime) -> bool:
        last = self._last.get(name)
        return last is None or not timedelta(0) <= now - last < every

    def _taken(self, name: str, every: timedelta, now: datetime) -> bool:
        """Tell whether this process is to run a job now, and note that it was asked for."""
        core = self._core
        # What is soon done needs no holding: it is not due again before it has ended.
        until = now + self._hold if name in MAY_WAIT else None
        taken = not self._is_shared(name) or core.store.write(
            lambda connection: rows.take(connection, name, core.process, now, every, until)
        )
        self._last[name] = now
        if taken and until is not None and self._is_shared(name):
            self._held[name] = until
        return taken

    def _begin(self, name: str, job: Job) -> None:
        if name in MAY_WAIT:
            thread = threading.Thread(target=self._run, args=(name, job), name=f"feedbackhub-{name}", daemon=True)
            self._apart[name] = thread
            thread.start()
        else:
            self._run(name, job)

    def _run(self, name: str, job: Job) -> None:
        try:
            job(self._core)
        except FeedbackhubError as error:
            log.warning("%s could not run: %s", name, error)
        except Exception:
            log.exception("%s failed", name)
        finally:
            self._end(name)

    def _end(self, name: str) -> None:
        if self._held.pop(name, None) is not None:
            try:
                self._core.store.write(lambda connection: rows.end(connection, name, self._core.process))
            except Unavailable as error:
                log.warning("%s is held for a while longer: %s", name, error)

    def _go_on_holding(self, name: str, now: datetime) -> None:
        held = self._held.get(name)
        if held is not None and held - now < self._hold / 2:
            until = now + self._hold
            self._core.store.write(lambda connection: rows.hold(connection, name, self._core.process, until))
            self._held[name] = until

    def _is_shared(self, name: str) -> bool:
        return name not in EACH and not self._core.store.is_sqlite
