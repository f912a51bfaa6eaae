"""The chi-square distribution: how likely values at least as large are by chance.

Source: DLMF 8.7.1 (series) and 8.9.2 (continued fraction) of the incomplete gamma functions.
"""

from __future__ import annotations

import math

__all__ = ["chi_square_tail"]

STEPS = 100_000
TINY = 1e-300
SMALL = 1e-16


def chi_square_tail(value: float, freedom: int) -> float:
    """Return how likely a chi-square distributed number is at least that large.

    Args:
        value: The number, 0 or more.
        freedom: Degrees of freedom, 1 or more.

    Raises:
        ValueError: One of them lies outside.
    """
    if not value >= 0:
        raise ValueError("value must be 0 or more")
    if freedom < 1:
        raise ValueError("freedom must be 1 or more")
    a, x = freedom / 2, value / 2
    if x == 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    return 1 - front * series(a, x) if x < a + 1 else front * fraction(a, x)


def series(a: float, x: float) -> float:
    """Return the lower function without its front; it converges fast for small `x`."""
    term = found = 1 / a
    for step in range(1, STEPS):
        term *= x / (a + step)
        found += term
        if term < found * SMALL:
            break
    return found


def fraction(a: float, x: float) -> float:
    """Return the upper function without its front, by Lentz's method; it converges fast for large `x`."""
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    found = d
    for step in range(1, STEPS):
        factor, b = -step * (step - a), b + 2
        d = 1 / ((factor * d + b) or TINY)
        c = (b + factor / c) or TINY
        found *= c * d
        if abs(c * d - 1) < SMALL:
            break
    return found
