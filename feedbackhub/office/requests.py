"""Requests of other systems for staff: what came, what became of it; read again or discard, audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound, Problem
from ..loop.core import Core
from ..loop.listing import Part
from ..store.queries import inbound as rows
from ..store.queries import listing, outbox
from ..store.queries.inbound import InboundFilter
from ..store.queries.paging import Place
from ..store.types import AnyRow
from .audit import record
from .lists import AT_ONCE, Listed, listed

__all__ = [
    "STATES",
    "InboundFilter",
    "Led",
    "Request",
    "discard",
    "list_requests",
    "raw_body",
    "read_again",
    "read_no_more",
    "read_on",
    "request",
    "retry",
    "retry_failed",
]

STATES = ("received", "done", "ignored", "failed", "discarded")
_AGAIN = ("failed", "discarded", "received")
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Led:
    """A contact that a request led to, with the decision on it."""

    contact: str
    source: str
    external_id: str
    customer: str
    outcome: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request of another system, without its body.

    Args:
        id: Public id.
        receiver: The source or channel that was called.
        kind: Which of them it is.
        state: ``received`` (to be read), ``done``, ``ignored``, ``failed`` (waits for a person) or ``discarded``.
        received_at: When it came.
        handled_at: When it was read last.
        attempts: How often it was tried to read it.
        problems: Why it failed, by field.
        waits: Why it is tried again later.
        ignored: Why something in it does not matter.
        created: How many contacts it brought that were new.
        reopened: How many contacts it reopened.
        returned: How many receipts or replies a channel found in it.
        size: Bytes of its body, 0 when that is gone.
        erased: Whether a person was erased whom it was about.
        headers: The header fields that were kept.
        contacts: The contacts that it led to.
    """

    id: str
    receiver: str
    kind: str
    state: str
    received_at: datetime
    handled_at: datetime | None
    attempts: int
    problems: tuple[Problem, ...]
    waits: str
    ignored: tuple[str, ...]
    created: int
    reopened: int
    returned: int
    size: int
    erased: bool
    headers: Mapping[str, str]
    contacts: tuple[Led, ...]

    @property
    def may_retry(self) -> bool:
        """Whether reading it again may make sense."""
        return self.state in _AGAIN and not self.erased

    @property
    def may_discard(self) -> bool:
        """Whether it waits for something."""
        return self.state in rows.WAITING


def list_requests(core: Core, wanted: InboundFilter, place: Place, limit: int = AT_ONCE) -> Listed[Request]:
    """Return a page of requests, newest first."""
    with core.store.read() as connection:
        found = rows.page(connection, wanted, place, limit)
        led = _led(connection, found.rows)
    return listed(found, lambda row: _request(row, led.get(row.id, ())))


def read_on(core: Core, after: str, limit: int, wanted: InboundFilter) -> Part[Request]:
    """Return requests in the order they came, for other systems that read on from a place.

    Raises:
        NotFound: There is no such place in the list.
    """
    with core.store.read() as connection:
        start = listing.place_of(connection, listing.REQUESTS, after)
        if start is None:
            raise NotFound("there is no such place in this list")
        top = listing.settled_top(connection, listing.REQUESTS)
        found = rows.after(connection, start, top, limit + 1, wanted)
        led = _led(connection, found[:limit])
    shown = tuple(_request(row, led.get(row.id, ())) for row in found[:limit])
    return Part(shown, shown[-1].id if shown else after, len(found) > limit)


def request(core: Core, public_id: str) -> Request:
    """Return one request.

    Raises:
        NotFound: There is no such request.
    """
    with core.store.read() as connection:
        row = rows.by_public_id(connection, public_id)
        if row is None:
            raise NotFound("there is no such request in the inbox")
        return _request(row, _led(connection, [row]).get(row.id, ()))


def raw_body(core: Core, public_id: str, by: str) -> bytes:
    """Return a request's body as it came, and note who looked: it may hold anything about a customer.

    Raises:
        NotFound: There is no such request.
    """
    now = core.clock.now()

    def run(connection: Connection) -> bytes:
        found = rows.body(connection, public_id)
        if found is None:
            raise NotFound("there is no such request in the inbox")
        record(connection, now, by, "request.viewed", f"request:{public_id}")
        return found

    return core.store.write(run)


def retry(core: Core, public_id: str, by: str) -> None:
    """Read a request again, now.

    Raises:
        NotFound: There is no such request.
        Conflict: It was read already, or emptied because its person was erased.
    """
    now = core.clock.now()
    core.store.write(lambda connection: read_again(connection, public_id, by, now))


def read_again(connection: Connection, public_id: str, by: str, now: datetime) -> None:
    """Have a request read again inside a write; the errors of `retry`."""
    row = rows.by_public_id(connection, public_id)
    if row is not None and row.result.get("erased"):
        raise Conflict("the person whom this request was about was erased")
    number = rows.move(connection, public_id, _AGAIN, {"state": "received", "problems": [], "handled_at": None})
    if number is None:
        raise _not_waiting(row)
    rows.queue(connection, number, now)
    record(connection, now, by, "request.retried", f"request:{public_id}")


def retry_failed(core: Core, by: str, name: str = "") -> int:
    """Read every request again that failed, and return how many.

    Args:
        core: The instance.
        by: Who says so, for the audit log.
        name: Only those of this source or channel; empty: of all.
    """
    now, done = core.clock.now(), 0

    def run(connection: Connection) -> int:
        found = rows.failed(connection, name, _BATCH)
        for each in found:
            read_again(connection, each, by, now)
        return len(found)

    while found := core.store.write(run):
        done += found
    return done


def discard(core: Core, public_id: str, by: str) -> None:
    """Do not read a request any more; it is removed with the others after a while.

    Raises:
        NotFound: There is no such request.
        Conflict: It was read already.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        if not read_no_more(connection, public_id, by, now):
            raise _not_waiting(rows.by_public_id(connection, public_id))

    core.store.write(run)


def read_no_more(connection: Connection, public_id: str, by: str, now: datetime) -> bool:
    """Discard a request inside a write, with the task that would read it, and tell whether it was waiting."""
    number = rows.move(connection, public_id, rows.WAITING, {"state": "discarded", "handled_at": now})
    if number is None:
        return False
    outbox.cancel(connection, rows.INBOUND, [str(number)], now)
    record(connection, now, by, "request.discarded", f"request:{public_id}")
    return True


def _not_waiting(row: AnyRow | None) -> Conflict | NotFound:
    if row is None:
        return NotFound("there is no such request in the inbox")
    return Conflict(f"this request does not wait any more: {row.state}")


def _led(connection: Connection, found: Sequence[AnyRow]) -> dict[int, tuple[Led, ...]]:
    led: dict[int, tuple[Led, ...]] = {}
    for row in rows.contacts_of(connection, [each.id for each in found]):
        one = Led(
            row.public_id, row.source, row.external_id, row.customer_name or "", row.outcome or "", row.rule or "",
            row.reason or "",
        )  # fmt: skip
        led[row.inbound_id] = (*led.get(row.inbound_id, ()), one)
    return led


def _request(row: AnyRow, led: tuple[Led, ...]) -> Request:
    result: dict[str, Any] = row.result
    return Request(
        id=row.public_id,
        receiver=row.receiver,
        kind=row.kind,
        state=row.state,
        received_at=row.received_at,
        handled_at=row.handled_at,
        attempts=row.attempts,
        problems=tuple(Problem(each["field"], each["reason"]) for each in row.problems),
        waits=result.get("waits", "") if row.state == "received" else "",
        ignored=tuple(result.get("ignored", ())),
        created=result.get("created", 0),
        reopened=result.get("reopened", 0),
        returned=result.get("returned", 0),
        size=getattr(row, "size", 0) or 0,
        erased=bool(result.get("erased")),
        headers=row.headers,
        contacts=led,
    )
