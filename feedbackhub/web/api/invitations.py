"""Invitations: the personal link in every form that a company can hand out itself."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from pydantic import Field

from ...loop import kit as kits
from ...loop.core import Core
from ...loop.kit import kit_html, link_kit
from ...loop.link_kit import qr_png, qr_svg
from ..current import core
from .chapter import Chapter
from .shapes import Shape

__all__ = ["Kit", "chapter", "kit_shape"]

chapter = Chapter("invitations", "Personal links as address, as one address per option, as HTML and as QR code.")


class Choice(Shape):
    """One option of the first question with an address of its own, which only pre-selects it."""

    value: str
    label: str
    symbol: str
    url: str


class Kit(Shape):
    """A personal link in every form to hand out."""

    invitation: str
    state: str = Field(description="open, answered, expired, cancelled or stopped.")
    link: str
    language: str
    question: str
    choices: tuple[Choice, ...]
    expires_at: datetime | None
    html: str = Field(description="To paste into a company's own mail; styles are inlined.")
    qr_svg: str = Field(description="Where the QR code is, for callers with a key.")
    qr_png: str


@chapter.operation("GET", "/invitations/<public:id>/link-kit", "contacts:read", {200: Kit})
def kit(id: str) -> Kit:
    """Return the personal link of an invitation in every form to hand out."""
    return kit_shape(core(), link_kit(core(), id))


@chapter.operation(
    "GET", "/invitations/<public:id>/qr.svg", "contacts:read", {200: None}, media="image/svg+xml"
)
def qr_as_svg(id: str) -> Response:
    """Return the personal link as a QR code to print."""
    return Response(qr_svg(link_kit(core(), id).link), content_type="image/svg+xml")


@chapter.operation("GET", "/invitations/<public:id>/qr.png", "contacts:read", {200: None}, media="image/png")
def qr_as_png(id: str) -> Response:
    """Return the personal link as a QR code to show on a screen."""
    return Response(qr_png(link_kit(core(), id).link), content_type="image/png")


def kit_shape(here: Core, found: kits.Kit) -> Kit:
    """Return a kit as the API shows it."""
    base = f"{here.settings.base_url()}/api/v1/invitations/{found.invitation}"
    return Kit(
        invitation=found.invitation,
        state=found.state,
        link=found.link,
        language=found.language,
        question=found.question,
        choices=tuple(Choice.model_validate(each) for each in found.choices),
        expires_at=found.expires_at,
        html=kit_html(here, found),
        qr_svg=f"{base}/qr.svg",
        qr_png=f"{base}/qr.png",
    )
