"""Imports: how far each one is, and many rows in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Table, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ...contract.records import Identifier
from ..any_of import prepared
from ..inserting import insert_rows
from ..prepared import Prepared
from ..tables import DIMENSIONS, contact, customer, event, gesture, identifier, import_run, invitation, person
from ..types import AnyRow


def begin(connection: Connection, kind: str, file: str, digest: str, now: datetime) -> AnyRow:
    """Return the run of this very file, a new one unless it was begun before."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"kind": kind, "file": file, "digest": digest, "rows_done": 0, "counts": {}, "started_at": now}
    connection.execute(dialect.insert(import_run).values(values).on_conflict_do_nothing())
    query = select(import_run).where(
        import_run.c.kind == kind, import_run.c.file == file, import_run.c.digest == digest
    )
    return connection.execute(query).one()


def change_run(connection: Connection, run_id: int, **values: Any) -> None:
    """Store how far a run is."""
    connection.execute(update(import_run).where(import_run.c.id == run_id).values(values))


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows that all name the same columns and return their row numbers in the same order."""
    if not rows:
        return []
    numbers = _free_numbers(connection, table, len(rows))
    insert_rows(connection, table, [{**row, "id": number} for row, number in zip(rows, numbers, strict=True)])
    return numbers


def add_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns and whose numbers nobody needs."""
    insert_rows(connection, table, rows)


def _free_numbers(connection: Connection, table: Table, n: int) -> list[int]:
    """Return numbers for new rows, so that all of them can be inserted at once."""
    if connection.dialect.name == "sqlite":  # whose only writer this is
        last = _highest(table).first(connection)
        first = int(last.number or 0) + 1 if last is not None else 1
        return list(range(first, first + n))
    return [int(row.number) for row in _reserved(table).all(connection, n=n)]


@cache
def _highest(table: Table) -> Prepared:
    return Prepared(select(func.max(table.c.id).label("number")))


@cache
def _reserved(table: Table) -> Prepared:
    places = func.generate_series(1, bindparam("n", type_=Integer)).table_valued("place")
    sequence = func.pg_get_serial_sequence(table.name, "id")
    return Prepared(select(func.nextval(sequence).label("number")).select_from(places))


def add_events(connection: Connection, type_: str, at: datetime, payloads: Iterable[Mapping[str, Any]]) -> None:
    """Append events of one type; numbered at once on SQLite, by the sequencer on PostgreSQL."""
    rows = [{"type": type_, "at": at, "payload": dict(payload)} for payload in payloads]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        top = connection.execute(select(func.coalesce(func.max(event.c.position), 0))).scalar_one()
        rows = [{**row, "position": top + number} for number, row in enumerate(rows, 1)]
    insert_rows(connection, event, rows)


def taken(connection: Connection, identifiers: Iterable[Identifier]) -> set[Identifier]:
    """Return those identifiers that some customer has."""
    by_kind: dict[str, list[str]] = {}
    for each in identifiers:
        by_kind.setdefault(each.kind, []).append(each.value)
    found: set[Identifier] = set()
    for kind, values in by_kind.items():
        found |= {Identifier(kind, row.value) for row in _TAKEN.all(connection, kind=kind, given=values)}
    return found


_TAKEN = prepared(
    lambda any_of: select(identifier.c.value).where(
        identifier.c.kind == bindparam("kind"), any_of(identifier.c.value, "given")
    )
)


def add_customers(
    connection: Connection, rows: Sequence[Mapping[str, Any]], known: Sequence[Sequence[Identifier]], now: datetime
) -> list[int]:
    """Insert customers, each a person of their own with identifiers, and return their row numbers."""
    persons = insert_many(connection, person, [{"created_at": now} for _ in rows])
    dated = {"created_at": now, "updated_at": now}
    values = [{**row, "person_id": owner, **dated} for row, owner in zip(rows, persons, strict=True)]
    customers = insert_many(connection, customer, values)
    add_many(
        connection,
        identifier,
        [
            {"customer_id": owner, "kind": each.kind, "value": each.value, "created_at": now}
            for owner, own in zip(customers, known, strict=True)
            for each in own
        ],
    )
    return customers


def newest_contacts(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], AnyRow]:
    """Return the newest resolution of each contact that was recorded, with its first ask's row number.

    Args:
        connection: An open connection.
        keys: Sources and external ids.
    """
    by_source: dict[str, list[str]] = {}
    for source, external_id in keys:
        by_source.setdefault(source, []).append(external_id)
    found: dict[tuple[str, str], AnyRow] = {}
    for source, ids in by_source.items():
        found |= {(source, row.external_id): row for row in _NEWEST.all(connection, source=source, ids=ids)}
    return found


_FIRST_ASK = (invitation.c.contact_id == contact.c.id) & invitation.c.after_response_id.is_(None)
_NEWEST = prepared(
    lambda any_of: select(
        contact.c.id, contact.c.external_id, contact.c.customer_id, contact.c.agent_id,
        *(contact.c[name] for name in DIMENSIONS),
        invitation.c.id.label("invitation_id"), invitation.c.imported.label("asked_by_import"),
    )
    .outerjoin(invitation, _FIRST_ASK)
    .where(contact.c.source == bindparam("source"), any_of(contact.c.external_id, "ids"))
    .order_by(contact.c.resolution)
)  # fmt: skip


def known_gestures(connection: Connection, public_ids: Sequence[str]) -> set[str]:
    """Return which of these gestures were recorded."""
    query = select(gesture.c.public_id).where(gesture.c.public_id.in_(public_ids))
    return set(connection.scalars(query))


def dimensions_of(connection: Connection, customer_ids: Sequence[int]) -> dict[int, AnyRow]:
    """Return ``language, segment, country`` of some customers."""
    return {row.id: row for row in _DIMENSIONS_OF.all(connection, customers=list(customer_ids))}


_DIMENSIONS_OF = prepared(
    lambda any_of: select(customer.c.id, customer.c.language, customer.c.segment, customer.c.country).where(
        any_of(customer.c.id, "customers")
    )
)
