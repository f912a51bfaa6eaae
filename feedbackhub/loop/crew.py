"""A crew: a few threads that share the work of some lanes, the most urgent first."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from ..store.types import AnyRow

__all__ = ["Crew"]

_Waiting = tuple[int, datetime, int, AnyRow]


class Crew:
    """Threads that take claimed tasks from a short queue; no lane alone ever has all the hands.

    Args:
        name: What the threads are called.
        hands: How many there are.
        run: Does one task, and never raises.
        low: Called when hands will be free soon.
    """

    def __init__(self, name: str, hands: int, run: Callable[[AnyRow], None], low: Callable[[], None]) -> None:
        self._name, self._hands, self._run, self._low = name, hands, run, low
        # What waits for each hand while it is busy, so that not every task costs a claim of its own.
        self._spare: int = 3 * hands
        #: One is kept free for other lanes: a channel whose other side hangs must not hold up all.
        self._most = max(1, hands - 1)
        self._waiting: list[_Waiting] = []
        self._running: Counter[str] = Counter()
        self._count = itertools.count()
        self._lock = threading.Condition()
        self._over = True
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work, until `stop`."""
        self._over = False
        self._threads = [
            threading.Thread(target=self._work, name=f"feedbackhub-{self._name}-{number}", daemon=True)
            for number in range(self._hands)
        ]
        for thread in self._threads:
            thread.start()

    def room(self, lane: str) -> int:
        """Return how many more tasks of a lane may be claimed; none before half of its queue is used up.

        Each lane has a queue of its own length, so that one that stands still fills up nobody else's.
        """
        free = self.hands_for(lane) + self._spare
        return free if free * 2 > self._spare else 0

    def hands_for(self, lane: str) -> int:
        """Return how many more tasks of a lane would begin at once, below 0 for how many wait."""
        with self._lock:
            return self._most - self._running[lane] - self._queued(lane)

    def _queued(self, lane: str) -> int:
        return sum(1 for each in self._waiting if each[3].lane == lane)

    def take(self, rows: Sequence[AnyRow]) -> None:
        """Queue claimed tasks."""
        with self._lock:
            for row in rows:
                heapq.heappush(self._waiting, (row.priority, row.due_at, next(self._count), row))
            self._lock.notify_all()

    def stop(self) -> list[AnyRow]:
        """Begin nothing more and return what has not begun."""
        with self._lock:
            self._over = True
            left = [each[3] for each in self._waiting]
            self._waiting.clear()
            self._lock.notify_all()
        return left

    def wait(self, seconds: float) -> bool:
        """Wait until every hand has ended, but no longer than this, and tell whether they have."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (row := self._next()) is not None:
            try:
                self._run(row)
            finally:
                with self._lock:
                    self._running[row.lane] -= 1
                    self._lock.notify()
                    is_low = self._queued(row.lane) * 2 <= self._spare
                if is_low:
                    self._low()

    def _next(self) -> AnyRow | None:
        with self._lock:
            while not self._over:
                row = self._pick()
                if row is not None:
                    self._running[row.lane] += 1
                    return row
                self._lock.wait()
        return None

    def _pick(self) -> AnyRow | None:
        """Take the most urgent task out of the queue whose lane may have one more hand."""
        passed: list[_Waiting] = []
        found = None
        while self._waiting and found is None:
            each = heapq.heappop(self._waiting)
            if self._running[each[3].lane] < self._most:
                found = each[3]
            else:
                passed.append(each)
        for each in passed:
            heapq.heappush(self._waiting, each)
        return found
