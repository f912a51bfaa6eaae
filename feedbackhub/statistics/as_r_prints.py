"""The conditional odds ratio with the digits that R's fisher.test prints, for comparing line by line.

R solves the same equations as `conditional_odds_ratio`, yet stops as soon as the odds ratio (above 1: what 1 divided by
it is) is known to about 0.0001: its third digit after the point may be off. Nothing is reported from here.

Source: R. P. Brent, Algorithms for Minimization without Derivatives (1973), ch. 4, with the tolerance of R's uniroot.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log

from .conditional_odds import ConditionalOdds, HeldFixed
from .proportions import Share

__all__ = ["conditional_odds_as_r_prints"]

EPSILON = 2.0**-52
TOLERANCE = EPSILON**0.25
STEPS = 1000

Function = Callable[[float], float]


def conditional_odds_as_r_prints(one: Share, other: Share, level: float = 0.95) -> ConditionalOdds | None:
    """Return what R prints; None when an arm is empty, or all outcomes are alike.

    Args:
        one: The arm of interest.
        other: What it is compared with.
        level: The confidence of its exact interval.

    Raises:
        ValueError: The level does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    chances, tail = HeldFixed(one, other), (1 - level) / 2
    least, most, seen = chances.least, chances.most, chances.seen
    if least == most:
        return None
    return ConditionalOdds(
        value=None if seen == most else _crossing(chances.mean, seen, least) if seen > least else 0.0,
        low=_crossing(chances.from_seen, tail, 0) if seen > least else 0.0,
        high=_crossing(chances.up_to_seen, tail, 1) if seen < most else None,
    )


def _crossing(function: Function, wanted: float, at_zero: float) -> float:
    """Return the odds ratio at which a function of its logarithm takes a value, looked for as R does.

    Args:
        function: Either rising or falling.
        wanted: The value.
        at_zero: The function's value at an odds ratio of 0.
    """
    at_one = function(0.0)
    if at_one == wanted:
        return 1.0
    if (at_one > wanted) == (at_zero < wanted):
        return _root(lambda odds: (function(log(odds)) if odds else at_zero) - wanted, 0.0, 1.0)
    return 1 / _root(lambda odds: function(-log(odds)) - wanted, EPSILON, 1.0)


def _root(function: Function, start: float, end: float) -> float:
    """Return where a function crosses zero between two points, by Brent's method."""
    a, b, fa, fb = start, end, function(start), function(end)
    c, fc = a, fa
    for _ in range(STEPS):
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c, fa, fb, fc = b, c, b, fb, fc, fb
        close, step = 2 * EPSILON * abs(b) + TOLERANCE / 2, (c - b) / 2
        if abs(step) <= close or fb == 0:
            return b
        if abs(before) >= close and abs(fa) > abs(fb):
            p, q = _interpolated((a, fa), (b, fb), (c, fc))
            if p < 0.75 * (c - b) * q - abs(close * q) / 2 and p < abs(before * q / 2):
                step = p / q
        a, fa = b, fb
        b += step if abs(step) >= close else close if step > 0 else -close
        fb = function(b)
        if (fb > 0) == (fc > 0):
            c, fc = a, fa
    return b


def _interpolated(
    first: tuple[float, float], second: tuple[float, float], third: tuple[float, float]
) -> tuple[float, float]:  # fmt: skip
    """Return the step from the second point as a fraction: linear for two different points, else by a parabola."""
    (a, fa), (b, fb), (c, fc) = first, second, third
    if a == c:
        p, q = (c - b) * fb / fa, 1 - fb / fa
    else:
        r, s, t = fa / fc, fb / fc, fb / fa
        p, q = t * ((c - b) * r * (r - s) - (b - a) * (s - 1)), (r - 1) * (s - 1) * (t - 1)
    return (p, -q) if p > 0 else (-p, q)
