"""Digests: what each holds, when it is due, and whether it is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update

from feedbackhub import Hub, NotFound, new_public_id

from .rhythm import Rhythm, Slot, following, latest, period
from .tables import digest, edition, recipient
from .wanted import Wanted

__all__ = ["Book", "Digest"]

#: Days that a deleted digest can be brought back.
UNDO = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Digest:
    """A mail that is sent again and again; see the columns of `tables.digest`."""

    id: str
    title: str
    language: str
    every: str
    weekday: int
    hour: int
    days: int
    filters: Mapping[str, str]
    reports: tuple[str, ...]
    quotes: bool
    charts: bool
    is_on: bool
    since: datetime
    last_day: str
    created_at: datetime
    created_by: str
    deleted_at: datetime | None

    def rhythm(self, zone: str) -> Rhythm:
        """Return when it is due by the clocks of a zone."""
        return Rhythm(self.every, self.weekday, self.hour, ZoneInfo(zone))


class Book:
    """The digests of one instance.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def all(self, deleted: bool = False) -> list[Digest]:
        """Return the digests by their titles.

        Args:
            deleted: Those that were deleted, instead of the others.
        """
        gone = digest.c.deleted_at
        query = select(digest).where(gone.is_not(None) if deleted else gone.is_(None))
        return [_digest(row) for row in self._hub.tables.read(query.order_by(digest.c.title, digest.c.id))]

    def get(self, id_: str) -> Digest:
        """Return a digest; raises NotFound when there is none, or it was deleted."""
        found = self._hub.tables.read(select(digest).where(digest.c.id == id_, digest.c.deleted_at.is_(None)))
        if not found:
            raise NotFound("no such digest")
        return _digest(found[0])

    def add(self, wanted: Wanted, by: str) -> Digest:
        """Keep a new digest, which is on."""
        now = self._hub.clock.now()
        start = {"is_on": True, "since": now, "last_day": "", "created_at": now, "created_by": by[:320]}
        row = {"id": new_public_id(), **wanted.columns, **start}
        self._hub.tables.write(insert(digest).values(row))
        return self.get(row["id"])

    def change(self, id_: str, wanted: Wanted) -> Digest:
        """Change a digest; a slot that a new rhythm would have had before now is not sent; raises NotFound."""
        before = self.get(id_)
        is_other = (before.every, before.weekday, before.hour) != (wanted.every, wanted.weekday, wanted.hour)
        self._set(id_, **wanted.columns, since=self._hub.clock.now() if is_other else before.since)
        return self.get(id_)

    def switch(self, id_: str, on: bool) -> Digest:
        """Let a digest be sent from now on, or no more; what was due meanwhile is not sent; raises NotFound."""
        if self.get(id_).is_on != on:
            self._set(id_, is_on=on, since=self._hub.clock.now())
        return self.get(id_)

    def remove(self, id_: str) -> None:
        """Delete a digest, so that it can still be brought back for thirty days; raises NotFound."""
        self._set(id_, deleted_at=self._hub.clock.now())

    def restore(self, id_: str) -> Digest:
        """Bring a deleted digest back; what was due meanwhile is not sent; one that is there stays; raises NotFound."""
        gone = update(digest).where(digest.c.id == id_, digest.c.deleted_at.is_not(None))
        self._hub.tables.write(gone.values(deleted_at=None, since=self._hub.clock.now()))
        return self.get(id_)

    def planned(self, id_: str, day: str) -> None:
        """Note that the mail of a day is on its way."""
        mine = update(digest).where(digest.c.id == id_, digest.c.last_day < day)
        self._hub.tables.write(mine.values(last_day=day))

    def clear(self) -> None:
        """Forget digests that were deleted thirty days ago, with their recipients and what was made of them."""
        gone = select(digest.c.id).where(digest.c.deleted_at < self._hub.clock.now() - UNDO)
        ids = [row["id"] for row in self._hub.tables.read(gone)]
        if ids:
            self._hub.tables.write(
                delete(recipient).where(recipient.c.digest.in_(ids)),
                delete(edition).where(edition.c.digest.in_(ids)),
                delete(digest).where(digest.c.id.in_(ids)),
            )

    def due(self, found: Digest) -> Slot | None:
        """Return the slot whose mail has to be planned, None for none; of several missed ones it is the last."""
        if not found.is_on:
            return None
        slot = latest(found.rhythm(self._hub.timezone), self._hub.clock.now())
        return slot if slot.at > found.since and slot.day.isoformat() > found.last_day else None

    def next_at(self, found: Digest) -> datetime:
        """Return when a digest is due next."""
        rhythm, now = found.rhythm(self._hub.timezone), self._hub.clock.now()
        slot = following(rhythm, now)
        # A day has one mail, also when its hour was set later after the mail went out.
        return slot.at if slot.day.isoformat() > found.last_day else following(rhythm, slot.at).at

    def days(self, found: Digest, at: datetime) -> tuple[str, str]:
        """Return the first and the last day that a digest is about when it is due at a moment."""
        since, until = period(found.every, found.days, at)
        return since.isoformat(), until.isoformat()

    def _set(self, id_: str, **values: Any) -> None:
        kept = update(digest).where(digest.c.id == id_, digest.c.deleted_at.is_(None))
        if self._hub.tables.write(kept.values(**values)) != [1]:
            raise NotFound("no such digest")


def _digest(row: dict[str, Any]) -> Digest:
    return Digest(**{**row, "reports": tuple(row["reports"])})
