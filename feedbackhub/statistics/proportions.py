"""Shares of a whole: how sure one is, and whether two differ.

Sources: E. B. Wilson, JASA 22 (1927) 209-212; R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .normal import Interval, z_of

__all__ = ["Share", "difference_of_shares", "wilson", "wilson_of"]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many.

    Args:
        part: How many of them.
        whole: How many there are.

    Raises:
        ValueError: The part is negative or larger than the whole.
    """

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError("the part must lie between 0 and the whole")

    @property
    def value(self) -> float | None:
        """The share from 0 to 1, None of nothing."""
        return self.part / self.whole if self.whole else None


def wilson(share: Share, level: float = 0.95) -> Interval | None:
    """Return the score interval of a share, None of nothing; sensible for 0 of n and n of n as well.

    Args:
        share: What was counted.
        level: The interval's confidence.
    """
    return wilson_of(share.part, share.whole, level)


def wilson_of(part: float, whole: float, level: float = 0.95) -> Interval | None:
    """Return the score interval of a share that need not be counted in whole answers, as where they are weighted.

    Args:
        part: How many of them.
        whole: How many there are, like the effective number of answers.
        level: The interval's confidence.
    """
    z, n = z_of(level), whole
    if n <= 0:
        return None
    p = part / n
    middle = p + z * z / (2 * n)
    reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At the ends rounding would leave a hair between the interval and what was seen.
    low = 0.0 if part == 0 else (middle - reach) / scale
    high = 1.0 if part == n else (middle + reach) / scale
    return Interval(min(max(low, 0.0), p), max(min(high, 1.0), p))


def difference_of_shares(one: Share, other: Share, level: float = 0.95) -> Interval | None:
    """Return the interval of one share less another by Newcombe's hybrid of score intervals, None without data.

    Args:
        one: The first share.
        other: What is taken from it; independent of the first.
        level: The interval's confidence.
    """
    first, second = wilson(one, level), wilson(other, level)
    if first is None or second is None:
        return None
    return spread(one.part / one.whole, first, other.part / other.whole, second)


def spread(value: float, interval: Interval, taken: float, its: Interval) -> Interval:
    """Return the interval of a difference from those of its two parts (MOVER).

    Args:
        value: The first estimate.
        interval: Its interval.
        taken: The estimate that is subtracted.
        its: The interval of that.
    """
    middle = value - taken
    down = sqrt((value - interval.low) ** 2 + (its.high - taken) ** 2)
    up = sqrt((interval.high - value) ** 2 + (taken - its.low) ** 2)
    return Interval(middle - down, middle + up)
