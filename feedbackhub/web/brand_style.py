"""A brand's colours as a style sheet of their own, since pages may hold no styles."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from ..loop.core import Core
from ..loop.link_kit import ink_on, safe_color
from .current import core
from .permission import permission

__all__ = ["blueprint", "style_address"]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/brand/<key>.css``."""
    pages = Blueprint("brand", __name__, url_prefix="/brand")
    pages.get("/<key>.css")(style)
    return pages


def style_address(key: str) -> str:
    """Return the address of a brand's style sheet, which changes with its colour."""
    return url_for("brand.style", key=key, v=color_of(key)[1:])


def color_of(key: str) -> str:
    """Return a brand's colour as #rrggbb; the default brand's for an unknown one."""
    return safe_color(core().settings.brand(key).color)


@permission("public")
def style(key: str) -> Response:
    """Return the two colours that a brand's pages are made from."""
    color = color_of(key)
    sheet = f":root{{--brand:{color};--brand-ink:{ink_on(color)}}}\n"
    response = Response(sheet, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
