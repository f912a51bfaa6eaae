"""Funnels and tables, only of groups that differ more than chance; in the order of their names, which says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, sqrt

from feedbackhub import Chart, ReportTable, Way
from feedbackhub.charts import Dot, Limit, funnel
from feedbackhub.reporting import Words
from feedbackhub.statistics import ALARM, ALERT, FLAGGED_BELOW, Standing, few, funnel_limits, z_of

from .figures import POINTS
from .judging import Judged, drawn
from .study import Study

__all__ = ["agents_table", "charts", "teams_table"]

#: So many points make the lines of a funnel look smooth.
SMOOTH = 40


def charts(t: Words, found: Study) -> list[Chart]:
    """Return the funnels of teams and agents, as far as they differ more than chance."""
    teams = funnel_of(t, found, found.teams, t("Teams between the limits of chance"), t("Team"), lambda team: team)
    names = names_of(found)
    agents = found.agents and funnel_of(
        t, found, found.agents, t("Agents between the limits of chance"), t("Agent"), lambda agent: names[agent]
    )
    return [each for each in (teams, agents) if each]


def funnel_of(
    t: Words, found: Study, judged: Judged, title: str, head: str, name: Callable[[str], str]
) -> Chart | None:  # fmt: skip
    """Draw groups that have enough answers to be shown as they are; None when they show no differences."""
    standings = enough(judged)
    if not judged.detectable or not standings:
        return None
    middle, pool, reach = found.mean, judged.pool, found.measured.reach

    def variance(n: int) -> float:
        """Return that of an answer against a middle to which so many of them belong themselves."""
        return judged.compared.variance * (1 - n / pool)

    # Each dot stands as many times its own chance from the middle as it does, so that its place is right.
    dots = [
        Dot(name(group), each.n, POINTS * (middle + each.distance * sqrt(variance(each.n) / each.n)))
        for group, each in sorted(standings.items(), key=lambda item: name(item[0]).casefold())
    ]
    limits = []
    for n in sizes(max(dot.n for dot in dots), pool):
        inner, outer = (
            funnel_limits(middle, variance(n), n, level, reach=reach, dispersion=judged.dispersion).times(POINTS)
            for level in (ALERT, ALARM)
        )
        limits.append(Limit(n, inner.low, inner.high, outer.low, outer.high))
    heads = (head, t("Answers"), t("{measure}, at the same mix", measure=found.measured.measure(t).head))
    names = (t("inner limits: 95 of 100"), t("outer limits: 998 of 1000"))
    return funnel(title, dots, limits, heads, names, middle=middle * POINTS, rtl=t.rtl)


def enough(judged: Judged) -> Mapping[str, Standing]:
    """Return the groups with enough answers to be shown as they are, not only drawn to others."""
    return {group: each for group, each in judged.compared.standings.items() if each.n >= FLAGGED_BELOW}


def sizes(largest: int, pool: float = inf) -> list[int]:
    """Return sizes from the smallest that is drawn to a bit beyond the largest, closer together where lines bend.

    Args:
        largest: That of the largest group.
        pool: What no size may reach.
    """
    ratio = (min(1.1 * largest, (largest + pool) / 2) / FLAGGED_BELOW) ** (1 / SMOOTH)
    return sorted({round(FLAGGED_BELOW * ratio**step) for step in range(SMOOTH + 1)})


def teams_table(t: Words, found: Study) -> ReportTable | None:
    """Return the teams with what is to be thought of each; None when they show no differences."""
    judged = found.teams
    if not judged.detectable:
        return None
    teams, middles = sorted(judged.compared.standings, key=lambda team: (team.casefold(), team)), found.beside_teams()
    rows = [[team, *cells(t, found, judged, team, middles[team])] for team in teams]
    columns = (t("Team"), *heads(t, found))
    return ReportTable(t("Teams"), columns, rows, drawing(t), [Way(values={"team": team}) for team in teams])


def agents_table(t: Words, found: Study) -> ReportTable | None:
    """Return the agents with what is to be thought of each; None when they show no differences."""
    judged = found.agents
    if judged is None or not judged.detectable:
        return None
    names, middles, teams = names_of(found), found.beside_agents(), found.main_teams()
    agents = sorted(judged.compared.standings, key=lambda agent: (names[agent].casefold(), agent))
    rows = [
        [names[agent], teams[agent] or t("(not given)"), *cells(t, found, judged, agent, middles[agent])]
        for agent in agents
    ]
    columns = (t("Agent"), t("Team"), *heads(t, found))
    return ReportTable(t("Agents"), columns, rows, drawing(t), [Way(values={"agent": agent}) for agent in agents])


def names_of(found: Study) -> dict[str, str]:
    """Return what each agent is called; by the public id where no name is known."""
    return {agent: name or agent for agent, name in found.answers.names.items()}


def heads(t: Words, found: Study) -> Sequence[str]:
    """Return the headings beside those of names."""
    head = found.measured.measure(t).head
    return head, t("Interval from"), t("Interval to"), t("Answers"), t("Beside chance")


def drawing(t: Words) -> str:
    """Say what the numbers of a table are."""
    return t(
        "In the order of names. Each estimate is drawn towards the others on the same mix, the more the fewer answers "
        "it rests on; the interval holds the truth with 95 % probability, as far as the answers tell."
    )


def cells(t: Words, found: Study, judged: Judged, group: str, middle: float) -> list[str | int | float | None]:
    """Return the numbers of one group, and where it lies beside what chance does."""
    standing = judged.compared.standings[group]
    estimate = drawn(judged, standing, middle, found.measured.is_share)
    return [*(round(each * POINTS) for each in estimate), standing.n, beside(t, judged, standing)]


def beside(t: Words, judged: Judged, standing: Standing) -> str:
    """Say whether a group lies outside the limits of chance."""
    if few(standing.n) == "flag":
        return t("small sample")
    far = abs(judged.far(standing))
    if far <= z_of(ALERT):
        return t("within chance")
    return t("outside the inner limits") if far <= z_of(ALARM) else t("outside the outer limits")
