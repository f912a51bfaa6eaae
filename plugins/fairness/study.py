"""Everything that a report says something about: the answers, and what was found about teams and agents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from feedbackhub import Query, Reader

from .judging import Judged, judge
from .lots import Answers, Key, kinds_of, parts_of
from .measured import Measured
from .reading import read

__all__ = ["Study", "study"]


@dataclass(frozen=True)
class Study:
    """What a report says something about.

    Args:
        measured: What is measured.
        answers: The answers.
        teams: What was found about teams.
        agents: What was found about agents, each beside the others of the same team; None when that is not looked at.
        taken_together: How many answers were about kinds of cases so rare that they were taken together with others.
        means: The mean of each team's answers.
    """

    measured: Measured
    answers: Answers
    teams: Judged
    agents: Judged | None
    taken_together: int
    means: Mapping[str, float]

    @property
    def n(self) -> int:
        """How many answers there are."""
        return sum(lot.n for lot in self.answers.lots)

    @property
    def mean(self) -> float:
        """The mean of all answers, 0 without any."""
        return sum(lot.n * lot.value for lot in self.answers.lots) / (self.n or 1)

    def teams_of(self, agent: str) -> Counter[str]:
        """Return how many answers an agent has in each team."""
        found = Counter[str]()
        for lot in self.answers.lots:
            if lot.agent == agent:
                found[lot.team] += lot.n
        return found

    def middles(self) -> dict[str, float]:
        """Return what the teams of each agent are at, by the agent's answers in them."""
        sums, ns = defaultdict[str, float](float), Counter[str]()
        for lot in self.answers.lots:
            sums[lot.agent] += lot.n * self.means[lot.team]
            ns[lot.agent] += lot.n
        return {agent: sums[agent] / ns[agent] for agent in ns}

    def main_teams(self) -> dict[str, str]:
        """Return the team that most answers about each agent are of."""
        found = defaultdict[str, Counter[str]](Counter)
        for lot in self.answers.lots:
            found[lot.agent][lot.team] += lot.n
        return {agent: max(sorted(teams), key=teams.__getitem__) for agent, teams in found.items()}


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
    sums, ns = Counter[str](), Counter[str]()
    for lot in lots:
        by_mix["", *lot.mix] += lot.n
        by_team[lot.team, *lot.mix] += lot.n
        sums[lot.team] += lot.n * lot.value
        ns[lot.team] += lot.n
    kinds, own_kinds = kinds_of(by_mix), kinds_of(by_team)
    used, counts = (own_kinds, by_team) if agents else (kinds, by_mix)
    return Study(
        measured, answers, judge(parts_of(lots, kinds, "team")),
        judge(parts_of(lots, own_kinds, "agent")) if agents else None,
        sum(n for key, n in counts.items() if len(used[key]) < len(key)), {team: sums[team] / ns[team] for team in ns},
    )  # fmt: skip
