"""Recounting: whether the tallies equal a recount, and making them equal again while answers come in.

Two things hold together. Everything is counted as what it is: what is remembered of each response and sent invitation
equals what it would be counted as now, unless an event that tells of it is still to be read. And the tallies are the
sum of what is remembered; the subscriber changes both in one transaction, so what is missing there stays the same
however many events it reads meanwhile, and can be added at any time, in parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from ..store.queries import log, subscribers
from ..store.queries import tallies as rows
from ..store.queries.locks import lock_keys, see_one_moment
from ..store.queries.tallies import Cell
from ..store.store import Store
from .counted import NOTHING, Sum, grouped, stored
from .tallies import NAME, TYPES, Changes, fresh_between

__all__ = ["Difference", "Found", "check", "rebuild"]

KINDS = ("response", "invitation")
_PAGE = 500
_PART = 2000
#: Told from time to time: how many responses and invitations were looked at, and how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that is not what it should be."""

    cell: Cell
    kept: int
    right: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found.

    Args:
        differences: Counts that differ from a recount, by cell.
        counts: How many counts there are.
        records: How many responses and sent invitations count.
        waiting: How many events are still to be read; what they tell of counts as it did before them.
    """

    differences: tuple[Difference, ...]
    counts: int
    records: int
    waiting: int


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def check(store: Store, progress: Progress = _silent) -> Found:
    """Compare the tallies with a recount, at one moment and without holding anybody up.

    Args:
        store: Where they are.
        progress: Is told how far it got.

    Raises:
        Unavailable: The database is locked or gone.
    """
    with store.read() as connection:
        see_one_moment(connection)
        waiting = log.payloads_after(connection, subscribers.position_of(connection, NAME), TYPES)
        skipped = {kind: {each.get(kind) for each in waiting} for kind in KINDS}
        right: Counter[Cell] = Counter()
        done = 0
        for kind, after, until in _pages(connection, progress):
            fresh = fresh_between(connection, kind, after, until)
            before = rows.counted_between(connection, kind, after, until)
            page = Sum()
            for number, counted in fresh.items():
                if number in skipped[kind]:
                    page.add_stored(before.get(number, NOTHING))
                else:
                    page.add(counted)
            right.update(dict(page.cells()))
            done += sum(counted is not None for counted in fresh.values())
        kept = rows.whole_tally(connection)
    return Found(_differences(kept, right), len(kept), done, len(waiting))


def _differences(kept: dict[Cell, int], right: Counter[Cell]) -> tuple[Difference, ...]:
    cells = sorted(cell for cell in {*kept, *right} if kept.get(cell, 0) != right[cell])
    return tuple(Difference(cell, kept.get(cell, 0), right[cell]) for cell in cells)


def _pages(connection: Connection, progress: Progress) -> Iterator[tuple[str, int, int]]:
    """Yield the pages of all responses, then of all invitations, whether they exist or are only counted."""
    totals = rows.count_kept(connection)
    total, before = sum(totals.values()), 0
    for kind in KINDS:
        after, pages = 0, 0
        while (until := rows.page_end(connection, kind, after, _PAGE)) is not None:
            yield kind, after, until
            after, pages = until, pages + 1
            progress(before + min(pages * _PAGE, totals[kind]), total)
        before += totals[kind]


def rebuild(store: Store, now: datetime, progress: Progress = _silent) -> int:
    """Make the tallies equal a recount, in short transactions beside everything that happens meanwhile.

    Args:
        store: Where they are.
        now: The present moment.
        progress: Is told how far it got.

    Returns:
        How many counts and counted responses and invitations were wrong.

    Raises:
        Unavailable: The database is locked or gone; what was put right stays so.
    """
    wrong = 0
    with store.read() as connection:
        pages = list(_pages(connection, _silent))
    for number, (kind, after, until) in enumerate(pages, 1):
        with store.read() as connection:
            fresh = {n: stored(counted) for n, counted in fresh_between(connection, kind, after, until).items()}
            before = rows.counted_between(connection, kind, after, until)
        if _counting(fresh) != _counting(before):
            wrong += store.write(partial(_put_right, kind=kind, after=after, until=until, now=now))
        progress(number, len(pages) + 1)
    return wrong + _add_missing(store, now)


def _counting(counted: Mapping[int, str]) -> dict[int, str]:
    return {number: each for number, each in counted.items() if each != NOTHING}


def _put_right(connection: Connection, kind: str, after: int, until: int, now: datetime) -> int:
    """Count everything on a page as what it is; return how much was counted otherwise."""
    lock_keys(connection, [f"subscriber:{NAME}"])
    fresh = fresh_between(connection, kind, after, until)
    before = rows.counted_between(connection, kind, after, until)
    changes = Changes()
    changes.compare(kind, fresh, before)
    gone = before.keys() - fresh.keys()
    for number in gone:
        changes.sum.take_stored(before[number])
    changes.add_up().apply(connection)
    rows.forget_counted(connection, kind, gone)
    subscribers.next_round(connection, NAME, now)
    return len(changes.stored[kind]) + len(gone)


def _add_missing(store: Store, now: datetime) -> int:
    """Make the tallies the sum of what is remembered; return how many counts were not."""
    wrong = 0
    while True:
        missing, rounds = _missing(store)
        parts = [missing[start : start + _PART] for start in range(0, len(missing), _PART)]
        for number, part in enumerate(parts):
            if not store.write(partial(_add, part=part, rounds=rounds + number, now=now)):
                break
            wrong += len(part)
        else:
            store.write(rows.remove_empty)
            return wrong


def _add(connection: Connection, part: list[tuple[Cell, int]], rounds: int, now: datetime) -> bool:
    """Add what is missing, unless somebody else has put counts right since that was found out."""
    lock_keys(connection, [f"subscriber:{NAME}"])
    if _rounds(connection) != rounds:
        return False
    rows.add_to_tally(connection, grouped(dict(part)))
    subscribers.next_round(connection, NAME, now)
    return True


def _rounds(connection: Connection) -> int:
    row = subscribers.one(connection, NAME)
    return row.rounds if row is not None else 0


def _missing(store: Store) -> tuple[list[tuple[Cell, int]], int]:
    """Return by how much each count differs from the sum of what is remembered, and in which round."""
    with store.read() as connection:
        see_one_moment(connection)
        rounds = _rounds(connection)
        found: Counter[Cell] = Counter()
        for kind in KINDS:
            after = 0
            while (until := rows.page_end(connection, kind, after, _PAGE)) is not None:
                page = Sum()
                for said in rows.counted_between(connection, kind, after, until).values():
                    page.add_stored(said)
                found.update(dict(page.cells()))
                after = until
        found.subtract(rows.whole_tally(connection))
    return [(cell, n) for cell, n in found.items() if n], rounds
