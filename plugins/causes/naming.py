"""Places in words, and the way to the answers that come from there."""

from __future__ import annotations

import math
from collections.abc import Mapping

from feedbackhub import Way, is_line
from feedbackhub.reporting import N_, Words

from .cells import Place

__all__ = ["DIMENSION_NAMES", "bad_answers", "place_name", "points", "widened"]

DIMENSION_NAMES: Mapping[str, str] = {
    "channel": N_("Channel"),
    "team": N_("Team"),
    "topic": N_("Topic"),
    "product": N_("Product"),
    "brand": N_("Brand"),
    "language": N_("Language"),
    "segment": N_("Segment"),
    "country": N_("Country"),
}


def place_name(t: Words, place: Place) -> str:
    """Return a place as staff read it, like ``Topic: Delivery + Product: Lamp``."""
    return " + ".join(f"{t(DIMENSION_NAMES[name])}: {value}" for name, value in place)


def points(share: float) -> float:
    """Return a share as points of a hundred with one decimal, never as minus zero."""
    return round(100 * share, 1) + 0.0


def bad_answers(place: Place = ()) -> Way | None:
    """Return the way to the bad answers of a place; None where its values are no filters."""
    if any(len(value) > 200 or not is_line(value) for _, value in place):
        return None
    return Way(values={**dict(place), "low": "yes"})


def widened(t: Words, level: float) -> str:
    """Say how sure the intervals are that were widened for many comparisons.

    Args:
        t: The words.
        level: The confidence of each.
    """
    # As exact as it takes: one of 99.998 % is none of 100 %.
    digits = max(1, -math.floor(math.log10(100 * (1 - level))))
    shown = t.number(round(100 * level, digits), ".10g")
    return t("Intervals of differences are widened for so many comparisons: each is one of {level} %.", level=shown)
