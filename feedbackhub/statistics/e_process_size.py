"""How many people each arm needs so that the e-process stops; being allowed to look costs about twice the people.

The evidence of the e-process is that of the ordinary test less what learning both shares costs, half the logarithm of
the number of people (as in G. Schwarz, Annals of Statistics 6 (1978) 461-464). The constant beside it was fitted to
simulations of `EProcess` with its own prior: shares from 0.02 to 0.9, need of 40 to 3,000 people in an arm, 1 to 3
comparisons. There the need lies within 6 % of the simulated one.
"""

from __future__ import annotations

from math import ceil, log, sqrt

from .normal import STANDARD
from .trial_size import errors_of, exact_arms_needed, power_of

__all__ = ["e_process_needed", "e_process_power"]

FITTED = 1.55
STEPS = 200


def e_process_needed(one: float, other: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0) -> int:
    """Return about how many people the first arm needs so that the e-process shows the difference of two shares.

    Args:
        one: The share expected in the first arm, between 0 and 1.
        other: The share expected in the arm it is compared with; another one.
        alpha: As for the process: the plan's divided by the number of comparisons.
        power: How likely it is to have stopped by then.
        ratio: How many people are in the other arm for each in the first.

    Raises:
        ValueError: One of them lies outside, or both shares are equal.
    """
    low, high = 1.0, exact_arms_needed(one, other, alpha, power, ratio)
    while e_process_power(one, other, high, alpha, ratio) < power:
        low, high = high, 2 * high
    for _ in range(STEPS):
        if ceil(low) == ceil(high):
            break
        middle = (low + high) / 2
        enough = e_process_power(one, other, middle, alpha, ratio) >= power
        low, high = (low, middle) if enough else (middle, high)
    return ceil(high)


def e_process_power(one: float, other: float, n: float, alpha: float = 0.05, ratio: float = 1.0) -> float:
    """Return about how likely the e-process has stopped when so many people are in the first arm.

    Args:
        one: The share expected in the first arm, between 0 and 1.
        other: The share expected in the other.
        n: How many people are in the first arm, above 0.
        alpha: As for the process.
        ratio: How many people are in the other arm for each in the first.

    Raises:
        ValueError: One of them lies outside.
    """
    ordinary = power_of(one, other, n, alpha, ratio)
    none, some = errors_of(one, other, ratio)
    pooled = (one + ratio * other) / (1 + ratio)
    learning = log(2 * n * ratio / (1 + ratio)) + FITTED * log(pooled * (1 - pooled))
    reach = sqrt(max(0.0, -2 * log(alpha) + learning))
    # With very few people the cost of learning is no cost by this formula: the ordinary test is never beaten.
    return min(ordinary, STANDARD.cdf((sqrt(n) * abs(one - other) - reach * none) / some))
