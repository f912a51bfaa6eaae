"""How many answers a question about the net promoter score needs, and whether a mix of answers moved.

Sources: the usual normal approximations, as in Rocks (2016); K. Pearson's chi-square; L. Kish, Survey Sampling (1965).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .normal import STANDARD, Interval, z_of
from .nps import Votes
from .student import t_of

__all__ = [
    "MixTest",
    "Weighted",
    "answers_needed",
    "answers_needed_each",
    "exact_need",
    "exact_need_each",
    "interval_of_finite",
    "mix_test",
    "weighted_nps",
]


def answers_needed(variance: float, margin: float, level: float = 0.95, customers: int | None = None) -> int:
    """Return how many answers make an interval reach no further than a margin to either side.

    Args:
        variance: Of one answer counted as -1, 0 or 1; 1 in the worst case.
        margin: The reach, on the scale from -1 to 1.
        level: The interval's confidence.
        customers: How many there are in all, when they are few.
    """
    return math.ceil(exact_need(variance, margin, level, customers))


def exact_need(variance: float, margin: float, level: float = 0.95, customers: int | None = None) -> float:
    """Return the same before it is made a whole number."""
    n = z_of(level) ** 2 * variance / margin**2
    return n if customers is None else n / (1 + (n - 1) / customers)


def answers_needed_each(
    variances: tuple[float, float], delta: float, level: float = 0.95, power: float = 0.8
) -> int:
    """Return how many answers each of two groups needs to show a difference.

    Args:
        variances: Of one answer in either group.
        delta: The difference, on the scale from -1 to 1.
        level: The confidence.
        power: How likely a true difference of that size is to be shown.
    """
    return math.ceil(exact_need_each(variances, delta, level, power))


def exact_need_each(
    variances: tuple[float, float], delta: float, level: float = 0.95, power: float = 0.8
) -> float:  # fmt: skip
    """Return the same before it is made a whole number."""
    return (z_of(level) + STANDARD.inv_cdf(power)) ** 2 * sum(variances) / delta**2


@dataclass(frozen=True, slots=True)
class MixTest:
    """Pearson's chi-square of two mixes of detractors, passives and promoters.

    Args:
        chi_square: The statistic.
        freedom: Its degrees of freedom.
        p: How likely at least that much difference is by chance alone.
    """

    chi_square: float
    freedom: int
    p: float


def mix_test(one: Votes, other: Votes) -> MixTest | None:
    """Test whether two mixes differ, which the scores may hide; None without answers, or when all are alike."""
    rows = [(v.detractors, v.passives, v.promoters) for v in (one, other)]
    columns = [sum(column) for column in zip(*rows, strict=True)]
    used, total = [at for at, n in enumerate(columns) if n], one.n + other.n
    freedom = len(used) - 1
    if not one.n or not other.n or not freedom:
        return None
    found = 0.0
    for row in rows:
        for at in used:
            expected = sum(row) * columns[at] / total
            found += (row[at] - expected) ** 2 / expected
    # The tail of chi-square with one or two degrees of freedom has a closed form.
    p = math.erfc(math.sqrt(found / 2)) if freedom == 1 else math.exp(-found / 2)
    return MixTest(found, freedom, p)


def interval_of_finite(votes: Votes, customers: int, level: float = 0.95) -> Interval | None:
    """Return the t interval when the customers asked about are all there are; None below two answers.

    It corrects the sampling only, never for those who did not answer.

    Args:
        votes: The counts.
        customers: How many there are in all, at least as many as answered.
        level: The interval's confidence.

    Raises:
        ValueError: There are fewer customers than answers.
    """
    if votes.n > customers:
        raise ValueError("there are fewer customers than answers")
    if votes.score is None or votes.variance is None or votes.n < 2:
        return None
    error = math.sqrt(votes.variance / (votes.n - 1) * (1 - votes.n / customers))
    reach = t_of(level, votes.n - 1) * error
    return Interval(votes.score - reach, votes.score + reach)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A weighted net promoter score.

    Args:
        score: From -1 to 1.
        error: Its linearised standard error, the weights taken as given.
        effective: The number of unweighted answers that would be as sure (Kish).
    """

    score: float
    error: float
    effective: float


def weighted_nps(votes: Sequence[tuple[Votes, float]]) -> Weighted | None:
    """Return the score of groups that count with different weights; None below two answers.

    Args:
        votes: Counts with the weight of each answer among them, above 0.
    """
    n = sum(each.n for each, _ in votes)
    total = sum(each.n * weight for each, weight in votes)
    if n < 2:
        return None
    score = sum((each.promoters - each.detractors) * weight for each, weight in votes) / total
    squares = sum(
        (each.promoters * (1 - score) ** 2 + each.passives * score**2 + each.detractors * (1 + score) ** 2) * weight**2
        for each, weight in votes
    )
    error = math.sqrt(squares / total**2 * n / (n - 1))
    return Weighted(score, error, total**2 / sum(each.n * weight**2 for each, weight in votes))
