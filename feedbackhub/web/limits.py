"""How often one visitor may call: limits from the settings, counted by address or by API key."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from flask import Flask, g, request
from flask_limiter import Limiter

from ..machinery.settings import Web
from .counters import SCHEME
from .permission import access_of

__all__ = ["by_address", "install", "limited", "seconds_left"]

MARK = "feedbackhub_limit"
SITE_BITS = 64
View = TypeVar("View", bound=Callable[..., Any])


def limited(option: str) -> Callable[[View], View]:
    """Limit how often a view is posted to by one address.

    Args:
        option: Name of the option in ``[web]`` that holds the limit, such as ``sign_in_limit``.

    Raises:
        ValueError: There is no such option.
    """
    if option not in Web.model_fields:
        raise ValueError(f"[web] has no option {option!r}")

    def declare(view: View) -> View:
        setattr(view, MARK, option)
        return view

    return declare


def by_address() -> str:
    """Return who calls; a whole IPv6 site counts as one, since it may choose among its addresses freely."""
    address = request.remote_addr or ""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ip_network(f"{parsed}/{SITE_BITS}", strict=False))


def by_key() -> str:
    """Return which API key calls, or from where when there is none."""
    key = g.get("api_key")
    return key.public_id if key is not None else by_address()


def install(app: Flask, web: Web) -> None:
    """Limit the views of an application as they and their permissions say; call it after all are registered."""
    limiter = Limiter(by_address, app=app, storage_uri=f"{SCHEME}://", strategy="moving-window")
    app.extensions["feedbackhub.limiter"] = limiter
    for endpoint, view in list(app.view_functions.items()):
        option, key, methods = limit_of(view)
        if option:
            limit = limiter.shared_limit(getattr(web, option), scope=option, key_func=key, methods=methods)
            app.view_functions[endpoint] = limit(view)  # type: ignore[assignment]


def limit_of(view: Callable[..., Any]) -> tuple[str, Callable[[], str], list[str] | None]:
    """Return the option that limits a view, what is counted, and the methods that count."""
    own = getattr(view, MARK, "")
    access = access_of(view)
    if own or access is None:
        return own, by_address, ["POST"]
    if access.name in ("link", "unseen"):
        return "survey_limit", by_address, None
    if access.name == "card" or access.scope:
        return "api_limit", by_key, None
    return "", by_address, None


def seconds_left(app: Flask) -> int:
    """Return after how many seconds the limit that was hit lets the visitor in again."""
    limiter = app.extensions["feedbackhub.limiter"]
    hit = limiter.current_limit
    # The counter's own time: limits protect the machine, so they follow its clock, not the injected one.
    return max(1, math.ceil(hit.reset_at - time.time())) if hit else 60
