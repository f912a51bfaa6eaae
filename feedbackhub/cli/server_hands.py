"""Who answers requests: so many threads, and so many requests that may wait for one, so long."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import Generic, Protocol, TypeVar

__all__ = ["Hands", "Work"]

log = logging.getLogger(__name__)


class Work(Protocol):
    """A connection that has a request to be answered."""

    def service(self) -> None:
        """Answer one request."""
        ...


W = TypeVar("W", bound=Work)


class Hands(Generic[W]):
    """Threads that answer requests in the order in which they came.

    Args:
        name: What the threads are called.
        threads: Requests that are answered at the same time.
        most: Requests that may wait beside these; more are turned away at once.
        longest: Seconds that a request waits before it is turned away.
    """

    def __init__(self, name: str, threads: int, most: int, longest: float) -> None:
        self._most, self._longest = most, longest
        self._waiting: deque[tuple[float, W]] = deque()
        #: Those who are turned away; only the loop that reads and writes tells them so.
        self.refused: deque[W] = deque()
        #: One lock for each thread that sleeps; the last one that fell asleep is woken first.
        self._asleep: deque[threading.Lock] = deque()
        self._ended = False
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def add_task(self, work: W) -> None:
        """Take on a request, or turn it away when too many wait already."""
        if len(self._waiting) >= self._most:
            self.refused.append(work)
            return
        self._waiting.append((time.monotonic(), work))
        self._wake()

    def _wake(self) -> bool:
        """Wake a thread that sleeps, and tell whether there was one."""
        try:
            self._asleep.pop().release()
        except IndexError:
            return False
        return True

    def give_up(self) -> None:
        """Turn away who has waited too long while every thread was busy."""
        before = time.monotonic() - self._longest
        while self._waiting and self._waiting[0][0] < before:
            taken = self._take()
            if taken is None:
                return
            since, work = taken
            if since >= before:  # a thread was quicker and took the one that we looked at
                self._waiting.appendleft(taken)
                self._wake()
                return
            self.refused.append(work)

    def _take(self) -> tuple[float, W] | None:
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def _run(self) -> None:
        bed = threading.Lock()
        bed.acquire()
        while not self._ended:
            taken = self._take() or self._sleep(bed)
            if taken is None:
                continue
            try:
                taken[1].service()
            except Exception:
                log.exception("a request could not be answered")

    def _sleep(self, bed: threading.Lock) -> tuple[float, W] | None:
        """Wait to be woken; return work that came before anybody could know that this thread sleeps."""
        self._asleep.append(bed)
        taken = None if self._ended else self._take()
        if taken is None and not self._ended:
            bed.acquire()
            return None
        try:
            self._asleep.remove(bed)
        except ValueError:
            bed.acquire()  # somebody wakes this thread at this moment
        return taken

    def shutdown(self, patience: float) -> None:
        """Take no more, and wait for the threads to end what they do."""
        self._ended = True
        while self._wake():
            continue
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
