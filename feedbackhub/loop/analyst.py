"""Analyses: run in processes that can be killed, their reports kept until the counts change, or for a while."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..contract.errors import FeedbackhubError, NotFound, Unavailable
from ..contract.reports import Analysis, Option, Query, Report
from ..machinery.child_process import START_SECONDS
from ..machinery.clock import Clock
from ..machinery.containment import Containment, PluginFault, Told
from ..machinery.plugins import Plugins
from ..machinery.settings import Settings
from .analyst_workers import Workers
from .report_json import BadReport, query_json, read_report, report_json
from .snapshots import Snapshot, Snapshots

__all__ = ["Analyst", "Crowded"]

HOOK = "feedbackhub_analyses"
KEPT = 200
MOST_WAITING = 24
#: A result that came too late for whoever asked for it stays good so long, so that it is there when they look again.
GRACE_SECONDS = 10.0


class Crowded(Unavailable):
    """Too many reports are being made already."""


@dataclass
class Job:
    """A report that is being made, or was made just now; of one that lasts, the report itself is kept elsewhere.

    `seen` is when the one was made that is kept already: it is enough that anybody makes a newer one.
    """

    plugin: str
    analysis: Analysis
    query: Query
    text: str
    position: int
    seen: datetime | None = None
    done: threading.Event = field(default_factory=threading.Event)
    report: Report | None = None
    error: FeedbackhubError | None = None
    ended: float = 0.0

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by."""
        return self.analysis.name, self.text

    def result(self) -> Report | None:
        """Return the report or raise what stood in its way."""
        if self.error is not None:
            raise self.error
        return self.report


class Analyst:
    """Makes reports for one instance; starts no process before the first is wanted.

    Args:
        settings: The instance's.
        clock: What the analyses take for now.
        plugins: What brings the analyses.
        containment: Where faults are noted; one that fails again and again rests.
        position: Tells up to which event the counts are kept.
        snapshots: Keeps the reports of analyses that last.
        given: Plugins that only this process has, as objects; their analyses run here, with a limit but unkillable.
    """

    def __init__(
        self, settings: Settings, clock: Clock, plugins: Plugins, containment: Containment,
        position: Callable[[], int], snapshots: Snapshots, given: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._plugins = settings, clock, plugins
        self._containment, self._position, self._given = containment, position, frozenset(given)
        self._snapshots, self._workers = snapshots, Workers(settings, clock)
        self._lock = threading.Lock()
        processes = settings.reports.processes
        self._slots = threading.BoundedSemaphore(processes)
        # Apart, so that what takes minutes never holds up what takes a moment.
        self._long_slots = threading.BoundedSemaphore(max(1, processes // 2))
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

    def options(self, analysis: Analysis) -> Sequence[Option]:
        """Return what a reader may choose beside the filters; nothing while the analysis fails to say it."""
        if type(analysis).offers is Analysis.offers:
            return analysis.options
        plugin, what = self.plugin_of(analysis.name), f"offers {analysis.name}"
        try:
            found = self._containment.call(plugin, what, lambda: tuple(analysis.offers()))
            if not all(isinstance(each, Option) for each in found):
                raise self._containment.blame(plugin, what, "offered something that is no option")
        except PluginFault:
            return ()
        return found

    def report(
        self, name: str, query: Query, patience: float | None = None, *, fresh: bool = False
    ) -> Report | None:
        """Return a report; None when it is not ready yet, while it is being made for whoever asks again.

        Of an analysis that lasts, what is kept is returned at once, also while a newer one is being made.

        Args:
            name: The analysis.
            query: What it is asked for.
            patience: Seconds to wait; until it is there, or given up, when left out.
            fresh: Have a newer one made, however young the kept one is; it is there for whoever asks again.

        Raises:
            NotFound: There is no such analysis.
            Refused: The analysis does not take this query.
            PluginFault: It failed, took too long, or rests after failing often.
            Crowded: Too many are being made already.
        """
        plugin, analysis = self._owned(name)
        text = self._text(plugin, analysis, query)
        if analysis.lasts is not None:
            return self._lasting(lambda: Job(plugin, analysis, query, text, 0), patience, fresh)
        position = self._position()
        with self._lock:
            kept = self._kept.get((name, text, position))
            if kept is not None:
                self._kept.move_to_end((name, text, position))
                return kept
            job = self._begun(Job(plugin, analysis, query, text, position))
        return self._awaited(job, patience)

    def kept(self, name: str, query: Query) -> Report | None:
        """Return a report that is there already, however old; None when it is not, and nothing is begun.

        Raises:
            NotFound: There is no such analysis.
            PluginFault: The analysis could not say what its reports depend on.
        """
        plugin, analysis = self._owned(name)
        text = self._text(plugin, analysis, query)
        if analysis.lasts is not None:
            found = self._snapshots.find(name, text)
            return found.report if found is not None else None
        position = self._position()
        with self._lock:
            return self._kept.get((name, text, position))

    def renewing(self, name: str, query: Query) -> bool:
        """Tell whether a newer report than the kept one is being made, here or by another process.

        Raises:
            NotFound: There is no such analysis.
        """
        plugin, analysis = self._owned(name)
        if analysis.lasts is None:
            return False
        text = self._text(plugin, analysis, query)
        with self._lock:
            job = self._jobs.get((name, text))
        return (job is not None and not job.ended) or self._snapshots.being_made(name, text)

    def warm(self) -> None:
        """Start a process, unless there is one, so that the first report is there sooner."""
        with self._lock:
            if self._closed or self._workers.any or self._jobs or not self._plugins.each(HOOK):
                return
        threading.Thread(target=self._start_one, name="feedbackhub-analyst-warm", daemon=True).start()

    def close(self) -> None:
        """Kill the processes at once; reports that are being made fail."""
        self._closed = True
        self._workers.close()

    def _owned(self, name: str) -> tuple[str, Analysis]:
        found = self._plugins.owner(HOOK, name)
        if found is None:
            raise NotFound("no such analysis")
        return found

    def _text(self, plugin: str, analysis: Analysis, query: Query) -> str:
        """Return all that a report depends on beside what is recorded.

        Raises:
            PluginFault: The analysis could not say what it depends on.
        """
        text = query_json(query)
        if type(analysis).stamp is Analysis.stamp:
            return text
        return f"{text}\n{self._containment.call(plugin, f'stamp {analysis.name}', analysis.stamp)}"

    def _lasting(self, new: Callable[[], Job], patience: float | None, fresh: bool) -> Report | None:
        """Return a report that is kept for a while; have the first or a newer one made where it is time."""
        while True:
            wanted = new()
            found = self._snapshots.find(*wanted.key)
            if found is not None and not fresh and not self._is_old(wanted.analysis, found):
                return found.report
            wanted.seen = found.made_at if found is not None else None
            job = self._begun_if_room(wanted, found is None)
            if found is not None or job is None:
                return found.report if found is not None else None
            if not job.done.wait(patience):
                return None
            self._awaited(job, 0.0)
            # What is kept may be gone again, when somebody was erased: then it is made once more.
            found = self._snapshots.find(*wanted.key)
            if found is not None or patience is not None:
                return found.report if found is not None else None

    def _begun_if_room(self, wanted: Job, needed: bool) -> Job | None:
        """Return the job that makes a report; None when too many are being made and it can be done without."""
        try:
            with self._lock:
                return self._begun(wanted)
        except Crowded:
            if needed:
                raise
            return None

    def _is_old(self, analysis: Analysis, kept: Snapshot) -> bool:
        assert analysis.lasts is not None, "only what lasts is kept"
        age = self._clock.now() - kept.made_at
        # One of the future was made by a clock that was wrong.
        return not timedelta(0) <= age < analysis.lasts

    def _awaited(self, job: Job, patience: float | None) -> Report | None:
        """Return what a job makes, None when it is not done in time."""
        if not job.done.wait(patience):
            return None
        with self._lock:
            if self._jobs.get(job.key) is job:
                del self._jobs[job.key]
        return job.result()

    def _begun(self, wanted: Job) -> Job:
        """Return the job that makes this report, begun just now or before; under the lock."""
        now = time.monotonic()
        for old in [each for each, job in self._jobs.items() if job.ended and now - job.ended > GRACE_SECONDS]:
            del self._jobs[old]
        job = self._jobs.get(wanted.key)
        if job is not None and (job.report is not None or job.error is not None or not job.ended):
            return job
        if sum(not each.ended for each in self._jobs.values()) >= MOST_WAITING:
            raise Crowded("too many reports are being made; try again in a moment")
        self._jobs[wanted.key] = wanted
        threading.Thread(target=self._make, args=(wanted,), name="feedbackhub-analyst", daemon=True).start()
        return wanted

    def _make(self, job: Job) -> None:
        """Make a report, in a thread of its own."""
        try:
            if job.analysis.lasts is None:
                job.report = self._made(job, self._slots, self._settings.reports.seconds)
            else:
                seconds = self._settings.reports.snapshot_seconds
                self._snapshots.make(*job.key, job.seen, lambda: self._made(job, self._long_slots, seconds))
        except FeedbackhubError as error:
            job.error = error
        except BaseException as error:
            job.error = PluginFault(job.plugin, f"report {job.analysis.name}", f"raised {type(error).__name__}")
            raise
        finally:
            self._finish(job)

    def _made(self, job: Job, slots: threading.BoundedSemaphore, seconds: float) -> Report:
        with slots:
            here = job.plugin in self._given
            # The process itself is killed when its time is up; the thread's limit only guards against surprises.
            return self._containment.call(
                job.plugin, f"report {job.analysis.name}", self._made_here if here else self._asked, job, seconds,
                limit=seconds if here else START_SECONDS + seconds + 10,
            )  # fmt: skip

    def _finish(self, job: Job) -> None:
        with self._lock:
            if job.report is not None:
                self._kept[(*job.key, job.position)] = job.report
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            job.ended = time.monotonic()
            job.done.set()

    def _asked(self, job: Job, seconds: float) -> Report:
        return self._workers.report(job.analysis.name, job.query, seconds)

    def _made_here(self, job: Job, _seconds: float) -> Report:
        """Make a report in this process, for a plugin that no other has."""
        try:
            return read_report(report_json(job.analysis.report(job.query)))
        except BadReport as bad:
            raise Told(str(bad), "wrong") from None

    def _start_one(self) -> None:
        with self._slots:
            self._workers.start_one()
