"""A fuse: blows after failures in a row, and after a while lets one try through that decides."""

from __future__ import annotations

import threading

__all__ = ["Fuse"]

ROW = 5
FIRST_REST = 15.0
LONGEST_REST = 300.0


class Fuse:
    """Guards one call of one plugin; safe between threads. Moments are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._row = 0
        self._rest = FIRST_REST
        self._until: float | None = None
        self.reason = ""

    def closed(self, now: float) -> bool:
        """Tell whether the call may be made; when its rest is over, only the first who asks may."""
        with self._lock:
            if self._until is None:
                return True
            if now < self._until:
                return False
            self._until = now + self._rest  # the others wait for what comes of this one
            return True

    def blown(self, now: float) -> bool:
        """Tell whether calls are refused at present."""
        with self._lock:
            return self._until is not None and now < self._until

    def good(self) -> None:
        """Note a success: the fuse is whole again."""
        if self._row or self._until is not None:
            with self._lock:
                self._row, self._until, self._rest, self.reason = 0, None, FIRST_REST, ""

    def bad(self, now: float, reason: str) -> None:
        """Note a failure; the fifth in a row blows the fuse, and each failed try after that doubles the rest."""
        with self._lock:
            self._row += 1
            self.reason = reason
            if self._until is not None:
                self._rest = min(self._rest * 2, LONGEST_REST)
            if self._row >= ROW:
                self._until = now + self._rest
