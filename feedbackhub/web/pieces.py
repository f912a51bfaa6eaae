"""What plugins add to the card and to the staff area's pages, asked for here and nowhere else in the web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from ..contract.screens import Seat
from ..loop.plugin_pieces import Shown, customer_of, sections, show_section, show_slots, slots_of
from . import plugin_static
from .current import core
from .permission import ROLES, outranks
from .rendering import csrf_field, language
from .sessions import person

__all__ = ["Waiting", "fillings", "is_fetched", "section_of", "waiting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece of the card that is fetched after it."""

    name: str
    title: str
    address: str


def waiting(endpoint: str, **address: Any) -> list[Waiting]:
    """Return the pieces to fetch after the card.

    Args:
        endpoint: The view that gives one.
        address: The other parts of its address.
    """
    found = sections(core(), language())
    return [Waiting(each.name, each.title, url_for(endpoint, name=each.name, **address)) for each in found]


def section_of(name: str, customer: str, user: str, role: str, forms: bool) -> Shown:
    """Return one piece of a customer's card.

    Args:
        name: The section's name.
        customer: The customer's public id.
        user: Who looks.
        role: That person's role.
        forms: Whether its forms may carry this session's token.

    Raises:
        NotFound: No working plugin brings it.
    """
    here = core()
    seat = Seat(customer=customer_of(here, customer), language=language(), user=user, role=role)
    return show_section(here, name, seat, Framing(forms))


def is_fetched() -> bool:
    """Tell whether the card's own script asks, which wants the piece without a page around it."""
    return "HX-Request" in request.headers


def fillings(place: str, customer: str = "", contact: str = "", response: str = "", survey: str = "") -> list[Shown]:
    """Return what plugins add to a page of the staff area, for whoever is signed in.

    Args:
        place: Which page: ``home``, ``contact``, ``answer``, ``customer`` or ``survey``.
        customer: Public id of the customer whom the page is about.
        contact: Public id of the contact that it is about.
        response: Public id of the answer that it is about.
        survey: Name of the survey that it is about.
    """
    here, who = core(), person()
    slots = slots_of(here, place, [role for role in ROLES if outranks(who.role, role)])
    if not slots:
        return []
    seat = Seat(
        customer=customer_of(here, customer) if customer else None, contact=contact, response=response, survey=survey,
        language=language(), user=who.email, role=who.role,
    )  # fmt: skip
    return show_slots(here, slots, seat, Framing(forms=True))


class Framing:
    """What a piece's template knows beside its values; made in the request, used in a thread that has none.

    Args:
        forms: Whether its forms may carry this session's token.
    """

    def __init__(self, forms: bool) -> None:
        self._field = csrf_field() if forms else ""

    def __call__(self, plugin: str) -> Mapping[str, Any]:
        """Return what the templates of a plugin know."""
        return {
            "plugin": plugin,
            "plugin_root": f"{request.script_root}/x/{plugin}/",
            "static": plugin_static.addresses(plugin),
            "csrf_field": lambda: self._field,
        }
