"""A hub with people that a test writes down: who was asked, who answered and what, for the analysis alone."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from feedbackhub import Batch, Filters, Group, QuestionInfo, SurveyInfo, Tally

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)
DAY = datetime(2026, 3, 9, 12, tzinfo=UTC)
CSAT = QuestionInfo("satisfaction", "csat", "satisfaction", "?", 1, 5, "higher_is_better")
RECOMMEND = QuestionInfo("recommend", "nps", "loyalty", "?", 0, 10, "higher_is_better")
SOLVED = QuestionInfo("solved", "yes-no", "solved", "?", None, None, "higher_is_better", ("yes", "no"), (100.0, 0.0))


@dataclass
class Person:
    """Somebody who was served.

    Args:
        answers: By question; None for somebody who keeps silent.
        sent: Whether an ask was sent.
    """

    survey: str
    known: Mapping[str, str]
    at: datetime
    answers: Mapping[str, str] | None
    sent: bool = True
    imported: bool = False
    source: str = "helpdesk"
    took: timedelta = timedelta(hours=5)

    def value(self, column: str, question: str) -> Any:
        """Return what a column holds, None for nothing."""
        plain = {
            "sent": self.sent, "imported": self.imported, "open": self.source == "open",
            "answered": self.answers is not None, "source": self.source, "contact_at": self.at,
            "answered_at": self.at + self.took,
            "answer": (self.answers or {}).get(question),
        }  # fmt: skip
        return plain[column] if column in plain else self.known.get(column) or None


class People:
    """People, as a hub knows them.

    Args:
        questions: What every survey asks.
        surveys: Its names.
    """

    def __init__(self, *questions: QuestionInfo, surveys: Sequence[str] = ("asked",)) -> None:
        self.read, self.clock = self, self
        self.questions, self.names = questions or (CSAT,), surveys
        self.held: list[Person] = []

    def add(
        self, answers: Mapping[str, int], silent: int = 0, question: str = "satisfaction", survey: str = "asked",
        at: datetime = DAY, sent: bool = True, imported: bool = False, source: str = "helpdesk", **known: str,
    ) -> None:  # fmt: skip
        """Add so many who give each answer, and some who are asked in vain."""
        given = [value for value, n in answers.items() for _ in range(n)]
        for value in [*given, *[None] * silent]:
            said = None if value is None else {question: value}
            self.held.append(Person(survey, known, at, said, sent, imported, source))

    def now(self) -> datetime:
        """Return the present moment."""
        return NOW

    def surveys(self) -> Sequence[SurveyInfo]:
        """Return the surveys."""
        return [SurveyInfo(name, "csat", name, 1, self.questions) for name in self.names]

    def chosen(self, filters: Filters) -> list[Person]:
        """Return the people whom filters mean."""
        assert filters.basis == "contact"
        return [
            each
            for each in self.held
            if filters.since is not None and filters.until is not None and filters.since <= each.at < filters.until
            if each.survey == filters.survey
            if all(getattr(filters, name) in ("", each.known.get(name, "")) for name in ("channel", "segment", "team"))
        ]

    def grouped(self, records: str, by: Sequence[str], filters: Filters, *, question: str = "") -> Sequence[Group]:
        """Count the asks, or the answers to a question."""
        counts: Counter[tuple[Any, ...]] = Counter()
        for each in self.chosen(filters):
            if records == "invitations" or question in (each.answers or {}):
                counts[tuple(each.value(name, question) for name in by)] += 1
        return [Group(values, n) for values, n in counts.items()]

    def tallies(
        self, since: date, until: date, *, basis: str, survey: str, question: str, dimension: str = "", step: str
    ) -> Sequence[Tally]:  # fmt: skip
        """Count the asks and those who answered them, by a dimension."""
        assert (basis, question, step) == ("contact", "", "month")
        counts: Counter[tuple[str, str]] = Counter()
        for each in self.held:
            if since <= each.at.date() <= until and each.survey == survey and each.sent and not each.imported:
                counts[each.known.get(dimension, ""), "sent"] += 1
                counts[each.known.get(dimension, ""), "answered"] += each.answers is not None
        return [Tally(since, survey, "", value, score, n) for (value, score), n in counts.items()]

    def batches(self, records: str, filters: Filters, *, only: Sequence[str]) -> Iterator[Batch]:
        """Yield the answers."""
        assert records == "responses"
        rows = [each for each in self.chosen(filters) if each.answers is not None]
        yield Batch({name: [each.value(name, "") for each in rows] for name in only}, "", len(rows))

    def translate(self, text: str, language: str) -> str:
        """Return the text, marked when it is to be in another language."""
        return text if language == "en" else f"<{text}>"
