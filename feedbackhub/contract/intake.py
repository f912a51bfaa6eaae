"""What a source says when a contact has ended: the body of ``POST /api/v1/contacts``."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.config import JsonDict

from .scalars import Key, Language, Line, Moment, Slug, WebAddress


@cache
def _zones() -> frozenset[str]:
    """Return all time zones; finding them walks through hundreds of files."""
    return frozenset(zoneinfo.available_timezones())


def _zone(name: str) -> str:
    if name and name not in _zones():
        raise ValueError("is no known time zone, like Asia/Jakarta")
    return name


Zone = Annotated[Line, AfterValidator(_zone), Field(json_schema_extra={"format": "time-zone"})]
Attributes = dict[Slug, Line]
_COUNTRY = r"^([A-Za-z]{2})?$"
Country = Annotated[Line, Field(pattern=_COUNTRY, json_schema_extra={"pattern": _COUNTRY})]


class Strict(BaseModel):
    """A model that refuses unknown fields and does not convert between types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _empty_or(kind: str) -> Any:
    """Say in a JSON schema that an empty text is none of its format."""
    filled = {"type": "string", "maxLength": 200, "format": kind}
    return WithJsonSchema({"anyOf": [filled, {"type": "string", "const": ""}]})


_FILLED: JsonDict = {"email": {"pattern": r"\S"}, "phone": {"pattern": r"\S"},
                     "ids": {"minProperties": 1}, "addresses": {"minProperties": 1}}  # fmt: skip
#: Said in the API's document as the model's own check cannot be: at least one identifier.
IDENTIFIED: JsonDict = {"anyOf": [{"required": [name], "properties": {name: _FILLED[name]}} for name in _FILLED]}


class CustomerIdentifiers(Strict):
    """By what a customer is known; any identifier will do, several are better."""

    model_config = ConfigDict(json_schema_extra=IDENTIFIED)

    email: Annotated[Line, _empty_or("email")] = Field("", description="E-mail address.")
    phone: Annotated[Line, _empty_or("phone")] = Field("", description="Phone number, international or local.")
    ids: dict[Slug, Key] = Field({}, max_length=20, description="Identifiers in other systems, by system.")
    addresses: dict[Slug, Key] = Field({}, max_length=20, description="Addresses of other channels, by kind.")

    @model_validator(mode="after")
    def _has_identifier(self) -> Self:
        if not (self.email or self.phone or self.ids or self.addresses):
            raise ValueError("names no identifier: give an e-mail address, a phone number, an id or another address")
        return self


class CustomerData(CustomerIdentifiers):
    """Who was served; left out for an anonymous contact."""

    name: Line = ""
    language: Language | Literal[""] = Field("", description="Language to write in, like id or ar.")
    timezone: Zone = Field("", description="Time zone for quiet hours, like Asia/Jakarta.")
    segment: Line = ""
    country: Country = Field("", description="ISO 3166 code.")
    attributes: Attributes = Field({}, max_length=50)


class AgentData(Strict):
    """Who served."""

    id: Key = Field(description="The agent's id in the source's system.")
    name: Line = ""


class ContactEvent(Strict):
    """One ended service contact."""

    source: Slug = Field(description="Where the contact comes from, like helpdesk or shop-chat.")
    external_id: Key = Field(description="The contact's id in that source.")
    customer: CustomerData | None = Field(None, description="Left out: an anonymous contact.")
    agent: AgentData | None = None
    team: Line = ""
    channel: Slug = Field("other", description="How the contact ran: email, chat, phone, social, web_form, counter …")
    topic: Line = ""
    product: Line = ""
    brand: Slug = "default"
    tags: list[Key] = Field([], max_length=50)
    direction: Literal["inbound", "outbound"] = "inbound"
    closed_by: Literal["agent", "customer", "auto", "bot", "spam"] = Field(
        "agent", description="Who or what ended the contact."
    )
    started_at: Moment | None = None
    ended_at: Moment | None = Field(None, description="When the contact ended; now when left out.")
    url: WebAddress | Literal[""] = Field("", description="Link back to the ticket.")
    ask: bool = Field(True, description="false: record the contact without asking.")
    test: bool = Field(False, description="true: run through everything, outside all numbers.")
    attributes: Attributes = Field({}, max_length=50)

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.started_at and self.ended_at and self.ended_at < self.started_at:
            raise ValueError("ended_at lies before started_at")
        return self
