"""QR codes to print, show or hand over: of a personal link, and of an open one."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from ..loop.core import Core
from ..loop.deliver import brand_record
from ..loop.kit import link_kit
from ..loop.link_kit import qr_png, qr_svg
from ..machinery.i18n import direction
from ..office.open_links import find_link, shown_survey
from .brand_style import style_address
from .current import core
from .permission import permission
from .rendering import page

__all__ = ["blueprint"]

PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/hand-over``."""
    pages = Blueprint("hand_over", __name__, url_prefix="/hand-over")
    pages.get("/ask/<string(length=12):public_id>")(personal)
    pages.get("/ask/<string(length=12):public_id>/qr.<kind>")(personal_picture)
    pages.get("/link/<string(length=12):public_id>")(everybody)
    pages.get("/link/<string(length=12):public_id>/qr.<kind>")(everybody_picture)
    return pages


@permission("manager")
def personal(public_id: str) -> ResponseReturnValue:
    """Show a page to print with the personal link of an ask."""
    kit = link_kit(core(), public_id)
    return sheet(kit.link, kit.question, kit.language, "default", "personal_picture", public_id)


@permission("manager")
def everybody(public_id: str) -> ResponseReturnValue:
    """Show a page to print with an open link: a poster, or a slip beside the till."""
    here, link = core(), find_link(core(), public_id)
    shown = shown_survey(here, link)
    return sheet(link.link, shown.questions[0].text, shown.language, link.brand, "everybody_picture", public_id)


def sheet(link: str, question: str, said: str, brand: str, picture: str, public_id: str) -> str:
    """Return the page to print, in the language of those who will read it."""
    pictures = {kind: url_for(f"hand_over.{picture}", public_id=public_id, kind=kind) for kind in PICTURES}
    return page(
        "survey/poster.html", domain="customer", lang=said, language=said, direction=direction(said), link=link,
        question=question, brand=brand_record(core(), brand), style=style_address(brand), pictures=pictures,
    )  # fmt: skip


@permission("manager")
def personal_picture(public_id: str, kind: str) -> ResponseReturnValue:
    """Give the personal link of an ask as a QR code."""
    return drawn(link_kit(core(), public_id).link, kind)


@permission("manager")
def everybody_picture(public_id: str, kind: str) -> ResponseReturnValue:
    """Give an open link as a QR code."""
    return drawn(find_link(core(), public_id).link, kind)


def drawn(link: str, kind: str) -> Response:
    """Return a QR code as a picture, to be saved when the address says so."""
    if kind not in PICTURES:
        raise NotFound
    picture = Response(qr_svg(link) if kind == "svg" else qr_png(link), content_type=PICTURES[kind])
    if "save" in request.args:
        picture.headers["Content-Disposition"] = f"attachment; filename=qr-code.{kind}"
    return picture
