"""How many messages a channel may send now, so that the most per second is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class Rates:
    """A bucket of tokens for each lane that has a rate, filled as time passes and never above one second's worth.

    Args:
        most: The most per second, by lane; lanes not named are free.
    """

    def __init__(self, most: Mapping[str, float]) -> None:
        self._most = most
        self._tokens: dict[str, float] = {}
        self._filled: dict[str, datetime] = {}

    def take(self, lane: str, now: datetime, wanted: int) -> int:
        """Return how many of the wanted ones may go now, and count them as gone."""
        rate = self._most.get(lane)
        if rate is None:
            return wanted
        full = max(1.0, rate)
        passed = (now - self._filled.get(lane, now)).total_seconds()
        tokens = min(full, self._tokens.get(lane, full) + max(0.0, passed) * rate)
        granted = min(wanted, int(tokens))
        self._tokens[lane], self._filled[lane] = tokens - granted, now
        return granted

    def give_back(self, lane: str, unused: int) -> None:
        """Count those that had nothing to send as not gone."""
        if lane in self._tokens:
            self._tokens[lane] += unused
