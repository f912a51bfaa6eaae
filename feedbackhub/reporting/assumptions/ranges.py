"""Ranges of what is assumed or measured, and the chance draws between their ends."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random
from statistics import NormalDist

__all__ = ["Range", "draws", "seeded"]

SPREAD = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Range:
    """What something may be.

    Args:
        low: The lowest.
        likely: The likeliest.
        high: The highest.
        measured: Whether it was counted here: the ends are then those of its 95 % interval, else the outermost
            that are thought possible.
        ceiling: The most it can be; None for no such end.

    Raises:
        ValueError: They are not in this order.
    """

    low: float
    likely: float
    high: float
    measured: bool = False
    ceiling: float | None = None

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError("the lowest, the likeliest and the highest must be in this order")


def draws(random: Random, given: Range, n: int) -> list[float]:
    """Return values by chance: a PERT distribution between assumed ends, a normal one for what was measured.

    Source of PERT: D. G. Malcolm and others, Operations Research 7 (1959) 646-669: a beta distribution whose mean is
    (lowest + 4 x likeliest + highest) / 6.

    Args:
        random: Where chance comes from.
        given: The range.
        n: How many values.
    """
    width = given.high - given.low
    if width <= 0:
        return [given.likely] * n
    if given.measured:
        most = float("inf") if given.ceiling is None else given.ceiling
        deviation = width / (2 * SPREAD)
        return [min(max(random.gauss(given.likely, deviation), 0.0), most) for _ in range(n)]
    a = 1 + 4 * (given.likely - given.low) / width
    b = 1 + 4 * (given.high - given.likely) / width
    return [given.low + width * random.betavariate(a, b) for _ in range(n)]


def seeded(name: str, *values: float) -> Random:
    """Return chance of its own for something drawn: the same name and values always bring the same draws."""
    said = " ".join([name, *map(repr, values)])
    return Random(int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big"))
