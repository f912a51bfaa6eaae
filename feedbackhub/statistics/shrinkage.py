"""Estimates of groups drawn towards what all have in common, the more the fewer answers they rest on.

Sources: R. DerSimonian, N. Laird, Controlled Clinical Trials 7 (1986) 177-188 (spread between groups); C. N. Morris,
JASA 78 (1983) 47-55 (empirical Bayes).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from .beta import beta_quantile
from .chisquare import chi_square_tail
from .normal import Interval, z_of

__all__ = [
    "GROUPS_FOR_A_PRIOR", "Estimate", "Prior", "Spread", "beta_posterior", "shrunk", "spread_interval", "spread_of",
]  # fmt: skip

#: From so many groups their own spread may say how far they are drawn together; with fewer it is nearly a guess.
GROUPS_FOR_A_PRIOR = 10


class Estimate(NamedTuple):
    """An estimate with the interval around it.

    Args:
        value: The estimate.
        low: The interval's lower end.
        high: The interval's upper end.
    """

    value: float
    low: float
    high: float


class Prior(NamedTuple):
    """What is known before the first answer, as a beta distribution: like so many good and bad answers.

    Args:
        good: Its first parameter, above 0.
        bad: Its second parameter, above 0.
    """

    good: float
    bad: float

    @classmethod
    def around(cls, value: float, strength: float) -> Prior:
        """Return one around a share that weighs as much as so many answers.

        Args:
            value: The share; 0 and 1, which nobody can be sure of, are held a little inside.
            strength: How many answers, above 0.
        """
        inside = min(max(value, 0.5 / (strength + 1)), 1 - 0.5 / (strength + 1))
        return cls(inside * strength, (1 - inside) * strength)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far groups lie apart, and how much of it chance explains.

    Args:
        q: Their distance from the middle in standard errors, squared and added up (Cochran's Q).
        freedom: What chance alone makes of it on average.
        tau2: Variance between groups beyond chance, 0 for none detectable.
        middle: What they lie around.
        error: The standard error of that, 0 where it was given.
    """

    q: float
    freedom: int
    tau2: float
    middle: float
    error: float

    @property
    def p(self) -> float | None:
        """How likely chance alone lets them lie at least as far apart, None of a single group."""
        return chi_square_tail(self.q, self.freedom) if self.freedom else None


def spread_of(
    values: Sequence[float], variances: Sequence[float], middle: float | None = None
) -> Spread | None:
    """Return how far groups lie apart beyond chance by the moments of DerSimonian and Laird, None without groups.

    Args:
        values: Their estimates.
        variances: The variances of these, above 0.
        middle: What they lie around where that is known; estimated from them when left out.

    Raises:
        ValueError: A variance is not above 0, or there are not as many as values.
    """
    if not all(variance > 0 for variance in variances):
        raise ValueError("variances must lie above 0")
    weights = [1 / variance for variance in variances]
    pairs = list(zip(values, weights, strict=True))
    whole = sum(weights)
    if not pairs:
        return None
    around = sum(weight * value for value, weight in pairs) / whole if middle is None else middle
    q = sum(weight * (value - around) ** 2 for value, weight in pairs)
    freedom = len(pairs) - (middle is None)
    scale = whole - (sum(weight * weight for weight in weights) / whole if middle is None else 0)
    tau2 = max(0.0, (q - freedom) / scale) if scale > 0 else 0.0
    if middle is not None:
        return Spread(q, freedom, tau2, middle, 0.0)
    drawn = [1 / (variance + tau2) for variance in variances]
    centre = sum(weight * value for value, weight in zip(values, drawn, strict=True)) / sum(drawn)
    return Spread(q, freedom, tau2, centre, sqrt(1 / sum(drawn)))


def spread_interval(
    values: Sequence[float], variances: Sequence[float], middle: float, level: float = 0.95, freedom: int = 0
) -> Interval | None:
    """Return the interval of the variance between groups beyond chance, None without groups.

    It holds the variances that let Q lie within its usual bounds (Q-profile: W. Viechtbauer, Statistics in Medicine 26
    (2007) 37-52).

    Args:
        values: The groups' estimates.
        variances: The variances of these, above 0.
        middle: What they lie around.
        level: The interval's confidence.
        freedom: How many of them can lie anywhere, where each is measured against the others, as one of two that are
            compared tells the other; all when 0.
    """
    pairs = list(zip(values, variances, strict=True))
    if not pairs:
        return None
    count, free = len(pairs), freedom or len(pairs)

    def chance(tau2: float) -> float:
        """Return how likely they lie at least as far apart when that is the variance between them."""
        q = sum((each - middle) ** 2 / (variance + tau2) for each, variance in pairs)
        return chi_square_tail(q * free / count, free)

    largest = max(variances) + sum((each - middle) ** 2 for each in values)
    return Interval(_root(chance, (1 - level) / 2, largest), _root(chance, (1 + level) / 2, largest))


def _root(rising: Callable[[float], float], wanted: float, high: float) -> float:
    """Return from where on a rising function is at least that large, 0 where it is from the start."""
    if rising(0.0) >= wanted:
        return 0.0
    while rising(high) < wanted:
        high *= 2
    low = 0.0
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return high


def shrunk(value: float, variance: float, middle: float, tau2: float, level: float = 0.95) -> Estimate:
    """Return an estimate drawn to the middle of its group; on the middle when nothing speaks for differences.

    Args:
        value: The estimate by itself.
        variance: Its variance, above 0.
        middle: What the group lies around.
        tau2: The variance within the group beyond chance.
        level: The interval's confidence.

    Raises:
        ValueError: The variance is not above 0, or the other one is negative.
    """
    if not variance > 0 or tau2 < 0:
        raise ValueError("a variance must lie above 0, the one between groups not below")
    weight = tau2 / (tau2 + variance)
    found, reach = middle + weight * (value - middle), z_of(level) * sqrt(weight * variance)
    return Estimate(found, found - reach, found + reach)


def beta_posterior(part: float, whole: float, prior: Prior, level: float = 0.95) -> Estimate:
    """Return a share drawn to what was known before, with the interval that holds it with this probability.

    Args:
        part: How many were good; counts that are not whole, of answers that count in part, are taken as well.
        whole: Of how many; nothing counted leaves the prior as it is.
        prior: What was known before.
        level: The interval's probability.

    Raises:
        ValueError: The level lies outside, the part is more than the whole, or the prior is none.
    """
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    if not 0 <= part <= whole:
        raise ValueError("the part must lie between 0 and the whole")
    good, bad = prior.good + part, prior.bad + whole - part
    ends = Interval(*(beta_quantile(end, good, bad) for end in ((1 - level) / 2, (1 + level) / 2)))
    return Estimate(good / (good + bad), *ends)
