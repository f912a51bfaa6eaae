"""Merging persons by hand, and separating them again; facts are never rewritten."""

from __future__ import annotations

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..store.queries import people
from ..store.queries.locks import lock_keys
from . import identify
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
        lock_keys(connection, [identify.MERGING])
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
        Conflict: It was settled before, or they have become one person meanwhile.
    """
    now = core.clock.now()

    def run(connection: Connection) -> str:
        lock_keys(connection, [identify.MERGING])
        link = people.link_row(connection, link_id)
        if link is None:
            raise NotFound("no such entry in the merging log")
        pair = (link.person_id, link.into_id)
        if link.state == "proposed" and accept:
            # Either may have been merged since: the two that stand for them are joined, and noted for undoing.
            pair = people.root_of(connection, link.person_id), people.root_of(connection, link.into_id)
            if pair[0] == pair[1]:
                raise Conflict("they are one person already")
            people.point_person(connection, *pair)
            state = "merged"
        elif link.state == "proposed":
            state = "refused"
        elif link.state == "merged" and not accept:
            people.point_person(connection, link.person_id, None)
            state = "undone"
        else:
            raise Conflict(f"this entry is {link.state} already")
        people.settle_link(connection, link_id, state, pair, by, now)
        return state

    return core.store.write(run)
