"""When there are too few answers to say something: the same thresholds on every page."""

from __future__ import annotations

from typing import Literal

__all__ = ["FLAGGED_BELOW", "HIDDEN_BELOW", "Few", "few"]

#: Below this many answers only counts are shown.
HIDDEN_BELOW = 10
#: Below this many answers an estimate is marked as resting on a small sample.
FLAGGED_BELOW = 30

Few = Literal["", "none", "counts", "flag"]


def few(n: int) -> Few:
    """Return what so many answers allow to say: ``none``, only ``counts``, an estimate with a ``flag``, or all."""
    if n <= 0:
        return "none"
    if n < HIDDEN_BELOW:
        return "counts"
    return "flag" if n < FLAGGED_BELOW else ""
