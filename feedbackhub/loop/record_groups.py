"""Records as plugins count them: by what they have in common, from the records themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..contract.errors import Problem, Refused
from ..contract.exports import Filters, RecordSet
from ..contract.reading import Group
from ..store.queries import record_groups as rows
from ..store.queries.record_sets import Records
from ..store.store import Store
from .counted import score_text
from .record_sets import known_set

__all__ = ["KINDS", "MOST", "grouped"]

#: Kinds of columns that records are grouped by.
KINDS = ("text", "integer", "flag")
#: The most groups; more are nearly as many as the records, and belong in batches.
MOST = 200_000


def grouped(store: Store, records: RecordSet, by: Sequence[str], filters: Filters, question: str = "") -> list[Group]:
    """Return how many records there are of each kind, in the order of what they have in common; see `Reader.grouped`.

    Raises:
        Refused: A column is not there or cannot be grouped by, the question is missing, or there are too many kinds.
        Unavailable: The database is locked or gone.
    """
    known = known_set(records)
    problems = list(_problems(records, known, by, question))
    if problems:
        raise Refused(*problems)
    with store.read() as connection:
        found = rows.groups(connection, known, by, filters, question, MOST + 1)
    if len(found) > MOST:
        raise Refused(Problem("by", f"makes more than {MOST} groups; read them by `batches`"))
    # What differs in the database may be alike here: nothing and an empty text, or one value written in two ways.
    read, counts = [_reader(known, name) for name in by], Counter[tuple[Any, ...]]()
    for row in found:
        counts[tuple([each(value) for each, value in zip(read, row[:-1], strict=True)])] += row.n
    return [Group(values, counts[values]) for values in sorted(counts, key=_order)]


def _problems(records: RecordSet, known: Records, by: Sequence[str], question: str) -> Iterator[Problem]:
    kinds = {each.column.name: each.column.kind for each in known.fields} | {rows.DAY: "text"}
    for name in by:
        if name == rows.ANSWER and records == "responses":
            if not question:
                yield Problem("question", "must be named when responses are grouped by answer")
        elif name not in kinds:
            yield Problem("by", f"{records} have no column {name}")
        elif kinds[name] not in KINDS:
            yield Problem("by", f"{name} is neither a text, a whole number nor a flag")
    if question and rows.ANSWER not in by:
        yield Problem("question", "is of no use unless responses are grouped by answer")


def _reader(known: Records, name: str) -> Callable[[Any], Any]:
    """Return what makes a value of a column of what the database holds, as batches have it."""
    if name == rows.ANSWER:
        return score_text
    kind = next((each.column.kind for each in known.fields if each.column.name == name), "text")
    if kind == "flag":
        return lambda value: None if value is None else bool(value)
    return lambda value: value or None if kind == "text" else value


def _order(values: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(value is None, "" if value is None else value) for value in values]
