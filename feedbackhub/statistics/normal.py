"""Quantiles and tails of the normal distribution, and what an interval is."""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

__all__ = ["Interval", "two_sided_p", "z_of"]

STANDARD = NormalDist()


class Interval(NamedTuple):
    """The two ends of an interval.

    Args:
        low: The lower end.
        high: The upper end.
    """

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether all of it lies on one side of zero."""
        return self.low > 0 or self.high < 0

    def times(self, factor: float) -> Interval:
        """Return it on a scale that is that many times as wide."""
        return Interval(self.low * factor, self.high * factor)


def z_of(level: float) -> float:
    """Return how many standard errors an interval of this confidence reaches to either side.

    Args:
        level: Between 0 and 1, like 0.95.

    Raises:
        ValueError: It is not between them.
    """
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    return STANDARD.inv_cdf((1 + level) / 2)


def two_sided_p(z: float) -> float:
    """Return how likely a value at least as far from zero is by chance alone."""
    return 2 * STANDARD.cdf(-abs(z))
