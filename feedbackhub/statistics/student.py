"""Quantiles of Student's t distribution, from the incomplete beta function."""

from __future__ import annotations

import math

__all__ = ["t_of"]

STEPS = 300
TINY = 1e-300


def t_of(level: float, freedom: int) -> float:
    """Return how many standard errors a t interval of this confidence reaches to either side.

    Args:
        level: Between 0 and 1, like 0.95.
        freedom: Degrees of freedom, 1 or more.

    Raises:
        ValueError: One of them lies outside.
    """
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    if freedom < 1:
        raise ValueError("freedom must be 1 or more")
    low, high = 0.0, 1.0
    while within(high, freedom) < level:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if within(middle, freedom) < level else (low, middle)
    return (low + high) / 2


def within(t: float, freedom: int) -> float:
    """Return the share of the distribution between -t and t."""
    return 1 - incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction (DLMF 8.17.22).

    Args:
        a, b: Its parameters, above 0.
        x: Between 0 and 1.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly, its mirror image converges fast
        return 1 - front * fraction(b, a, 1 - x) / b
    return front * fraction(a, b, x) / a


def fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction, by Lentz's method."""
    c, d = 1.0, 1 / nonzero(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / nonzero(1 + term * d), nonzero(1 + term / c)
            found *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return found


def nonzero(value: float) -> float:
    """Return a value by which may be divided."""
    return value if abs(value) > TINY else TINY
