"""Funnels: between what values chance alone keeps groups of each size, instead of a ranking.

Source: D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202, on limits, winsorising and over-dispersion.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from .normal import Interval, z_of

__all__ = ["ALARM", "ALERT", "funnel_limits", "over_dispersion"]

#: The inner and the outer limits: chance crosses them once in 20 and once in 500 times.
ALERT, ALARM = 0.95, 0.998
#: So large a part of the groups on either side is drawn in, so that those that stand out do not widen their own limits.
WINSORISED = 0.1
FEWEST = 10


def funnel_limits(
    middle: float, variance: float, n: int, level: float = ALERT, *,
    reach: tuple[float, float] | None = None, dispersion: float = 1.0,
) -> Interval:  # fmt: skip
    """Return between what values chance keeps a group of that size.

    Args:
        middle: What all groups together are at.
        variance: The variance of one answer; p (1 - p) for a share.
        n: How many answers the group has, 1 or more.
        level: How much chance keeps inside.
        reach: Ends of the scale; limits beyond them are set to them.
        dispersion: How many times larger the variance is between groups, from `over_dispersion`.

    Raises:
        ValueError: A number lies outside.
    """
    if n < 1 or variance < 0 or dispersion <= 0:
        raise ValueError("there must be an answer, and variances must not be negative")
    far = z_of(level) * sqrt(dispersion * variance / n)
    low, high = (middle - far, middle + far) if reach is None else (
        max(middle - far, reach[0]), min(middle + far, reach[1]))  # fmt: skip
    return Interval(low, high)


def over_dispersion(distances: Sequence[float]) -> float:
    """Return by how much groups differ more than chance throughout, as a factor on the variance; 1 where they do not.

    With fewer than 10 groups it is 1 as well: one that stands out could not be told from what all do.

    Args:
        distances: How many standard errors each group lies from the middle.
    """
    count = len(distances)
    if count < FEWEST:
        return 1.0
    ordered, cut = sorted(distances), int(count * WINSORISED)
    low, high = ordered[cut], ordered[count - 1 - cut]
    found = sum(min(max(each, low), high) ** 2 for each in ordered) / count
    # Chance moves the factor by sqrt(2 / count): only what lies two of these above 1 is taken for over-dispersion.
    return found if found > 1 + 2 * sqrt(2 / count) else 1.0
