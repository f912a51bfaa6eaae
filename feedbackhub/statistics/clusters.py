"""The mean of answers of which several may be one customer's: these agree more than answers of different people do.

Source: K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986) 13-22: the sandwich variance, times C / (C - 1) for C
customers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .normal import Interval
from .student import t_of

__all__ = ["Clustered", "clustered"]


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
