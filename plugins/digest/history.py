"""Editions: what was made of a digest, to be sent, tried or looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from feedbackhub import Effects, Hub, Problem, Scheduled, new_public_id

from .tables import edition

__all__ = ["Edition", "History"]

#: A preview holds what customers wrote, so it is not kept for long.
SHOWN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Edition:
    """What was made of a digest for some days; see the columns of `tables.edition`.

    Args:
        kind: ``sent``, ``test`` or ``preview``.
        state: ``waiting``, ``made`` or ``failed``.
        problems: What is missing in it, in the words that `Problem` has, with what stands in their gaps.
        content: What a preview shows: ``subject``, ``text``, ``html`` and ``notes``.
    """

    id: str
    digest: str
    kind: str
    day: str
    since: str
    until: str
    state: str
    address: str
    letters: int
    problems: tuple[Problem, ...]
    content: Mapping[str, Any] | None
    created_at: datetime
    made_at: datetime | None

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that it is about."""
        return date.fromisoformat(self.since), date.fromisoformat(self.until)


class History:
    """The editions of all digests.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def find(self, id_: str) -> Edition | None:
        """Return an edition, None for none."""
        found = self._hub.tables.read(select(edition).where(edition.c.id == id_))
        return _edition(found[0]) if found else None

    def sent(self, digest: str, most: int = 20) -> list[Edition]:
        """Return what was sent, the newest first."""
        query = select(edition).where(edition.c.digest == digest, edition.c.kind == "sent")
        return [_edition(row) for row in self._hub.tables.read(query.order_by(edition.c.day.desc()).limit(most))]

    def begin(
        self, digest: str, kind: str, day: str, days: tuple[str, str], task: str, *, id_: str = "", address: str = ""
    ) -> Edition:
        """Note that an edition is to be made and queue that, unless it was done already; return the edition.

        Args:
            digest: The digest.
            kind: ``sent``, ``test`` or ``preview``.
            day: The day that it is of, by the company's clocks.
            days: The first and the last day that it is about.
            task: The task that makes it.
            id_: Its id, a new one when left out.
            address: Whom a test goes to.
        """
        known = self.find(id_) if id_ else None
        if known is not None:
            return known
        new = id_ or new_public_id()
        row = {
            "id": new, "digest": digest, "kind": kind, "day": day, "since": days[0], "until": days[1],
            "state": "waiting", "address": address, "letters": 0, "problems": [], "created_at": self._hub.clock.now(),
        }  # fmt: skip
        self._hub.apply(Effects([insert(edition).values(row)], [Scheduled(task, {"edition": new}, key=id_)]))
        return _edition({**row, "content": None, "made_at": None})

    def end(
        self, id_: str, state: str, problems: Sequence[Problem], letters: int = 0,
        content: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Note what became of an edition; whom a test went to is forgotten."""
        values: dict[str, Any] = {
            "state": state, "problems": [[each.text, dict(each.values)] for each in problems], "letters": letters,
            "made_at": self._hub.clock.now(), "address": "",
        }  # fmt: skip
        if content is not None:
            values["content"] = dict(content)
        self._hub.tables.write(update(edition).where(edition.c.id == id_).values(values))

    def forget_shown(self) -> None:
        """Forget previews and tests after an hour."""
        brief = edition.c.created_at < self._hub.clock.now() - SHOWN
        self._hub.tables.write(delete(edition).where(edition.c.kind != "sent", brief))

    def clear(self, days: int) -> None:
        """Forget what was sent after some days."""
        old = edition.c.created_at < self._hub.clock.now() - timedelta(days=days)
        self._hub.tables.write(delete(edition).where(old))


def _edition(row: dict[str, Any]) -> Edition:
    return Edition(**{**row, "problems": tuple(Problem("", text, values) for text, values in row["problems"])})
