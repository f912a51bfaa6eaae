"""The log of deliveries: one row for each event and endpoint, with how it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.sql import Executable

from feedbackhub import Effects, Event, Hub, NotFound, Scheduled, new_public_id

from .outcome import Outcome
from .tables import delivery

__all__ = ["PUSH", "STATUSES", "Delivery", "Log"]

PUSH = "push"
#: ``waiting`` for its next attempt, ``held`` because the endpoint is off, ``skipped`` because there was nothing to say.
STATUSES = ("waiting", "delivered", "failed", "held", "skipped")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one endpoint; see the columns of `tables.delivery`."""

    id: str
    endpoint: str
    position: int
    type: str
    subject: str
    event_at: datetime
    round: int
    status: str
    attempts: int
    answer: int
    milliseconds: int
    error: str
    digest: str
    created_at: datetime
    tried_at: datetime | None
    next_at: datetime | None

    @property
    def task(self) -> Scheduled:
        """What sends it."""
        return Scheduled(PUSH, {"delivery": self.id, "round": self.round}, key=f"{self.id} {self.round}")


def planned(endpoint: str, event: Event, now: datetime) -> Delivery:
    """Return an event that is to be sent to an endpoint."""
    return Delivery(
        new_public_id(), endpoint, event.position, event.type, subject_of(event), event.at, 0, "waiting", 0, 0, 0, "",
        "", now, None, now,
    )  # fmt: skip


def subject_of(event: Event) -> str:
    """Return the id of what an event is mostly about, empty for none."""
    order = (event.type.partition(".")[0], "response", "invitation", "contact", "customer")
    found = next((event.payload[name] for name in order if isinstance(event.payload.get(name), str)), "")
    return str(found)[:40]


def insertion(rows: Sequence[Delivery]) -> list[Executable]:
    """Return the statement that keeps planned deliveries; none for none."""
    names = [column.name for column in delivery.columns]
    values = [{name: getattr(row, name) for name in names} for row in rows]
    return [insert(delivery).values(values[start : start + 50]) for start in range(0, len(values), 50)]


class Log:
    """The deliveries of one instance.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def find(self, id_: str) -> Delivery | None:
        """Return a delivery, None for none."""
        return self._first(select(delivery).where(delivery.c.id == id_))

    def get(self, endpoint: str, id_: str) -> Delivery:
        """Return a delivery of an endpoint; raises NotFound."""
        found = self.find(id_)
        if found is None or found.endpoint != endpoint:
            raise NotFound("no such delivery")
        return found

    def page(self, endpoint: str, status: str, before: int | None, size: int) -> list[Delivery]:
        """Return deliveries of an endpoint, those of the newest events first.

        Args:
            endpoint: The endpoint.
            status: Only those of this status; empty for all.
            before: Only those of events before this position.
            size: The most to return.
        """
        query = select(delivery).where(delivery.c.endpoint == endpoint).order_by(delivery.c.position.desc())
        if status:
            query = query.where(delivery.c.status == status)
        if before is not None:
            query = query.where(delivery.c.position < before)
        return [Delivery(**row) for row in self._hub.tables.read(query.limit(size))]

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Return how many deliveries each endpoint has, by status."""
        query = select(delivery.c.endpoint, delivery.c.status, func.count().label("n")).group_by(
            delivery.c.endpoint, delivery.c.status
        )
        found: dict[str, dict[str, int]] = {}
        for row in self._hub.tables.read(query):
            found.setdefault(row["endpoint"], {})[row["status"]] = row["n"]
        return found

    def known(self, endpoints: Collection[str], first: int, last: int) -> dict[tuple[str, int], Delivery]:
        """Return the deliveries of some endpoints for the events of a stretch of the log."""
        within = (delivery.c.position >= first) & (delivery.c.position <= last)
        query = select(delivery).where(within, delivery.c.endpoint.in_(list(endpoints)))
        rows = [Delivery(**row) for row in self._hub.tables.read(query)]
        return {(row.endpoint, row.position): row for row in rows}

    def held(self, endpoint: str, size: int) -> list[Delivery]:
        """Return deliveries that were held back while an endpoint was off, the oldest first."""
        query = select(delivery).where(delivery.c.endpoint == endpoint, delivery.c.status == "held")
        rows = self._hub.tables.read(query.order_by(delivery.c.position).limit(size))
        return [Delivery(**row) for row in rows]

    def last_note(self, endpoint: str, subject: str, but: str) -> Delivery | None:
        """Return the newest note about something that was delivered, None for none.

        Args:
            endpoint: The endpoint.
            subject: What it is about.
            but: A delivery that does not count.
        """
        done = (delivery.c.status == "delivered") & (delivery.c.id != but)
        about = (delivery.c.endpoint == endpoint) & (delivery.c.subject == subject)
        return self._first(select(delivery).where(about, done).order_by(delivery.c.tried_at.desc()).limit(1))

    def again(self, row: Delivery, now: datetime) -> tuple[list[Executable], Scheduled]:
        """Return what lets a delivery begin anew: the change and the task."""
        turn = row.round + 1
        values = {"round": turn, "status": "waiting", "attempts": 0, "next_at": now, "error": ""}
        same = (delivery.c.id == row.id) & (delivery.c.round == row.round)
        task = Scheduled(PUSH, {"delivery": row.id, "round": turn}, key=f"{row.id} {turn}")
        return [update(delivery).where(same).values(values)], task

    def retry(self, row: Delivery) -> None:
        """Let a delivery begin anew, with the same id for its receiver."""
        changes, task = self.again(row, self._hub.clock.now())
        self._hub.apply(Effects(changes, [task]))

    def put_aside(self, row: Delivery, status: str, error: str = "") -> None:
        """Note that a delivery is not tried: it is held, or there is nothing to say."""
        values = {"status": status, "error": error, "next_at": None, "tried_at": self._hub.clock.now()}
        self._hub.tables.write(update(delivery).where(self._same(row)).values(values))

    def after(
        self, row: Delivery, outcome: Outcome, milliseconds: int, wait: timedelta | None, digest: str
    ) -> Executable:
        """Return the change that an attempt leaves on its delivery."""
        now = self._hub.clock.now()
        status = {"delivered": "delivered", "again": "waiting", "gone": "held", "skipped": "skipped"}.get(outcome.kind)
        if status is None or (outcome.kind == "again" and wait is None):
            status = "failed"
        values: dict[str, Any] = {
            "status": status, "attempts": row.attempts + 1, "answer": outcome.answer, "milliseconds": milliseconds,
            "error": outcome.error, "tried_at": now, "next_at": now + wait if wait and status == "waiting" else None,
        }  # fmt: skip
        if outcome.kind == "delivered":
            values["digest"] = digest
        return update(delivery).where(self._same(row)).values(values)

    def prune(self, before: datetime) -> int:
        """Forget what is older and has come to an end, and return how many rows that were."""
        ended = (delivery.c.created_at < before) & (delivery.c.status != "waiting")
        return self._hub.tables.write(delete(delivery).where(ended))[0]

    def _first(self, query: Select[Any]) -> Delivery | None:
        found = self._hub.tables.read(query)
        return Delivery(**found[0]) if found else None

    @staticmethod
    def _same(row: Delivery) -> Any:
        return (delivery.c.id == row.id) & (delivery.c.round == row.round)
