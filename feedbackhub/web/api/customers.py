"""Customers: looked up by exact identifier for the next agent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from ...contract.intake import IDENTIFIED, CustomerIdentifiers, Strict
from ...contract.scalars import Key, Line, PublicId, Slug
from ...loop.identify import identifiers_in
from ...loop.plugin_pieces import section_names
from ...office.erasing import erase_person
from ...office.lookups import Viewer, look_up
from ...office.rights import export_person
from ...office.whom import Whom
from ..card_json import card_json
from ..current import core
from .chapter import Chapter
from .shapes import Shape, actor

__all__ = ["chapter"]

chapter = Chapter("customers", "What the next agent should know of a customer; personal data stays out of addresses.")


class ViewerIn(Strict):
    """The agent who looks."""

    source: Slug = Field(description="The system in which the agent works.")
    id: Key = Field(description="The agent's id there.")
    name: Line = ""


class Lookup(CustomerIdentifiers):
    """Exact identifiers of a customer, and who asks."""

    agent: ViewerIn


class Found(Shape):
    """What is known of a customer."""

    found: bool
    card: Mapping[str, Any] = Field(description="The card; `state` is history, no_history or unknown.")
    address: str = Field(description="The card as a page for a side panel, for this agent alone; empty when unknown.")
    expires_at: datetime | None = Field(description="Until when the address works.")
    sections: tuple[str, ...] = Field(description="Names of the pieces that plugins add to that page.")


#: By a customer and no identifier, or by identifiers and no customer.
_ONE_WAY: JsonDict = {
    "oneOf": [
        {
            "required": ["customer"],
            "properties": {
                "customer": {"type": "string"},
                **{name: {"maxLength": 0} for name in ("email", "phone")},
                **{name: {"maxProperties": 0} for name in ("ids", "addresses")},
            },
        },
        {**IDENTIFIED, "properties": {"customer": {"type": "null"}}},
    ]
}


class Person(CustomerIdentifiers):
    """One person: by exact identifiers, or by the public id of one of their customers."""

    model_config = ConfigDict(json_schema_extra=_ONE_WAY)

    customer: PublicId | None = Field(None, description="Public id of a customer, instead of identifiers.")

    @model_validator(mode="after")
    def _has_identifier(self) -> Self:
        named = bool(self.email or self.phone or self.ids or self.addresses)
        if named == (self.customer is not None):
            raise ValueError("names no identifier, or both identifiers and a customer")
        return self


class Copy(Shape):
    """A copy of everything that is known of a person."""

    person: Mapping[str, Any]


class Erasure(Shape):
    """What was erased."""

    complete: bool = Field(description="Whether nothing is left anywhere; otherwise erase again later.")
    customers: tuple[str, ...] = Field(description="The customers that are empty now.")
    counts: Mapping[str, int] = Field(description="Rows emptied or removed, by kind.")
    plugins: Mapping[str, int] = Field(description="Items that each plugin removed.")
    failed: Mapping[str, str] = Field(description="Plugins that could not, with the kind of error.")


@chapter.operation("POST", "/customers/lookup", "customers:lookup", {200: Found}, body=Lookup)
def lookup(body: Lookup) -> Found:
    """Return the card of a customer by exact identifiers; a customer nobody knows has an empty one."""
    identifiers = identifiers_in(body, core().settings.default_region, field="")
    viewer = Viewer(body.agent.source, body.agent.id, body.agent.name)
    looked = look_up(core(), identifiers, viewer, actor())
    return Found(
        found=bool(looked.card.customer), card=card_json(looked.card), address=looked.address,
        expires_at=looked.expires_at, sections=section_names(core()),
    )  # fmt: skip


@chapter.operation("POST", "/customers/export", "customers:export", {200: Copy}, body=Person, refuses=(404, 409))
def export(body: Person) -> Copy:
    """Return a copy of everything that is known of a person."""
    return Copy(person=export_person(core(), whom(body), actor()))


@chapter.operation("POST", "/customers/erase", "customers:erase", {200: Erasure}, body=Person, refuses=(404, 409))
def erase(body: Person) -> Erasure:
    """Erase a person: identity and words go, scores without them stay."""
    return Erasure.model_validate(erase_person(core(), whom(body), actor()))


def whom(body: Person) -> Whom:
    """Return the person that a body names."""
    return body.customer or identifiers_in(body, core().settings.default_region, field="")
