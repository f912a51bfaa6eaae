"""Means of weighted answers, how sure they are, and what those who kept silent may make of them.

Sources: J.-C. Deville and C.-E. Särndal, JASA 87 (1992) 376-382: the error of a calibrated mean is that of the
residuals from a regression on what was calibrated (as in R's package survey, with replacement); C. F. Manski,
Identification Problems in the Social Sciences (1995), for the bounds; B. Schouten, F. Cobben and J. Bethlehem, Survey
Methodology 35 (2009) 101-113, for the R-indicator; E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998)
193-201, for intervals of weighted shares by the number of answers that their error amounts to.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from .normal import Interval
from .nps import nps_interval_of
from .proportions import wilson_of
from .strata import Stratum
from .student import t_of
from .weights import NobodyAnswered, kish

__all__ = [
    "WeightedMean",
    "r_indicator",
    "response_bounds",
    "weighted_mean",
    "weighted_mean_interval",
    "weighted_nps_interval",
    "weighted_share_interval",
]

#: For each stratum, to which class of the calibration it belongs.
Classes = Sequence[Hashable]
ROUNDS, CLOSE = 500, 1e-13


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """A weighted mean.

    Args:
        value: The mean.
        error: Its linearised standard error; None below two answers.
        n: How many answers it rests on.
        effective: The number of unweighted answers that would be as sure (Kish).
        variance: The weighted variance of one answer.
    """

    value: float
    error: float | None
    n: int
    effective: float
    variance: float

    @property
    def worth(self) -> float:
        """How many answers drawn at random have the same error; never more than there are.

        Where all answers are alike the error says nothing, and the weights alone count.
        """
        if not self.error or self.variance <= CLOSE:
            return self.effective if self.variance <= CLOSE else float(self.n)
        return min(self.variance / self.error**2, float(self.n))


def weighted_mean(
    strata: Sequence[Stratum], weights: Sequence[float], calibrated: Sequence[Classes] = ()
) -> WeightedMean:
    """Return a weighted mean of the answers.

    Args:
        strata: Those who answered.
        weights: The weight of one answer in each stratum.
        calibrated: What the weights were made to fit: for cells one class for each stratum, for raking the classes of
            each margin; none when the weights are simply given, which makes the error larger.

    Raises:
        NobodyAnswered: There are no answers, or all of them weigh nothing.
    """
    pairs = [(each, weight) for each, weight in zip(strata, weights, strict=True)]
    effective = kish(strata, weights).n
    total = sum(each.n * weight for each, weight in pairs)
    value = sum(each.total * weight for each, weight in pairs) / total
    variance = sum(each.squares * weight for each, weight in pairs) / total - value**2
    n = sum(each.n for each in strata)
    expected = _expected(strata, calibrated) if calibrated else [value] * len(strata)
    return WeightedMean(value, _error(pairs, expected, total, n), n, effective, max(variance, 0.0))


def _error(pairs: Sequence[tuple[Stratum, float]], expected: Sequence[float], total: float, n: int) -> float | None:
    if n < 2:
        return None
    summed = squared = 0.0
    for (each, weight), mean in zip(pairs, expected, strict=True):
        summed += weight * (each.total - each.n * mean)
        squared += weight**2 * (each.squares - 2 * mean * each.total + each.n * mean**2)
    return math.sqrt(max(squared - summed**2 / n, 0.0) * n / (n - 1)) / total


def _expected(strata: Sequence[Stratum], calibrated: Sequence[Classes]) -> list[float]:
    """Return the answer that a regression on the classes expects in each stratum, by fitting them in turn."""
    found = [0.0] * len(strata)
    for _ in range(ROUNDS):
        moved = 0.0
        for classes in calibrated:
            left: dict[Hashable, float] = {}
            n: dict[Hashable, int] = {}
            for each, mean, name in zip(strata, found, classes, strict=True):
                left[name] = left.get(name, 0.0) + each.total - each.n * mean
                n[name] = n.get(name, 0) + each.n
            shift = {name: left[name] / n[name] if n[name] else 0.0 for name in left}
            found = [mean + shift[name] for mean, name in zip(found, classes, strict=True)]
            moved = max(moved, *map(abs, shift.values()))
        if moved < CLOSE or len(calibrated) == 1:
            break
    return found


def weighted_mean_interval(of: WeightedMean, level: float = 0.95) -> Interval | None:
    """Return the t interval of a weighted mean by its linearised error; None below two answers.

    Args:
        of: The mean.
        level: The interval's confidence.
    """
    if of.error is None:
        return None
    reach = t_of(level, max(1, math.floor(of.effective) - 1)) * of.error
    return Interval(of.value - reach, of.value + reach)


def weighted_share_interval(of: WeightedMean, level: float = 0.95) -> Interval:
    """Return the score interval of a weighted share, with as many answers as its linearised error amounts to.

    Args:
        of: The mean of answers that are 0 or 1.
        level: The interval's confidence.
    """
    value = min(max(of.value, 0.0), 1.0)
    found = wilson_of(value * of.worth, of.worth, level)
    if found is None:
        raise NobodyAnswered
    return found


def weighted_nps_interval(of: WeightedMean, level: float = 0.95) -> Interval:
    """Return the score interval of a weighted net promoter score, with as many answers as its error amounts to.

    Args:
        of: The mean of answers that are -1, 0 or 1.
        level: The interval's confidence.
    """
    # Of -1, 0 and 1 the mean of squares is the share of promoters and detractors together.
    moved = min(of.variance + of.value**2, 1.0)
    up, down = max((moved + of.value) / 2, 0.0), max((moved - of.value) / 2, 0.0)
    found = nps_interval_of(up * of.worth, down * of.worth, of.worth, level)
    if found is None:
        raise NobodyAnswered
    return found


def response_bounds(value: float, response_rate: float, reach: tuple[float, float] = (-1.0, 1.0)) -> Interval:
    """Return what a mean could be had everybody answered, all who kept silent alike at one end of the scale (Manski).

    Args:
        value: The mean of the answers.
        response_rate: The share of those asked who answered.
        reach: The ends of the scale.

    Raises:
        ValueError: The rate does not lie between 0 and 1.
    """
    if not 0 <= response_rate <= 1:
        raise ValueError("the response rate must lie between 0 and 1")
    low, high = (response_rate * value + (1 - response_rate) * end for end in reach)
    return Interval(low, high)


def r_indicator(propensities: Iterable[tuple[float, float]]) -> float | None:
    """Return how alike the chances to answer are, 1 when all are equal; None below two people.

    Args:
        propensities: Chances to answer, each with how many people have it.
    """
    held = list(propensities)
    n = sum(each for _, each in held)
    if n < 2:
        return None
    mean = sum(chance * each for chance, each in held) / n
    variance = sum((chance - mean) ** 2 * each for chance, each in held) / (n - 1)
    return 1 - 2 * math.sqrt(variance)
