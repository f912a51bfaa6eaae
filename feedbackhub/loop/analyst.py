"""Analyses: run in processes that can be killed, their reports kept until the counts change."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from ..contract.errors import FeedbackhubError, NotFound, Problem, Refused, Unavailable
from ..contract.reports import Analysis, Query, Report
from ..machinery.child_process import START_SECONDS, Child, Program
from ..machinery.clock import Clock
from ..machinery.containment import Containment, PluginFault, Told
from ..machinery.plugins import Plugins
from ..machinery.settings import Settings
from .report_json import MOST_BYTES, BadReport, query_json, read_report, report_json

__all__ = ["Analyst", "Crowded"]

HOOK = "feedbackhub_analyses"
PROGRAM = Program("feedbackhub.loop.analyst_process", "analyses", MOST_BYTES)
KEPT = 200
MOST_WAITING = 24
#: A result that came too late for whoever asked for it stays good so long, so that it is there when they look again.
GRACE_SECONDS = 10.0


class Crowded(Unavailable):
    """Too many reports are being made already."""


@dataclass
class Job:
    """A report that is being made, or was made just now."""

    plugin: str
    analysis: str
    query: Query
    position: int
    done: threading.Event = field(default_factory=threading.Event)
    report: Report | None = None
    error: FeedbackhubError | None = None
    ended: float = 0.0

    def result(self) -> Report:
        """Return the report or raise what stood in its way."""
        if self.error is not None:
            raise self.error
        assert self.report is not None, "a job that has ended has a result"
        return self.report


class Analyst:
    """Makes reports for one instance; starts no process before the first is wanted.

    Args:
        settings: The instance's.
        clock: What the analyses take for now.
        plugins: What brings the analyses.
        containment: Where faults are noted; one that fails again and again rests.
        position: Tells up to which event the counts are kept.
        given: Plugins that only this process has, as objects; their analyses run here, with a limit but unkillable.
    """

    def __init__(
        self, settings: Settings, clock: Clock, plugins: Plugins, containment: Containment,
        position: Callable[[], int], given: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._plugins = settings, clock, plugins
        self._containment, self._position, self._given = containment, position, frozenset(given)
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(settings.reports.processes)
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._jobs: dict[tuple[str, str], Job] = {}
        self._kept: OrderedDict[tuple[str, str, int], Report] = OrderedDict()
        self._closed = False

    def all(self) -> list[Analysis]:
        """Return the analyses there are, in the order of the plugins."""
        return [analysis for _, analysis in self._plugins.each(HOOK)]

    def one(self, name: str) -> Analysis:
        """Return an analysis.

        Raises:
            NotFound: There is none of that name.
        """
        return self._owned(name)[1]

    def plugin_of(self, name: str) -> str:
        """Return the name of the plugin that brings an analysis.

        Raises:
            NotFound: There is none of that name.
        """
        return self._owned(name)[0]

    def report(self, name: str, query: Query, patience: float | None = None) -> Report | None:
        """Return a report; None when it is not ready yet, while it is being made for whoever asks again.

        Args:
            name: The analysis.
            query: What it is asked for.
            patience: Seconds to wait; until it is there, or given up, when left out.

        Raises:
            NotFound: There is no such analysis.
            Refused: The analysis does not take this query.
            PluginFault: It failed, took too long, or rests after failing often.
            Crowded: Too many are being made already.
        """
        plugin, _ = self._owned(name)
        text, position = query_json(query), self._position()
        with self._lock:
            kept = self._kept.get((name, text, position))
            if kept is not None:
                self._kept.move_to_end((name, text, position))
                return kept
            job = self._job(plugin, name, query, text, position)
        if not job.done.wait(patience):
            return None
        with self._lock:
            if self._jobs.get((name, text)) is job:
                del self._jobs[name, text]
        return job.result()

    def warm(self) -> None:
        """Start a process, unless there is one, so that the first report is there sooner."""
        with self._lock:
            if self._closed or self._idle or self._busy or self._jobs or not self._plugins.each(HOOK):
                return
        threading.Thread(target=self._start_one, name="feedbackhub-analyst-warm", daemon=True).start()

    def close(self) -> None:
        """Kill the processes at once; reports that are being made fail."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for child in idle:
            child.close()
        for child in busy:
            child.kill()

    def _owned(self, name: str) -> tuple[str, Analysis]:
        found = self._plugins.owner(HOOK, name)
        if found is None:
            raise NotFound("no such analysis")
        return found

    def _job(self, plugin: str, name: str, query: Query, text: str, position: int) -> Job:
        """Return the job that makes this report, begun just now or before; under the lock."""
        now, key = time.monotonic(), (name, text)
        for old in [each for each, job in self._jobs.items() if job.ended and now - job.ended > GRACE_SECONDS]:
            del self._jobs[old]
        job = self._jobs.get(key)
        if job is not None:
            return job
        if sum(not each.ended for each in self._jobs.values()) >= MOST_WAITING:
            raise Crowded("too many reports are being made; try again in a moment")
        job = self._jobs[key] = Job(plugin, name, query, position)
        threading.Thread(target=self._make, args=(key, job), name="feedbackhub-analyst", daemon=True).start()
        return job

    def _make(self, key: tuple[str, str], job: Job) -> None:
        """Make a report, in a thread of its own."""
        try:
            with self._slots:
                seconds = self._settings.reports.seconds
                here = job.plugin in self._given
                # The process itself is killed when its time is up; the thread's limit only guards against surprises.
                job.report = self._containment.call(
                    job.plugin, f"report {job.analysis}", self._made_here if here else self._asked, job,
                    limit=seconds if here else START_SECONDS + seconds + 10,
                )  # fmt: skip
        except FeedbackhubError as error:
            job.error = error
        except BaseException as error:
            job.error = PluginFault(job.plugin, f"report {job.analysis}", f"raised {type(error).__name__}")
            raise
        finally:
            self._finish(key, job)

    def _finish(self, key: tuple[str, str], job: Job) -> None:
        with self._lock:
            if job.report is not None:
                self._kept[(*key, job.position)] = job.report
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            job.ended = time.monotonic()
            job.done.set()

    def _made_here(self, job: Job) -> Report:
        """Make a report in this process, for a plugin that no other has."""
        try:
            return read_report(report_json(self.one(job.analysis).report(job.query)))
        except BadReport as bad:
            raise Told(str(bad), "wrong") from None

    def _asked(self, job: Job) -> Report:
        """Let a process make a report.

        Raises:
            Refused: The analysis does not take this query.
            Told: It failed.
        """
        child = self._take()
        try:
            now = self._clock.now().isoformat()
            question = {"name": job.analysis, "now": now, "query": query_json(job.query)}
            answer = child.ask(question, self._settings.reports.seconds)
        except Told:
            if self._ends():
                raise Unavailable("the server stops") from None
            raise
        finally:
            self._give_back(child)
        if "refused" in answer:
            raise Refused(*(Problem(str(field), str(reason)) for field, reason in answer["refused"]))
        if "report" not in answer:
            raise Told(str(answer.get("failed", "failed")), "wrong" if answer.get("outcome") == "wrong" else "raised")
        try:
            return read_report(str(answer["report"]))
        except BadReport as bad:
            raise Told(str(bad), "wrong") from None

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

    def _start_one(self) -> None:
        with self._slots:
            self._give_back(self._take())
