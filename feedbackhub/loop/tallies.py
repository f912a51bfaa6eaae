"""Tallies: counts kept by a subscriber, always equal to a recount.

What each response and each sent invitation is counted as is remembered, so a changed, accepted or
discarded answer is counted anew by taking the old cells away and adding the new ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..store.queries import answers, log
from ..store.queries.locks import lock_keys
from ..store.queries.log import Cell
from ..store.store import Store
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from .judge import counts
from .tell import feed

NAME = "tallies"
#: The pairs of dimensions that are counted together; a full cross would be no smaller than the answers.
PAIRS = (("team", "channel"), ("team", "topic"), ("channel", "topic"))
#: The question under which sends and responses themselves are counted.
WHOLE = ""
_TYPES = ("invitation.sent", "response.recorded", "response.changed")
_BATCH = 1000
_After = Callable[[Connection, int, int], Sequence[AnyRow]]


def keep(store: Store, now: datetime) -> int:
    """Bring the tallies up to the newest event and return how many events were read."""
    return feed(store, NAME, _TYPES, _apply, now)


def _apply(connection: Connection, events: Sequence[AnyRow]) -> None:
    responses = sorted({e.payload["response"] for e in events if e.type.startswith("response.")})
    sent = sorted({e.payload["invitation"] for e in events if e.type == "invitation.sent"})
    changes: Counter[Cell] = Counter()
    changes.update(_recount_responses(connection, responses))
    changes.update(_recount_sends(connection, sent))
    log.add_to_tally(connection, changes.items())


def _recount_responses(connection: Connection, ids: Sequence[int]) -> Counter[Cell]:
    if not ids:
        return Counter()
    given = answers.answers_of(connection, ids)
    rows = answers.for_tally(connection, ids)
    fresh = {row.id: response_cells(row, given.get(row.id, [])) for row in rows}
    return _difference(connection, "response", fresh)


def _recount_sends(connection: Connection, ids: Sequence[int]) -> Counter[Cell]:
    if not ids:
        return Counter()
    fresh = {row.id: send_cells(row) for row in answers.sends_for_tally(connection, ids)}
    return _difference(connection, "invitation", fresh)


def _difference(connection: Connection, kind: str, fresh: dict[int, list[Cell]]) -> Counter[Cell]:
    changes: Counter[Cell] = Counter()
    for reference, before in log.counted_cells(connection, kind, list(fresh)).items():
        changes.subtract(before)
        if before == fresh[reference]:
            changes.update(before)
            del fresh[reference]
    for cells in fresh.values():
        changes.update(cells)
    log.store_cells(connection, kind, fresh)
    return changes


def response_cells(row: AnyRow, given: Iterable[AnyRow]) -> list[Cell]:
    """Return all cells that a response counts in; none when it does not count.

    Args:
        row: The response with its frozen dimensions.
        given: Its answers.
    """
    if not counts(row.confidence, row.verdict, row.test):
        return []
    scored = [(each.question, _score(each.value)) for each in given if each.score is not None]
    # Nobody knows how many saw an open link: its answers have no part in a response rate.
    answered = "imported" if row.imported else "open" if row.open_link else "answered"
    cells = []
    for basis, day in (("contact", row.contact_at), ("answer", row.created_at)):
        for question, score in [(WHOLE, answered), *scored]:
            cells += _cells(basis, f"{day:%Y-%m-%d}", row, question, score)
    return cells


def send_cells(row: AnyRow) -> list[Cell]:
    """Return all cells that a sent invitation counts in, for response rates from real sends."""
    if row.test or row.imported or row.sent_at is None:
        return []
    return [
        cell
        for basis, day in (("contact", row.contact_at), ("answer", row.sent_at))
        for cell in _cells(basis, f"{day:%Y-%m-%d}", row, WHOLE, "sent")
    ]


def _score(value: Any) -> str:
    return str(value)[:40]


def _cells(basis: str, day: str, row: AnyRow, question: str, score: str) -> list[Cell]:
    found: list[Cell] = [(basis, day, row.survey, question, "", "", score)]
    for name in DIMENSIONS:
        found.append((basis, day, row.survey, question, name, _dimension(row, name), score))
    for one, other in PAIRS:
        value = f"{_dimension(row, one)}\x1f{_dimension(row, other)}"
        found.append((basis, day, row.survey, question, f"{one}*{other}", value, score))
    return found


def _dimension(row: AnyRow, name: str) -> str:
    # A response has a language of its own, the one it was answered in; the dimension is the one asked in.
    value = row.asked_language if name == "language" and "asked_language" in row._mapping else row._mapping[name]
    return str(value)


def rebuild(store: Store, now: datetime) -> None:
    """Forget all counts and make them anew from what is stored; later events change nothing that was counted here."""

    def run(connection: Connection) -> None:
        lock_keys(connection, [f"subscriber:{NAME}"])
        log.clear_tally(connection)
        for batch in _batches(connection, answers.responses_after):
            log.add_to_tally(connection, _recount_responses(connection, [row.id for row in batch]).items())
        for batch in _batches(connection, answers.sends_after):
            log.add_to_tally(connection, _recount_sends(connection, [row.id for row in batch]).items())
        log.move_to(connection, NAME, log.last_position(connection), "", now)

    store.write(run)


def _batches(connection: Connection, rows_after: _After) -> Iterator[Sequence[AnyRow]]:
    after = 0
    while batch := rows_after(connection, after, _BATCH):
        yield batch
        after = batch[-1].id


def recount(connection: Connection) -> Counter[Cell]:
    """Return all counts as they come out when everything is counted from the start."""
    found: Counter[Cell] = Counter()
    for batch in _batches(connection, answers.responses_after):
        given = answers.answers_of(connection, [row.id for row in batch])
        for row in batch:
            found.update(response_cells(row, given.get(row.id, [])))
    for batch in _batches(connection, answers.sends_after):
        for row in batch:
            found.update(send_cells(row))
    return found
