"""Agents: who somebody is in the contacts."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract.errors import NotFound
from ..store.queries import people
from ..store.types import AnyRow
from .core import Core

__all__ = ["Served", "agent_by_id", "agent_of_row"]


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody who serves customers: public id, and name as shown to colleagues."""

    id: str
    name: str


def agent_by_id(core: Core, public_id: str) -> Served:
    """Return an agent.

    Raises:
        NotFound: There is none of this id.
    """
    with core.store.read() as connection:
        return _served(people.agent_by_public_id(connection, public_id))


def agent_of_row(core: Core, row_id: int) -> Served:
    """Return the agent who a member of staff is in contacts.

    Raises:
        NotFound: There is none of this row number.
    """
    with core.store.read() as connection:
        return _served(people.agent_row(connection, row_id))


def _served(row: AnyRow | None) -> Served:
    if row is None:
        raise NotFound("no such agent")
    return Served(row.public_id, row.name or row.external_id)
