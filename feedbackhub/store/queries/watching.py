"""That engines live, and the counters that all processes keep together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import engine_pulse, meter
from ..types import AnyRow

_SEPARATOR = "\x1f"
Counted = Mapping[tuple[str, tuple[str, ...]], int]


def beat(connection: Connection, values: Mapping[str, Any], gone_before: datetime) -> None:
    """Note that an engine lives, and forget those not heard of since a moment."""
    statement = _dialect(connection).insert(engine_pulse).values(dict(values))
    seen = {"runner": statement.excluded.runner, "at": statement.excluded.at}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=seen))
    connection.execute(delete(engine_pulse).where(engine_pulse.c.at < gone_before))


def remove_pulse(connection: Connection, pulse_id: str) -> None:
    """Forget an engine that has ended."""
    connection.execute(delete(engine_pulse).where(engine_pulse.c.id == pulse_id))


def pulses(connection: Connection) -> Sequence[AnyRow]:
    """Return the engines heard of lately, the latest first."""
    return connection.execute(select(engine_pulse).order_by(engine_pulse.c.at.desc())).all()


def add_to_meter(connection: Connection, counted: Counted) -> None:
    """Add to counters; always in the same order, so that two processes never wait for each other."""
    rows = [{"name": name, "labels": _SEPARATOR.join(labels), "n": n} for (name, labels), n in sorted(counted.items())]
    if rows:
        statement = _dialect(connection).insert(meter)
        more = {"n": meter.c.n + statement.excluded.n}
        connection.execute(statement.on_conflict_do_update(index_elements=["name", "labels"], set_=more), rows)


def metered(connection: Connection) -> dict[tuple[str, tuple[str, ...]], int]:
    """Return all counters by name and labels."""
    found = connection.execute(select(meter))
    return {(row.name, tuple(row.labels.split(_SEPARATOR))): row.n for row in found}


def _dialect(connection: Connection) -> Any:
    return sqlite if connection.dialect.name == "sqlite" else postgresql
