"""How likely one share is the larger, as a figure to look at only: it decides nothing.

That it passes 0.95 at some look is no protection against looking often; the e-process is.

Source: A. Gelman et al., Bayesian Data Analysis (3rd ed. 2013), ch. 2; the integral is summed on the logit's scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt

from .beta import beta_quantile, incomplete_beta
from .normal import Interval
from .proportions import Share

__all__ = ["Belief", "BetaBinomial", "beta_binomial"]

#: The sum reaches so many standard deviations to both sides, in steps of one part of one.
FAR, FINE = 40, 8


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of a share after the data.

    Args:
        mean: The expected share.
        interval: What holds it with the confidence asked for.
    """

    mean: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class BetaBinomial:
    """What is believed of two shares.

    Args:
        one: The first.
        other: The second.
        larger: How likely the first is the larger.
        smaller: How likely the second is.
        loss: How much of the share is lost on average by choosing the first.
    """

    one: Belief
    other: Belief
    larger: float
    smaller: float
    loss: float


def beta_binomial(
    one: Share, other: Share, prior: tuple[float, float] = (1.0, 1.0), level: float = 0.95
) -> BetaBinomial:  # fmt: skip
    """Return what to believe of two shares, for display only; without data it is the prior.

    Args:
        one: The first arm.
        other: The second.
        prior: The beta distribution both start from; (1, 1) is uniform, (0.5, 0.5) is Jeffreys'.
        level: How likely each interval holds its share.

    Raises:
        ValueError: The prior does not lie above 0, or the level not between 0 and 1.
    """
    if not min(prior) > 0 or not 0 < level < 1:
        raise ValueError("the prior must lie above 0, the level between 0 and 1")
    a, b = ((each.part + prior[0], each.whole - each.part + prior[1]) for each in (one, other))
    larger, smaller = _larger(a, b), _larger(b, a)
    # The expected loss is E[q; q > p] - E[p; q > p], and a share times its beta density is a density of one more.
    up, down = (b[0] + 1, b[1]), (a[0] + 1, a[1])
    loss = b[0] / sum(b) * _larger(up, a) - a[0] / sum(a) * _larger(b, down)
    return BetaBinomial(_belief(*a, level), _belief(*b, level), larger, smaller, max(loss, 0.0))


def _belief(a: float, b: float, level: float) -> Belief:
    tail = (1 - level) / 2
    return Belief(a / (a + b), Interval(beta_quantile(tail, a, b), beta_quantile(1 - tail, a, b)))


def _larger(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how likely a share of the first distribution is larger than one of the other."""
    a, b = one
    middle = lgamma(a) + lgamma(b) - lgamma(a + b)
    deviation = sqrt(1 / a + 1 / b + 1 / a**2 + 1 / b**2)
    centre = log(a / b)
    found = 0.0
    for step in range(-FAR * FINE, FAR * FINE + 1):
        logit = centre + step / FINE * deviation
        down, up = log1p(exp(-abs(logit))), abs(logit)
        logs = (-down, -up - down) if logit > 0 else (-up - down, -down)
        weight = a * logs[0] + b * logs[1] - middle
        if weight > -745:
            found += exp(weight) * incomplete_beta(*other, exp(logs[0]))
    return min(1.0, found * deviation / FINE)
