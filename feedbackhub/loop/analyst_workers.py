"""The processes in which analyses run: started when one is wanted, kept for the next one, killed with the server."""

from __future__ import annotations

import threading
from typing import Any

from ..contract.errors import Problem, Refused, Unavailable
from ..contract.reports import Query, Report
from ..machinery.child_process import Child, Program
from ..machinery.clock import Clock
from ..machinery.containment import Told
from ..machinery.settings import Settings
from .report_json import MOST_BYTES, BadReport, query_json, read_report

__all__ = ["Workers"]

PROGRAM = Program("feedbackhub.loop.analyst_process", "analyses", MOST_BYTES)


class Workers:
    """Processes of one instance; each is asked by one thread at a time.

    Args:
        settings: The instance's.
        clock: What the analyses take for now.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._closed = False

    @property
    def any(self) -> bool:
        """Whether there is a process."""
        with self._lock:
            return bool(self._idle or self._busy)

    def report(self, analysis: str, query: Query, seconds: float) -> Report:
        """Let a process make a report.

        Args:
            analysis: Which one.
            query: What it is asked for.
            seconds: How long it may take.

        Raises:
            Refused: The analysis does not take this query.
            Told: It failed.
            Unavailable: The server stops.
        """
        question = {"name": analysis, "now": self._clock.now().isoformat(), "query": query_json(query)}
        child = self._take()
        try:
            answer = child.ask(question, seconds)
        except Told:
            if self._ends():
                raise Unavailable("the server stops") from None
            raise
        finally:
            self._give_back(child)
        return _read(answer)

    def start_one(self) -> None:
        """Start a process, so that it is there when one is wanted."""
        self._give_back(self._take())

    def close(self) -> None:
        """Kill all of them at once."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for child in idle:
            child.close()
        for child in busy:
            child.kill()

    def _take(self) -> Child:
        with self._lock:
            if self._closed:
                raise Unavailable("the server stops")
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    self._busy.add(child)
                    return child
        child = Child(PROGRAM, self._settings.model_dump_json())
        with self._lock:
            self._busy.add(child)
            if self._ends():
                child.kill()
        return child

    def _give_back(self, child: Child) -> None:
        with self._lock:
            self._busy.discard(child)
            keep = child.alive and not self._closed
            if keep:
                self._idle.append(child)
        if not keep:
            child.close()

    def _ends(self) -> bool:
        """Tell whether `close` was called, perhaps while a process was starting."""
        return self._closed


def _read(answer: dict[str, Any]) -> Report:
    if "refused" in answer:
        raise Refused(*(Problem(str(field), str(reason)) for field, reason in answer["refused"]))
    if "report" not in answer:
        raise Told(str(answer.get("failed", "failed")), "wrong" if answer.get("outcome") == "wrong" else "raised")
    try:
        return read_report(str(answer["report"]))
    except BadReport as bad:
        raise Told(str(bad), "wrong") from None
