"""The keeper: renews the leases of what this process works on, however long that takes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection

from ..contract.errors import Unavailable
from ..store.queries import claiming
from .core import Core
from .fence import Claim

__all__ = ["Keeper"]

log = logging.getLogger(__name__)


class Keeper:
    """Holds the tasks that are being worked on; one thread for all of them, and no write for what is done soon.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._lease = timedelta(seconds=core.settings.engine.lease_seconds)
        self._held: dict[claiming.Held, Claim] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to renew, until `stop`."""
        self._over.clear()
        self._thread = threading.Thread(target=self._run, name="feedbackhub-keeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Renew nothing any more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(5)

    @contextmanager
    def holding(self, claim: Claim) -> Iterator[None]:
        """Hold a task while the block runs."""
        with self._lock:
            self._held[claim.held] = claim
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(claim.held, None)

    def renew(self) -> int:
        """Renew the leases that end before long, and return how many those were."""
        now = self._core.clock.now()
        soon, until = now + self._lease / 2, now + self._lease
        with self._lock:
            ending = [each for each in self._held.values() if each.lease_until is None or each.lease_until < soon]
        if not ending:
            return 0

        def run(connection: Connection) -> list[claiming.Held]:
            return [each.held for each in ending if claiming.keep(connection, each.held, until)]

        kept = self._core.store.write(run)
        with self._lock:
            for each in ending:
                # What was taken over is not held any more: its outcome will be refused by the fence.
                was_there = self._held.pop(each.held, None) is not None
                if was_there and each.held in kept:
                    self._held[each.held] = Claim(each.task_id, each.attempt, until, each.base)
        return len(kept)

    def _run(self) -> None:
        while not self._over.wait(self._lease.total_seconds() / 6):
            try:
                self.renew()
            except Unavailable as error:
                log.warning("leases could not be renewed: %s", error)
            except Exception:
                log.exception("leases could not be renewed")
