"""Open links: one address for everybody who sees it, with what can be pasted of it."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from pydantic import Field

from ...loop.link_kit import qr_png, qr_svg
from ...loop.open_kit import snippets
from ...office import open_links as office
from ..current import core
from .chapter import Chapter
from .shapes import Shape, actor, nothing

__all__ = ["chapter"]

chapter = Chapter("open links", "One address for everybody who sees it: in signatures, in macros, on receipts.")


class OpenLink(Shape):
    """An open link with what is fixed in it."""

    id: str
    link: str
    title: str
    survey: str
    brand: str
    channel: str
    team: str
    language: str
    agent: str | None
    agent_name: str
    source: str = Field(description="Source of the tickets that a macro's address names.")
    answers: int
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = Field(description="Since when it takes no answers any more.")


class OpenLinks(Shape):
    """All open links."""

    items: tuple[OpenLink, ...]


class Snippet(Shape):
    """Something to paste."""

    name: str = Field(description="link, signature, or the name of a helpdesk.")
    text: str


class Snippets(Shape):
    """Everything that can be pasted of a link, and where its QR codes are."""

    items: tuple[Snippet, ...]
    qr_svg: str
    qr_png: str


@chapter.operation("GET", "/open-links", "links:read", {200: OpenLinks})
def index() -> OpenLinks:
    """List open links in the order they were made, those taken back included."""
    return OpenLinks(items=tuple(OpenLink.model_validate(each) for each in office.list_links(core())))


@chapter.operation("POST", "/open-links", "links:write", {201: OpenLink}, body=office.NewLink)
def create(body: office.NewLink) -> OpenLink:
    """Make an open link."""
    return OpenLink.model_validate(office.create_link(core(), body, actor()))


@chapter.operation("GET", "/open-links/<public:id>", "links:read", {200: OpenLink})
def show(id: str) -> OpenLink:
    """Return one open link."""
    return OpenLink.model_validate(office.find_link(core(), id))


@chapter.operation("DELETE", "/open-links/<public:id>", "links:write", {204: None})
def revoke(id: str) -> Response:
    """Let a link take no more answers; those that came stay."""
    office.revoke_link(core(), id, actor())
    return nothing()


@chapter.operation("POST", "/open-links/<public:id>/restore", "links:write", {200: OpenLink})
def restore(id: str) -> OpenLink:
    """Let a link that was taken back take answers again."""
    return OpenLink.model_validate(office.restore_link(core(), id, actor()))


@chapter.operation("GET", "/open-links/<public:id>/snippets", "links:read", {200: Snippets})
def pasted(id: str) -> Snippets:
    """Return what can be pasted of a link: into signatures, and into macros of helpdesks."""
    here, found = core(), office.find_link(core(), id)
    base = f"{here.settings.base_url()}/api/v1/open-links/{id}"
    items = tuple(Snippet.model_validate(each) for each in snippets(office.shown_survey(here, found), found.link))
    return Snippets(items=items, qr_svg=f"{base}/qr.svg", qr_png=f"{base}/qr.png")


@chapter.operation("GET", "/open-links/<public:id>/qr.svg", "links:read", {200: None}, media="image/svg+xml")
def qr_as_svg(id: str) -> Response:
    """Return an open link as a QR code to print."""
    return Response(qr_svg(office.find_link(core(), id).link), content_type="image/svg+xml")


@chapter.operation("GET", "/open-links/<public:id>/qr.png", "links:read", {200: None}, media="image/png")
def qr_as_png(id: str) -> Response:
    """Return an open link as a QR code to show on a screen."""
    return Response(qr_png(office.find_link(core(), id).link), content_type="image/png")
