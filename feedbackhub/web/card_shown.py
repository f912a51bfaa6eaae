"""What the card's templates need, in the side panel and at the desk alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..loop.card import Card
from ..loop.card_parts import Earlier, Rating
from ..loop.gesture_kinds import MANNERS, labels_of
from ..machinery.i18n import language_name
from . import card_words
from .current import core
from .gesture_forms import just_made
from .pieces import Waiting
from .rendering import language, texts

__all__ = ["Mark", "card_values", "gesture_names", "mark_of"]

FACES = "😠😞😐😊😃"
GOOD = 75


@dataclass(frozen=True, slots=True)
class Mark:
    """How a rating is drawn at one glance: its face, and ``bad``, ``fair``, ``good`` or ``none``."""

    face: str
    kind: str


def mark_of(rating: Rating | Earlier) -> Mark:
    """Return the face and colour of a rating, whatever scale it was given on; without a score it has neither."""
    if rating.score is None:
        return Mark("", "none")
    face = FACES[min(len(FACES) - 1, int(rating.score / 100 * (len(FACES) - 1) + 0.5))]
    return Mark(face, "bad" if rating.low else "good" if rating.score >= GOOD else "fair")


def gesture_names() -> Callable[[str], str]:
    """Return what names a kind of gesture in the viewer's language."""
    t, own = texts(), labels_of(core().settings)
    return lambda kind: card_words.gesture_name(t, kind, own)


def card_values(
    card: Card, act: str, undo: str, can_act: bool, csrf: bool, pieces: Sequence[Waiting] = ()
) -> dict[str, Any]:
    """Return the variables of ``card/parts.html``.

    Args:
        card: The card.
        act: Where gestures are posted to.
        undo: Where one is taken back.
        can_act: Whether the viewer is somebody who may record gestures.
        csrf: Whether forms carry the session's token.
        pieces: What plugins add, fetched after the card.
    """
    return {
        "card": card, "words": card_words, "mark_of": mark_of, "did": just_made(core(), card), "act": act, "undo": undo,
        "can_act": can_act, "card_csrf": csrf, "pieces": pieces if card.state != "unknown" else (),
        "gesture_name": gesture_names(), "own_kinds": labels_of(core().settings), "manners": MANNERS[1:],
        "language_name": partial(language_name, shown_in=language()),
    }  # fmt: skip
