"""Intervals that hold at every look: confidence sequences.

Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, Annals of Statistics 52 (2024),
arXiv 2103.06476: the asymptotic confidence sequence, theorem 2.2, and its use for the difference of randomised arms.
In a difference two more won and two more lost count in each share's variance, as in A. Agresti and B. A. Coull, The
American Statistician 52 (1998) 119-126: simulated at every step from 30 outcomes on, for shares from 0.02 to 0.95 and
arms of up to 1 to 19, it misses the truth at any look in fewer than 4 of 100 trials; by the bare variance in up to 6.
For one share: H. Robbins, Annals of Mathematical Statistics 41 (1970) 1397-1409.
"""

from __future__ import annotations

from collections.abc import Callable
from math import lgamma, log, log1p, sqrt

from .normal import Interval
from .proportions import Share

__all__ = ["SEQUENCE_FROM", "confidence_sequence", "difference_sequence", "sequence_scale", "share_sequence"]

#: From so many outcomes in either arm on the sequence of a difference is given; it leans on the normal distribution.
SEQUENCE_FROM = 30
#: So many more won, and as many more lost, count in a share's variance.
MORE = 2
HALVINGS = 60


def sequence_scale(tightest: float, alpha: float = 0.05) -> float:
    """Return the sequence's parameter (rho) that makes it tightest at so many outcomes.

    Args:
        tightest: How many outcomes, above 0.
        alpha: 1 less the confidence.

    Raises:
        ValueError: One of them lies outside.
    """
    if not 0 < alpha < 1 or not tightest > 0:
        raise ValueError("alpha must lie between 0 and 1, the number of outcomes above 0")
    return sqrt((-2 * log(alpha) + log(1 - 2 * log(alpha))) / tightest)


def confidence_sequence(
    mean: float, deviation: float, n: int, level: float = 0.95, tightest: float = 200
) -> Interval | None:  # fmt: skip
    """Return the interval of a mean that holds however often one looks; None below two outcomes or without spread.

    Args:
        mean: The mean so far.
        deviation: The standard deviation so far.
        n: How many outcomes there are.
        level: The confidence that it holds the truth at all looks together.
        tightest: At how many outcomes it shall be tightest; fixed before the first look.

    Raises:
        ValueError: The level lies outside, or the deviation is negative.
    """
    rho = sequence_scale(tightest, 1 - level)
    if deviation < 0:
        raise ValueError("the deviation cannot be negative")
    if n < 2 or not deviation:
        return None
    grown = n * rho * rho + 1
    reach = deviation * sqrt(2 * grown / (n * n * rho * rho) * log(sqrt(grown) / (1 - level)))
    return Interval(mean - reach, mean + reach)


def difference_sequence(
    one: Share, other: Share, level: float = 0.95, tightest: float = 200
) -> Interval | None:  # fmt: skip
    """Return the interval of one arm's share less another's that holds however often one looks.

    Args:
        one: The arm of interest.
        other: What it is compared with; assigned by chance.
        level: The confidence that it holds the truth at all looks together.
        tightest: At how many outcomes of both arms together it shall be tightest, like the plan's; fixed before the
            first look.

    Returns:
        The interval, within -1 and 1; None until either arm has 30 outcomes.

    Raises:
        ValueError: The level lies outside, or `tightest` is not above 0.
    """
    sequence_scale(tightest, 1 - level)  # what makes no sense is refused however few there are
    if min(one.whole, other.whole) < SEQUENCE_FROM:
        return None
    n, difference = one.whole + other.whole, one.part / one.whole - other.part / other.whole
    # Of the outcomes weighted by their chance of being in their arm: that deviation over the root of all outcomes is
    # the standard error of the difference.
    deviation = sqrt(n * (_variance(one) + _variance(other)))
    found = confidence_sequence(difference, deviation, n, level, tightest)
    return Interval(max(found.low, -1.0), min(found.high, 1.0)) if found else None


def share_sequence(share: Share, level: float = 0.95) -> Interval | None:
    """Return the interval of one share that holds however often one looks: exactly, from the first outcome on.

    It holds every share under which the outcomes are not `1 / (1 - level)` times less likely than under a share drawn
    by chance (Robbins' mixture); that ratio ever getting so large is as unlikely as 1 less the level.

    Args:
        share: How many of how many.
        level: The confidence that it holds the truth at all looks together.

    Returns:
        The interval, within 0 and 1; None of nothing.

    Raises:
        ValueError: The level does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    won, n = share.part, share.whole
    if not n:
        return None
    least = lgamma(won + 1) + lgamma(n - won + 1) - lgamma(n + 2) + log(1 - level)

    def holds(p: float) -> bool:
        likely = (won * log(p) if won else 0.0) + ((n - won) * log1p(-p) if n > won else 0.0)
        return likely >= least

    low = _end(0.0, won / n, holds) if won else 0.0
    high = _end(1.0, won / n, holds) if n > won else 1.0
    return Interval(low, high)


def _end(outside: float, inside: float, holds: Callable[[float], bool]) -> float:
    """Return where an interval ends between a point outside and one inside."""
    for _ in range(HALVINGS):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if holds(middle) else (middle, inside)
    return inside


def _variance(arm: Share) -> float:
    share = (arm.part + MORE) / (arm.whole + 2 * MORE)
    return share * (1 - share) / arm.whole
