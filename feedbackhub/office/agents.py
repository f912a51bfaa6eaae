"""Agents as sources know them, and which of them a member of staff is."""

from __future__ import annotations

from collections.abc import Iterable

from ..contract.errors import NotFound
from ..machinery.clock import Clock
from ..store.queries import people, staff_lists
from ..store.store import Store
from .users import User, link_agent

__all__ = ["agent_labels", "agent_public_id", "connect_agent"]


def agent_labels(store: Store, agent_ids: Iterable[int]) -> dict[int, str]:
    """Return how the sources know some agents, such as ``helpdesk 7``, by row number."""
    with store.read() as connection:
        found = staff_lists.agents(connection, list(agent_ids))
    return {row.id: f"{row.source} {row.external_id}" for row in found}


def agent_public_id(store: Store, agent_id: int | None) -> str:
    """Return the public id of an agent, empty when there is none."""
    if agent_id is None:
        return ""
    with store.read() as connection:
        found = staff_lists.agents(connection, [agent_id])
    return str(found[0].public_id) if found else ""


def connect_agent(store: Store, clock: Clock, user: User, source: str, external_id: str, by: str) -> None:
    """Say which agent a member of staff is; nobody when both names are empty.

    Args:
        store: The database.
        clock: Tells the time.
        user: The member of staff.
        source: The source that knows the agent.
        external_id: The agent's id there.
        by: Who decides, for the audit log.

    Raises:
        NotFound: No contact of that source names such an agent.
    """
    source, external_id = source.strip(), external_id.strip()
    if not source and not external_id:
        link_agent(store, clock, user, None, by)
        return
    with store.read() as connection:
        row = people.agent_by_key(connection, source, external_id)
    if row is None:
        raise NotFound("no contact of that source names such an agent yet")
    link_agent(store, clock, user, row.id, by)
