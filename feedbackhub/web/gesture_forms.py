"""The small forms on the card: “I rang”, “I apologised”, “compensated”, and taking that back."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from flask import request

from ..contract.errors import NotFound, Problem, Refused
from ..contract.scalars import clean_line, clean_text
from ..loop.card import Card
from ..loop.card_parts import PastGesture
from ..loop.core import Core
from ..loop.gesture_kinds import checked_kind, checked_manner
from ..loop.gestures import GestureNote
from ..machinery.links import is_public_id
from ..office.gestures import note_gesture, take_back

__all__ = ["just_made", "keep_gesture", "undo_gesture"]

#: A gesture can be taken back by whoever was just shown that it was recorded, and by nobody who only knows its id.
PURPOSE = "undo gesture"
MOST_CENTS = 10**12
LONGEST_VALUE, LONGEST_NOTE, LONGEST_WORDS = 200, 2000, 10_000
_LONG = ("note", "words")


def keep_gesture(core: Core, customer: str, by: str, agent: str, actor: str) -> str:
    """Record the gesture that a form tells of and return the token with which it can be taken back.

    Args:
        core: The instance.
        customer: The customer's public id.
        by: Who made it, as shown to staff.
        agent: The agent's public id, if known.
        actor: The same for the audit log.

    Raises:
        Refused: The form cannot be read.
        NotFound: The customer or the answer that it follows does not exist.
    """
    response = request.form.get("response", "")
    cents = read_cents(request.form.get("cost", ""))
    kind = checked_kind(core.settings, request.form.get("kind", ""))
    note = GestureNote(
        kind=kind, customer=customer, by=by, agent=agent, response=response if is_public_id(response) else "",
        manner=checked_manner(kind, request.form.get("manner", "")), words=read_text("words", LONGEST_WORDS),
        value=read_text("value", LONGEST_VALUE), cost_cents=cents,
        currency=read_currency(request.form.get("currency", "")) if cents is not None else "",
        note=read_text("note", LONGEST_NOTE),
    )  # fmt: skip
    return core.links.token(note_gesture(core, note, actor).id, PURPOSE)


def undo_gesture(core: Core, customer: str, actor: str) -> None:
    """Take back the gesture whose token a form sends.

    Raises:
        NotFound: There is no such gesture to this customer.
    """
    gesture = core.links.read(request.form.get("undo", ""), PURPOSE)
    if gesture is None:
        raise NotFound("no such gesture")
    take_back(core, gesture, actor, customer)


def just_made(core: Core, card: Card) -> tuple[str, PastGesture] | None:
    """Return the gesture that was recorded a moment ago with the token for taking it back."""
    token = request.args.get("did", "")
    gesture = core.links.read(token, PURPOSE)
    return next(((token, each) for each in card.gestures if each.id == gesture), None)


def read_text(field: str, longest: int) -> str:
    """Return what was typed into a field; raises Refused when it is too long or holds control characters."""
    text = request.form.get(field, "")
    try:
        text = clean_text(text).strip() if field in _LONG else clean_line(text)
    except ValueError as error:
        raise Refused(Problem(field, str(error))) from None
    if len(text) > longest:
        raise Refused(Problem(field, f"is longer than {longest} characters"))
    return text


def read_cents(text: str) -> int | None:
    """Return an amount such as 12.50 or 12,50 in hundredths, None when there is none; raises Refused."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        cents = Decimal(text) * 100
    except InvalidOperation:
        raise Refused(Problem("cost", "is no amount such as 12.50")) from None
    if not cents.is_finite() or cents != cents.to_integral_value() or not 0 <= cents <= MOST_CENTS:
        raise Refused(Problem("cost", "is no amount such as 12.50"))
    return int(cents)


def read_currency(text: str) -> str:
    """Return a currency's three letters, or nothing; raises Refused."""
    text = text.strip().upper()
    if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise Refused(Problem("currency", "is no code of three letters such as EUR"))
    return text
