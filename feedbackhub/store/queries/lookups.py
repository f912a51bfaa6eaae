"""Looking at a card: who looked, and whether the customer may be asked, in the statement that notes the look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Label, and_, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ..any_of import AnyOf, prepared
from ..tables import agent, audit, suppression
from ..types import AnyRow
from .people import agent_by_key


def note_view(
    connection: Connection, values: Mapping[str, Any], fingerprints: Sequence[str], reasons: Sequence[str]
) -> str:
    """Insert an entry of the audit log and return why one of these hashes is suppressed, empty when none is so."""
    row = _NOTE_VIEW.first(connection, **values, fingerprints=list(fingerprints), reasons=list(reasons))
    return str(row.why or "") if row is not None else ""


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
    lists = {"fingerprints": list(fingerprints), "reasons": list(reasons)}
    row = _NOTE_LOOK.first(connection, **values, **lists, viewer_source=viewer[0], viewer_id=viewer[1])
    if row is None:
        return "", None
    return str(row.why or ""), None if row.agent is None else str(row.agent)


_ENTRY: dict[str, Any] = {name: bindparam(name) for name in ("at", "actor", "action", "subject", "detail")}


def _why(any_of: AnyOf) -> Label[str]:
    query = select(suppression.c.reason).where(
        any_of(suppression.c.fingerprint, "fingerprints"), any_of(suppression.c.reason, "reasons")
    )
    return query.order_by(suppression.c.id).limit(1).scalar_subquery().label("why")


def _known() -> Label[str]:
    theirs = and_(agent.c.source == bindparam("viewer_source"), agent.c.external_id == bindparam("viewer_id"))
    return select(agent.c.public_id).where(theirs).scalar_subquery().label("agent")


_NOTE_VIEW = prepared(lambda any_of: insert(audit).values(_ENTRY).returning(_why(any_of)))
_NOTE_LOOK = prepared(lambda any_of: insert(audit).values(_ENTRY).returning(_why(any_of), _known()))


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
