"""`/metrics`: the figures of an instance as Prometheus reads them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ..loop.core import Core
from ..machinery.counting import BOUNDS
from ..office.figures import Figures, figures
from ..version import __version__
from .errors import problem
from .permission import permission
from .watching import ANSWERED, REFUSED, SUBMISSION

if TYPE_CHECKING:
    from prometheus_client.core import Metric

__all__ = ["blueprint"]

MISSING = 'Metrics need the Prometheus client: pip install "feedbackhub[metrics]"'
ENDS = [f"{bound:g}" for bound in BOUNDS] + ["+Inf"]
Family = Any


def blueprint(core: Core) -> Blueprint:
    """Serve ``/metrics``."""
    pages = Blueprint("metrics", __name__)
    made: list[Any] = []

    @pages.get("/metrics")
    @permission("scope:metrics:read")
    def index() -> ResponseReturnValue:
        """Return all figures, to who holds a key with the scope ``metrics:read``."""
        try:
            # Not at the top: the library is optional, and loading it would make every start slower.
            client = importlib.import_module("prometheus_client")
        except ModuleNotFoundError:
            return problem(501, MISSING)
        if not made:
            made.append(registry(client, core))
        return Response(client.generate_latest(made[0]), content_type=client.CONTENT_TYPE_LATEST)

    return pages


def registry(client: Any, core: Core) -> Any:
    """Return a registry of its own for one instance: a process may hold several."""
    found = client.CollectorRegistry(auto_describe=False)
    client.ProcessCollector(registry=found)
    client.PlatformCollector(registry=found)
    found.register(Collector(importlib.import_module("prometheus_client.core"), core))
    return found


class Collector:
    """Reads the figures anew each time that they are asked for.

    Args:
        families: The library's module with the kinds of metrics.
        core: The instance.
    """

    def __init__(self, families: Any, core: Core) -> None:
        self._families, self._core = families, core

    def describe(self) -> list[Metric]:
        """Tell nothing beforehand, for that would read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every metric: what the database knows, then what this process counted."""
        found = figures(self._core)
        yield from self._lanes(found)
        yield from self._events(found)
        yield from self._sends(found)
        yield from self._requests()
        yield from self._process()

    def _gauge(self, name: str, text: str, *labels: str) -> Family:
        return self._families.GaugeMetricFamily(f"feedbackhub_{name}", text, labels=labels)

    def _counter(self, name: str, text: str, *labels: str) -> Family:
        return self._families.CounterMetricFamily(f"feedbackhub_{name}", text, labels=labels)

    def _histogram(self, name: str, text: str, *labels: str) -> Family:
        return self._families.HistogramMetricFamily(f"feedbackhub_{name}_seconds", text, labels=labels)

    def _one(self, name: str, text: str, value: float) -> Family:
        return self._families.GaugeMetricFamily(f"feedbackhub_{name}", text, value=value)

    def _lanes(self, found: Figures) -> Iterator[Metric]:
        due = self._gauge("lane_due", "Tasks that have come due and wait.", "lane")
        oldest = self._gauge("lane_oldest_due_seconds", "For how long the oldest task has been due.", "lane")
        claimed = self._gauge("lane_claimed", "Tasks that are being worked on.", "lane")
        parked = self._gauge("lane_parked", "Tasks that gave up and wait for a person.", "lane")
        for each in found.lanes:
            due.add_metric((each.name,), each.due)
            oldest.add_metric((each.name,), each.behind(found.now).total_seconds())
            claimed.add_metric((each.name,), each.claimed)
            parked.add_metric((each.name,), each.parked)
        yield from (due, oldest, claimed, parked)

    def _events(self, found: Figures) -> Iterator[Metric]:
        yield self._one("events_position", "Position of the newest event.", found.position)
        yield self._one("events_unnumbered", "Events that wait for their position.", found.unnumbered)
        behind = self._gauge("subscriber_behind_events", "Events that a subscriber has not read.", "subscriber")
        lag = self._gauge("subscriber_lag_seconds", "Age of the oldest event that it has not read.", "subscriber")
        parked = self._gauge("subscriber_parked", "Whether it is parked after failing again and again.", "subscriber")
        failing = self._gauge("subscriber_failing", "Whether its last try failed.", "subscriber")
        for each in found.subscribers:
            behind.add_metric((each.name,), each.behind)
            waited = (found.now - each.since).total_seconds() if each.since is not None else 0.0
            lag.add_metric((each.name,), max(0.0, waited))
            parked.add_metric((each.name,), int(each.parked))
            failing.add_metric((each.name,), int(bool(each.error)))
        yield from (behind, lag, parked, failing)

    def _sends(self, found: Figures) -> Iterator[Metric]:
        yield self._one("engines_alive", "Processes that send, on all machines.", found.engines)
        sends = self._counter("sends", "Messages by what became of them, of all processes.", *SENDS)
        for labels, n in sorted(found.sends.items()):
            sends.add_metric(labels, n)
        yield sends
        yield self._one("suspects_waiting", "Newest answers that look like a machine's, not judged.", found.suspects)

    def _requests(self) -> Iterator[Metric]:
        counts = self._core.counts
        requests = self._counter("requests", "Requests that were answered.", "kind", "status")
        for labels, n in sorted(counts.counted(ANSWERED).items()):
            requests.add_metric(labels, n)
        answers = self._counter("answers", "Answers that were stored.", "via", "confidence")
        for labels, n in sorted(counts.counted("answers").items()):
            answers.add_metric(labels, n)
        refused = self._counter("refused", "Requests that were refused with 503.", "because")
        for labels, n in sorted({("capacity",): 0, ("storage",): 0, **counts.counted(REFUSED)}.items()):
            refused.add_metric(labels, n)
        yield from (requests, answers, refused)
        yield self._spread(self._histogram("request", "Time until a request was answered.", "kind"), ANSWERED)
        submission = self._histogram("submission", "Time until a submission was durable and answered.")
        yield self._spread(submission, SUBMISSION)

    def _spread(self, family: Family, name: str) -> Family:
        for labels, (groups, total) in sorted(self._core.counts.spreads(name).items()):
            below, so_far = [], 0
            for end, n in zip(ENDS, groups, strict=True):
                so_far += n
                below.append((end, float(so_far)))
            family.add_metric(labels, below, sum_value=total)
        return family

    def _process(self) -> Iterator[Metric]:
        core = self._core
        yield self._families.InfoMetricFamily("feedbackhub", "The release.", {"version": __version__})
        load = core.store.door.load
        yield self._one("write_queue_length", "Writes that wait for their turn.", load.waiting)
        for name, text, n in (
            ("write_groups", "Commits of writes that waited together.", load.groups),
            ("writes", "Writes in those commits.", load.writes),
        ):
            yield self._families.CounterMetricFamily(f"feedbackhub_{name}", text, value=n)
        states = self._gauge("plugin_state", "1 for the state that a plugin is in.", "plugin", "state")
        for plugin in core.plugins.states:
            states.add_metric((plugin.name, plugin.state), 1)
        resting = self._gauge("plugin_resting", "1 for each call that rests after failing.", "plugin", "call")
        for name, calls in core.containment.resting().items():
            for call in calls:
                resting.add_metric((name, call), 1)
        yield from (states, resting)


#: Labels of what was sent.
SENDS = ("channel", "kind", "outcome")
