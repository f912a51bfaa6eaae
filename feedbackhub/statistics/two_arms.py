"""Two arms of a trial beside each other: difference, ratios, the exact test, and how many must be treated for one more.

Sources: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10; D. Katz et al., Biometrics 34 (1978)
469-474; B. Woolf, Annals of Human Genetics 19 (1955) 251-253; R. A. Fisher, JRSS 98 (1935) 39-82; D. G. Altman,
BMJ 317 (1998) 1309-1312 for the number needed to treat.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from .exact import fisher
from .normal import Interval, z_of
from .proportions import Share, difference_of_shares

__all__ = ["Needed", "TwoArms", "two_arms"]


@dataclass(frozen=True, slots=True)
class Needed:
    """How many must be treated so that one more turns out differently.

    Args:
        value: The number, 1 or more.
        interval: Its interval, from the ends of the difference's.
        harms: Whether one more turns out worse; the number itself is never negative.
    """

    value: float
    interval: Interval
    harms: bool


@dataclass(frozen=True, slots=True)
class TwoArms:
    """One arm compared with another.

    Args:
        one: The arm of interest.
        other: What it is compared with.
        difference: The first share less the second, from -1 to 1.
        difference_interval: Newcombe's interval of it.
        ratio: The first share divided by the second; None when the second is 0.
        ratio_interval: Katz's interval; None when nobody or everybody decides it: a part is 0.
        odds: The sample odds ratio; None when it would divide by 0.
        odds_interval: Woolf's interval; None when a cell is 0.
        p: Fisher's exact test, two-sided.
    """

    one: Share
    other: Share
    difference: float
    difference_interval: Interval
    ratio: float | None
    ratio_interval: Interval | None
    odds: float | None
    odds_interval: Interval | None
    p: float

    @property
    def shown(self) -> bool:
        """Whether there is a difference at all: its interval does not hold 0."""
        return self.difference_interval.excludes_zero

    @property
    def needed(self) -> Needed | None:
        """The number needed to treat; None while the interval holds 0: no difference is shown."""
        if not self.shown:
            return None
        ends = sorted(1 / abs(end) for end in self.difference_interval)
        return Needed(1 / abs(self.difference), Interval(*ends), harms=self.difference < 0)


def two_arms(one: Share, other: Share, level: float = 0.95) -> TwoArms | None:
    """Compare two arms that hold different people; None when one of them is empty.

    Args:
        one: How many of how many in the arm of interest.
        other: The same in the arm it is compared with.
        level: The intervals' confidence.

    Raises:
        ValueError: The level does not lie between 0 and 1.
    """
    interval = difference_of_shares(one, other, level)
    if interval is None:
        return None
    z, a, b = z_of(level), one.part, other.part
    c, d = one.whole - a, other.whole - b
    p, q = a / one.whole, b / other.whole
    ratio, odds = p / q if b else None, a * d / (b * c) if b and c else None
    katz = (1 / a - 1 / one.whole + 1 / b - 1 / other.whole) if a and b else 0.0
    woolf = around(odds, sum(1 / cell for cell in (a, b, c, d)), z) if a and b and c and d else None
    return TwoArms(
        one, other, p - q, interval, ratio, around(ratio, katz, z), odds, woolf, fisher(one, other)
    )  # fmt: skip


def around(ratio: float | None, variance: float, z: float) -> Interval | None:
    """Return the interval of a ratio from the variance of its logarithm, None when either is not there."""
    if not ratio or variance <= 0:
        return None
    reach = z * sqrt(variance)
    return Interval(exp(log(ratio) - reach), exp(log(ratio) + reach))
