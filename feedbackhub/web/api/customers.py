"""Customers: looked up by exact identifier for the next agent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from ...contract.intake import CustomerIdentifiers, Strict
from ...contract.scalars import Key, Line, Slug
from ...loop.identify import identifiers_in
from ...office.lookups import Viewer, look_up
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

    model_config = ConfigDict(json_schema_extra={})

    agent: ViewerIn


class Found(Shape):
    """What is known of a customer."""

    found: bool
    card: Mapping[str, Any] = Field(description="The card; `state` is history, no_history or unknown.")
    address: str = Field(description="The card as a page for a side panel, for this agent alone; empty when unknown.")
    expires_at: datetime | None = Field(description="Until when the address works.")


@chapter.operation("POST", "/customers/lookup", "customers:lookup", {200: Found}, body=Lookup)
def lookup(body: Lookup) -> Found:
    """Return the card of a customer by exact identifiers; a customer nobody knows has an empty one."""
    identifiers = identifiers_in(body, core().settings.default_region, field="")
    viewer = Viewer(body.agent.source, body.agent.id, body.agent.name)
    looked = look_up(core(), identifiers, viewer, actor())
    return Found(
        found=bool(looked.card.customer), card=card_json(looked.card), address=looked.address,
        expires_at=looked.expires_at,
    )  # fmt: skip
