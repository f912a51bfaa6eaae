"""What a view demands of its visitor: declared beside the view, enforced in one place (`guard`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

__all__ = ["ROLES", "Access", "Undeclared", "access_of", "assert_declared", "outranks", "permission"]

#: From the least to the most; who has a role may do what the roles before it may.
ROLES = ("agent", "manager", "admin")
#: Anybody; anybody who is not looked at, with no cookie read or set; whoever holds a signed link; whoever holds the
#: signed address of a card.
OPEN = ("public", "unseen", "link", "card")
SCOPE = "scope:"
MARK = "feedbackhub_access"

View = TypeVar("View", bound=Callable[..., Any])


class Undeclared(Exception):
    """A view does not say who may call it; the application does not start.

    Args:
        endpoints: The views' endpoints.
    """

    def __init__(self, endpoints: list[str]) -> None:
        super().__init__("no permission declared: " + ", ".join(endpoints))
        self.endpoints = endpoints


@dataclass(frozen=True)
class Access:
    """Who may call a view.

    Args:
        name: ``public``, ``unseen``, ``link``, ``card``, a role, or ``scope:`` with the scope of an API key.
    """

    name: str

    @property
    def role(self) -> str:
        """The least role, empty when staff are not meant."""
        return self.name if self.name in ROLES else ""

    @property
    def scope(self) -> str:
        """The scope that an API key must have, empty when no key is meant."""
        return self.name.removeprefix(SCOPE) if self.name.startswith(SCOPE) else ""

    @property
    def uses_cookies(self) -> bool:
        """Whether the visitor is known by a cookie, so that a forged form would act in their name."""
        return self.name == "public" or bool(self.role)


def permission(name: str) -> Callable[[View], View]:
    """Declare who may call a view.

    Args:
        name: ``public`` (anybody; forms carry the CSRF token), ``unseen`` (anybody; no cookie is read or set, so that
            nobody can be made to act in somebody's name and forms need no token; limited by address), ``link`` (the
            signed token in the path is the proof; no cookie, no CSRF token), ``card`` (likewise, and may stand in the
            configured frames), ``agent``, ``manager``, ``admin`` (signed-in staff of at least that role),
            ``scope:contacts:write`` (an API key with that scope).

    Raises:
        ValueError: There is no such permission.
    """
    access = Access(name)
    if name not in OPEN and not access.role and not access.scope:
        raise ValueError(f"there is no permission {name!r}")

    def declare(view: View) -> View:
        setattr(view, MARK, access)
        return view

    return declare


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return what a view declares, or None."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Access) else None


def outranks(held: str, needed: str) -> bool:
    """Tell whether a role includes another; an unknown role includes none."""
    return held in ROLES and ROLES.index(held) >= ROLES.index(needed)


def assert_declared(app: Flask) -> None:
    """Refuse an application in which a view does not say who may call it.

    Raises:
        Undeclared: Naming each such view.
    """
    bare = sorted(endpoint for endpoint, view in app.view_functions.items() if access_of(view) is None)
    if bare:
        raise Undeclared(bare)
