"""The card as JSON, for companies that show it inside their own tools."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
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
        "careful": [{**plain(asdict(each)), "text": warning_text(ENGLISH, each)} for each in card.careful],
        "opening": opening(card),
        "wishes": [plain(asdict(each)) for each in card.wishes],
        "ratings": [plain(asdict(each)) for each in card.ratings],
        "trend": {"key": card.trend, "text": trend_text(ENGLISH, card.trend)},
        "contacts": [plain(asdict(each)) for each in card.contacts],
        "gestures": [plain(asdict(each)) for each in card.gestures],
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
    return {**plain(asdict(card.opening)), "text": opening_text(ENGLISH, card.opening)} if card.opening else None


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: moments as RFC 3339 in UTC."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value
