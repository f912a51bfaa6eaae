"""Merging persons by hand, and separating them again; facts are never rewritten."""

from __future__ import annotations

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..store.queries import people
from .core import Core


def merge(core: Core, one: int, other: int, by: str) -> int:
    """Make one person of two and return the entry in the log, for undoing.

    Args:
        core: The instance.
        one: A person; everything known of them is from now on shown with the other's.
        other: The person that stays.
        by: Who decides.

    Raises:
        Conflict: They are one person already.
    """
    now = core.clock.now()

    def run(connection: Connection) -> int:
        root, target = people.root_of(connection, one), people.root_of(connection, other)
        if root == target:
            raise Conflict("they are one person already")
        people.point_person(connection, root, target)
        return people.add_link(connection, root, target, "merged", "merged by hand", by, now)

    return core.store.write(run)


def decide_link(core: Core, link_id: int, accept: bool, by: str) -> str:
    """Accept or refuse a proposal, or undo a merge, and return the new state.

    Raises:
        NotFound: There is no such entry.
        Conflict: It was settled before.
    """
    now = core.clock.now()

    def run(connection: Connection) -> str:
        link = people.link_row(connection, link_id)
        if link is None:
            raise NotFound("no such entry in the merging log")
        if link.state == "proposed" and accept:
            people.point_person(connection, people.root_of(connection, link.person_id), link.into_id)
            state = "merged"
        elif link.state == "proposed":
            state = "refused"
        elif link.state == "merged" and not accept:
            people.point_person(connection, link.person_id, None)
            state = "undone"
        else:
            raise Conflict(f"this entry is {link.state} already")
        people.settle_link(connection, link_id, state, by, now)
        return state

    return core.store.write(run)
