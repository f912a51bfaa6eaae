"""Contacts: recorded when they end, reopened when they go on, read with the decision on each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from flask import g, request
from pydantic import Field

from ...contract.intake import ContactEvent, Strict
from ...contract.scalars import Key, Moment, Slug
from ...loop.intake import Once, get_contact, record_contact, reopen_contact
from ...loop.kit import link_kit
from ...loop.listing import list_contacts
from ...loop.views import ContactView
from ..current import core
from .chapter import Chapter
from .invitations import Kit, kit_shape
from .shapes import IDEMPOTENCY, Page, Shape, idempotency_key

__all__ = ["chapter"]

chapter = Chapter("contacts", "Service contacts that have ended, and the decision whether to ask about each.")


class Decision(Shape):
    """Why a contact was or was not asked about."""

    outcome: Literal["ask", "dont_ask"]
    rule: str = Field(description="The rule that decided, `policy` when nothing spoke against asking.")
    reason: str
    facts: Mapping[str, Any]
    decided_at: datetime


class Invitation(Shape):
    """The ask that followed."""

    id: str
    survey: str
    state: str = Field(description="due, sent, answered, cancelled, expired or undeliverable.")
    reason: str
    link: str = Field(description="The personal link.")
    due_at: datetime
    sent_at: datetime | None
    expires_at: datetime


class Contact(Shape):
    """A contact as recorded."""

    id: str
    source: str
    external_id: str
    resolution: int
    customer: str | None
    agent: str | None
    channel: str
    team: str
    topic: str
    product: str
    brand: str
    language: str
    segment: str
    country: str
    tags: tuple[str, ...]
    direction: str
    closed_by: str
    started_at: datetime | None
    ended_at: datetime
    reopened_at: datetime | None
    url: str
    ask: bool
    test: bool
    imported: bool
    attributes: Mapping[str, str]
    recorded_at: datetime
    decision: Decision
    invitation: Invitation | None


class Ignored(Shape):
    """A field that a repeated event gave differently; the first one stands."""

    field: str
    stored: str
    given: str


class Recorded(Shape):
    """What became of a contact."""

    created: bool = Field(description="false: it was recorded before.")
    contact: Contact
    ignored: tuple[Ignored, ...]
    kit: Kit | None = Field(description="The personal link in every form to hand out; null when nobody is asked.")


class ContactPage(Shape):
    """A part of the list of contacts."""

    items: tuple[Contact, ...]
    next: str
    more: bool


class ContactQuery(Page):
    """Which contacts to list."""

    source: Slug | Literal[""] = ""
    external_id: Key | Literal[""] = ""


class Reopening(Strict):
    """A contact that goes on."""

    source: Slug
    external_id: Key
    at: Moment | None = Field(None, description="When it was reopened; now when left out.")


class Reopened(Shape):
    """What reopening did."""

    contact: Contact
    applied: bool = Field(description="false: a later end was recorded already, or it was open.")
    cancelled: int = Field(description="How many messages were called off.")


@chapter.operation(
    "POST", "/contacts", "contacts:write", {201: Recorded, 200: Recorded}, body=ContactEvent, refuses=(409,),
    headers=(IDEMPOTENCY,),
)  # fmt: skip
def record(body: ContactEvent) -> tuple[Recorded, int]:
    """Record a contact that has ended, decide on it and invite; the same contact again changes nothing."""
    key = idempotency_key()
    once = Once(g.api_key.public_id, key, request.get_data()) if key else None
    done = record_contact(core(), body, once)
    invitation = done.contact.invitation
    kit = kit_shape(core(), link_kit(core(), invitation.id)) if invitation else None
    ignored = tuple(Ignored.model_validate(each) for each in done.ignored)
    shape = Recorded(created=done.created, contact=contact_shape(done.contact), ignored=ignored, kit=kit)
    return shape, 201 if done.created else 200


@chapter.operation("POST", "/contacts/reopened", "contacts:write", {200: Reopened}, body=Reopening, refuses=(404,))
def reopen(body: Reopening) -> Reopened:
    """Note that a contact goes on: what is not sent is called off, its next end is a resolution of its own."""
    done = reopen_contact(core(), body.source, body.external_id, body.at)
    return Reopened(contact=contact_shape(done.contact), applied=done.applied, cancelled=done.cancelled)


@chapter.operation("GET", "/contacts", "contacts:read", {200: ContactPage}, query=ContactQuery, refuses=(404,))
def index(query: ContactQuery) -> ContactPage:
    """List contacts in the order they were recorded."""
    part = list_contacts(core(), query.after, query.limit, query.source, query.external_id)
    return ContactPage(items=tuple(map(contact_shape, part.items)), next=part.next, more=part.more)


@chapter.operation("GET", "/contacts/<public:id>", "contacts:read", {200: Contact})
def show(id: str) -> Contact:
    """Return one contact with its decision and invitation."""
    return contact_shape(get_contact(core(), id))


@chapter.operation("GET", "/contacts/<public:id>/decision", "contacts:read", {200: Decision})
def decision(id: str) -> Decision:
    """Return why a contact was or was not asked about."""
    return Decision.model_validate(get_contact(core(), id).decision)


def contact_shape(view: ContactView) -> Contact:
    """Return a contact as the API shows it."""
    return Contact.model_validate(view)
