"""Kinship: what was proposed and decided about whether two customers are one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..contract.errors import NotFound
from ..store.queries import kinship, people, search
from ..store.types import AnyRow
from .core import Core
from .merging import decide_link

__all__ = ["Relation", "Side", "decide_relation", "relations"]

MOST = 20


@dataclass(frozen=True, slots=True)
class Side:
    """One of two customers: public id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Relation:
    """One entry of the merging log.

    Args:
        one: The customer whose person is or would be merged.
        other: The customer whose person stays.
        state: ``proposed``, ``merged``, ``refused`` or ``undone``.
        reason: Why they were taken for one.
        by: Who decided last.
        at: When.
    """

    one: Side
    other: Side
    state: str
    reason: str
    by: str
    at: datetime

    @property
    def open(self) -> bool:
        """Whether somebody can still decide."""
        return self.state in kinship.OPEN


def relations(core: Core, customer: str) -> list[Relation]:
    """Return what the merging log says about a customer, newest first; nothing for an unknown one."""
    with core.store.read() as connection:
        row = people.customer_by_public_id(connection, customer)
        if row is None:
            return []
        links = kinship.links_of(connection, row.person_id, MOST)
        wanted = {each for link in links for each in (link.one, link.other) if each is not None}
        sides = {each.id: Side(each.public_id, each.name) for each in search.customer_rows(connection, sorted(wanted))}
    return [_relation(link, sides) for link in links if link.one in sides and link.other in sides]


def _relation(link: AnyRow, sides: dict[int, Side]) -> Relation:
    return Relation(sides[link.one], sides[link.other], link.state, link.reason, link.decided_by, link.at)


def decide_relation(core: Core, one: str, other: str, accept: bool, by: str) -> str:
    """Accept or refuse a proposal, or undo a merge, and return the new state.

    Args:
        core: The instance.
        one: Public id of the customer whose person is or would be merged.
        other: Public id of the customer whose person stays.
        accept: Whether they are one person.
        by: Who decides.

    Raises:
        NotFound: Nothing is proposed or merged between them.
        Conflict: It was settled before.
    """
    with core.store.read() as connection:
        first = people.customer_by_public_id(connection, one)
        second = people.customer_by_public_id(connection, other)
        link = kinship.open_link(connection, first.person_id, second.person_id) if first and second else None
    if link is None:
        raise NotFound("nothing is proposed or merged between these customers")
    return decide_link(core, link, accept, by)
