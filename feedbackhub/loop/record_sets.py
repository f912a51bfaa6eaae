"""Record sets as plugins and doors see them: columns, counts, and batches of values."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..contract.errors import NotFound, Problem, Refused, Unavailable
from ..contract.exports import Batch, Column, Filters, RecordSet
from ..store.queries import record_sets as rows
from ..store.store import Store
from .record_values import Values, as_texts

#: How long to wait for writers whose rows would come before rows that are already there.
PATIENCE = 30.0
_PAUSE = 0.02
#: The most records in one batch: what is held in memory at once.
LARGEST = 10_000


@dataclass(frozen=True)
class Stretch:
    """A stretch of a record set that stays the same while it is read, whatever is added meanwhile.

    Args:
        records: Which record set.
        filters: Which of its records.
        after: Row number that it begins behind.
        up_to: Row number that it ends with.
    """

    records: RecordSet
    filters: Filters
    after: int
    up_to: int


def columns(records: RecordSet) -> tuple[Column, ...]:
    """Return the columns of a record set.

    Raises:
        Refused: There is no such record set.
    """
    return tuple(each.column for each in known_set(records).fields)


def batches(
    store: Store,
    records: RecordSet,
    filters: Filters | None = None,
    *,
    after: str = "",
    size: int = 1000,
    only: Sequence[str] = (),
) -> Iterator[Batch]:
    """Yield what is stored at this moment by columns, in the order of recording; see `Reader.batches`.

    Raises:
        NotFound: Nothing is known of the cursor.
        Refused: There is no such record set, or no such column.
        Unavailable: The database is locked or gone.
    """
    known = {each.column.name for each in known_set(records).fields}
    strange = [name for name in only if name not in known]
    if strange:
        raise Refused(*(Problem("only", f"{records} have no column {name}") for name in strange))
    return batches_of(store, stretch(store, records, filters or Filters(), after), size, only)


def stretch(store: Store, records: RecordSet, filters: Filters, after: str = "") -> Stretch:
    """Return everything stored at this moment from a cursor on.

    Raises:
        NotFound: Nothing is known of the cursor.
        Refused: There is no such record set.
        Unavailable: The database is locked or gone.
    """
    known = known_set(records)
    with store.read() as connection:
        begin = rows.position_of(connection, known, after) if after else 0
        end = rows.newest(connection, known)
    if begin is None:
        raise NotFound(f"there is nothing to go on from after {after!r}")
    _let_finish(store, known)
    return Stretch(records, filters, begin, end)


def batches_of(store: Store, wanted: Stretch, size: int = 1000, only: Sequence[str] = ()) -> Iterator[Batch]:
    """Yield a stretch by columns, all or only some; between two batches no connection is held."""
    known = known_set(wanted.records)
    fields = known.only(only)
    own = [each.column for each in fields]
    after, size = wanted.after, max(1, min(size, LARGEST))
    page = rows.pages(known, wanted.filters, size, fields)
    while True:
        with store.read() as connection:
            found = page.columns(connection, after=after, up_to=wanted.up_to)
        if not found.length:
            return
        numbers, cursors = found.values[-2:]
        yield Batch(Values(own, found), str(cursors[-1]), found.length, as_texts(own, found))
        if found.length < size:
            return
        after = numbers[-1]


def count(store: Store, records: RecordSet, filters: Filters | None = None) -> int:
    """Return how many records there are; see `Reader.count`.

    Raises:
        Refused: There is no such record set.
        Unavailable: The database is locked or gone.
    """
    return count_of(store, stretch(store, records, filters or Filters()))


def count_of(store: Store, wanted: Stretch) -> int:
    """Return how many records a stretch has."""
    with store.read() as connection:
        return rows.count(connection, known_set(wanted.records), wanted.filters, wanted.after, wanted.up_to)


def known_set(records: RecordSet) -> rows.Records:
    """Return where a record set comes from.

    Raises:
        Refused: There is no such record set.
    """
    found = rows.SETS.get(records)
    if found is None:
        raise Refused(Problem("records", f"there are no records {records}; there are {', '.join(rows.SETS)}"))
    return found


def _let_finish(store: Store, known: rows.Records) -> None:
    """Wait for those who write right now: their rows may be numbered before some that are there already."""
    deadline = time.monotonic() + PATIENCE
    with store.read() as connection:
        busy = rows.writers(connection, known)
    while busy:
        if time.monotonic() > deadline:
            raise Unavailable("a long change is under way; try again later", timedelta(seconds=30))
        time.sleep(_PAUSE)
        with store.read() as connection:
            busy &= rows.writers(connection, known)
