"""Means of whole numbers from their counts: how sure one is, whether two differ, and whether answers moved at all.

Sources: Student's t; B. L. Welch, Biometrika 34 (1947) 28-35 with Satterthwaite's freedom; H. B. Mann and
D. R. Whitney, Annals of Mathematical Statistics 18 (1947) 50-60, normal approximation corrected for ties and for
continuity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .normal import Interval, two_sided_p
from .student import t_of

__all__ = ["Moments", "RankTest", "difference_of_means", "mean_interval", "rank_test"]


@dataclass(frozen=True, slots=True)
class Moments:
    """What a mean and its interval rest on.

    Args:
        n: How many answers there are.
        mean: Their mean.
        variance: Their unbiased variance; None below two answers.
    """

    n: int
    mean: float
    variance: float | None

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> Moments | None:
        """Return them from how often each number was given, None without answers.

        Raises:
            ValueError: A count is negative.
        """
        if any(times < 0 for times in counts.values()):
            raise ValueError("counts cannot be negative")
        n = sum(counts.values())
        if not n:
            return None
        total = sum(number * times for number, times in counts.items())
        # Whole numbers as far as possible, so that answers all alike have a variance of exactly 0.
        squares = n * sum(number * number * times for number, times in counts.items()) - total * total
        return cls(n, total / n, squares / (n * (n - 1)) if n > 1 else None)

    @property
    def error(self) -> float | None:
        """The standard error of the mean, None below two answers."""
        return None if self.variance is None else math.sqrt(self.variance / self.n)


def mean_interval(found: Moments | None, level: float = 0.95) -> Interval | None:
    """Return the t interval of a mean.

    None below two answers, and when all are alike: then it would have no width, as if there were no doubt.

    Args:
        found: What is known of the answers.
        level: The interval's confidence.
    """
    if found is None or not found.error:
        return None
    reach = t_of(level, found.n - 1) * found.error
    return Interval(found.mean - reach, found.mean + reach)


def difference_of_means(one: Moments | None, other: Moments | None, level: float = 0.95) -> Interval | None:
    """Return Welch's interval of one mean less another; None below two answers to one, and when nothing varies.

    Args:
        one: The first answers.
        other: Those whose mean is subtracted; given by different people.
        level: The interval's confidence.
    """
    if one is None or other is None or one.variance is None or other.variance is None:
        return None
    parts = [(each.variance / each.n, each.n - 1) for each in (one, other) if each.variance]
    if not parts:
        return None
    square = sum(part for part, _ in parts)
    freedom = square**2 / sum(part**2 / free for part, free in parts)
    reach, middle = t_of(level, freedom) * math.sqrt(square), one.mean - other.mean
    return Interval(middle - reach, middle + reach)


@dataclass(frozen=True, slots=True)
class RankTest:
    """Whether answers of one group tend to lie above those of another.

    Args:
        u: Mann and Whitney's statistic of the first group.
        z: How many standard errors it lies from where it would be by chance.
        p: How likely at least that much is by chance alone.
    """

    u: float
    z: float
    p: float


def rank_test(one: Mapping[int, int], other: Mapping[int, int]) -> RankTest | None:
    """Compare ordered answers without taking their numbers for distances (Wilcoxon's rank sum test).

    Args:
        one: How often each answer was given in the first group.
        other: The same in the other.

    Returns:
        The test, or None without answers to one, or when all answers are alike.
    """
    n, m = sum(one.values()), sum(other.values())
    total = n + m
    u, ties, below = 0.0, 0, 0
    for answer in sorted({*one, *other}):
        here, there = one.get(answer, 0), other.get(answer, 0)
        u += here * (below + there / 2)
        below += there
        ties += (here + there) ** 3 - (here + there)
    if not n or not m:
        return None
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return None
    gap = u - n * m / 2
    z = math.copysign(max(abs(gap) - 0.5, 0.0), gap) / math.sqrt(variance)
    return RankTest(u, z, two_sided_p(z))
