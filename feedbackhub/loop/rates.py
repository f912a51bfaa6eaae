"""How many tasks a lane may begin now, so that the most per second is kept; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["FULL", "Bucket"]

#: More than any bucket holds: what a lane begins with, cut to one second's worth when it is first looked at.
FULL = 1e9
#: What the clocks of two machines may differ by.
_APART = timedelta(seconds=60)


@dataclass(frozen=True)
class Bucket:
    """Tokens of a lane: one for each task, filled as time passes and never above one second's worth.

    Args:
        tokens: How many there were.
        filled_at: When that was.
        rate: The most per second.
    """

    tokens: float
    filled_at: datetime
    rate: float

    def at(self, now: datetime) -> Bucket:
        """Return the bucket as it is now; time that went backwards brings nothing and takes nothing."""
        passed = max(0.0, (now - self.filled_at).total_seconds())
        # Clocks of several machines differ a little: going back and forth between two must not fill it. A clock that
        # was set back must not stop it either.
        filled_at = self.filled_at if timedelta(0) < self.filled_at - now < _APART else now
        return Bucket(min(max(1.0, self.rate), self.tokens + passed * self.rate), filled_at, self.rate)

    @property
    def ready(self) -> int:
        """How many tasks may begin."""
        # A whole token that took a hundred additions to fill lacks a tiny bit.
        return max(0, int(self.tokens + 1e-9))

    def without(self, used: int) -> Bucket:
        """Return what is left when so many have begun."""
        return Bucket(self.tokens - used, self.filled_at, self.rate)
