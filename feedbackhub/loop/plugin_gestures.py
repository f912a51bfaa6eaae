"""Gestures that plugins record: checked, and each only once for its key."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Problem, Refused
from ..contract.gestures import Gesture, GestureMade
from ..contract.scalars import clean_line, clean_text
from ..store.queries import gestures as made
from ..store.queries import people
from ..store.queries.locks import lock_keys
from ..store.types import AnyRow
from .core import Core
from .gestures import GestureNote, record_now
from .plugin_queue import LONGEST_KEY

__all__ = ["record_for_plugin"]

_LONGEST = {
    "customer": 12, "contact": 12, "response": 12, "agent": 12, "by": 200, "value": 200, "words": 10_000, "note": 2_000,
    "key": LONGEST_KEY,
}  # fmt: skip
_TEXTS = ("words", "note")
_CURRENCY = re.compile(r"[A-Z]{3}")
MOST_CENTS = 10**12


def record_for_plugin(core: Core, plugin: str, gesture: object) -> GestureMade:
    """Record a plugin's gesture, unless it has recorded one with the same key, and return it.

    Raises:
        NotFound: The customer, contact, response or agent does not exist, or is of somebody else.
        Refused: A field is wrong.
    """
    note, key = _checked(gesture)
    now = core.clock.now()

    def run(connection: Connection) -> GestureMade:
        if not key:
            return record_now(connection, core.settings, note, now)
        ids = _ids_of(core, plugin, key)
        lock_keys(connection, [f"gesture:{ids[0]}"])
        known = made.by_public_ids(connection, ids)
        if known is not None:
            return _as_made(connection, core, known, now)
        return record_now(connection, core.settings, note, now, ids[0])

    return core.store.write(run)


def _ids_of(core: Core, plugin: str, key: str) -> list[str]:
    """Return the ids that a plugin's gesture with a key may have, that of today's first; nobody can guess them."""
    digests = (
        hmac.digest(each, f"{plugin}\0{key}".encode(), "sha256") for each in core.links.derived("plugin gesture")
    )
    return [urlsafe_b64encode(each[:9]).decode("ascii") for each in digests]


def _as_made(connection: Connection, core: Core, row: AnyRow, now: datetime) -> GestureMade:
    kin = people.kin_of(connection, row.customer_id)
    since = min(row.at, now) - timedelta(days=core.settings.gestures.days)
    return GestureMade(row.public_id, row.nth, made.count_since(connection, kin, row.kind, since, row.test))


def _checked(gesture: object) -> tuple[GestureNote, str]:
    if not isinstance(gesture, Gesture):
        raise Refused(Problem("gesture", f"{type(gesture).__name__} is no Gesture"))
    at: object = gesture.at
    if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
        raise Refused(Problem("at", "must be a moment with a time zone"))
    said = {name: _text(gesture, name, longest) for name, longest in _LONGEST.items()}
    note = GestureNote(
        kind=gesture.kind, customer=said["customer"], by=said["by"], agent=said["agent"], contact=said["contact"],
        response=said["response"], manner=gesture.manner, words=said["words"], value=said["value"],
        cost_cents=_cents(gesture.cost_cents), currency=_currency(gesture.currency), note=said["note"], at=gesture.at,
    )  # fmt: skip
    return note, said["key"]


def _text(gesture: Gesture, name: str, longest: int) -> str:
    text: Any = getattr(gesture, name)
    if not isinstance(text, str):
        raise Refused(Problem(name, "must be a text"))
    try:
        text = clean_text(text) if name in _TEXTS else clean_line(text)
    except ValueError as error:
        raise Refused(Problem(name, str(error))) from None
    if len(text) > longest:
        raise Refused(Problem(name, f"is longer than {longest} characters"))
    return str(text)


def _cents(cents: object) -> int | None:
    if cents is None:
        return None
    if isinstance(cents, bool) or not isinstance(cents, int) or not 0 <= cents <= MOST_CENTS:
        raise Refused(Problem("cost_cents", f"must be a whole number from 0 to {MOST_CENTS}"))
    return cents


def _currency(currency: object) -> str:
    if not isinstance(currency, str) or not (currency == "" or _CURRENCY.fullmatch(currency)):
        raise Refused(Problem("currency", "is no code of three letters such as EUR"))
    return currency
