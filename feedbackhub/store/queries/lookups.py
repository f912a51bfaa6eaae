"""Looking a customer up: who looked, in the statement that notes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import agent, audit
from ..types import AnyRow
from .people import agent_by_key


def note_look(connection: Connection, values: Mapping[str, Any], source: str, external_id: str) -> str | None:
    """Insert an entry of the audit log and return the public id of an agent, None when the agent is new."""
    known = select(agent.c.public_id).where(agent.c.source == source, agent.c.external_id == external_id)
    row = connection.execute(insert(audit).values(values).returning(known.scalar_subquery().label("agent"))).one()
    return None if row.agent is None else str(row.agent)


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
