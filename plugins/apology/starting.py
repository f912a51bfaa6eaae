"""Whether an experiment may start: everything that stands against it, all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass

from feedbackhub import Hub, NotFound, Problem, Refused
from feedbackhub.reporting import N_

from .book import Experiments
from .measure import measured_of
from .plan import Plan
from .planner import LONGEST_WEEKS, Forecast, Measured, Wish, forecast
from .records import Experiment
from .settings import Settings

__all__ = ["Obstacle", "expected", "needed_of", "problems_in", "problems_of", "start", "warnings_of"]

#: With shares outside of these a difference in points says little.
EDGE = 0.01


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands against a start.

    Args:
        field: The plan's field, empty for the plan as a whole.
        text: What is wrong, in English, to be translated.
        what: Which arm, survey or other thing is meant, empty for none.
    """

    field: str
    text: str
    what: str = ""

    @property
    def problem(self) -> Problem:
        """The same for the API."""
        return Problem(self.field, f"{self.what}: {self.text}" if self.what else self.text)


def start(hub: Hub, draft: Experiment, by: str) -> Experiment:
    """Freeze the plan and begin.

    Raises:
        Refused: Naming everything that stands against it.
        Conflict: It has started already, or somebody changed it meanwhile.
    """
    problems = problems_of(hub, draft.plan)
    if problems:
        raise Refused(*(each.problem for each in problems))
    return Experiments(hub).start(draft, by)


def problems_of(hub: Hub, plan: Plan) -> list[Obstacle]:
    """Return what stands against a start, by the plan's fields; empty when nothing does."""
    surveys = {each.name for each in hub.read.surveys()}
    has_ways = any(hub.channels().values())
    found = problems_in(plan, measured_of(hub, plan), surveys, has_ways, hub.settings(Settings).hold_out)
    return [*found, *_cap(hub, plan)]


def _cap(hub: Hub, plan: Plan) -> Iterator[Obstacle]:
    """Tell when the settings allow no apology at all: then nobody could ever be taken in."""
    if not any(arm.apology for arm in plan.arms):
        return
    # The cap is told with a customer's own count; any customer will do.
    for batch in hub.read.batches("contacts", size=100, only=("customer",)):
        known = next((each for each in batch.columns["customer"] if each), "")
        try:
            if known and not hub.read.apologies(known).most:
                yield Obstacle("arms", N_("the settings allow no apologies: [gestures] most_apologies is 0"))
        except NotFound:  # erased
            return
        return


def problems_in(
    plan: Plan, measured: Measured, surveys: Set[str], has_ways: bool, may_hold_out: bool
) -> list[Obstacle]:  # fmt: skip
    """Return the same from what is known.

    Args:
        plan: The plan.
        measured: What the last weeks tell.
        surveys: Names of the published surveys.
        has_ways: Whether any channel reaches customers.
        may_hold_out: Whether the settings allow that an arm does nothing.
    """
    found = [*_arms(plan, may_hold_out), *_money(plan), *_surveys(plan, surveys)]
    if not has_ways:
        found.append(Obstacle("", N_("no channel reaches customers: nobody could be asked again")))
    return [*found, *_size(plan, measured)]


def _arms(plan: Plan, may_hold_out: bool) -> Iterator[Obstacle]:
    for name, n in Counter(each.name for each in plan.arms).items():
        if n > 1:
            yield Obstacle("arms", N_("two arms have the same name"), name)
    seen: dict[object, str] = {}
    for arm in plan.arms:
        if not may_hold_out and not any(arm.does[:2]):
            yield Obstacle("arms", N_("the settings allow no arm in which nothing is done"), arm.name)
        if arm.does in seen and seen[arm.does] != arm.name:
            yield Obstacle("arms", N_("in these arms the same is done"), f"{seen[arm.does]}, {arm.name}")
        seen.setdefault(arm.does, arm.name)
    for stratum, times in Counter(plan.strata).items():
        if times > 1:
            yield Obstacle("strata", N_("named twice"), stratum)


def _money(plan: Plan) -> Iterator[Obstacle]:
    given = {each.compensation.currency for each in plan.arms if each.compensation}
    if len(given | ({plan.currency} if plan.currency else set())) > 1:
        yield Obstacle("arms", N_("all costs must be in one currency"))
    if plan.handling_cents and not plan.money:
        yield Obstacle("currency", N_("must be given, as letters cost something"))


def _surveys(plan: Plan, surveys: Set[str]) -> Iterator[Obstacle]:
    if plan.survey not in surveys:
        yield Obstacle("survey", N_("the survey of the second ask is not published"), plan.survey)
    for name in plan.who.surveys:
        if name not in surveys:
            yield Obstacle("who.surveys", N_("no such survey is published"), name)
    if plan.survey in plan.who.surveys:
        yield Obstacle("who.surveys", N_("answers to the second ask cannot let customers in"))


def _size(plan: Plan, measured: Measured) -> Iterator[Obstacle]:
    if plan.baseline + plan.effect >= 1:
        yield Obstacle("effect", N_("baseline and effect together must stay below 100 %"))
        return
    comes = expected(plan, measured)
    if comes.weeks is None:
        yield Obstacle("per_week", N_(
            "no bad answer of the last eight weeks would have been taken in, so nobody can say how long this takes; "
            "say how many customers you expect in a week, or take in more"
        ))  # fmt: skip
    elif comes.weeks[0] > LONGEST_WEEKS:
        yield Obstacle("n_each", N_(
            "at your volume this would take more than two years: look for a larger effect, or use fewer arms"
        ))  # fmt: skip


def expected(plan: Plan, measured: Measured) -> Forecast:
    """Return what a plan comes to with the number of customers that it names."""
    wish = Wish(
        plan.baseline, plan.effect, plan.weights(), plan.alpha, plan.power, plan.reask_days + plan.window_days,
        plan.per_week, plan.stopping == "e-process",
    )  # fmt: skip
    return forecast(wish, measured, n_each=plan.n_each)


def needed_of(comes: Forecast, plan: Plan) -> int:
    """Return how many customers an arm of the smallest weight needs by the plan's own rule."""
    return comes.n_looking if plan.stopping == "e-process" else comes.n_each


def warnings_of(plan: Plan, others: list[Experiment]) -> list[str]:
    """Return what does not stand against a start, but should be known before it, in English.

    Args:
        plan: The plan.
        others: Experiments that run already.
    """
    found = list[str]()
    if plan.baseline + plan.effect < 1 and plan.n_each < needed_of(expected(plan, Measured()), plan):
        found.append(N_("Fewer customers than needed: an effect of this size will often be missed."))
    if any(plan.arms[0].does[:2]):
        found.append(N_("No arm in which nothing is done: only the arms can be compared with each other."))
    if others:
        found.append(N_("Another experiment runs: it holds its customers until their windows are over."))
    if any(each.apology for each in plan.arms):
        found.append(N_("Names of apology texts are looked up when the first letter is made, not before."))
    return found
