"""The card as JSON, for companies that show it inside their own tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from gettext import NullTranslations
from typing import Any

from ..loop.card import Card
from ..machinery.i18n import Translator
from .card_words import opening_text, trend_text, warning_text

__all__ = ["card_json"]

ENGLISH = Translator("en", NullTranslations())


def card_json(card: Card) -> dict[str, Any]:
    """Return a card as plain JSON values; what is said in words also stands there as a stable key with its facts."""
    return {
        "state": card.state,
        "customer": who(card) if card.customer else None,
        "careful": [{**plain(each), "text": warning_text(ENGLISH, each)} for each in card.careful],
        "opening": opening(card),
        "wishes": [plain(each) for each in card.wishes],
        "ratings": [plain(each) for each in card.ratings],
        "trend": {"key": card.trend, "text": trend_text(ENGLISH, card.trend)},
        "contacts": [plain(each) for each in card.contacts],
        "gestures": [plain(each) for each in card.gestures],
        "apologies": {**plain(card.apologies), "too_many": card.apologies.too_many},
        "last_asked_at": plain(card.last_asked_at),
        "next_ask_at": plain(card.next_ask_at),
        "stopped": card.stopped,
        "shared_by": card.shared_by,
    }


def who(card: Card) -> dict[str, Any]:
    """Return who the customer is."""
    return {
        "id": card.customer,
        "name": card.name,
        "segment": card.segment,
        "language": card.language,
        "country": card.country,
        "timezone": card.timezone,
        "identifiers": [{"kind": each.kind, "value": each.value} for each in card.identifiers],
        "attributes": dict(card.attributes or {}),
    }


def opening(card: Card) -> dict[str, Any] | None:
    """Return the one thing worth saying first."""
    return {**plain(card.opening), "text": opening_text(ENGLISH, card.opening)} if card.opening else None


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: moments as RFC 3339 in UTC, records by their fields."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    record: type = type(value)
    if is_dataclass(record):
        return {name: plain(getattr(value, name)) for name in names_of(record)}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value


@cache
def names_of(record: type) -> tuple[str, ...]:
    """Return the names of a record's fields."""
    return tuple(each.name for each in fields(record))
