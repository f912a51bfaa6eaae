"""Lanes: how many more tasks each may begin now, counted in the database and so for all processes together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Float, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..prepared import Prepared
from ..tables import lane, task
from ..types import AnyRow

__all__ = ["locked_lanes", "store_tokens", "under_way"]

_NEW = {"name": bindparam("name"), "tokens": bindparam("tokens", type_=Float), "filled_at": bindparam("filled_at")}
_ADD = Prepared(
    postgresql.insert(lane).values(_NEW).on_conflict_do_nothing(index_elements=["name"]),
    sqlite=sqlite.insert(lane).values(_NEW).on_conflict_do_nothing(index_elements=["name"]),
)
_LOCKED = select(lane).where(lane.c.name == bindparam("of")).with_for_update()
_STORE = Prepared(
    update(lane)
    .where(lane.c.name == bindparam("of"))
    .values(tokens=bindparam("tokens", type_=Float), filled_at=bindparam("filled"))
)


def locked_lanes(connection: Connection, names: Iterable[str], full: float, now: datetime) -> dict[str, AnyRow]:
    """Return the rows of lanes, held until the transaction ends; a lane that has none yet begins full.

    Args:
        connection: Inside a write.
        names: Lanes; taken in one fixed order, so that two pumps never wait for each other.
        full: Tokens of a new lane; whoever reads them knows how many it may hold.
        now: The present moment.
    """
    found = {}
    for name in sorted(names):
        row = connection.execute(_LOCKED, {"of": name}).one_or_none()
        if row is None:
            _ADD.run(connection, name=name, tokens=full, filled_at=now)
            row = connection.execute(_LOCKED, {"of": name}).one_or_none()
        if row is not None:
            found[name] = row
    return found


def store_tokens(connection: Connection, name: str, tokens: float, now: datetime) -> None:
    """Store what is left of a lane's tokens."""
    _STORE.run(connection, of=name, tokens=tokens, filled=now)


def under_way(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Return how many tasks of these lanes are claimed at present, by anybody."""
    if not names:
        return {}
    query = select(task.c.lane, func.count()).where(task.c.state == "claimed", task.c.lane.in_(names))
    found = {row[0]: row[1] for row in connection.execute(query.group_by(task.c.lane))}
    return {name: found.get(name, 0) for name in names}
