"""Endpoints: where events go, whether they are on, and how they fare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.sql import Executable

from feedbackhub import Hub, NotFound

from .outcome import FAILING_FOR, Outcome, pause
from .tables import delivery, endpoint
from .wanted import Wanted

__all__ = ["SLOW", "Book", "Endpoint"]

#: Milliseconds after which an answer is so late that only one call at a time is made.
SLOW = 2000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place that events, or notes, are sent to; see the columns of `tables.endpoint`."""

    id: str
    title: str
    url: str
    template: Mapping[str, Any]
    types: tuple[str, ...]
    include: tuple[str, ...]
    generation: int
    rotated_at: datetime | None
    is_on: bool
    off_since: datetime | None
    reason: str
    trouble: str
    failures: int
    failing_since: datetime | None
    rest_until: datetime | None
    is_slow: bool
    succeeded_at: datetime | None
    created_at: datetime
    created_by: str

    @property
    def is_note(self) -> bool:
        """Whether answers become notes in a helpdesk, instead of events being sent."""
        return bool(self.template)

    @property
    def is_frail(self) -> bool:
        """Whether it failed or was slow the last time, so that only one call at a time is made."""
        return self.is_slow or self.failures > 0


class Book:
    """The endpoints of one instance.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def all(self) -> list[Endpoint]:
        """Return every endpoint, the oldest first."""
        query = select(endpoint).order_by(endpoint.c.created_at, endpoint.c.id)
        return [_endpoint(row) for row in self._hub.tables.read(query)]

    def find(self, id_: str) -> Endpoint | None:
        """Return an endpoint, None for none."""
        found = self._hub.tables.read(select(endpoint).where(endpoint.c.id == id_))
        return _endpoint(found[0]) if found else None

    def get(self, id_: str) -> Endpoint:
        """Return an endpoint; raises NotFound."""
        found = self.find(id_)
        if found is None:
            raise NotFound("no such endpoint")
        return found

    def add(self, id_: str, wanted: Wanted, by: str) -> Endpoint:
        """Keep a new endpoint, which is on."""
        start: dict[str, Any] = {
            "generation": 1, "is_on": True, "reason": "", "trouble": "", "failures": 0, "is_slow": False,
        }  # fmt: skip
        row = {"id": id_, **wanted.columns, **start, "created_at": self._hub.clock.now(), "created_by": by[:200]}
        self._hub.tables.write(insert(endpoint).values(row))
        return self.get(id_)

    def change(self, id_: str, wanted: Wanted) -> Endpoint:
        """Change what is sent where; raises NotFound."""
        self._set(id_, **wanted.columns)
        return self.get(id_)

    def rotate(self, id_: str) -> Endpoint:
        """Take a new secret into use; raises NotFound."""
        before = self.get(id_)
        values = {"generation": before.generation + 1, "rotated_at": self._hub.clock.now()}
        # Two people who rotate at the same moment must not take two steps: both secrets in use would be new.
        statement = update(endpoint).where(endpoint.c.id == id_, endpoint.c.generation == before.generation)
        self._hub.tables.write(statement.values(values))
        return self.get(id_)

    def switch_on(self, id_: str) -> Endpoint:
        """Send again, as if nothing had failed before; raises NotFound."""
        self._set(
            id_, is_on=True, off_since=None, reason="", trouble="", failures=0, failing_since=None, rest_until=None
        )
        return self.get(id_)

    def switch_off(self, id_: str, reason: str) -> bool:
        """Send nothing more, and tell whether it was on.

        Args:
            id_: The endpoint.
            reason: ``by_hand``, ``gone`` or ``failing``.
        """
        return self._hub.tables.write(self._off(id_, reason)) == [1]

    def remove(self, id_: str) -> None:
        """Forget an endpoint and what was sent to it; raises NotFound."""
        gone = self._hub.tables.write(
            delete(delivery).where(delivery.c.endpoint == id_), delete(endpoint).where(endpoint.c.id == id_)
        )
        if gone[1] == 0:
            raise NotFound("no such endpoint")

    def after(self, found: Endpoint, outcome: Outcome, milliseconds: int) -> Sequence[Executable]:
        """Return the changes that an attempt leaves on its endpoint."""
        now = self._hub.clock.now()
        own = update(endpoint).where(endpoint.c.id == found.id)
        if outcome.kind == "delivered":
            well = {"failures": 0, "failing_since": None, "rest_until": None, "trouble": "", "succeeded_at": now}
            return [own.values(**well, is_slow=milliseconds > SLOW)]
        if outcome.kind in ("failed", "skipped"):  # a ticket that is gone says nothing of the helpdesk
            return []
        failures = found.failures + 1
        ill = {
            "failures": failures, "failing_since": found.failing_since or now, "trouble": outcome.error,
            "rest_until": pause(failures, outcome.asked, now), "is_slow": milliseconds > SLOW,
        }  # fmt: skip
        changes: list[Executable] = [own.values(ill)]
        reason = self.why_off(found, outcome)
        return [*changes, self._off(found.id, reason)] if reason else changes

    def why_off(self, found: Endpoint, outcome: Outcome) -> str:
        """Return why an attempt disables its endpoint, empty when it does not."""
        if outcome.kind == "gone":
            return "gone"
        since = found.failing_since
        is_dead = outcome.kind == "again" and since is not None and self._hub.clock.now() - since >= FAILING_FOR
        return "failing" if is_dead else ""

    def _off(self, id_: str, reason: str) -> Executable:
        on = update(endpoint).where(endpoint.c.id == id_, endpoint.c.is_on)
        return on.values(is_on=False, off_since=self._hub.clock.now(), reason=reason)

    def _set(self, id_: str, **values: Any) -> None:
        if self._hub.tables.write(update(endpoint).where(endpoint.c.id == id_).values(**values)) != [1]:
            raise NotFound("no such endpoint")


def _endpoint(row: dict[str, Any]) -> Endpoint:
    return Endpoint(**{**row, "types": tuple(row["types"]), "include": tuple(row["include"])})
