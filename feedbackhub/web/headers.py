"""The headers on every answer: what a browser may load, frame, keep and tell others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from ..machinery.settings import Settings
from .permission import access_of

__all__ = ["HELPDESKS", "framed_by", "framed_by_helpdesks", "framed_by_self", "framed_by_sites", "install"]

MARK = "feedbackhub_framed"
SELF, SITES, HELPDESKS = "self", "sites", "helpdesks"
YEAR = 31_536_000
#: What holds nothing personal and has an address that changes with its content.
CACHED = ("static.file", "brand.style", "x.static")
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
View = TypeVar("View", bound=Callable[..., Any])
#: Headers: the name in lower case, the name, the value.
Fixed = tuple[tuple[str, str, str], ...]


def framed_by_self(view: View) -> View:
    """Declare that the staff area may show a view in a frame, such as a preview."""
    setattr(view, MARK, SELF)
    return view


def framed_by_sites(view: View) -> View:
    """Declare that the web sites named in ``[web] frame_origins`` may show a view in a frame: a survey's page.

    Our own pages may as well. Staff pages never belong here: a company's shop is not trusted with the customers' cards.
    """
    setattr(view, MARK, SITES)
    return view


def framed_by_helpdesks(view: View) -> View:
    """Declare that the helpdesks named in ``[web] frame_ancestors`` may show a view in a frame, as they may the card.

    Such a view has to work for a visitor whose browser keeps cookies from frames: see `desk_frame`.
    """
    setattr(view, MARK, HELPDESKS)
    return view


def framed_by(view: Callable[..., Any] | None) -> str:
    """Return who may show a view in a frame: `SELF`, `SITES`, `HELPDESKS`, or empty for nobody."""
    access = access_of(view) if view else None
    return HELPDESKS if access and access.name == "card" else str(getattr(view, MARK, ""))


def install(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer of an application, errors included."""
    kinds = _Kinds(settings)
    known: dict[str | None, Fixed] = {}

    def protect(response: Response) -> Response:
        endpoint = request.endpoint
        fixed = known.get(endpoint)
        if fixed is None:
            # Made once for each endpoint: every answer needs them, and they differ only by what a view declares.
            fixed = known[endpoint] = kinds.of(current_app.view_functions.get(endpoint or ""), endpoint)
        headers = response.headers
        present = {name.lower() for name, _ in headers}
        for folded, name, value in fixed:
            if folded not in present:
                headers.add(name, value)
        if endpoint not in CACHED:
            if "cache-control" in present:
                headers["Cache-Control"] = "no-store"
            if "vary" in present:
                response.vary.add("Cookie")
        return response

    app.after_request(protect)


class _Kinds:
    """Knows which headers an answer gets, from what its view declares."""

    def __init__(self, settings: Settings) -> None:
        self._policy = "; ".join((
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-src 'self'",
            " ".join(("img-src 'self' data:", *logo_origins(settings))), "form-action 'self'", "base-uri 'none'",
        ))  # fmt: skip
        self._secure = urlsplit(settings.public_url).scheme == "https"
        self._allowed = {
            "": "'none'",
            SELF: "'self'",
            SITES: " ".join(("'self'", *settings.web.frame_origins)),
            HELPDESKS: " ".join(settings.web.frame_ancestors) or "'none'",
        }

    def of(self, view: Callable[..., Any] | None, endpoint: str | None) -> Fixed:
        """Return the headers that an answer of a view gets unless the view has set them itself."""
        ancestors = self._allowed[framed_by(view)]
        found = {**EVERYWHERE, "Content-Security-Policy": f"{self._policy}; frame-ancestors {ancestors}"}
        if ancestors == "'none'":
            found["X-Frame-Options"] = "DENY"
        found["Referrer-Policy"] = referrer_policy(view)
        if self._secure:
            found["Strict-Transport-Security"] = f"max-age={YEAR}"
        if endpoint not in CACHED:
            found |= {"Cache-Control": "no-store", "Vary": "Cookie"}
        return tuple((name.lower(), name, value) for name, value in found.items())


def referrer_policy(view: Callable[..., Any] | None) -> str:
    """Return what other pages hear of this address: nothing of signed links, which are secrets."""
    access = access_of(view) if view else None
    return "same-origin" if access and access.uses_cookies else "no-referrer"


def logo_origins(settings: Settings) -> list[str]:
    """Return the origins from which brands load their logos."""
    parts = [urlsplit(brand.logo_url) for brand in settings.brands.values() if brand.logo_url]
    return sorted({f"{part.scheme}://{part.netloc}" for part in parts})
