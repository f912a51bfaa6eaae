"""What a row says of a gesture, alike in a file of gestures and in one of contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..contract.errors import Refused
from ..contract.gestures import Manner
from ..loop.gesture_kinds import checked_manner
from .import_cells import Unusable, cents_of, currency_of, line_of, text_of

__all__ = ["FIELDS", "GivenGesture", "read_given"]

#: What a file may say of a gesture; in a file of contacts with ``gesture.`` before it.
FIELDS = ("kind", "manner", "words", "value", "cost", "currency", "note", "by", "at")


@dataclass(frozen=True)
class GivenGesture:
    """A gesture as a row tells of it."""

    kind: str
    manner: Manner
    words: str
    value: str
    cost_cents: int | None
    currency: str
    note: str
    by: str
    at: datetime


def read_given(
    fields: Mapping[str, str], at: datetime | None, kinds: Sequence[str], prefix: str = "", by: str = ""
) -> GivenGesture:
    """Return the gesture that a row tells of.

    Args:
        fields: The row's fields.
        at: When it was made.
        kinds: The kinds that there are.
        prefix: What stands before the names of a gesture's fields.
        by: Who made it, when the row does not say.

    Raises:
        Unusable: A field cannot be used.
    """

    def said(name: str) -> str:
        return fields.get(prefix + name, "")

    kind = _word(said("kind"))
    if kind not in kinds:
        raise Unusable(f"{prefix}kind", f"must be one of {', '.join(kinds)}")
    if at is None:
        raise Unusable(f"{prefix}at", "must be given")
    cost = said("cost")
    return GivenGesture(
        kind=kind,
        manner=_manner(f"{prefix}manner", kind, _word(said("manner"))),
        words=text_of(f"{prefix}words", said("words")),
        value=line_of(f"{prefix}value", said("value")),
        cost_cents=cents_of(f"{prefix}cost", cost) if cost else None,
        currency=currency_of(f"{prefix}currency", said("currency")) if cost else "",
        note=text_of(f"{prefix}note", said("note")),
        by=line_of(f"{prefix}by", said("by") or by or "import"),
        at=at,
    )


def _word(text: str) -> str:
    return text.strip().lower().replace("-", "_").replace(" ", "_")


def _manner(target: str, kind: str, manner: str) -> Manner:
    try:
        return checked_manner(kind, manner)
    except Refused as refused:
        raise Unusable(target, refused.problems[0].reason) from None
