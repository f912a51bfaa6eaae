"""How often one visitor may call: limits from the settings, counted by address or by API key.

Counted by ourselves: a library that finds out at each request which of all possible limits hold for it costs more
than the page that it guards.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, wraps
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from flask import Flask, g, request
from werkzeug.exceptions import TooManyRequests

from ..machinery.settings import Web
from .counters import Counters
from .permission import access_of

__all__ = ["Limiter", "TooOften", "by_address", "install", "limited"]

MARK = "feedbackhub_limit"
SITE_BITS = 64
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
View = TypeVar("View", bound=Callable[..., Any])


class TooOften(TooManyRequests):
    """A visitor calls more often than the limit allows.

    Args:
        seconds: After how many whole seconds the next call is taken.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


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
    return counted_address(request.remote_addr or "")


@lru_cache(maxsize=4096)
def counted_address(address: str) -> str:
    """Return what an address counts as."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ip_network(f"{parsed}/{SITE_BITS}", strict=False))


def by_key() -> str:
    """Return which API key calls, or from where when there is none."""
    key = g.get("api_key")
    return key.public_id if key is not None else by_address()


class Limiter:
    """The limits of one application.

    Attributes:
        enabled: Whether anybody is refused.
    """

    def __init__(self, web: Web) -> None:
        self.enabled = True
        self._web, self._counters = web, Counters()

    def guarded(
        self, view: Callable[..., Any], option: str, key: Callable[[], str], methods: list[str] | None
    ) -> Callable[..., Any]:
        """Return a view that first counts who calls it; views with the same option are counted together."""
        most, _, unit = getattr(self._web, option).partition("/")
        limit, seconds = int(most), SECONDS[unit]

        @wraps(view)
        def counting(*args: Any, **values: Any) -> Any:
            if self.enabled and (methods is None or request.method in methods):
                left = self._counters.hit((option, key()), limit, seconds)
                if left is not None:
                    raise TooOften(max(1, math.ceil(left)))
            return view(*args, **values)

        return counting


def install(app: Flask, web: Web) -> None:
    """Limit the views of an application as they and their permissions say; call it after all are registered."""
    limiter = app.extensions["feedbackhub.limiter"] = Limiter(web)
    for endpoint, view in list(app.view_functions.items()):
        option, key, methods = limit_of(view)
        if option:
            app.view_functions[endpoint] = limiter.guarded(view, option, key, methods)


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
