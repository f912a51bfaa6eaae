"""The mean of answers of which several may be one customer's: these agree more than answers of different people do.

Sources: K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986) 13-22: the sandwich variance, times C / (C - 1) for C
customers; J. N. K. Rao and A. J. Scott, Biometrics 48 (1992) 577-585: counts divided by their design effect.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .normal import Interval
from .proportions import Share, spread, wilson_of
from .student import t_of

__all__ = ["Clustered", "clustered", "design_effect", "difference_of_clumped", "thinned", "wilson_of_clumped"]


@dataclass(frozen=True, slots=True)
class Clustered:
    """A mean whose uncertainty rests on customers instead of answers.

    Args:
        n: How many answers there are.
        customers: How many people gave them.
        mean: Their mean.
        error: Its standard error, None below two customers.
    """

    n: int
    customers: int
    mean: float
    error: float | None

    def interval(self, level: float = 0.95) -> Interval | None:
        """Return the t interval; None below two customers, and when all answers are alike."""
        if not self.error:
            return None
        reach = t_of(level, self.customers - 1) * self.error
        return Interval(self.mean - reach, self.mean + reach)


def clustered(customers: Iterable[tuple[int, int]]) -> Clustered | None:
    """Return the mean of all answers, None without any.

    Args:
        customers: For each the sum of the answers, as whole numbers, and how many they are.
    """
    held = [(total, n) for total, n in customers if n]
    answers = sum(n for _, n in held)
    if not answers:
        return None
    whole = sum(total for total, _ in held)
    if len(held) < 2:
        return Clustered(answers, len(held), whole / answers, None)
    # Whole numbers as far as possible, so that answers all alike have an error of exactly 0.
    squares = sum((total * answers - n * whole) ** 2 for total, n in held)
    error = math.sqrt(len(held) / (len(held) - 1) * squares) / answers**2
    return Clustered(answers, len(held), whole / answers, error)


def design_effect(customers: Iterable[tuple[int, int]]) -> float:
    """Return how many times as large the variance of a share is as if no customer were counted twice; at least 1.

    Args:
        customers: For each how many of their cases belong to the share, and how many cases they have.
    """
    held = [(part, n) for part, n in customers if n]
    found = clustered(held)
    if found is None or not found.error:
        return 1.0
    return max(1.0, found.error**2 * found.n / (found.mean * (1 - found.mean)))


def wilson_of_clumped(share: Share, effect: float, level: float = 0.95) -> Interval | None:
    """Return the score interval of a share whose cases are worth fewer than they are, None of nothing.

    Args:
        share: What was counted.
        effect: Its design effect.
        level: The interval's confidence.
    """
    return wilson_of(share.part / effect, share.whole / effect, level)


def difference_of_clumped(
    one: tuple[Share, float], other: tuple[Share, float], level: float = 0.95
) -> Interval | None:  # fmt: skip
    """Return Newcombe's interval of one share less another whose cases are worth fewer than they are, None without any.

    Args:
        one: The first share and its design effect.
        other: What is taken from it, likewise.
        level: The interval's confidence.
    """
    first, second = wilson_of_clumped(*one, level), wilson_of_clumped(*other, level)
    if first is None or second is None:
        return None
    return spread(one[0].part / one[0].whole, first, other[0].part / other[0].whole, second)


def thinned(share: Share, effect: float) -> Share:
    """Return so many whole cases as a share's are worth, for what reckons with whole ones.

    Args:
        share: What was counted.
        effect: Its design effect.
    """
    return Share(round(share.part / effect), round(share.part / effect) + round((share.whole - share.part) / effect))
