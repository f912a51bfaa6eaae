"""The fence: what came of a task is stored only by the attempt that still holds it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from ..contract.errors import Unavailable
from ..store.queries import claiming, outbox
from .core import Core

__all__ = ["DEADLY", "Claim", "Held", "fenced", "finished"]

log = logging.getLogger(__name__)
_PAUSE = 0.2
#: Why a task is parked that nobody could record anything of.
DEADLY = "Whoever began it died of it, or at the same time, at every attempt."


@dataclass(frozen=True)
class Claim:
    """The right to run a task once.

    Args:
        task_id: Its row number.
        attempt: The claim's number, which fences the result.
        lease_until: Until when it is held.
        base: How many earlier claims do not count: nothing had begun, or a person asked to try anew.
    """

    task_id: int
    attempt: int
    lease_until: datetime | None = None
    base: int = 0

    @property
    def tries(self) -> int:
        """How many times this was tried, this time included."""
        return self.attempt - self.base

    @property
    def held(self) -> claiming.Held:
        """The task and the attempt that holds it."""
        return self.task_id, self.attempt


def fenced(core: Core, claim: Claim, change: Callable[[Connection, datetime], None]) -> None:
    """Store an outcome unless another worker has taken the task over meanwhile.

    While the database is away this goes on trying for as long as the task is held: work that was done and not noted
    would be done again.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        if outbox.is_mine(connection, claim.task_id, claim.attempt):
            change(connection, now)

    _stored(core, run)


def finished(core: Core, claim: Claim, change: Callable[[Connection, datetime], None]) -> None:
    """Store an outcome and that the task is done, unless another worker has taken the task over; as `fenced`."""
    now = core.clock.now()

    def run(connection: Connection) -> None:
        if outbox.finish(connection, claim.task_id, claim.attempt, now):
            change(connection, now)

    _stored(core, run)


def _stored(core: Core, run: Callable[[Connection], None]) -> None:
    until = time.monotonic() + core.settings.engine.lease_seconds / 2
    while True:
        try:
            return core.store.write(run)
        except Unavailable:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE)


class Held:
    """Holds a task for as long as its work takes, however long that is: the lease is renewed again and again."""

    def __init__(self, core: Core, claim: Claim) -> None:
        self._core, self._claim = core, claim
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="feedbackhub-lease", daemon=True)

    def __enter__(self) -> Self:
        """Begin to renew."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop renewing."""
        self._over.set()

    def _beat(self) -> None:
        lease = timedelta(seconds=self._core.settings.engine.lease_seconds)
        while not self._over.wait(lease.total_seconds() / 3):
            try:
                if not self._core.store.write(lambda connection: self._renew(connection, lease)):
                    return
            except Unavailable as error:
                log.warning("task %s could not be held: %s", self._claim.task_id, error)

    def _renew(self, connection: Connection, lease: timedelta) -> bool:
        until = self._core.clock.now() + lease
        return not self._over.is_set() and claiming.keep(connection, self._claim.held, until)
