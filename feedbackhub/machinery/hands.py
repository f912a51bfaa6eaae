"""Daemon threads that do calls for somebody who waits only so long; a call that hangs keeps its thread and no other."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

__all__ = ["Hands", "Late", "Left", "NoHands", "Patience"]

T = TypeVar("T")
#: Tells how many more seconds a caller waits, by what was achieved meanwhile; asked about once a second.
Patience = Callable[[], float]
IDLE_SECONDS = 30.0
PULSE_SECONDS = 1.0


class Late(Exception):
    """The call took too long and goes on behind the caller's back."""


class NoHands(Exception):
    """Every thread is taken."""


class Left(Exception):
    """The caller was told to wait no longer."""


class _Job:
    """One call, handed from the caller to a thread."""

    __slots__ = ("args", "done", "error", "fn", "left", "result")

    def __init__(self, fn: Callable[..., Any], args: Sequence[Any]) -> None:
        self.fn, self.args = fn, args
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None
        self.left = False

    def run(self) -> None:
        try:
            self.result = self.fn(*self.args)
        except BaseException as error:  # handed to the caller, whatever it is
            self.error = error
        self.done.set()


class Hands:
    """A few threads for one plugin, started when needed.

    Args:
        name: For the threads' names.
        most: How many there may be, those that hang included.
    """

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._lock = threading.Condition()
        self._idle: list[queue.SimpleQueue[_Job]] = []
        self._alive = 0
        self._running: set[_Job] = set()

    def call(self, fn: Callable[..., T], args: Sequence[Any], seconds: float | Patience) -> T:
        """Call a function in one of the threads and return its result; what it raises is raised here.

        Args:
            fn: The function.
            args: Its arguments.
            seconds: How long to wait for it.

        Raises:
            Late: It was not done in time.
            NoHands: No thread became free in time.
            Left: `leave` was called meanwhile.
        """
        job = _Job(fn, args)
        began = time.monotonic()
        desk = self._desk(began + (seconds() if callable(seconds) else seconds))
        with self._lock:
            self._running.add(job)
        desk.put(job)
        try:
            finished = _patient(job, seconds) if callable(seconds) else _within(job, began + seconds)
        finally:
            with self._lock:
                self._running.discard(job)
        if job.left:
            raise Left
        if not finished:
            raise Late
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[no-any-return]

    @property
    def running(self) -> int:
        """How many callers are waiting for a call at present."""
        with self._lock:
            return len(self._running)

    def leave(self) -> None:
        """Let every caller go; the threads end with the process."""
        with self._lock:
            for job in self._running:
                job.left = True
                job.done.set()

    def _desk(self, deadline: float) -> queue.SimpleQueue[_Job]:
        """Return where a free thread takes its work from, starting one if there may be another."""
        with self._lock:
            while not self._idle:
                if self._alive < self._most:
                    self._alive += 1
                    desk: queue.SimpleQueue[_Job] = queue.SimpleQueue()
                    threading.Thread(
                        target=self._work, args=(desk,), name=f"feedbackhub-plugin-{self._name}", daemon=True
                    ).start()
                    return desk
                if not self._lock.wait(max(0.0, deadline - time.monotonic())):
                    raise NoHands(f"found none of its {self._most} threads free: earlier calls hang")
            return self._idle.pop()

    def _work(self, desk: queue.SimpleQueue[_Job]) -> None:
        while True:
            try:
                job = desk.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                with self._lock:
                    if desk in self._idle:
                        self._idle.remove(desk)
                        self._alive -= 1
                        return
                job = desk.get()  # taken from the idle ones just now: its work is on the way
            job.run()
            del job
            with self._lock:
                self._idle.append(desk)
                self._lock.notify()


def _within(job: _Job, deadline: float) -> bool:
    return job.done.wait(max(0.0, deadline - time.monotonic()))


def _patient(job: _Job, patience: Patience) -> bool:
    while not job.done.is_set():
        left = patience()
        if left <= 0:
            return False
        job.done.wait(min(left, PULSE_SECONDS))
    return True
