"""First-contact resolution as customers say it: solved, and after one contact; counted from the answers themselves.

No tally holds two questions crossed, so this takes time for each answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedbackhub import Filters, Query, Reader
from feedbackhub.reporting import (
    Asked,
    Counted,
    ShareMeasure,
    Words,
    asks_how_often,
    asks_whether_solved,
    contacts_of,
    days_of,
    questions_of,
    solved_means,
)

__all__ = ["Pair", "count_first", "first_measure", "pairs"]

FIRST, LATER, OPEN = "first", "later", "open"


@dataclass(frozen=True, slots=True)
class Pair:
    """A survey that asks both: whether it was solved, and how often contact was made."""

    solved: Asked
    often: Asked

    @property
    def knows_partly(self) -> bool:
        """Whether an answer may lie between yes and no."""
        question = self.solved.question
        if question.options:
            return any(solved_means(self.solved, value) == "partly" for value in question.options)
        return question.minimum is not None and question.maximum is not None and (
            question.maximum - question.minimum
        ) % 2 == 0  # fmt: skip


def pairs(reader: Reader, survey: str) -> list[Pair]:
    """Return the published surveys that ask both.

    Args:
        reader: What may be read.
        survey: One survey, empty for all.
    """
    often = {each.survey: each for each in questions_of(reader, survey, asks_how_often)}
    solved = {each.survey: each for each in questions_of(reader, survey, asks_whether_solved)}
    return [Pair(each, often[name]) for name, each in solved.items() if name in often]


def first_measure(t: Words) -> ShareMeasure:
    """Return what is measured: solved and after one contact, of all who answered both questions."""
    return ShareMeasure(
        t("Solved at the first contact, customers say"), t("Solved at the first contact %"),
        good=frozenset({FIRST}), among=frozenset({FIRST, LATER, OPEN}),
    )  # fmt: skip


def count_first(reader: Reader, query: Query, found: Sequence[Pair]) -> Counted:
    """Count who says that it was solved after one contact, by day and group.

    Args:
        reader: What may be read.
        query: Which days, and of whom.
        found: The surveys that ask both.

    Raises:
        Refused: What is to be crossed cannot be counted.
    """
    counted = Counted()
    since, until = days_of(query)
    by = [query.by] if query.by else []
    kept: dict[str, Any] = dict(query.where)
    for pair in found:
        filters = Filters(since, until, query.basis, pair.solved.survey, **kept)
        groups = reader.grouped("responses", ["day", "solved", "answer", *by], filters, question=pair.often.question.id)
        for group in groups:
            day, solved, times, *of = group.values
            kind = _kind(pair, solved, contacts_of(str(times)))
            if kind:
                counted.scores[date.fromisoformat(str(day))][kind] += group.n
                counted.groups[str(of[0] or "") if of else ""][kind] += group.n
    return counted


def _kind(pair: Pair, solved: bool | None, times: int | None) -> str:
    """Return what an answer to both says, empty where one is missing.

    Of answers in between records tell no more than of none: where the question has them, none counts as not solved.
    """
    if times is None or (solved is None and not pair.knows_partly):
        return ""
    if not solved:
        return OPEN
    return FIRST if times == 1 else LATER
