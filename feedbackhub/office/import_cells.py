"""Cells as values: one line, several lines, an amount; each says which field cannot be used, and why."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from ..contract.scalars import clean_line, clean_text

__all__ = ["Unusable", "cents_of", "currency_of", "line_of", "slug_of", "text_of"]

_NO_SLUG = re.compile(r"[^a-z0-9_.-]+")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Unusable(Exception):
    """Names a field and why it cannot be used."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(reason)
        self.target, self.reason = target, reason


def slug_of(text: str) -> str:
    """Return a text as a small word without spaces."""
    return _NO_SLUG.sub("-", text.strip().lower()).strip("-._")[:64]


def line_of(target: str, text: str) -> str:
    """Return one line of at most 200 characters; raises Unusable."""
    try:
        text = clean_line(text)
    except ValueError as error:
        raise Unusable(target, str(error)) from None
    if len(text) > 200:
        raise Unusable(target, "has more than 200 characters")
    return text


def text_of(target: str, text: str) -> str:
    """Return a text of at most 10,000 characters; raises Unusable."""
    try:
        text = clean_text(text)
    except ValueError as error:
        raise Unusable(target, str(error)) from None
    if len(text) > 10_000:
        raise Unusable(target, "has more than 10000 characters")
    return text


def cents_of(target: str, text: str) -> int:
    """Return an amount such as 12.50 in hundredths; raises Unusable."""
    try:
        cents = Decimal(text) * 100
        whole = int(cents)
    except (InvalidOperation, ValueError, OverflowError):
        raise Unusable(target, "must be an amount such as 12.50") from None
    if whole != cents or not 0 <= whole < 10**12:
        raise Unusable(target, "must be an amount such as 12.50")
    return whole


def currency_of(target: str, text: str) -> str:
    """Return a currency's three letters; raises Unusable."""
    text = text.upper()
    if not _CURRENCY.fullmatch(text):
        raise Unusable(target, "must be three letters such as EUR where there is a cost")
    return text
