"""What an agent sees: how customers saw the own work, beside the team's; never another person's numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from feedbackhub import Figure, Query, Report, Way
from feedbackhub.reporting import Words, estimate, joined
from feedbackhub.statistics import HIDDEN_BELOW, few

from .figures import POINTS
from .judging import Judged, drawn
from .lots import Lot
from .notes import of_mix, of_transfers
from .study import Study

__all__ = ["not_linked", "own_report", "switched_off"]

#: A team's number tells of single colleagues where there are fewer others, or one has most of their answers.
LEAST_OTHERS, MOST_OF_ONE = 2, 0.8


def own_report(t: Words, query: Query, found: Study) -> Report:
    """Return an agent's own report.

    Args:
        t: The words.
        query: What was asked for, and by whom.
        found: What was found, agents included.
    """
    judged, agent = found.agents, query.agent
    assert judged is not None, "who an answer is about was read"
    own = [lot for lot in found.answers.lots if lot.agent == agent]
    teams = {lot.team for lot in own}
    team = [lot for lot in found.answers.lots if lot.team in teams]
    large = hides_everybody(team, agent)
    figures = [own_figure(t, found, judged, agent, sum(lot.n for lot in own)), comments(t, own)]
    if own and large:
        figures.insert(1, team_figure(t, found, team))
    return Report(title(t), figures, notes=list(own_notes(t, found, judged, agent, large or not own)))


def title(t: Words) -> str:
    """Return the question that the report answers."""
    return t("How did customers see my work?")


def hides_everybody(team: Sequence[Lot], agent: str) -> bool:
    """Tell whether a team's number says nothing of single colleagues of an agent."""
    others = Counter[str]()
    for lot in team:
        if lot.agent != agent:
            others[lot.agent] += lot.n
    named = [n for other, n in others.items() if other]
    return len(named) >= LEAST_OTHERS and max(named) <= MOST_OF_ONE * others.total()


def own_figure(t: Words, found: Study, judged: Judged, agent: str, n: int) -> Figure:
    """Return an agent's own estimate; the number of answers alone while they are few."""
    how, standing = few(n), judged.compared.standings.get(agent)
    measure, label = found.measured.measure(t), t("My customers")
    if n < HIDDEN_BELOW:
        return Figure(label, None, n=n, unit=measure.unit, note=t.few(how), few=how, way=Way())
    if standing is None:
        words = joined(t("nothing to compare with"), t.few(how))
        return Figure(label, None, n=n, unit=measure.unit, note=words, few=how, way=Way())
    if not judged.detectable:
        words = joined(t("no difference from the team shown"), t.few(how))
        return Figure(label, None, n=n, unit=measure.unit, note=words, few=how, way=Way())
    is_share, middle = found.measured.is_share, found.beside_agents()[agent]
    scale = 1.0 if is_share else POINTS
    value, low, high = (scale * each for each in drawn(judged, standing, middle, is_share))
    words = joined(measure.label, t.few(how))
    return Figure(label, value, low, high, n, measure.unit, note=words, few=how, way=Way())


def team_figure(t: Words, found: Study, team: Sequence[Lot]) -> Figure:
    """Return what the team is at."""
    measure = found.measured.measure(t)
    made = estimate(t, measure, found.measured.values(team))
    return Figure(
        t("My team"), made.value, made.low, made.high, made.n, made.unit, made.level, joined(measure.label, made.note),
        made.few,
    )  # fmt: skip


def comments(t: Words, own: Sequence[Lot]) -> Figure:
    """Return the way to what customers wrote."""
    n = sum(lot.n for lot in own)
    way = Way(values={"comment": "yes"})
    return Figure(
        t("What my customers wrote"), None, n=n, note=t("read the answers"), few="" if n else "none", way=way
    )


def own_notes(t: Words, found: Study, judged: Judged, agent: str, large: bool) -> Iterator[str]:
    """Yield what the agent must know."""
    n = judged.sizes.get(agent, 0)
    if n < HIDDEN_BELOW:
        yield t("Fewer than 10 answers say more about chance than about your work, so there is no number yet.")
    elif agent in judged.compared.standings and judged.detectable:
        yield t(
            "Your number is drawn towards what your colleagues' customers say of the same mix of matters, the more the "
            "fewer answers you have; the truth lies within the interval with 95 % probability."
        )
    elif agent in judged.compared.standings:
        yield t(
            "No detectable difference between agents: your answers differ from your colleagues' by no more than chance "
            "does, so your team's number describes your work best."
        )
    if not large:
        yield t("Your team is so small that its number would tell you about single colleagues, so it is not shown.")
    yield from of_mix(t, found)
    yield of_transfers(t)
    yield t("Nobody is ranked, and your managers see nothing here about fewer than 10 answers either.")


def switched_off(t: Words) -> Report:
    """Return the report where agents are not looked at."""
    note = t("Results of single agents are switched off here, for you and for your managers alike.")
    return Report(title(t), [Figure(t("My customers"), None, note=t("switched off"))], notes=[note])


def not_linked(t: Words) -> Report:
    """Return the report of an account that belongs to no agent."""
    note = t("Your account is linked to no agent, so no answers are known to be about your work. Ask an administrator.")
    return Report(title(t), [Figure(t("My customers"), None, n=0, note=t("no data"), few="none")], notes=[note])
