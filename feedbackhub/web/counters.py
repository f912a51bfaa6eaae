"""Counts the hits of the last moments, in this process.

The library's own counters begin a thread after nearly every hit to forget old ones; with many requests at a time each
then waits for that thread's turn.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from limits.storage import MovingWindowSupport, Storage

__all__ = ["SCHEME", "Counters"]

SCHEME = "feedbackhub"
SWEEP_SECONDS = 60.0


class Counters(Storage, MovingWindowSupport):
    """Storage of flask-limiter for its moving window; what is over is forgotten now and then by whoever comes."""

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._lock = threading.Lock()
        self._hits: dict[str, deque[float]] = {}
        self._longest = 0.0
        self._swept = time.time()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What it raises when it cannot count: nothing of its own."""
        return ValueError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count hits, unless there would be more than the limit within the last `expiry` seconds."""
        now = time.time()
        with self._lock:
            self._longest = max(self._longest, expiry)
            self._sweep(now)
            hits = self._hits.setdefault(key, deque())
            _forget(hits, now - expiry)
            if len(hits) + amount > limit:
                return False
            hits.extend([now] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the window's first hit was, and how many there are in it."""
        now = time.time()
        with self._lock:
            inside = [at for at in self._hits.get(key, ()) if at > now - expiry]
        return (inside[0], len(inside)) if inside else (now, 0)

    def _sweep(self, now: float) -> None:
        if now - self._swept < SWEEP_SECONDS:
            return
        self._swept = now
        for key, hits in list(self._hits.items()):
            _forget(hits, now - self._longest)
            if not hits:
                del self._hits[key]

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count hits without a limit and return how many there are."""
        now = time.time()
        with self._lock:
            hits = self._hits.setdefault(key, deque())
            _forget(hits, now - expiry)
            hits.extend([now] * amount)
            return len(hits)

    def get(self, key: str) -> int:
        """Return how many hits are remembered."""
        with self._lock:
            return len(self._hits.get(key, ()))

    def get_expiry(self, key: str) -> float:
        """Return when the newest hit was."""
        with self._lock:
            hits = self._hits.get(key)
            return hits[-1] if hits else time.time()

    def check(self) -> bool:
        """Tell that it works."""
        return True

    def reset(self) -> int | None:
        """Forget everything and return how many keys there were."""
        with self._lock:
            found = len(self._hits)
            self._hits.clear()
            return found

    def clear(self, key: str) -> None:
        """Forget the hits of one key."""
        with self._lock:
            self._hits.pop(key, None)


def _forget(hits: deque[float], before: float) -> None:
    while hits and hits[0] <= before:
        hits.popleft()
