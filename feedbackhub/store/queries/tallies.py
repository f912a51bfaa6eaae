"""The tallies, and what each response and sent invitation is counted as in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Connection, Text, and_, any_, bindparam, cast, func, or_, select, text
from sqlalchemy import Select as Selection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import JSON

from ..prepared import Prepared
from ..tables import DIMENSIONS, answer, invitation, open_answer, response, tallied, tally
from ..types import AnyRow

Cell = tuple[str, str, str, str, str, str, str]
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


_CELLS: Any = bindparam("cells", type_=Text)


def _store(dialect: str) -> Any:
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(tallied)
    cells = _CELLS if dialect == "sqlite" else cast(_CELLS, JSON)
    statement = insert.values(kind=bindparam("kind"), reference=bindparam("reference"), cells=cells)
    return statement.on_conflict_do_update(
        index_elements=["kind", "reference"], set_={"cells": statement.excluded.cells}
    )


_STORE = _prepared(_store)


def store_counted(connection: Connection, kind: str, cells: Mapping[int, str]) -> None:
    """Remember what each response or invitation is counted as."""
    _STORE.many(connection, [{"kind": kind, "reference": n, "cells": each} for n, each in cells.items()])


def forget_counted(connection: Connection, kind: str, ids: Collection[int]) -> None:
    """Forget what responses or invitations were counted as that are not there any more."""
    if ids:
        connection.execute(tallied.delete().where(tallied.c.kind == kind, tallied.c.reference.in_(ids)))


def add_to_tally(connection: Connection, changes: Iterable[tuple[Cell, int]]) -> None:
    """Add to counts; counts that reach zero disappear."""
    wanted = sorted((*cell, n) for cell, n in changes if n)
    if not wanted:
        return
    fewer = [row[:7] for row in wanted if row[7] < 0]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_ADD_SQLITE, wanted)
        if fewer:
            connection.exec_driver_sql(_REMOVE_SQLITE, fewer)
        return
    connection.execute(_ADD_POSTGRES, _columns((*_KEY, "n"), wanted))
    if fewer:
        connection.execute(_REMOVE_POSTGRES, _columns(_KEY, fewer))


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}


_NAMES = ", ".join(_KEY)
_EACH = ", ".join(f"CAST(:{name} AS text[])" for name in _KEY)
_SUM = f"ON CONFLICT ({_NAMES}) DO UPDATE SET n = tally.n + excluded.n"
_ADD_SQLITE = f"INSERT INTO tally ({_NAMES}, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?) {_SUM}"
_REMOVE_SQLITE = f"DELETE FROM tally WHERE {' AND '.join(f'{name} = ?' for name in _KEY)} AND n = 0"
# One statement for all of them: a round trip for each would make up most of the time.
_ADD_POSTGRES = text(
    f"INSERT INTO tally ({_NAMES}, n) SELECT * FROM unnest({_EACH}, CAST(:n AS bigint[])) {_SUM}"
)
_REMOVE_POSTGRES = text(
    f"DELETE FROM tally USING unnest({_EACH}) AS gone ({_NAMES})"
    f" WHERE {' AND '.join(f'tally.{name} = gone.{name}' for name in _KEY)} AND tally.n = 0"
)


def whole_tally(connection: Connection) -> dict[Cell, int]:
    """Return all counts."""
    return {tuple(row)[:7]: row.n for row in connection.execute(select(tally))}


def remove_empty(connection: Connection) -> int:
    """Remove counts of zero, which nothing but a mistake leaves, and return how many there were."""
    return connection.execute(tally.delete().where(or_(tally.c.n == 0))).rowcount


def clear_tally(connection: Connection) -> None:
    """Forget all counts, before they are made anew."""
    connection.execute(tally.delete())
    connection.execute(tallied.delete())
