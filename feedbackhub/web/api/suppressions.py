"""Suppressions: those who are not to be asked, known by keyed hashes only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from ...contract.errors import Problem, Refused
from ...contract.intake import Strict
from ...contract.scalars import Key, Line
from ...loop.listing import list_suppressions
from ...machinery.addresses import AddressError
from ...office.refusals import add_refusal, lift_by_address, lift_refusal
from ..current import core
from .chapter import Chapter
from .shapes import Page, Shape, actor, nothing

__all__ = ["chapter"]

chapter = Chapter("suppressions", "Who is not to be asked.")
Kind = Annotated[str, StringConstraints(pattern=r"^(id:)?[a-z0-9][a-z0-9_.-]{0,63}$")]


class Address(Strict):
    """One address or other identifier."""

    kind: Kind = Field(description="email, phone, id:<system> or another channel's kind.")
    value: Key


class SuppressionIn(Address):
    """An address that is not to be asked."""

    note: Line = Field("", description="Why, for colleagues; without the address.")


class Suppression(Shape):
    """One entry; whom it concerns is not stored."""

    id: str
    kind: str
    reason: str = Field(description="opt_out, bounce, complaint or staff.")
    detail: str
    created_at: datetime
    created_by: str


class SuppressionPage(Shape):
    """A part of the list."""

    items: tuple[Suppression, ...]
    next: str
    more: bool


class Suppressed(Shape):
    """The entry that was made."""

    id: str


class Lifted(Shape):
    """Whether the address was on the list."""

    lifted: bool


@chapter.operation("GET", "/suppressions", "suppressions:read", {200: SuppressionPage}, query=Page, refuses=(404,))
def index(query: Page) -> SuppressionPage:
    """List suppressions in the order they were recorded."""
    part = list_suppressions(core(), query.after, query.limit)
    items = tuple(Suppression.model_validate(each) for each in part.items)
    return SuppressionPage(items=items, next=part.next, more=part.more)


@chapter.operation("POST", "/suppressions", "suppressions:write", {201: Suppressed}, body=SuppressionIn)
def add(body: SuppressionIn) -> Suppressed:
    """Never ask an address again."""
    try:
        return Suppressed(id=add_refusal(core(), body.kind, body.value, body.note, actor()))
    except AddressError as error:
        raise Refused(Problem("value", error.reason)) from None


@chapter.operation("POST", "/suppressions/lift", "suppressions:write", {200: Lifted}, body=Address)
def lift(body: Address) -> Lifted:
    """Take an address off the list."""
    try:
        return Lifted(lifted=lift_by_address(core(), body.kind, body.value, actor()))
    except AddressError as error:
        raise Refused(Problem("value", error.reason)) from None


@chapter.operation("DELETE", "/suppressions/<public:id>", "suppressions:write", {204: None})
def remove(id: str) -> Response:
    """Take one entry off the list."""
    lift_refusal(core(), id, actor())
    return nothing()
