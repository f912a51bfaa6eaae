"""Deliveries for staff: what is due, sent and stuck; send again or call off, one or many, audited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..loop.core import Core
from ..loop.redeliver import BY_STAFF, Outcome, cancel_now, retry_now
from ..store.queries import outbox, staff_deliveries
from ..store.queries.paging import Place
from ..store.queries.staff_deliveries import RETURNED, DeliveryFilter
from ..store.types import AnyRow
from .audit import record
from .lists import AT_ONCE, Listed, listed

__all__ = [
    "RETURNED",
    "STATES",
    "Came",
    "DeliveryFilter",
    "DeliveryLine",
    "Queue",
    "call_off",
    "channels",
    "delivery_line",
    "list_deliveries",
    "queue",
    "returned",
    "send_again",
]

STATES = ("due", "sent", "parked", "failed", "bounced", "cancelled")


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery.

    `parked` tells whether it gave up after several attempts and waits for a person, `failing` whether it waits to be
    tried again after it failed, `called_off` whether a person called it off.
    """

    id: str
    kind: str
    channel: str
    address_kind: str
    address: str
    customer: str
    contact: str
    survey: str
    state: str
    parked: bool
    failing: bool
    called_off: bool
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    error: str
    receipt: str
    invitation_state: str
    answered: bool
    test: bool

    @property
    def may_retry(self) -> bool:
        """Whether sending it again may make sense; everything is checked once more then."""
        stuck = self.state == "failed" or self.called_off or (self.state == "due" and (self.parked or self.failing))
        goes_on = self.invitation_state in ("due", "sent", "undeliverable")
        return stuck and not self.answered and (goes_on or (self.called_off and self.invitation_state == "cancelled"))

    @property
    def may_cancel(self) -> bool:
        """Whether it waits for something."""
        return self.state == "due" or self.parked


def list_deliveries(core: Core, wanted: DeliveryFilter, place: Place) -> Listed[DeliveryLine]:
    """Return a page of deliveries."""
    with core.store.read() as connection:
        return listed(staff_deliveries.deliveries(connection, wanted, place, AT_ONCE), delivery_line)


def delivery_line(row: AnyRow) -> DeliveryLine:
    """Return a delivery's line from its row."""
    return DeliveryLine(
        id=row.public_id,
        kind=row.kind,
        channel=row.channel,
        address_kind=row.address_kind,
        address=row.address,
        customer=row.customer_name or "",
        contact=row.contact_public_id or "",
        survey=row.survey,
        state=row.state,
        parked=row.task_state == "parked",
        failing=row.task_state == "due" and row.last_error != "",
        called_off=row.state == "cancelled" and row.error == BY_STAFF,
        attempts=row.tries or 0,
        due_at=row.due_at,
        sent_at=row.sent_at,
        delivered_at=row.delivered_at,
        error=row.error or (row.last_error or "" if row.task_state == "parked" else ""),
        receipt=row.receipt,
        invitation_state=row.invitation_state,
        answered=row.response_public_id is not None,
        test=row.test,
    )


def channels(core: Core) -> list[str]:
    """Return the channels that deliveries can be filtered by."""
    with core.store.read() as connection:
        return staff_deliveries.channels(connection)


@dataclass(frozen=True)
class Queue:
    """How the work waiting stands: all tasks, not deliveries alone.

    Args:
        overdue: Tasks whose time has come.
        parked: Tasks that gave up and wait for a person.
        next_due: When the next task is due.
        states: Deliveries by state, of those that wait or went wrong.
    """

    overdue: int
    parked: int
    next_due: datetime | None
    states: dict[str, int]


def queue(core: Core) -> Queue:
    """Return how the queue stands now."""
    with core.store.read() as connection:
        counts = outbox.counts(connection, core.clock.now())
        states = staff_deliveries.state_counts(connection)
        return Queue(counts["overdue"], counts["parked"], outbox.next_due(connection), states)


def send_again(core: Core, deliveries: Sequence[str], by: str) -> dict[Outcome, int]:
    """Send deliveries again and return how many fared in which way.

    Raises:
        NotFound: One of them does not exist; nothing was changed.
    """

    def act(connection: Connection, delivery: str, now: datetime) -> Outcome:
        return retry_now(connection, core, delivery, now)

    return _each(core, deliveries, by, "delivery.retried", act)


def call_off(core: Core, deliveries: Sequence[str], by: str) -> dict[Outcome, int]:
    """Call waiting deliveries off and return how many fared in which way.

    Raises:
        NotFound: One of them does not exist; nothing was changed.
    """
    return _each(core, deliveries, by, "delivery.cancelled", cancel_now)


Act = Callable[[Connection, str, datetime], Outcome]


def _each(core: Core, deliveries: Sequence[str], by: str, action: str, act: Act) -> dict[Outcome, int]:
    now = core.clock.now()

    def run(connection: Connection) -> dict[Outcome, int]:
        fared: dict[Outcome, int] = {}
        for each in deliveries:
            outcome = act(connection, each, now)
            fared[outcome] = fared.get(outcome, 0) + 1
            if outcome == "done":
                record(connection, now, by, action, f"delivery:{each}")
        return fared

    return core.store.write(run)


@dataclass(frozen=True, slots=True)
class Came:
    """Something that came back to a channel."""

    number: int
    at: datetime
    kind: str
    channel: str
    detail: str
    contact: str
    customer: str


def returned(core: Core, kind: str, after: int | None) -> tuple[list[Came], int | None]:
    """Return a page of what came back, newest first, and where the next page begins."""
    with core.store.read() as connection:
        found = staff_deliveries.returned(connection, kind, after, AT_ONCE + 1)
    lines = [
        Came(row.id, row.received_at, row.kind, row.source, row.detail, row.contact_public_id or "",
             row.customer_name or "")
        for row in found[:AT_ONCE]
    ]  # fmt: skip
    return lines, lines[-1].number if len(found) > AT_ONCE else None
