"""From the fields of a form to a letter as somebody wants it, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from feedbackhub import Problem, Refused
from feedbackhub.reporting import N_

from .drafting import Wish

__all__ = ["FIELDS", "cents_of", "money_of", "wish_of_form"]

FIELDS = ("text", "language", "channel", "explanation", "done", "when", "gift", "value", "cost", "currency")
MONEY = re.compile(r"\d{1,7}([.,]\d{1,2})?")


def wish_of_form(form: Mapping[str, str]) -> Wish:
    """Return what a form asks for; raises Refused for a cost that is no amount."""
    given = {name: form.get(name, "").strip() for name in FIELDS}
    return Wish(
        given["text"], given["language"], given["channel"], given["explanation"], given["done"], given["when"],
        given["gift"], given["value"], cents_of(given["cost"]), given["currency"].upper(), "owed" in form,
    )  # fmt: skip


def cents_of(text: str) -> int | None:
    """Return an amount of money in hundredths, None for nothing; raises Refused for what is none."""
    text = text.strip()
    if not text:
        return None
    if not MONEY.fullmatch(text):
        raise Refused(Problem("cost", N_("must be an amount like 10 or 10.50")))
    whole, _, part = text.replace(",", ".").partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")


def money_of(cents: int | None) -> str:
    """Return hundredths as an amount, empty for nothing."""
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"
