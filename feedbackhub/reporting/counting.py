"""What is counted: answers by day, value and group, and how many of those asked answered; from tallies if possible."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from ..contract.errors import Problem, Refused
from ..contract.reading import DIMENSION_PAIRS, DIMENSIONS, QuestionInfo, Reader, Tally
from ..contract.reports import Query
from ..statistics import Share
from .crossing import crossed_answers, crossed_asks, refuse_too_many
from .spans import steps

__all__ = ["Asked", "Counted", "Slice", "count", "questions_of", "slice_of"]

SEPARATOR = "\x1f"
#: The question under which asks and answers themselves are counted.
WHOLE = ""
#: The type of surveys that ask again after an apology or a fix.
SECOND_ASK = "re-ask"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which tallies answer a query.

    Args:
        dimension: As the tallies are asked for.
        value: One value of it, None for each.
        group: Which part of a value names the group; None when there are no groups.
        kept: What the other part must be, empty when there is none.
    """

    dimension: str = ""
    value: str | None = None
    group: int | None = None
    kept: str | None = None

    def group_of(self, value: str) -> str | None:
        """Return the group that a tally belongs to, None when it belongs to none that is asked for."""
        if self.group is None:
            return ""
        parts = value.split(SEPARATOR)
        if self.kept is not None and parts[1 - self.group] != self.kept:
            return None
        return parts[self.group]


def slice_of(query: Query) -> Slice | None:
    """Return which tallies answer a query, None for a crossing of dimensions that they do not hold.

    Raises:
        Refused: A dimension is none.
    """
    for name in filter(None, (query.by, *query.where)):
        if name not in DIMENSIONS:
            raise Refused(Problem("by" if name == query.by else name, "is no dimension that is counted"))
    crossed = sorted({*query.where, *filter(None, [query.by])})
    if not crossed:
        return Slice()
    if len(crossed) == 1:
        return Slice(crossed[0], query.where.get(crossed[0]), 0 if query.by else None)
    pair = next((each for each in DIMENSION_PAIRS if sorted(each.split("*")) == crossed), None)
    if pair is None:
        return None
    parts = pair.split("*")
    group = parts.index(query.by) if query.by else None
    if len(query.where) == len(parts):
        return Slice(pair, SEPARATOR.join(query.where[part] for part in parts), group)
    return Slice(pair, None, group, next(iter(query.where.values())))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the survey that asks it."""

    survey: str
    question: QuestionInfo


def questions_of(reader: Reader, survey: str, wanted: Callable[[QuestionInfo], bool]) -> list[Asked]:
    """Return the questions of published surveys that an analysis is about.

    Args:
        reader: What may be read.
        survey: One survey; empty for all but second asks, which go to chosen customers about what was asked before.
        wanted: Tells whether a question is one.
    """
    return [
        Asked(each.name, question)
        for each in reader.surveys()
        if survey == each.name or (not survey and each.type != SECOND_ASK)
        for question in each.questions
        if wanted(question)
    ]


@dataclass(slots=True)
class Counted:
    """The counts of one period.

    Args:
        scores: How often each value was given, as text, by day, or by month under one of its days.
        groups: How often each value was given, by group.
        sent: How many were asked about contacts of these days, by group.
        answered: How many of them answered, by group.
        surveys: How many answers came from each survey.
        one_by_one: Whether they were counted from the answers themselves, since no tally crosses what is asked for.
    """

    scores: defaultdict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    groups: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    surveys: Counter[str] = field(default_factory=Counter)
    one_by_one: bool = False

    @property
    def all_scores(self) -> Counter[str]:
        """How often each value was given."""
        return sum(self.scores.values(), Counter())

    def scores_on(self, days: Iterable[date]) -> Counter[str]:
        """Return how often each value was given on some days."""
        return sum((self.scores[day] for day in days if day in self.scores), Counter())

    @property
    def names(self) -> list[str]:
        """The groups by name, what has none last; also those that were asked and did not answer."""
        return sorted({*self.groups, *self.sent}, key=lambda name: (not name, name.casefold(), name))

    def rate(self, group: str | None = None) -> Share | None:
        """Return the share of those asked who answered; None when nobody was, or answers came without asks.

        Args:
            group: One group, None for all together.
        """
        answered = self.answered.total() if group is None else self.answered[group]
        sent = self.sent.total() if group is None else self.sent[group]
        return Share(answered, sent) if 0 < sent >= answered else None


def count(
    reader: Reader, query: Query, questions: Iterable[Asked], means: Callable[[Asked, str], str] | None = None
) -> Counted:
    """Count what a query asks for.

    Args:
        reader: What may be read.
        query: Which days, and of whom.
        questions: The questions; their values are added up, so they must mean the same.
        means: What a question's value means where questions differ, like in scale or direction; itself when left out.

    Raises:
        Refused: What is to be crossed is not counted together, and there are too many answers to count them one by one.
    """
    asked = {(each.survey, each.question.id): each for each in questions}
    chosen = slice_of(query)
    if chosen is None:
        refuse_too_many(reader, query, asked)
    found = Counted(one_by_one=chosen is None)
    for (survey, question), each in sorted(asked.items(), key=lambda item: item[0]):
        for day, group, score, n in _answers(reader, query, chosen, survey, question):
            value = score if means is None else means(each, score)
            found.scores[day][value] += n
            found.groups[group][value] += n
            found.surveys[survey] += n
    # Asks and their answers belong together by the contact they are about, whatever the days of the report are.
    by_contact = replace(query, basis="contact")
    for survey in sorted({survey for survey, _ in asked}):
        for group, sent, answered, n in _asks(reader, by_contact, chosen, survey):
            found.sent[group] += n if sent else 0
            found.answered[group] += n if answered else 0
    return found


def _answers(
    reader: Reader, query: Query, chosen: Slice | None, survey: str, question: str
) -> Iterable[tuple[date, str, str, int]]:
    """Return day, group, value and number of the answers to a question."""
    if chosen is None:
        return crossed_answers(reader, query, survey, question)
    by_month = steps(query.since, query.until, query.options.get("step", "")) == ["month"]
    tallies = _tallies(reader, query, chosen, survey, question, by_month)
    return ((tally.day, group, tally.score, tally.n) for tally, group in tallies)


def _asks(
    reader: Reader, query: Query, chosen: Slice | None, survey: str
) -> Iterable[tuple[str, bool, bool, int]]:
    """Return group, whether they were sent, whether they were answered, and the number of a survey's asks."""
    if chosen is None:
        return crossed_asks(reader, query, survey)
    tallies = _tallies(reader, query, chosen, survey, WHOLE, by_month=True)
    return ((group, tally.score == "sent", tally.score == "answered", tally.n) for tally, group in tallies)


def _tallies(
    reader: Reader, query: Query, chosen: Slice, survey: str, question: str, by_month: bool
) -> Iterator[tuple[Tally, str]]:
    """Yield the tallies of a question, each with its group."""
    tallies = reader.tallies(
        query.since, query.until, basis=query.basis, survey=survey, question=question,
        dimension=chosen.dimension, value=chosen.value, step="month" if by_month else "day",
    )  # fmt: skip
    for tally in tallies:
        group = chosen.group_of(tally.value)
        if group is not None:
            yield tally, group
