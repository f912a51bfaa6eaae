"""Quantiles of Student's t distribution, from the incomplete beta function.

Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 26.7.1 for the distribution and
26.7.5 for its expansion in the normal quantile.
"""

from __future__ import annotations

import math

from .beta import incomplete_beta
from .normal import z_of

__all__ = ["t_of"]

#: From so many degrees of freedom the expansion is as exact as the incomplete beta function, and far quicker.
MANY = 2000
CLOSE = 1e-14


def t_of(level: float, freedom: float) -> float:
    """Return how many standard errors a t interval of this confidence reaches to either side.

    Args:
        level: Between 0 and 1, like 0.95.
        freedom: Degrees of freedom, 1 or more; Welch's need not be whole.

    Raises:
        ValueError: One of them lies outside.
    """
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    if freedom < 1:
        raise ValueError("freedom must be 1 or more")
    t = expansion(z_of(level), freedom)
    if freedom >= MANY:
        return t
    low, high = 0.0, max(t, 1.0)
    while within(high, freedom) < level:
        low, high = high, high * 2
    for _ in range(200):
        over = within(t, freedom) - level
        low, high = (low, t) if over > 0 else (t, high)
        new = t - over / (2 * density(t, freedom))
        # Newton's step is taken while it stays between the ends; else they are halved.
        new = new if low < new < high else (low + high) / 2
        if abs(new - t) <= CLOSE * t:
            return new
        t = new
    return t


def expansion(z: float, freedom: float) -> float:
    """Return about where the quantile lies, the closer the more degrees of freedom there are."""
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))


def within(t: float, freedom: float) -> float:
    """Return the share of the distribution between -t and t."""
    return 1 - incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def density(t: float, freedom: float) -> float:
    """Return the height of the distribution."""
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(scale - (freedom + 1) / 2 * math.log1p(t * t / freedom))
