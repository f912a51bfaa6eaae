"""Counted: as what a response or a sent invitation counts, in the short form that is stored and in cells."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from ..store.queries.tallies import Cell, Group, Groups
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from .judge import counts

__all__ = [
    "NOTHING",
    "PAIRS",
    "WHOLE",
    "Counted",
    "Sum",
    "grouped",
    "response_counted",
    "score_text",
    "send_counted",
    "stored",
]

#: The pairs of dimensions that are counted together; a full cross would be no smaller than the answers.
PAIRS = (("team", "channel"), ("team", "topic"), ("channel", "topic"))
#: The question under which sends and responses themselves are counted.
WHOLE = ""
#: What is stored of a response that does not count.
NOTHING = "[]"
_FORM = 2
_PLACES = tuple((f"{one}*{other}", DIMENSIONS.index(one), DIMENSIONS.index(other)) for one, other in PAIRS)
_text = encode_basestring
_Counts = Mapping[str, Mapping[str, int]]


class Counted(NamedTuple):
    """As what a response or a sent invitation counts.

    Args:
        survey: The survey's name.
        contact_day: The day of the contact.
        answer_day: The day of the answer, or of the sending.
        frozen: The values of the dimensions.
        whole: How it counts itself: ``answered``, ``sent`` and the like.
        scores: Questions with their scores.
    """

    survey: str
    contact_day: str
    answer_day: str
    frozen: tuple[str, ...]
    whole: str
    scores: tuple[tuple[str, str], ...] = ()


def response_counted(row: AnyRow, given: Iterable[AnyRow]) -> Counted | None:
    """Return as what a response counts, None when it does not.

    Args:
        row: The response with its frozen dimensions.
        given: Its answers with a score, by question.
    """
    if not counts(row.confidence, row.verdict, row.test):
        return None
    # Nobody knows how many saw an open link: its answers have no part in a response rate.
    whole = "imported" if row.imported else "open" if row.open_link_id is not None else "answered"
    scores = tuple([(each.question, score_text(each.value)) for each in given])
    return Counted(row.survey, row.contact_day, row.answer_day, row[-len(DIMENSIONS) :], whole, scores)


def send_counted(row: AnyRow) -> Counted | None:
    """Return as what a sent invitation counts, for response rates from real sends; None when it does not."""
    if row.test or row.imported or row.answer_day is None:
        return None
    return Counted(row.survey, row.contact_day, row.answer_day, row[-len(DIMENSIONS) :], "sent")


@lru_cache(maxsize=1000)
def score_text(value: str) -> str:
    """Return an answer's value, given in JSON, as the counts write it."""
    return str(json.loads(value))[:40]


def stored(counted: Counted | None) -> str:
    """Return how it is stored as what something counts: JSON, the same for the same, always."""
    if counted is None:
        return NOTHING
    survey, contact_day, answer_day, frozen, whole, scores = counted
    given = ",".join([f"[{_text(question)},{_text(score)}]" for question, score in scores])
    return (
        f"[{_FORM},{_text(survey)},{_text(contact_day)},{_text(answer_day)},"
        f"[{','.join(map(_text, frozen))}],{_text(whole)},[{given}]]"
    )


class Sum:
    """A sum of cells; what is alike is put together before its cells are written out."""

    def __init__(self) -> None:
        self._more: dict[Group, list[tuple[str, ...]]] = defaultdict(list)
        self._less: dict[Group, list[tuple[str, ...]]] = defaultdict(list)
        self._whole: Counter[Cell] = Counter()

    def add(self, counted: Counted | None) -> None:
        """Add everything that something counts in."""
        if counted is not None:
            _gather(self._more, counted)

    def add_stored(self, said: str) -> None:
        """Add everything that something is counted in, by what is stored of it."""
        known = _read(said)
        if isinstance(known, Counted):
            _gather(self._more, known)
        else:
            self._whole.update(known)

    def take_stored(self, said: str) -> None:
        """Take away everything that something is counted in, by what is stored of it."""
        known = _read(said)
        if isinstance(known, Counted):
            _gather(self._less, known)
        else:
            self._whole.subtract(known)

    def groups(self) -> Groups:
        """Return how much is added to each cell, cells that have most in common together."""
        found = {group: _counts(members) for group, members in self._more.items()}
        for group, members in self._less.items():
            _merge(found, group, _counts(members), -1)
        for group, counts_ in grouped(self._whole).items():
            _merge(found, group, counts_, 1)
        return found

    def cells(self) -> Iterator[tuple[Cell, int]]:
        """Yield how much is added to each cell."""
        for (basis, day, survey, question, score), counts_ in self.groups().items():
            for dimension, values in counts_.items():
                for value, n in values.items():
                    yield (basis, day, survey, question, dimension, value, score), n


def grouped(cells: Mapping[Cell, int]) -> Groups:
    """Return cells, those that have most in common together."""
    found: dict[Group, dict[str, dict[str, int]]] = {}
    for (basis, day, survey, question, dimension, value, score), n in cells.items():
        found.setdefault((basis, day, survey, question, score), {}).setdefault(dimension, {})[value] = n
    return found


def _merge(found: dict[Group, dict[str, dict[str, int]]], group: Group, more: _Counts, sign: int) -> None:
    mine = found.setdefault(group, {})
    for dimension, values in more.items():
        into = mine.setdefault(dimension, {})
        for value, n in values.items():
            into[value] = into.get(value, 0) + sign * n


def _counts(members: list[tuple[str, ...]]) -> dict[str, dict[str, int]]:
    """Count the values of each dimension and of each pair of them."""
    columns = list(zip(*members, strict=True))
    found: dict[str, dict[str, int]] = {"": {"": len(members)}}
    for name, column in zip(DIMENSIONS, columns, strict=True):
        found[name] = Counter(column)
    for name, one, other in _PLACES:
        both = Counter(zip(columns[one], columns[other], strict=True))
        found[name] = {f"{first}\x1f{second}": n for (first, second), n in both.items()}
    return found


def _gather(groups: dict[Group, list[tuple[str, ...]]], counted: Counted) -> None:
    survey, contact_day, answer_day, frozen, whole, scores = counted
    for question, score in ((WHOLE, whole), *scores):
        groups["contact", contact_day, survey, question, score].append(frozen)
        groups["answer", answer_day, survey, question, score].append(frozen)


def _read(said: str) -> Counted | list[Cell]:
    """Return what was stored.

    Earlier releases listed the cells one by one. Such a release cannot read the short form: it stops at it without
    counting anything, and leaves what it tells of to this one.
    """
    known: Any = json.loads(said)
    if not known or known[0] != _FORM:
        return [_cell(parts) for parts in known]
    _, survey, contact_day, answer_day, frozen, whole, scores = known
    return Counted(survey, contact_day, answer_day, tuple(frozen), whole, tuple((one, other) for one, other in scores))


def _cell(parts: Any) -> Cell:
    basis, day, survey, question, dimension, value, score = parts
    return basis, day, survey, question, dimension, value, score
