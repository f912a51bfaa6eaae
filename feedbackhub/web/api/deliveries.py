"""Deliveries: each attempt to reach a customer, and sending a failed one again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ...contract.errors import Conflict
from ...loop.listing import get_delivery, list_deliveries
from ...office.dispatch import send_again
from ..current import core
from .chapter import Chapter
from .shapes import Page, Shape, actor

__all__ = ["chapter"]

chapter = Chapter("deliveries", "Each attempt to reach a customer.")
State = Literal["", "due", "sending", "sent", "failed", "cancelled", "bounced"]
#: Why a delivery cannot be sent again.
REFUSED = {
    "answered": "the customer has answered already",
    "over": "this ask is over",
    "not_failed": "this delivery did not fail",
    "another": "another delivery of this ask is on its way or has arrived",
    "asked": "the customer was asked anew meanwhile",
}


class Delivery(Shape):
    """One attempt; the address stays inside."""

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


class DeliveryPage(Shape):
    """A part of the list of deliveries."""

    items: tuple[Delivery, ...]
    next: str
    more: bool


class DeliveryQuery(Page):
    """Which deliveries to list."""

    state: State = ""


@chapter.operation("GET", "/deliveries", "deliveries:read", {200: DeliveryPage}, query=DeliveryQuery, refuses=(404,))
def index(query: DeliveryQuery) -> DeliveryPage:
    """List deliveries in the order they were planned."""
    part = list_deliveries(core(), query.after, query.limit, query.state)
    items = tuple(Delivery.model_validate(each) for each in part.items)
    return DeliveryPage(items=items, next=part.next, more=part.more)


@chapter.operation("GET", "/deliveries/<public:id>", "deliveries:read", {200: Delivery})
def show(id: str) -> Delivery:
    """Return one delivery."""
    return Delivery.model_validate(get_delivery(core(), id))


@chapter.operation(
    "POST", "/deliveries/<public:id>/retry", "deliveries:write", {200: Delivery}, refuses=(409,)
)
def retry(id: str) -> Delivery:
    """Send a failed delivery again, now."""
    for outcome in send_again(core(), [id], actor()):
        if outcome != "done":
            raise Conflict(REFUSED.get(outcome, outcome))
    return Delivery.model_validate(get_delivery(core(), id))
