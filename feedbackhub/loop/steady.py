"""Steady: whether the clock can be believed, or has just jumped.

A machine's clock may be set wrong and then right again: after a restart, by a slip, by a host that was paused. What is
due by a wrong clock would be sent too early, and what has expired by it would never be sent. So for some minutes after
a jump nothing is begun; then the clock that still says so is believed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from ..machinery.clock import Clock

__all__ = ["JUMP", "PATIENCE", "Steady"]

log = logging.getLogger(__name__)
#: Clocks are corrected by less than this all the time.
JUMP = timedelta(minutes=10)
#: How long a clock that has jumped must stand before it is believed.
PATIENCE = timedelta(minutes=5)


class Steady:
    """Compares a clock with the seconds that the machine counts by itself, which nobody can set.

    Args:
        clock: The clock.
        patience: How long the clock is not believed after a jump.
        counted: Seconds that the machine has counted.
    """

    def __init__(
        self, clock: Clock, patience: timedelta = PATIENCE, counted: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._patience, self._counted = clock, patience, counted
        self._lock = threading.Lock()
        self._seen = (clock.now(), counted())
        self._off = timedelta(0)
        self._believed_from = 0.0

    def doubtful(self) -> bool:
        """Look at the clock and tell whether nothing may be begun by it now."""
        with self._lock:
            now, counted = self._clock.now(), self._counted()
            self._note(self._drift(now, counted), counted)
            self._seen = (now, counted)
            if self._off and counted >= self._believed_from:
                log.warning("the clock is believed again: it is %s", now.isoformat(timespec="seconds"))
                self._off = timedelta(0)
            return bool(self._off)

    def _drift(self, now: datetime, counted: float) -> timedelta:
        before, then = self._seen
        return (now - before) - timedelta(seconds=counted - then)

    def _note(self, drift: timedelta, counted: float) -> None:
        if abs(drift) < JUMP:
            return
        self._off += drift
        if abs(self._off) < JUMP:
            log.warning("the clock is back where it was")
            self._off = timedelta(0)
            return
        self._believed_from = counted + self._patience.total_seconds()
        log.error("the clock has jumped by %s: nothing is begun for %s", drift, self._patience)
