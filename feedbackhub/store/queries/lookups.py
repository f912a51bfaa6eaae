"""Looking at a card: who looked, and whether the customer may be asked, in the statement that notes the look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import agent, audit, suppression
from ..types import AnyRow
from .people import agent_by_key


def note_view(
    connection: Connection, values: Mapping[str, Any], fingerprints: Sequence[str], reasons: Sequence[str]
) -> str:
    """Insert an entry of the audit log and return why one of these hashes is suppressed, empty when none is so."""
    why = _why(fingerprints, reasons).label("why")
    return str(connection.execute(insert(audit).values(values).returning(why)).scalar_one() or "")


def note_look(
    connection: Connection,
    values: Mapping[str, Any],
    fingerprints: Sequence[str],
    reasons: Sequence[str],
    viewer: tuple[str, str],
) -> tuple[str, str | None]:
    """Do the same, and return the public id of the agent who looks as well, None when the agent is new.

    Args:
        connection: Inside a write.
        values: The entry of the audit log.
        fingerprints: Hashes of the customer's identifiers.
        reasons: Under which reasons a person is not asked at all.
        viewer: The agent's source and id there.
    """
    known = select(agent.c.public_id).where(agent.c.source == viewer[0], agent.c.external_id == viewer[1])
    columns = (_why(fingerprints, reasons).label("why"), known.scalar_subquery().label("agent"))
    row = connection.execute(insert(audit).values(values).returning(*columns)).one()
    return str(row.why or ""), None if row.agent is None else str(row.agent)


def _why(fingerprints: Sequence[str], reasons: Sequence[str]) -> ScalarSelect[str]:
    query = select(suppression.c.reason).where(
        suppression.c.fingerprint.in_(fingerprints), suppression.c.reason.in_(reasons)
    )
    return query.order_by(suppression.c.id).limit(1).scalar_subquery()


def add_agent(
    connection: Connection, source: str, external_id: str, public_id: str, name: str, now: datetime
) -> str:
    """Insert an agent, unless somebody was faster, and return the agent's public id."""
    values = {"source": source, "external_id": external_id, "public_id": public_id, "name": name, "created_at": now}
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(agent).values(values).on_conflict_do_nothing(index_elements=["source", "external_id"])
    if connection.execute(statement).rowcount == 1:
        return public_id
    found: AnyRow | None = agent_by_key(connection, source, external_id)
    return found.public_id if found else public_id
