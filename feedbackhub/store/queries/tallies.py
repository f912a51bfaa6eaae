"""The tallies, and what each response and sent invitation is counted as in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Connection, Text, and_, any_, bindparam, cast, func, select, text
from sqlalchemy import Select as Selection
from sqlalchemy.types import JSON

from ..prepared import Prepared
from ..tables import DIMENSIONS, answer, invitation, open_answer, response, tallied, tally
from ..types import AnyRow

#: Basis, day, survey, question, dimension, value, score.
Cell = tuple[str, str, str, str, str, str, str]
#: Basis, day, survey, question, score.
Group = tuple[str, str, str, str, str]
#: Counts by dimension and value, for each group.
Groups = Mapping[Group, Mapping[str, Mapping[str, int]]]
_KEY = ("basis", "day", "survey", "question", "dimension", "value", "score")


def _prepared(make: Any) -> Prepared:
    """Return a statement made for each database by its name: they write days and take lists differently."""
    return Prepared(make("sqlite"), postgresql=make("postgresql"))


def _among(column: Any, dialect: str) -> Any:
    if dialect == "sqlite":
        listed = func.json_each(bindparam("wanted", type_=JSON)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(bindparam("wanted", type_=ARRAY(BigInteger)))


def _day(column: Any, dialect: str) -> Any:
    """Return the day of a moment in UTC; written by the database, which is cheaper than to read the moment first."""
    if dialect == "sqlite":
        return func.substr(cast(column, Text), 1, 10)
    return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD")


def _between(column: Any) -> Any:
    return and_(column > bindparam("after"), column <= bindparam("until"))


_FROZEN = [invitation.c[name] for name in DIMENSIONS]


def _responses(dialect: str) -> Selection[Any]:
    return (
        select(
            response.c.id,
            response.c.confidence,
            response.c.verdict,
            invitation.c.test,
            invitation.c.imported,
            open_answer.c.open_link_id,
            invitation.c.survey,
            _day(invitation.c.contact_at, dialect).label("contact_day"),
            _day(response.c.created_at, dialect).label("answer_day"),
            *_FROZEN,
        )
        .join(invitation, invitation.c.id == response.c.invitation_id)
        .outerjoin(open_answer, open_answer.c.invitation_id == invitation.c.id)
    )


def _scores() -> Selection[Any]:
    plain = select(answer.c.response_id, answer.c.question, cast(answer.c.value, Text).label("value"))
    return plain.where(answer.c.score.is_not(None)).order_by(answer.c.response_id, answer.c.question)


def _sends(dialect: str) -> Selection[Any]:
    return select(
        invitation.c.id,
        invitation.c.test,
        invitation.c.imported,
        invitation.c.survey,
        _day(invitation.c.contact_at, dialect).label("contact_day"),
        _day(invitation.c.sent_at, dialect).label("answer_day"),
        *_FROZEN,
    )


def _counted() -> Selection[Any]:
    plain = select(tallied.c.reference, cast(tallied.c.cells, Text).label("cells"))
    return plain.where(tallied.c.kind == bindparam("kind"))


_RESPONSES = _prepared(lambda name: _responses(name).where(_among(response.c.id, name)))
_SCORES = _prepared(lambda name: _scores().where(_among(answer.c.response_id, name)))
_SENDS = _prepared(lambda name: _sends(name).where(_among(invitation.c.id, name)))
_COUNTED = _prepared(lambda name: _counted().where(_among(tallied.c.reference, name)))
_RESPONSES_BETWEEN = _prepared(lambda name: _responses(name).where(_between(response.c.id)))
_SCORES_BETWEEN = _prepared(lambda name: _scores().where(_between(answer.c.response_id)))
_SENDS_BETWEEN = _prepared(lambda name: _sends(name).where(_between(invitation.c.id)))
_COUNTED_BETWEEN = _prepared(lambda name: _counted().where(_between(tallied.c.reference)))


def responses(connection: Connection, ids: Collection[int]) -> list[AnyRow]:
    """Return responses with everything they are counted by, but for their scores."""
    return _RESPONSES.all(connection, wanted=list(ids)) if ids else []


def scores(connection: Connection, ids: Collection[int]) -> list[AnyRow]:
    """Return the answers of these responses that have a score, by question, their values as JSON."""
    return _SCORES.all(connection, wanted=list(ids)) if ids else []


def sends(connection: Connection, ids: Collection[int]) -> list[AnyRow]:
    """Return invitations with everything their sending is counted by."""
    return _SENDS.all(connection, wanted=list(ids)) if ids else []


def counted(connection: Connection, kind: str, ids: Collection[int]) -> dict[int, str]:
    """Return what each response or invitation is counted as at present, as it is stored."""
    found = _COUNTED.all(connection, kind=kind, wanted=list(ids)) if ids else []
    return {row.reference: row.cells for row in found}


def responses_between(connection: Connection, after: int, until: int) -> list[AnyRow]:
    """Return the responses behind a row number, up to another; see `responses`."""
    return _RESPONSES_BETWEEN.all(connection, after=after, until=until)


def scores_between(connection: Connection, after: int, until: int) -> list[AnyRow]:
    """Return the scores of the responses behind a row number, up to another; see `scores`."""
    return _SCORES_BETWEEN.all(connection, after=after, until=until)


def sends_between(connection: Connection, after: int, until: int) -> list[AnyRow]:
    """Return the invitations behind a row number, up to another; see `sends`."""
    return _SENDS_BETWEEN.all(connection, after=after, until=until)


def counted_between(connection: Connection, kind: str, after: int, until: int) -> dict[int, str]:
    """Return what the responses or invitations behind a row number, up to another, are counted as at present."""
    found = _COUNTED_BETWEEN.all(connection, kind=kind, after=after, until=until)
    return {row.reference: row.cells for row in found}


def page_end(connection: Connection, kind: str, after: int, limit: int) -> int | None:
    """Return the row number of the last of the next responses or invitations that are there or counted, or None."""
    source = response if kind == "response" else invitation
    first = select(source.c.id.label("n")).where(source.c.id > after).order_by(source.c.id).limit(limit).subquery()
    mine = select(tallied.c.reference.label("n")).where(tallied.c.kind == kind, tallied.c.reference > after)
    second = mine.order_by(tallied.c.reference).limit(limit).subquery()
    ends = [connection.execute(select(func.max(each.c.n), func.count())).one() for each in (first, second)]
    # Where one of them fills a page, the other may go on behind that page's end.
    full = [row[0] for row in ends if row[1] == limit]
    found = full or [row[0] for row in ends if row[0] is not None]
    return (min(found) if full else max(found)) if found else None


def count_kept(connection: Connection) -> dict[str, int]:
    """Return how many responses and invitations there are."""
    return {
        kind: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for kind, table in (("response", response), ("invitation", invitation))
    }


def store_counted(connection: Connection, kind: str, cells: Mapping[int, str]) -> None:
    """Remember what each response or invitation is counted as.

    Args:
        connection: Inside a write.
        kind: What they are.
        cells: What they are counted as, in JSON without blanks.
    """
    if not cells:
        return
    if connection.dialect.name == "sqlite":
        whole = ",".join([f'"{number}":{each}' for number, each in cells.items()])
        connection.exec_driver_sql(_STORE_SQLITE, (kind, f"{{{whole}}}"))
        return
    connection.execute(_STORE_POSTGRES, {"kind": kind, "references": list(cells), "cells": list(cells.values())})


# One statement for all rows, however many: the thread that writes does not have to wait for Python's lock between two
# rows, while others work, and PostgreSQL is asked once.
_REPLACED = "ON CONFLICT (kind, reference) DO UPDATE SET cells = excluded.cells"
_STORE_SQLITE = (
    "INSERT INTO tallied (kind, reference, cells) SELECT ?, CAST(key AS INTEGER), value FROM json_each(?)"
    f" WHERE true {_REPLACED}"
)
_STORE_POSTGRES = text(
    "INSERT INTO tallied (kind, reference, cells) SELECT :kind, reference, CAST(cells AS json)"
    f" FROM unnest(CAST(:references AS bigint[]), CAST(:cells AS text[])) AS fresh (reference, cells) {_REPLACED}"
)


def forget_counted(connection: Connection, kind: str, ids: Collection[int]) -> None:
    """Forget what responses or invitations were counted as that are not there any more."""
    if ids:
        connection.execute(tallied.delete().where(tallied.c.kind == kind, tallied.c.reference.in_(ids)))


def add_to_tally(connection: Connection, groups: Groups) -> None:
    """Add to counts; counts that reach zero disappear."""
    if connection.dialect.name == "sqlite":
        for (basis, day, survey, question, score), counts in groups.items():
            connection.exec_driver_sql(_ADD_SQLITE, (basis, day, survey, question, score, _write(counts)))
    else:
        _add_postgres(connection, groups)
    if any(min(values.values(), default=0) < 0 for counts in groups.values() for values in counts.values()):
        fewer = [cell for cell, n in _cells(groups) if n < 0]
        connection.execute(_REMOVE, [{f"_{name}": part for name, part in zip(_KEY, cell)} for cell in fewer])  # noqa: B905


def _cells(groups: Groups) -> Iterator[tuple[Cell, int]]:
    for (basis, day, survey, question, score), counts in groups.items():
        for dimension, values in counts.items():
            for value, n in values.items():
                if n:
                    yield (basis, day, survey, question, dimension, value, score), n


def _add_postgres(connection: Connection, groups: Groups) -> None:
    rows = [(*cell, n) for cell, n in _cells(groups)]
    if rows:
        names = (*_KEY, "n")
        connection.execute(_ADD_POSTGRES, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NAMES = ", ".join(_KEY)
_EACH = ", ".join(f"CAST(:{name} AS text[])" for name in _KEY)
_SUM = f"ON CONFLICT ({_NAMES}) DO UPDATE SET n = tally.n + excluded.n"
_ADD_SQLITE = (
    "INSERT INTO tally (basis, day, survey, question, score, dimension, value, n)"
    " SELECT ?, ?, ?, ?, ?, each.key, counted.key, counted.atom"
    f" FROM json_each(?) AS each, json_each(each.value) AS counted WHERE counted.atom <> 0 {_SUM}"
)
_ADD_POSTGRES = text(f"INSERT INTO tally ({_NAMES}, n) SELECT * FROM unnest({_EACH}, CAST(:n AS bigint[])) {_SUM}")
_REMOVE = tally.delete().where(*(tally.c[name] == bindparam(f"_{name}") for name in _KEY), tally.c.n == 0)


def whole_tally(connection: Connection) -> dict[Cell, int]:
    """Return all counts."""
    return {tuple(row)[:7]: row.n for row in connection.execute(select(tally))}


def remove_empty(connection: Connection) -> int:
    """Remove counts of zero, which nothing but a mistake leaves, and return how many there were."""
    return connection.execute(tally.delete().where(tally.c.n == 0)).rowcount


def clear_tally(connection: Connection) -> None:
    """Forget all counts, before they are made anew."""
    connection.execute(tally.delete())
    connection.execute(tallied.delete())
