"""Gestures: an apology, a compensation, a call back, recorded where they were made."""

from __future__ import annotations

from typing import Annotated, Literal

from flask import Response
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from ...contract.gestures import Manner
from ...contract.intake import Strict
from ...contract.scalars import Line, Moment, PublicId, Text
from ...loop.gesture_kinds import APOLOGY
from ...loop.gestures import GestureNote, warning
from ...office.gestures import note_gesture, take_back
from ..current import core
from .chapter import Chapter
from .shapes import Integral, Shape, actor, nothing

__all__ = ["chapter"]

chapter = Chapter("gestures", "What was done for a customer after a contact went wrong.")
MOST_CENTS = 10**12


#: How something was said is told of an apology only.
_OF_AN_APOLOGY: JsonDict = {
    "anyOf": [{"properties": {"manner": {"const": ""}}}, {"properties": {"kind": {"const": APOLOGY}}}]
}


class GestureIn(Strict):
    """A gesture to a customer."""

    model_config = ConfigDict(json_schema_extra=_OF_AN_APOLOGY)

    kind: str = Field(
        pattern=r"^[a-z0-9_]{1,20}$", max_length=20,
        description="`apology`, `compensation`, `call_back`, or one that the settings name in `[gestures.kinds]`.",
    )  # fmt: skip
    customer: PublicId
    contact: PublicId | None = Field(None, description="The contact that it is about.")
    response: PublicId | None = Field(None, description="The answer that it follows.")
    agent: PublicId | None = Field(None, description="The agent who made it.")
    by: Line = Field("", description="Who made it, as shown to staff; the key's name when left out.")
    manner: Manner = Field("", description="How, of an apology: plain, with an explanation, or with a promise.")
    words: Text = Field("", description="The text that was sent or said.")
    value: Line = Field("", description="What was given, in words.")
    cost_cents: Annotated[int, Field(ge=0, le=MOST_CENTS), Integral] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | Literal[""] = Field("", description="ISO 4217 code.")
    note: Text = ""
    at: Moment | None = Field(None, description="When; now when left out.")


class Noted(Shape):
    """A recorded gesture."""

    id: str
    nth: int = Field(description="The how-manieth of its kind it is to this customer.")
    recent: int = Field(description="How many of its kind there were within `[gestures] days`, this included.")
    warning: str = Field(description="What speaks against it, in words; empty for nothing.")


@chapter.operation("POST", "/gestures", "gestures:write", {201: Noted}, body=GestureIn, refuses=(404,))
def record(body: GestureIn) -> Noted:
    """Record a gesture."""
    note = GestureNote(
        kind=body.kind, customer=body.customer, by=body.by or actor(), agent=body.agent or "",
        contact=body.contact or "", response=body.response or "", manner=body.manner, words=body.words,
        value=body.value, cost_cents=body.cost_cents, currency=body.currency, note=body.note, at=body.at,
    )  # fmt: skip
    made = note_gesture(core(), note, actor())
    said = warning(core().settings, note.kind, made.recent)
    return Noted(id=made.id, nth=made.nth, recent=made.recent, warning=said)


@chapter.operation("DELETE", "/gestures/<public:id>", "gestures:write", {204: None})
def withdraw(id: str) -> Response:
    """Take a gesture back that was recorded by mistake."""
    take_back(core(), id, actor())
    return nothing()
