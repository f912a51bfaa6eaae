"""Letters that were offered: what each says, how far it has come, and every change written into the case's history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Select, and_, func, insert, or_, select, update
from sqlalchemy.sql import Executable

from feedbackhub import Conflict, Effects, Fact, Hub, NotFound, Scheduled, new_public_id
from feedbackhub.reporting import N_

from .offer_tables import offer as rows
from .tables import step as steps

__all__ = ["EDITABLE", "PENDING", "STATES", "Offer", "Offers"]

STATES = ("draft", "approved", "sent", "failed", "dropped", "withdrawn", "taken_back")
#: May still be changed, approved and thrown away.
EDITABLE = ("draft", "taken_back", "failed")
#: Have not ended.
PENDING = ("draft", "approved", "taken_back", "failed")
MEANWHILE = N_("This letter was changed meanwhile. Look at it again.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A letter to a customer; see the columns of `offer_tables.offer`."""

    id: str
    case: str
    customer: str
    kind: str
    manner: str
    state: str
    text: str
    text_number: int
    language: str
    channel: str
    subject: str
    words: str
    gift: str
    value: str
    cost_cents: int | None
    currency: str
    owed: bool
    automatic: bool
    trial: str
    created_at: datetime
    created_by: str
    approved_at: datetime | None
    approved_by: str
    leaves_at: datetime | None
    handed_at: datetime | None
    sent_at: datetime | None
    reason: str
    gestures: tuple[str, ...]
    version: int

    @property
    def apologises(self) -> bool:
        """Whether it says sorry."""
        return self.kind in ("apology", "both")

    @property
    def gives(self) -> bool:
        """Whether it gives something."""
        return bool(self.gift or self.value)

    @property
    def is_editable(self) -> bool:
        """Whether it may still be changed."""
        return self.state in EDITABLE

    @property
    def can_be_taken_back(self) -> bool:
        """Whether it was approved and has not gone to the channel."""
        return self.state == "approved" and self.handed_at is None


class Offers:
    """The letters of one instance.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def get(self, id_: str) -> Offer:
        """Return a letter; raises NotFound."""
        found = self._read(select(rows).where(rows.c.id == id_))
        if not found:
            raise NotFound("no such letter")
        return found[0]

    def find(self, id_: str) -> Offer | None:
        """Return a letter, None when there is none."""
        found = self._read(select(rows).where(rows.c.id == id_))
        return found[0] if found else None

    def of_cases(self, cases: Sequence[str]) -> list[Offer]:
        """Return the letters of some cases, the oldest first."""
        if not cases:
            return []
        return self._read(select(rows).where(rows.c.case.in_(cases)).order_by(rows.c.created_at, rows.c.id))

    def waiting(self, most: int = 100) -> list[Offer]:
        """Return the letters that somebody has to approve, to send again, or can still take back, the newest first."""
        waiting = or_(rows.c.state.in_(EDITABLE), and_(rows.c.state == "approved", rows.c.handed_at.is_(None)))
        return self._read(select(rows).where(waiting).order_by(rows.c.created_at.desc(), rows.c.id).limit(most))

    def on_their_way(self, customers: Sequence[str], but: str = "") -> int:
        """Return how many apologies to some customers are approved, and not sent yet; one may be left out."""
        mine = rows.c.customer.in_(customers), rows.c.state == "approved", rows.c.kind.in_(("apology", "both"))
        query = select(func.count().label("n")).select_from(rows).where(*mine, rows.c.id != but)
        return int(self._hub.tables.read(query)[0]["n"])

    def add(self, values: Mapping[str, Any], by: str, detail: Mapping[str, Any]) -> Offer:
        """Keep a new draft, and write it into its case's history.

        Args:
            values: What becomes of which column; the rest is empty.
            by: Who made it.
            detail: What stands beside it in the history.
        """
        now, id_ = self._hub.clock.now(), new_public_id()
        row = {
            "state": "draft", "owed": False, "automatic": False, "trial": "", "approved_by": "", "reason": "",
            "gestures": [], "gift": "", "value": "", "currency": "", **values,
            "id": id_, "created_at": now, "created_by": by[:320], "version": 1,
        }  # fmt: skip
        done = {"case": row["case"], "at": now, "by": by[:320], "kind": "drafted", "text": ""}
        self._hub.tables.write(
            insert(rows).values(row), insert(steps).values({**done, "detail": {"offer": id_, **detail}})
        )
        return self.get(id_)

    def change(
        self, offer: Offer, values: Mapping[str, Any], done: str = "", by: str = "",
        detail: Mapping[str, Any] | None = None, states: Iterable[str] = (), tasks: Sequence[Scheduled] = (),
        also: Sequence[Executable] = (), facts: Sequence[Fact] = (),
    ) -> Offer:  # fmt: skip
        """Change a letter as it was seen, write down what was done, and queue what follows: all of it, or nothing.

        Args:
            offer: The letter as it was seen.
            values: What becomes of which column.
            done: What is written into the case's history, empty for nothing.
            by: Who did it.
            detail: What stands beside it.
            states: In which states it may be; any when empty.
            tasks: What follows.
            also: What else is changed with it.
            facts: What others learn.

        Raises:
            Conflict: It has changed since, or is not in such a state.
        """
        if states and offer.state not in tuple(states):
            raise Conflict(MEANWHILE)
        mine = update(rows).where(rows.c.id == offer.id, rows.c.version == offer.version)
        changed = mine.values(**values, version=offer.version + 1)
        stated = [self._step(offer, done, by, detail or {})] if done else []
        try:
            self._hub.apply(Effects([changed, *stated, *also], tasks, facts), if_touched=True)
        except Conflict:
            raise Conflict(MEANWHILE) from None
        return self.get(offer.id)

    def _step(self, offer: Offer, done: str, by: str, detail: Mapping[str, Any]) -> Insert:
        row = {
            "case": offer.case, "at": self._hub.clock.now(), "by": by[:320], "kind": done, "text": "",
            "detail": {"offer": offer.id, "kind": offer.kind, **detail},
        }  # fmt: skip
        return insert(steps).values(row)

    def _read(self, query: Select[Any]) -> list[Offer]:
        return [_offer(row) for row in self._hub.tables.read(query)]


def _offer(row: Mapping[str, Any]) -> Offer:
    return Offer(**{**{each.name: row[each.name] for each in fields(Offer)}, "gestures": tuple(row["gestures"])})
