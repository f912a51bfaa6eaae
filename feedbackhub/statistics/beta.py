"""The beta distribution: its share below a value, and the value below which a share of it lies."""

from __future__ import annotations

import math

__all__ = ["beta_quantile", "incomplete_beta"]

#: The fraction needs about as many steps as the square root of the larger parameter; a million answers need 2,000.
STEPS = 20_000
TINY = 1e-300


def beta_quantile(share: float, a: float, b: float) -> float:
    """Return the value below which a share of the beta distribution lies.

    Args:
        share: From 0 to 1; for an interval of 95 % one asks for 0.025 and 0.975.
        a, b: The distribution's parameters, above 0.

    Raises:
        ValueError: One of them lies outside.
    """
    if not 0 <= share <= 1:
        raise ValueError("share must lie between 0 and 1")
    if not (a > 0 and b > 0):
        raise ValueError("the parameters must lie above 0")
    if share in (0, 1):
        return float(share)
    low, high, x = 0.0, 1.0, a / (a + b)
    for _ in range(1200):  # halving alone finds even the smallest number above 0 in so many steps
        below = incomplete_beta(a, b, x)
        low, high = (x, high) if below < share else (low, x)
        tried = x - (below - share) / max(density(a, b, x), TINY)
        # Newton's step is taken while it stays between the ends; where the curve is flat they are halved.
        new = tried if low < tried < high else (low + high) / 2
        if new in (low, high) or abs(new - x) <= 1e-15 * x:
            return new
        x = new
    return x


def density(a: float, b: float, x: float) -> float:
    """Return the height of the distribution at a value between 0 and 1."""
    return 0.0 if x <= 0 or x >= 1 else front(a, b, x) / (x * (1 - x))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the share of the beta distribution below a value, by its continued fraction (DLMF 8.17.22).

    Args:
        a, b: Its parameters, above 0.
        x: Between 0 and 1.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly, its mirror image converges fast
        return 1 - front(a, b, x) * fraction(b, a, 1 - x) / b
    return front(a, b, x) * fraction(a, b, x) / a


def front(a: float, b: float, x: float) -> float:
    """Return what stands before the fraction: x^a (1-x)^b / B(a, b)."""
    beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return math.exp(a * math.log(x) + b * math.log1p(-x) - beta)


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
