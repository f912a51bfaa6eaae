"""The bodies of the API's operations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from .calls import Called
from .endpoints import Endpoint
from .log import Delivery
from .wanted import Wanted

__all__ = [
    "DeliveryList",
    "DeliveryOut",
    "DeliveryQuery",
    "EndpointChange",
    "EndpointIn",
    "EndpointList",
    "EndpointOut",
    "ReplayIn",
    "ReplayOut",
    "SecretOut",
    "TestIn",
    "TestOut",
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EndpointIn(_In):
    """An endpoint to be made."""

    title: str = Field(description="Its name for staff.")
    url: str = Field("", description="Where events go; empty for notes.")
    types: list[str] = Field([], description="Types of events; a trailing `*` stands for any.")
    include: list[str] = Field([], description="Of `comment`, `answers`, `ticket` and `customer`.")
    template: dict[str, Any] = Field(
        {},
        description="For notes: `credentials`, `source`, `language`, and `preset` or a template of your own: `method`, "
        "`path`, `headers`, `body`.",
    )

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        return Wanted(self.title, self.url, self.types, self.include, self.template)


class EndpointChange(_In):
    """What changes; what is left out stays."""

    title: str | None = None
    url: str | None = None
    types: list[str] | None = None
    include: list[str] | None = None
    template: dict[str, Any] | None = None
    on: bool | None = Field(None, description="Whether it gets events.")

    def wanted(self, before: Endpoint) -> Wanted:
        """Return the endpoint as it is to be."""
        given = {name: value for name, value in self.model_dump(exclude={"on"}).items() if value is not None}
        kept = {name: getattr(before, name) for name in ("title", "url", "types", "include", "template")}
        return Wanted(**{**kept, **given})


class EndpointOut(BaseModel):
    """An endpoint and how it fares."""

    id: str
    title: str
    url: str
    types: list[str]
    include: list[str]
    template: dict[str, Any]
    on: bool
    reason: str = Field(description="Why it is off: `by_hand`, `gone` or `failing`; empty while it is on.")
    off_since: datetime | None
    trouble: str = Field(description="What went wrong the last time; empty when nothing did.")
    failures: int = Field(description="Failed attempts in a row.")
    succeeded_at: datetime | None
    rotated_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, found: Endpoint) -> EndpointOut:
        """Return an endpoint as the API shows it."""
        names = set(cls.model_fields) - {"on", "types", "include", "template"}
        lists = {"types": list(found.types), "include": list(found.include), "template": dict(found.template)}
        return cls(**{name: getattr(found, name) for name in names}, **lists, on=found.is_on)


class EndpointList(BaseModel):
    """All endpoints."""

    endpoints: list[EndpointOut]


class SecretOut(BaseModel):
    """What the receiver checks signatures with."""

    secret: str


class TestIn(_In):
    """What a test needs."""

    ticket: str = Field("", description="For notes: the ticket to leave the test note in.")


class TestOut(BaseModel):
    """What a test came to."""

    ok: bool
    status: int = Field(description="The HTTP status, 0 for no answer.")
    error: str
    milliseconds: int

    @classmethod
    def of(cls, called: Called | None) -> TestOut:
        """Return how a call went."""
        if called is None:
            return cls(ok=False, status=0, error="no answer in time", milliseconds=7000)
        found = called.outcome
        is_ok = found.kind == "delivered"
        return cls(ok=is_ok, status=found.answer, error=found.error, milliseconds=called.milliseconds)


class DeliveryQuery(_In):
    """Which deliveries."""

    status: str = Field("", description="Only those of this status.")
    before: int | None = Field(None, ge=0, description="Only those of events before this position.")
    limit: int = Field(100, ge=1, le=500)


class DeliveryOut(BaseModel):
    """One event for one endpoint."""

    id: str
    event: str = Field(description="The event's id, as its receiver reads it.")
    position: int = Field(description="Where the event stands in the log.")
    type: str
    subject: str
    event_at: datetime
    status: str = Field(description="`waiting`, `delivered`, `failed`, `held` or `skipped`.")
    attempts: int
    answer: int = Field(description="The last HTTP status, 0 for none.")
    milliseconds: int
    error: str
    tried_at: datetime | None
    next_at: datetime | None

    @classmethod
    def of(cls, found: Delivery, event: str) -> DeliveryOut:
        """Return a delivery as the API shows it."""
        return cls(event=event, **{name: getattr(found, name) for name in set(cls.model_fields) - {"event"}})


class DeliveryList(BaseModel):
    """Deliveries, those of the newest events first."""

    deliveries: list[DeliveryOut]
    before: int | None = Field(description="Where the next page begins, null for none.")


class ReplayIn(_In):
    """From which point to replay."""

    after: int = Field(0, ge=0, description="Behind this position.")
    since: AwareDatetime | None = Field(None, description="From this moment on.")
    preview: bool = Field(False, description="Only say how many events there are.")


class ReplayOut(BaseModel):
    """What a replay sends."""

    events: int
    until: int = Field(description="The newest event that belongs to it.")
    begun: bool
