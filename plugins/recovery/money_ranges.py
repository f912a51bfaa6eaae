"""Ranges of what is assumed, and the chance draws between their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from random import Random

__all__ = ["Range", "draws", "percentile"]


@dataclass(frozen=True, slots=True)
class Range:
    """What something may be.

    Args:
        low: The lowest that is thought possible.
        likely: The likeliest.
        high: The highest that is thought possible.

    Raises:
        ValueError: They are not in this order.
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError("the lowest, the likeliest and the highest must be in this order")


def draws(random: Random, given: Range, n: int) -> list[float]:
    """Return values by chance from a PERT distribution between the ends.

    Source: D. G. Malcolm and others, Operations Research 7 (1959) 646-669: a beta distribution whose mean is
    (lowest + 4 x likeliest + highest) / 6.

    Args:
        random: Where chance comes from.
        given: The range.
        n: How many values.
    """
    width = given.high - given.low
    if width <= 0:
        return [given.likely] * n
    a = 1 + 4 * (given.likely - given.low) / width
    b = 1 + 4 * (given.high - given.likely) / width
    return [given.low + width * random.betavariate(a, b) for _ in range(n)]


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that so large a share does not exceed.

    Args:
        ordered: Values from small to large, at least one.
        share: Between 0 and 1.
    """
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
