"""Counted: as what a response or a sent invitation counts, in the short form that is stored and in cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from ..store.queries.tallies import Cell
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from .judge import counts

__all__ = ["NOTHING", "PAIRS", "WHOLE", "cells_of", "response_counted", "send_counted"]

#: The pairs of dimensions that are counted together; a full cross would be no smaller than the answers.
PAIRS = (("team", "channel"), ("team", "topic"), ("channel", "topic"))
#: The question under which sends and responses themselves are counted.
WHOLE = ""
#: What is stored of a response that does not count.
NOTHING = "[]"
_FORM = 2
_PLACES = tuple((DIMENSIONS.index(one), DIMENSIONS.index(other)) for one, other in PAIRS)
_PAIR_NAMES = tuple(f"{one}*{other}" for one, other in PAIRS)
_SINGLE = tuple(enumerate(DIMENSIONS))
_PAIRED = tuple(zip(_PAIR_NAMES, _PLACES, strict=True))
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def response_counted(row: AnyRow, given: Iterable[AnyRow]) -> str:
    """Return as what a response counts.

    Args:
        row: The response with its frozen dimensions.
        given: Its answers with a score, by question.
    """
    if not counts(row.confidence, row.verdict, row.test):
        return NOTHING
    # Nobody knows how many saw an open link: its answers have no part in a response rate.
    answered = "imported" if row.imported else "open" if row.open_link_id is not None else "answered"
    return _short(row, answered, [(each.question, _score(each.value)) for each in given])


def send_counted(row: AnyRow) -> str:
    """Return as what a sent invitation counts, for response rates from real sends."""
    if row.test or row.imported or row.answer_day is None:
        return NOTHING
    return _short(row, "sent", [])


def _short(row: AnyRow, whole: str, scores: Sequence[tuple[str, str]]) -> str:
    frozen = row[-len(DIMENSIONS) :]
    return _write([_FORM, row.survey, row.contact_day, row.answer_day, frozen, whole, scores])


@lru_cache(maxsize=1000)
def _score(value: str) -> str:
    return str(json.loads(value))[:40]


def cells_of(counted: str) -> list[Cell]:
    """Return all cells that a response or an invitation counts in; none when it does not count.

    Rows written by releases before 0.2 list their cells one by one. Those releases cannot read the short form: they
    stop at such a row without counting anything, and leave it to this one.

    Args:
        counted: What is stored of it.
    """
    said = json.loads(counted)
    if not said or said[0] != _FORM:
        return [_whole_cell(parts) for parts in said]
    _, survey, contact_day, answer_day, frozen, whole, scores = said
    places = [("", "")]
    places += [(name, frozen[place]) for place, name in _SINGLE]
    places += [(name, f"{frozen[one]}\x1f{frozen[other]}") for name, (one, other) in _PAIRED]
    return [
        (basis, day, survey, question, dimension, value, score)
        for basis, day in (("contact", contact_day), ("answer", answer_day))
        for question, score in ((WHOLE, whole), *scores)
        for dimension, value in places
    ]


def _whole_cell(parts: Any) -> Cell:
    basis, day, survey, question, dimension, value, score = parts
    return basis, day, survey, question, dimension, value, score
