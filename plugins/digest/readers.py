"""Whom a digest goes to, and who has ended it for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, null, select, update
from sqlalchemy.sql import Executable

from feedbackhub import N_, Hub, NotFound, Problem, Refused, is_line, new_public_id

from .tables import edition, recipient

__all__ = ["Recipient", "Recipients"]

LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a digest goes to, or went to; see the columns of `tables.recipient`."""

    id: str
    digest: str
    address: str
    added_at: datetime
    removed_at: datetime | None
    stopped_at: datetime | None
    note: str


class Recipients:
    """The recipients of all digests.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def of(self, digest: str) -> list[Recipient]:
        """Return who stands on a digest's list, by address, also who has ended it."""
        query = select(recipient).where(recipient.c.digest == digest, recipient.c.removed_at.is_(None))
        return [Recipient(**row) for row in self._hub.tables.read(query.order_by(recipient.c.address))]

    def counts(self) -> dict[str, int]:
        """Return to how many each digest goes."""
        query = select(recipient.c.digest).where(recipient.c.removed_at.is_(None), recipient.c.stopped_at.is_(None))
        found: dict[str, int] = {}
        for row in self._hub.tables.read(query):
            found[row["digest"]] = found.get(row["digest"], 0) + 1
        return found

    def wanting(self, digest: str) -> list[Recipient]:
        """Return who gets a digest."""
        return [each for each in self.of(digest) if each.stopped_at is None]

    def find(self, id_: str) -> Recipient | None:
        """Return a recipient, None when there is none any more."""
        found = self._hub.tables.read(select(recipient).where(recipient.c.id == id_))
        return Recipient(**found[0]) if found else None

    def set(self, digest: str, addresses: Iterable[str]) -> None:
        """Put these addresses on a digest's list and take all others off it; who has ended it stays so.

        Args:
            digest: The digest.
            addresses: In their one spelling.
        """
        now, wanted = self._hub.clock.now(), list(addresses)
        rows = self._hub.tables.read(select(recipient).where(recipient.c.digest == digest))
        known = {str(row["address"]): row for row in rows}
        changes: list[Executable] = [
            insert(recipient).values(id=new_public_id(), digest=digest, address=each, added_at=now, note="")
            for each in wanted if each not in known
        ]  # fmt: skip
        for address, row in known.items():
            changes += self._changes(row, address in wanted)
        if changes:
            self._hub.tables.write(*changes)

    def _changes(self, row: dict[str, Any], stays: bool) -> list[Executable]:
        own = recipient.c.id == row["id"]
        if stays:
            return [update(recipient).where(own).values(removed_at=None)] if row["removed_at"] else []
        if row["stopped_at"] is None:
            return [delete(recipient).where(own)]
        return [] if row["removed_at"] else [update(recipient).where(own).values(removed_at=self._hub.clock.now())]

    def stop(self, id_: str) -> None:
        """End a digest for a recipient, at their own wish."""
        mine = update(recipient).where(recipient.c.id == id_, recipient.c.stopped_at.is_(None))
        self._hub.tables.write(mine.values(stopped_at=self._hub.clock.now(), note=""))

    def go_on(self, id_: str) -> None:
        """Send a digest again to a recipient who had ended it, at their own wish."""
        self._hub.tables.write(update(recipient).where(recipient.c.id == id_).values(stopped_at=None, note=""))

    def put_back(self, digest: str, id_: str, note: str, by: str) -> None:
        """Send a digest again to a recipient who had ended it, at the wish of staff.

        Args:
            digest: The digest.
            id_: The recipient.
            note: Why.
            by: Who decided it.

        Raises:
            Refused: There is no reason.
            NotFound: There is no such recipient, or it was never ended.
        """
        reason = " ".join(note.split())
        if not reason or len(reason) > LONGEST_NOTE or not is_line(reason):
            raise Refused(Problem("note", N_("Say why in a line: this person has ended the mail.")))
        mine = update(recipient).where(
            recipient.c.id == id_, recipient.c.digest == digest, recipient.c.stopped_at.is_not(None)
        )
        if self._hub.tables.write(mine.values(stopped_at=None, note=reason)) != [1]:
            raise NotFound("no such recipient")
        self._hub.log.info("%s put a recipient back into digest %s", by, digest)

    def erase(self, addresses: Iterable[str]) -> int:
        """Forget addresses, also those that ended a digest, and what may quote them; return how many rows went."""
        known = list(addresses)
        gone = self._hub.tables.write(
            delete(recipient).where(recipient.c.address.in_(known)),
            update(edition).where(edition.c.address.in_(known)).values(address=""),
            # A preview may hold the words of anybody.
            update(edition).where(edition.c.content.is_not(None)).values(content=null()),
        )
        return gone[0] + gone[1]
