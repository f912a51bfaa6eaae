"""Quantiles of Student's t distribution, from the incomplete beta function."""

from __future__ import annotations

from .beta import incomplete_beta

__all__ = ["t_of"]


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
    low, high = 0.0, 1.0
    while within(high, freedom) < level:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if within(middle, freedom) < level else (low, middle)
    return (low + high) / 2


def within(t: float, freedom: float) -> float:
    """Return the share of the distribution between -t and t."""
    return 1 - incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))
