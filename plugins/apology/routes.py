"""Experiments and the planner as operations of the API."""

from __future__ import annotations

from feedbackhub import Conflict, Hub, Problem, Refused, Route, RouteRequest

from .book import CHANGED, Experiments
from .measure import measured_of
from .models import ExperimentLine, ExperimentList, ExperimentOut, ForecastOut, PlannerQuery, StartIn, StopIn
from .plan import Plan
from .planner import Wish, forecast
from .planning_page import GUESS
from .records import Experiment
from .starting import start

__all__ = ["routes_of"]


def routes_of(hub: Hub) -> list[Route]:
    """Return the operations."""
    here = Operations(hub)
    every, one = "experiments", "experiments/<id>"
    frozen = "Change a draft's plan; after the start this is refused."
    return [
        Route("GET", every, "List the experiments.", "read", here.every, ExperimentList),
        Route("POST", every, "Plan an experiment.", "write", here.add, ExperimentOut, Plan, status=201),
        Route("GET", one, "Show an experiment.", "read", here.one, ExperimentOut),
        Route("PUT", one, frozen, "write", here.change, ExperimentOut, Plan),
        Route("DELETE", one, "Remove a draft.", "write", here.remove, status=204),
        Route("POST", f"{one}/start", "Freeze the plan and begin.", "write", here.start, ExperimentOut, StartIn),
        Route("POST", f"{one}/stop", "Stop an experiment.", "write", here.stop, ExperimentOut, StopIn),
        Route("GET", "planner", "How many customers are needed.", "read", here.plan, ForecastOut, query=PlannerQuery),
    ]


class Operations:
    """What each operation does.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub, self._book = hub, Experiments(hub)

    def every(self, request: RouteRequest) -> ExperimentList:
        """List the experiments."""
        return ExperimentList(experiments=[ExperimentLine.of(each) for each in self._book.every()])

    def one(self, request: RouteRequest) -> ExperimentOut:
        """Show an experiment."""
        return self._shown(self._book.get(request.path["id"]))

    def add(self, request: RouteRequest) -> ExperimentOut:
        """Keep a draft."""
        return self._shown(self._book.add(request.body, request.actor))

    def change(self, request: RouteRequest) -> ExperimentOut:
        """Change a draft."""
        return self._shown(self._book.change(request.path["id"], request.body))

    def remove(self, request: RouteRequest) -> None:
        """Remove a draft."""
        self._book.remove(request.path["id"])

    def start(self, request: RouteRequest) -> ExperimentOut:
        """Freeze the plan and begin."""
        draft = self._book.get(request.path["id"])
        if request.body.version not in (None, draft.version):
            raise Conflict(CHANGED)
        return self._shown(start(self._hub, draft, request.actor))

    def stop(self, request: RouteRequest) -> ExperimentOut:
        """Stop an experiment."""
        return self._shown(self._book.stop(request.path["id"], request.body.reason, request.actor))

    def plan(self, request: RouteRequest) -> ForecastOut:
        """Say how many customers are needed."""
        asked: PlannerQuery = request.query
        plan = Plan(name="plan")
        measured = measured_of(self._hub, plan)
        baseline = asked.baseline or measured.baseline or GUESS
        if baseline + asked.effect >= 1:
            raise Refused(Problem("effect", "baseline and effect together must stay below 1"))
        wish = Wish(
            baseline, asked.effect, (1,) * asked.arms, asked.alpha, asked.power, plan.reask_days + plan.window_days,
            asked.per_week,
        )  # fmt: skip
        return ForecastOut.of(forecast(wish, measured), baseline, not asked.baseline and measured.baseline is not None)

    def _shown(self, one: Experiment) -> ExperimentOut:
        return ExperimentOut.of(one, dict(self._book.counts(one.id)), dict(self._book.refusals(one.id)))
