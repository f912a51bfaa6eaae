"""Everything that a report says something about: the answers, and what was found about teams and agents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from feedbackhub import Query, Reader

from .judging import Judged, judge
from .lots import Answers, Key, Lot, kinds_of, parts_of
from .measured import Measured
from .reading import read

__all__ = ["Study", "study"]

K = TypeVar("K")


@dataclass(frozen=True)
class Study:
    """What a report says something about.

    Args:
        measured: What is measured.
        answers: The answers.
        teams: What was found about teams.
        agents: What was found about agents, each beside the others of the same team; None when that is not looked at.
        taken_together: How many answers were about kinds of cases so rare that they were taken together with others.
    """

    measured: Measured
    answers: Answers
    teams: Judged
    agents: Judged | None
    taken_together: int

    @property
    def n(self) -> int:
        """How many answers there are."""
        return sum(lot.n for lot in self.answers.lots)

    @property
    def mean(self) -> float:
        """The mean of all answers, 0 without any."""
        return sum(lot.n * lot.value for lot in self.answers.lots) / (self.n or 1)

    def beside_teams(self) -> dict[str, float]:
        """Return what all other teams are at, by team."""
        whole, teams = sum_of(self.answers.lots), by(self.answers.lots, lambda lot: lot.team)
        return {team: mean_of(whole - own, whole) for team, own in teams.items()}

    def beside_agents(self) -> dict[str, float]:
        """Return what the others in the teams of each agent are at, by the agent's answers in them."""
        teams = by(self.answers.lots, lambda lot: lot.team)
        parts = by(self.answers.lots, lambda lot: (lot.agent, lot.team))
        sums, ns = defaultdict[str, float](float), Counter[str]()
        for (agent, team), own in parts.items():
            n = own.total()
            sums[agent] += n * mean_of(teams[team] - own, teams[team])
            ns[agent] += n
        return {agent: sums[agent] / n for agent, n in ns.items()}

    def main_teams(self) -> dict[str, str]:
        """Return the team that most answers about each agent are of."""
        found = defaultdict[str, Counter[str]](Counter)
        for lot in self.answers.lots:
            found[lot.agent][lot.team] += lot.n
        return {agent: max(sorted(teams), key=teams.__getitem__) for agent, teams in found.items()}


def by(lots: Iterable[Lot], key: Callable[[Lot], K]) -> dict[K, Counter[int]]:
    """Return how often each number was given, by what a key says of the answers."""
    found = defaultdict[K, Counter[int]](Counter)
    for lot in lots:
        found[key(lot)][lot.value] += lot.n
    return dict(found)


def sum_of(lots: Iterable[Lot]) -> Counter[int]:
    """Return how often each number was given."""
    return sum(by(lots, lambda _: "").values(), Counter())


def mean_of(counts: Counter[int], instead: Counter[int]) -> float:
    """Return the mean of counted numbers; where there are none, that of others."""
    given = counts if counts.total() else instead
    return sum(value * n for value, n in given.items()) / given.total()


def study(reader: Reader, query: Query, measured: Measured, agents: bool) -> Study:
    """Return what a report says something about.

    Args:
        reader: What may be read.
        query: Which days, and of whom.
        measured: What is measured.
        agents: Whether agents are looked at.
    """
    answers = read(reader, query, measured, agents)
    lots, by_mix, by_team = answers.lots, Counter[Key](), Counter[Key]()
    for lot in lots:
        by_mix["", *lot.mix] += lot.n
        by_team[lot.team, *lot.mix] += lot.n
    kinds, own_kinds = kinds_of(by_mix), kinds_of(by_team)
    used, counts = (own_kinds, by_team) if agents else (kinds, by_mix)
    return Study(
        measured, answers, judge(parts_of(lots, kinds, "team")),
        judge(parts_of(lots, own_kinds, "agent")) if agents else None,
        sum(n for key, n in counts.items() if len(used[key]) < len(key)),
    )  # fmt: skip
