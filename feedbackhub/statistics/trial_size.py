"""How many people each arm of a trial needs, and what so many can show.

Sources: normal approximation with the pooled variance under no difference, as R's power.prop.test (J. L. Fleiss,
Statistical Methods for Rates and Proportions, 1981, ch. 3); J. Cohen, Statistical Power Analysis (1988) for h.
"""

from __future__ import annotations

from math import asin, ceil, sqrt

from .normal import STANDARD

__all__ = ["arcsine_needed", "arms_needed", "cohen_h", "exact_arms_needed", "power_of"]

#: So near a whole number the need is that number: rounding alone may not cost a person.
HAIR = 1e-9
SMALL = 1e-13


def arms_needed(one: float, other: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0) -> int:
    """Return how many people the first arm needs to show a difference of two shares.

    Args:
        one: The share expected in the first arm, between 0 and 1.
        other: The share expected in the arm it is compared with; another one.
        alpha: How often a difference may be found where there is none, two-sided; the plan's divided by the number of
            comparisons when arms are compared with one.
        power: How likely the difference is to be found when it is there.
        ratio: How many people are in the other arm for each in the first.

    Raises:
        ValueError: One of them lies outside, or both shares are equal.
    """
    return ceil(exact_arms_needed(one, other, alpha, power, ratio) - HAIR)


def exact_arms_needed(one: float, other: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0) -> float:
    """Return the same before it is made a whole number."""
    _check(one, other, alpha, power)
    if one == other:
        raise ValueError("no number of people shows a difference of 0")
    if not 0 < ratio < float("inf"):
        raise ValueError("ratio must lie above 0")
    none, some = errors_of(one, other, ratio)
    reach = STANDARD.inv_cdf(1 - alpha / 2) * none + STANDARD.inv_cdf(power) * some
    return max(1.0, (reach / (one - other)) ** 2) if reach > 0 else 1.0


def power_of(one: float, other: float, n: float, alpha: float = 0.05, ratio: float = 1.0) -> float:
    """Return how likely so many people show a difference of two shares when it is there.

    Args:
        one: The share expected in the first arm, between 0 and 1.
        other: The share expected in the other.
        n: How many people are in the first arm, above 0.
        alpha: As for `arms_needed`.
        ratio: How many people are in the other arm for each in the first.

    Raises:
        ValueError: One of them lies outside.
    """
    _check(one, other, alpha, 0.5)
    if not 0 < n < float("inf") or not 0 < ratio < float("inf"):
        raise ValueError("n and ratio must lie above 0")
    none, some = errors_of(one, other, ratio)
    return STANDARD.cdf((sqrt(n) * abs(one - other) - STANDARD.inv_cdf(1 - alpha / 2) * none) / some)


def cohen_h(one: float, other: float) -> float:
    """Return how far apart two shares lie where the arcsine makes every share equally uncertain; never negative."""
    return abs(2 * asin(sqrt(one)) - 2 * asin(sqrt(other)))


def arcsine_needed(one: float, other: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many people each of two equal arms needs by Cohen's h, for comparing with other tools."""
    _check(one, other, alpha, power)
    if one == other:
        raise ValueError("no number of people shows a difference of 0")
    reach, low, high = STANDARD.inv_cdf(1 - alpha / 2), 0.0, 40.0
    # As R's pwr.2p.test it counts a find in the wrong direction too, so the need has no closed form.
    while high - low > SMALL:
        far = (low + high) / 2
        found = STANDARD.cdf(far - reach) + STANDARD.cdf(-far - reach)
        low, high = (far, high) if found < power else (low, far)
    return 2 * (high / cohen_h(one, other)) ** 2


def errors_of(one: float, other: float, ratio: float) -> tuple[float, float]:
    """Return the standard errors of the difference with one person in the first arm: if there is none, and as is."""
    pooled = (one + ratio * other) / (1 + ratio)
    none = sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    return none, sqrt(one * (1 - one) + other * (1 - other) / ratio)


def _check(one: float, other: float, alpha: float, power: float) -> None:
    for name, value in (("one", one), ("other", other), ("alpha", alpha), ("power", power)):
        if not 0 < value < 1:
            raise ValueError(f"{name} must lie between 0 and 1")
