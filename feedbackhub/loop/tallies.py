"""Tallies: counts kept by a subscriber, always equal to a recount.

What each response and each sent invitation is counted as is remembered, so a changed, accepted or
discarded answer is counted anew by taking the old cells away and adding the new ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection

from ..store.queries import tallies as rows
from ..store.queries.tallies import Cell, Groups
from ..store.store import Store
from ..store.types import AnyRow
from .counted import NOTHING, PAIRS, WHOLE, Counted, Sum, response_counted, send_counted, stored
from .following import Follower, feed

__all__ = ["NAME", "PAIRS", "TYPES", "WHOLE", "Changes", "fresh_between", "keep", "recount"]

NAME = "tallies"
TYPES = ("invitation.sent", "response.recorded", "response.changed")
_BATCH = 1000
_of_response = attrgetter("response_id")


@dataclass
class Changes:
    """What a batch of events changes.

    Args:
        sum: How much each count grows.
        stored: What responses and invitations are counted as from now on, by kind.
        groups: The sum, once it is added up.
    """

    sum: Sum = field(default_factory=Sum)
    stored: dict[str, Mapping[int, str]] = field(default_factory=dict)
    groups: Groups = field(default_factory=dict)

    def compare(self, kind: str, fresh: Mapping[int, Counted | None], before: Mapping[int, str]) -> None:
        """Add what has to change so that these responses or invitations are counted as they are now.

        Args:
            kind: What they are.
            fresh: As what they count.
            before: As what they are counted.
        """
        changed: dict[int, str] = {}
        for number, counted in fresh.items():
            was, now = before.get(number, NOTHING), stored(counted)
            if was != now:
                changed[number] = now
                self.sum.add(counted)
                if was != NOTHING:
                    self.sum.take_stored(was)
        self.stored[kind] = changed

    def add_up(self) -> Changes:
        """Put what is alike together, which takes time and belongs beside the writing; return the same."""
        self.groups = self.sum.groups()
        return self

    def apply(self, connection: Connection) -> None:
        """Store them."""
        for kind, fresh in self.stored.items():
            rows.store_counted(connection, kind, fresh)
        rows.add_to_tally(connection, self.groups)


def keep(store: Store, now: datetime) -> int:
    """Bring the tallies on by one batch of events and return how many were read."""
    return feed(store, _FOLLOWER, now)


def _work_out(connection: Connection, events: Sequence[AnyRow]) -> Changes:
    answered = {e.payload["response"] for e in events if e.type != "invitation.sent"}
    sent = {e.payload["invitation"] for e in events if e.type == "invitation.sent"}
    found = Changes()
    for kind, fresh in (("response", _responses(connection, answered)), ("invitation", _sends(connection, sent))):
        found.compare(kind, fresh, rows.counted(connection, kind, fresh))
    return found.add_up()


_FOLLOWER = Follower(NAME, TYPES, _work_out, lambda connection, changes: changes.apply(connection))


def _responses(connection: Connection, ids: set[int]) -> dict[int, Counted | None]:
    return _fresh_responses(rows.responses(connection, ids), rows.scores(connection, ids))


def _sends(connection: Connection, ids: set[int]) -> dict[int, Counted | None]:
    return {row.id: send_counted(row) for row in rows.sends(connection, ids)}


def _fresh_responses(found: Sequence[AnyRow], scores: Sequence[AnyRow]) -> dict[int, Counted | None]:
    """Return as what responses count, with their scores sorted by response."""
    given = {response: list(each) for response, each in groupby(scores, key=_of_response)}
    return {row.id: response_counted(row, given.get(row.id, ())) for row in found}


def fresh_between(connection: Connection, kind: str, after: int, until: int) -> dict[int, Counted | None]:
    """Return as what the responses or invitations behind a row number count, up to another."""
    if kind == "response":
        found = rows.responses_between(connection, after, until)
        return _fresh_responses(found, rows.scores_between(connection, after, until))
    return {row.id: send_counted(row) for row in rows.sends_between(connection, after, until)}


def recount(connection: Connection) -> Counter[Cell]:
    """Return all counts as they come out when everything is counted from the start."""
    found: Counter[Cell] = Counter()
    for kind in ("response", "invitation"):
        after = 0
        while (until := rows.page_end(connection, kind, after, _BATCH)) is not None:
            page = Sum()
            for counted in fresh_between(connection, kind, after, until).values():
                page.add(counted)
            found.update(dict(page.cells()))
            after = until
    return found
