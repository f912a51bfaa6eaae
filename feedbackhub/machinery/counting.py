"""What one process has counted since it began, for whoever watches it: cheap enough for every request and message.

Labels are words of the program or of the settings (a channel, an outcome, a status), never anything of a person, so
that there are few of them.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Mapping

__all__ = ["BOUNDS", "Counts", "Spread"]

#: Upper ends of the groups in which durations are counted, in seconds.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Labels = tuple[str, ...]


class Spread:
    """How durations spread: how many fell into each group of `BOUNDS`, those above all of them last, and their sum."""

    __slots__ = ("groups", "total")

    def __init__(self) -> None:
        self.groups = [0] * (len(BOUNDS) + 1)
        self.total = 0.0


class Counts:
    """Counters and spreads of durations by name and labels; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, Labels], int] = {}
        self._spread: dict[tuple[str, Labels], Spread] = {}

    def add(self, name: str, *labels: str, n: int = 1) -> None:
        """Count something that happened, or several at once."""
        key = (name, labels)
        with self._lock:
            self._counted[key] = self._counted.get(key, 0) + n

    def took(self, name: str, seconds: float, *labels: str) -> None:
        """Note how long something took."""
        key = (name, labels)
        group = bisect_left(BOUNDS, seconds)
        with self._lock:
            spread = self._spread.get(key)
            if spread is None:
                spread = self._spread[key] = Spread()
            spread.groups[group] += 1
            spread.total += seconds

    def counted(self, name: str) -> dict[Labels, int]:
        """Return how often something happened, by its labels."""
        with self._lock:
            return {labels: n for (of, labels), n in self._counted.items() if of == name}

    def spreads(self, name: str) -> dict[Labels, tuple[list[int], float]]:
        """Return how long something took, by its labels: how many are in each group, and all seconds together."""
        with self._lock:
            found = [(labels, spread) for (of, labels), spread in self._spread.items() if of == name]
            return {labels: (list(spread.groups), spread.total) for labels, spread in found}

    def take(self) -> Mapping[tuple[str, Labels], int]:
        """Return what was counted since the last time this was asked, and begin again from nothing."""
        with self._lock:
            found, self._counted = self._counted, {}
        return found

    def give_back(self, counted: Mapping[tuple[str, Labels], int]) -> None:
        """Take back what could not be stored, to be counted with the next."""
        for (name, labels), n in counted.items():
            self.add(name, *labels, n=n)
