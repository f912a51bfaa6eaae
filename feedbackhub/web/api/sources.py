"""Sources: who tells this instance of ended contacts, and what became of what they told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ...office import requests
from ...office.sources import list_sources
from ..current import core
from .chapter import Chapter
from .shapes import Page, Shape, actor

__all__ = ["chapter"]

chapter = Chapter("sources", "Who tells of ended contacts, and what became of what they told.")
Name = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,63})?$")]
State = Literal["", "received", "done", "ignored", "failed", "discarded"]


class Source(Shape):
    """A source or channel that other systems call; the secrets stay inside."""

    name: str
    plugin: str = Field(description="The plugin that brings it; empty: it is not active at present.")
    kind: str = Field(description="source or channel; empty: it is not active at present.")
    address: str
    accepted_at: datetime | None = Field(description="When a call was last accepted.")
    waiting: int = Field(description="How many requests are to be read.")
    failed: int = Field(description="How many requests wait for a person.")
    refused: int = Field(description="How many calls were not genuine.")
    refused_at: datetime | None
    refused_because: str


class SourceList(Shape):
    """All of them."""

    items: tuple[Source, ...]


class Flaw(Shape):
    """Why a request could not be read."""

    field: str
    reason: str


class Led(Shape):
    """A contact that a request led to."""

    contact: str
    source: str
    external_id: str
    outcome: str
    rule: str


class InboxRequest(Shape):
    """One request of another system; its body stays inside."""

    id: str
    receiver: str = Field(description="The source or channel that was called.")
    kind: str
    state: str = Field(description="received, done, ignored, failed or discarded.")
    received_at: datetime
    handled_at: datetime | None
    attempts: int
    problems: tuple[Flaw, ...]
    waits: str = Field(description="Why it is read again later.")
    ignored: tuple[str, ...]
    created: int
    reopened: int
    returned: int
    contacts: tuple[Led, ...]


class InboxPage(Shape):
    """A part of the inbox."""

    items: tuple[InboxRequest, ...]
    next: str
    more: bool


class InboxQuery(Page):
    """Which requests to list."""

    source: Name = Field("", description="Only those to this source or channel.")
    state: State = ""


@chapter.operation("GET", "/sources", "sources:read", {200: SourceList})
def index() -> SourceList:
    """List the sources and channels that other systems call, and how the calls fare."""
    return SourceList(items=tuple(Source.model_validate(each) for each in list_sources(core())))


@chapter.operation("GET", "/inbox", "sources:read", {200: InboxPage}, query=InboxQuery, refuses=(404,))
def inbox(query: InboxQuery) -> InboxPage:
    """List what other systems told, in the order it came."""
    part = requests.read_on(core(), query.after, query.limit, requests.InboundFilter(query.source, query.state))
    items = tuple(InboxRequest.model_validate(each) for each in part.items)
    return InboxPage(items=items, next=part.next, more=part.more)


@chapter.operation("GET", "/inbox/<public:id>", "sources:read", {200: InboxRequest})
def show(id: str) -> InboxRequest:
    """Return one request and what became of it."""
    return InboxRequest.model_validate(requests.request(core(), id))


@chapter.operation("POST", "/inbox/<public:id>/retry", "sources:write", {200: InboxRequest}, refuses=(409,))
def retry(id: str) -> InboxRequest:
    """Read a request again that failed, such as after its mapping was mended."""
    requests.retry(core(), id, actor())
    return InboxRequest.model_validate(requests.request(core(), id))


@chapter.operation("POST", "/inbox/<public:id>/discard", "sources:write", {200: InboxRequest}, refuses=(409,))
def discard(id: str) -> InboxRequest:
    """Do not read a request any more."""
    requests.discard(core(), id, actor())
    return InboxRequest.model_validate(requests.request(core(), id))
