"""Lists that other systems read on from where they stopped: nothing missed, nothing twice, no row numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import Connection, Table

from ..contract.errors import NotFound
from ..store.queries import answers, listing
from ..store.types import AnyRow
from .core import Core
from .response_view import ResponseView, response_view
from .views import ContactView, contact_view

T = TypeVar("T")
Reader = Callable[[Connection, int, int, int], Sequence[AnyRow]]


@dataclass(frozen=True)
class Part(Generic[T]):
    """A part of a list.

    Args:
        items: In the order of storing.
        next: Where to read on, now or later; empty for a list that has nothing yet.
        more: Whether there is more already.
    """

    items: tuple[T, ...]
    next: str
    more: bool


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One attempt to reach a customer; the address stays inside."""

    id: str
    invitation: str
    kind: str
    channel: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    error: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SuppressionView:
    """One entry of the list of those not to be asked; whom it concerns is stored as a keyed hash only."""

    id: str
    kind: str
    reason: str
    detail: str
    created_at: datetime
    created_by: str


def list_contacts(core: Core, after: str, limit: int, source: str = "", external_id: str = "") -> Part[ContactView]:
    """Return contacts in the order they were recorded.

    Args:
        core: The instance.
        after: Where the last part said to read on; empty to begin.
        limit: How many at most.
        source: Only of this source.
        external_id: Only with this id there.

    Raises:
        NotFound: There is no such place in the list.
    """

    def read(connection: Connection, start: int, top: int, most: int) -> Sequence[AnyRow]:
        return listing.contacts_after(connection, start, top, most, source, external_id)

    def view(row: AnyRow) -> ContactView:
        return contact_view(row, core.links, core.settings.base_url(row.brand))

    return _part(core, listing.CONTACTS, after, limit, read, view)


def list_responses(core: Core, after: str, limit: int) -> Part[ResponseView]:
    """Return responses in the order they were first stored.

    Raises:
        NotFound: There is no such place in the list.
    """
    return _part(core, listing.RESPONSES, after, limit, listing.responses_after, response_view)


def list_deliveries(core: Core, after: str, limit: int, state: str = "") -> Part[DeliveryView]:
    """Return deliveries in the order they were planned.

    Raises:
        NotFound: There is no such place in the list.
    """

    def read(connection: Connection, start: int, top: int, most: int) -> Sequence[AnyRow]:
        return listing.deliveries_after(connection, start, top, most, state)

    return _part(core, listing.DELIVERIES, after, limit, read, delivery_view)


def list_suppressions(core: Core, after: str, limit: int) -> Part[SuppressionView]:
    """Return suppressions in the order they were recorded.

    Raises:
        NotFound: There is no such place in the list.
    """
    return _part(core, listing.SUPPRESSIONS, after, limit, listing.suppressions_after, _suppression)


def _part(
    core: Core, table: Table, after: str, limit: int, read: Reader, view: Callable[[AnyRow], T]
) -> Part[T]:
    with core.store.read() as connection:
        start = listing.place_of(connection, table, after)
        if start is None:
            raise NotFound("there is no such place in this list")
        top = listing.settled_top(connection, table)
        rows = read(connection, start, top, limit + 1)
    shown = tuple(view(row) for row in rows[:limit])
    return Part(shown, rows[:limit][-1].public_id if shown else after, len(rows) > limit)


def get_response(core: Core, public_id: str) -> ResponseView:
    """Return one response.

    Raises:
        NotFound: There is none with this id.
    """
    with core.store.read() as connection:
        row = answers.response_by_public_id(connection, public_id)
    if row is None:
        raise NotFound("no such response")
    return response_view(row)


def get_delivery(core: Core, public_id: str) -> DeliveryView:
    """Return one delivery.

    Raises:
        NotFound: There is none with this id.
    """
    with core.store.read() as connection:
        row = listing.delivery_by_public_id(connection, public_id)
    if row is None:
        raise NotFound("no such delivery")
    return delivery_view(row)


def delivery_view(row: AnyRow) -> DeliveryView:
    """Return the view of a delivery's row."""
    return DeliveryView(
        row.public_id, row.invitation_public_id, row.kind, row.channel, row.state,
        row.due_at, row.sent_at, row.delivered_at, row.error, row.created_at,
    )  # fmt: skip


def _suppression(row: AnyRow) -> SuppressionView:
    return SuppressionView(row.public_id, row.kind, row.reason, row.detail, row.created_at, row.created_by)
