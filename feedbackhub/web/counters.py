"""Counts the hits of the last moments, in this process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Hashable

__all__ = ["Counters"]

SWEEP_SECONDS = 60.0


class Counters:
    """A moving window for everybody who comes; what is over is forgotten now and then by whoever comes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hits: dict[Hashable, deque[float]] = {}
        self._longest = 0.0
        self._swept = time.time()

    def __len__(self) -> int:
        """Return of how many visitors something is remembered."""
        return len(self._hits)

    def hit(self, who: Hashable, limit: int, seconds: float) -> float | None:
        """Count a hit, unless there would be more than the limit within the last seconds.

        Args:
            who: Whoever comes.
            limit: How many hits there may be.
            seconds: Within how long.

        Returns:
            None when it was counted, else after how many seconds the next one will be.
        """
        now = time.time()
        with self._lock:
            if now - self._swept >= SWEEP_SECONDS:
                self._sweep(now)
            hits = self._hits.get(who)
            if hits is None:
                hits = self._hits[who] = deque()
                self._longest = max(self._longest, seconds)
            _forget(hits, now - seconds)
            if len(hits) >= limit:
                return hits[0] + seconds - now
            hits.append(now)
            return None

    def _sweep(self, now: float) -> None:
        self._swept = now
        for key, hits in list(self._hits.items()):
            _forget(hits, now - self._longest)
            if not hits:
                del self._hits[key]


def _forget(hits: deque[float], before: float) -> None:
    while hits and hits[0] <= before:
        hits.popleft()
