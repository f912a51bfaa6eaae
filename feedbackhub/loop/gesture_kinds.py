"""Which gestures there are: the three that the core knows by itself, and those that the settings add."""

from __future__ import annotations

from typing import get_args

from ..contract.errors import Problem, Refused
from ..contract.gestures import Manner
from ..machinery.settings import Settings

__all__ = ["APOLOGY", "BUILT_IN", "CALL_BACK", "MANNERS", "checked_kind", "checked_manner", "kinds_of", "labels_of"]

APOLOGY, COMPENSATION, CALL_BACK = "apology", "compensation", "call_back"
BUILT_IN = (APOLOGY, COMPENSATION, CALL_BACK)
MANNERS: tuple[Manner, ...] = get_args(Manner)


def kinds_of(settings: Settings) -> tuple[str, ...]:
    """Return the kinds of gestures that may be recorded, the core's own first."""
    return (*BUILT_IN, *settings.gestures.kinds)


def labels_of(settings: Settings) -> dict[str, str]:
    """Return the kinds that the settings add, each with its name for people."""
    return dict(settings.gestures.kinds)


def checked_kind(settings: Settings, kind: object, field: str = "kind") -> str:
    """Return a kind of gesture; raises Refused, which names the known ones, for any other."""
    known = kinds_of(settings)
    if not isinstance(kind, str) or kind not in known:
        raise Refused(Problem(field, f"must be one of {', '.join(known)}"))
    return kind


def checked_manner(kind: str, manner: object, field: str = "manner") -> Manner:
    """Return how somebody apologised; raises Refused for an unknown manner, and for one of another gesture."""
    found: Manner | None = next((each for each in MANNERS if each == manner), None)
    if found is None:
        raise Refused(Problem(field, f"must be {', '.join(MANNERS[1:-1])} or {MANNERS[-1]}"))
    if found and kind != APOLOGY:
        raise Refused(Problem(field, "is said of an apology only"))
    return found
