"""A hub with answers that a test writes down: who served, about what, and what customers said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast

from feedbackhub import Filters, Group, Hub, Problem, Query, QuestionInfo, Refused, Report, SurveyInfo
from feedbackhub_plugins.fairness.analysis import Fairness
from feedbackhub_plugins.fairness.settings import Settings

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)
MARCH = Query(date(2026, 3, 1), date(2026, 3, 31))
CSAT = QuestionInfo("satisfaction", "csat", "satisfaction", "?", 1, 5, "higher_is_better")
RECOMMEND = QuestionInfo("recommend", "nps", "loyalty", "?", 0, 10, "higher_is_better")
SOLVED = QuestionInfo("solved", "yes-no", "solved", "?", None, None, "higher_is_better", ("yes", "no"), (100.0, 0.0))


@dataclass
class Company:
    """A hub.

    Args:
        questions: What its one survey asks.
        most: More kinds of answers than that are not counted.
    """

    questions: Sequence[QuestionInfo] = (CSAT,)
    most: int = 100_000
    held: list[Mapping[str, Any]] = field(default_factory=list)
    asked_for: list[Sequence[str]] = field(default_factory=list)

    @property
    def read(self) -> "Company":
        """What may be read."""
        return self

    @property
    def clock(self) -> "Company":
        """The clock."""
        return self

    def now(self) -> datetime:
        """Return the present moment."""
        return NOW

    def translate(self, text: str, _language: str) -> str:
        """Return a text as it is."""
        return text

    def surveys(self) -> Sequence[SurveyInfo]:
        """Return the surveys."""
        return [SurveyInfo("asked", "csat", "Asked", 1, tuple(self.questions))]

    def add(self, answers: Mapping[str, int], agent: str = "", question: str = "satisfaction", **known: str) -> None:
        """Let customers give answers about an agent, whose id is the name in small letters."""
        for value, n in answers.items():
            who = {"agent": agent.lower() or None, "agent_name": agent or None}
            self.held.append({"answer": value, "question": question, "n": n, **who, **known})

    def grouped(
        self, _records: str, by: Sequence[str], filters: Filters, *, question: str = ""
    ) -> list[Group]:
        """Return the answers counted by what they have in common."""
        self.asked_for.append(by)
        found = Counter[tuple[Any, ...]]()
        for each in self.held:
            kept = all(getattr(filters, name) in ("", each.get(name)) for name in ("team", "topic", "channel"))
            if each["question"] == question and kept:
                found[tuple(each.get(name) for name in by)] += each["n"]
        if len(found) > self.most:
            raise Refused(Problem("by", "makes too many groups"))
        return [Group(values, n) for values, n in found.items()]

    def report(self, query: Query = MARCH, agents: bool = True) -> Report:
        """Return what the analysis says, with agents switched on or off."""
        return Fairness(cast(Hub, self), Settings(agents=agents)).report(query)
