"""Gestures: an apology, a compensation, a call back, recorded where they were made."""

from __future__ import annotations

from typing import Annotated, Literal

from flask import Response
from pydantic import Field

from ...contract.intake import Strict
from ...contract.scalars import Line, Moment, PublicId, Text
from ...loop.gestures import GestureNote, Kind
from ...office.gestures import note_gesture, take_back
from ..current import core
from .chapter import Chapter
from .shapes import Integral, Shape, actor, nothing, up_to

__all__ = ["chapter"]

chapter = Chapter("gestures", "What was done for a customer after a contact went wrong.")
MOST_CENTS = 10**12


class GestureIn(Strict):
    """A gesture to a customer."""

    kind: Kind
    customer: PublicId
    contact: PublicId | None = Field(None, description="The contact that it is about.")
    response: PublicId | None = Field(None, description="The answer that it follows.")
    agent: PublicId | None = Field(None, description="The agent who made it.")
    by: Line = Field("", description="Who made it, as shown to staff; the key's name when left out.")
    value: Line = Field("", description="What was given, in words.")
    cost_cents: Annotated[int, Integral, up_to(MOST_CENTS)] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | Literal[""] = Field("", description="ISO 4217 code.")
    note: Text = ""
    at: Moment | None = Field(None, description="When; now when left out.")


class Noted(Shape):
    """A recorded gesture."""

    id: str
    nth: int = Field(description="The how-manieth of its kind it is to this customer.")


@chapter.operation("POST", "/gestures", "gestures:write", {201: Noted}, body=GestureIn, refuses=(404,))
def record(body: GestureIn) -> Noted:
    """Record a gesture."""
    note = GestureNote(
        kind=body.kind, customer=body.customer, by=body.by or actor(), agent=body.agent or "",
        contact=body.contact or "", response=body.response or "", value=body.value, cost_cents=body.cost_cents,
        currency=body.currency, note=body.note, at=body.at,
    )  # fmt: skip
    public_id, nth = note_gesture(core(), note, actor())
    return Noted(id=public_id, nth=nth)


@chapter.operation("DELETE", "/gestures/<public:id>", "gestures:write", {204: None})
def withdraw(id: str) -> Response:
    """Take a gesture back that was recorded by mistake."""
    take_back(core(), id, actor())
    return nothing()
