"""Whether as many people are in each arm as planned: if not, the arms are not comparable, whatever the outcome.

Source: A. Fabijan et al., Diagnosing sample ratio mismatch, KDD (2019), with the threshold used there; K. Pearson's
chi-square; the exact test sums all counts no likelier than the one seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma, log, log1p

from .beta import incomplete_beta
from .chisquare import chi_square_tail

__all__ = ["MISMATCH", "SampleRatio", "exact_binomial", "sample_ratio"]

#: Below this the ratio counts as broken and no effect may be shown.
MISMATCH = 0.001
#: Below this many expected people in an arm the chi-square distribution says too little.
EXPECTED = 5
ROUNDING = 1 + 1e-7


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Pearson's chi-square of the arms' sizes against the plan.

    Args:
        expected: How many were to be expected in each arm.
        chi_square: The statistic.
        freedom: Its degrees of freedom.
        p: How likely at least that much difference is by chance alone.
        exact: The exact probability, for two arms; else None.
    """

    expected: tuple[float, ...]
    chi_square: float
    freedom: int
    p: float
    exact: float | None

    @property
    def enough(self) -> bool:
        """Whether the test can be trusted: at least 5 people were to be expected in each arm."""
        return min(self.expected) >= EXPECTED

    @property
    def broken(self) -> bool:
        """Whether no effect may be shown: so uneven that chance is no explanation."""
        return self.enough and self.p < MISMATCH


def sample_ratio(observed: Sequence[int], planned: Sequence[float]) -> SampleRatio | None:
    """Test the arms' sizes against their planned weights; None when nobody is in any of them.

    Args:
        observed: How many are in each arm.
        planned: The weight of each, above 0; they need not add up to 1.

    Raises:
        ValueError: Fewer than two arms, unequal lengths, a negative count, or a weight that is not above 0.
    """
    if len(observed) != len(planned) or len(observed) < 2:
        raise ValueError("two arms or more are needed, each with a weight")
    if min(observed) < 0 or not all(0 < weight < float("inf") for weight in planned):
        raise ValueError("counts must be 0 or more, weights above 0")
    n, weights = sum(observed), sum(planned)
    if not n:
        return None
    expected = tuple(n * weight / weights for weight in planned)
    found = sum((seen - due) ** 2 / due for seen, due in zip(observed, expected, strict=True))
    freedom = len(observed) - 1
    exact = exact_binomial(observed[0], n, planned[0] / weights) if freedom == 1 else None
    return SampleRatio(expected, found, freedom, chi_square_tail(found, freedom), exact)


def exact_binomial(part: int, whole: int, share: float) -> float:
    """Return how likely chance alone gives a count no likelier than this one; two-sided.

    Args:
        part: How many of them.
        whole: How many there are.
        share: How many are to be expected, between 0 and 1.

    Raises:
        ValueError: One of them lies outside.
    """
    if not 0 <= part <= whole or not 0 < share < 1:
        raise ValueError("the part must lie between 0 and the whole, the share between 0 and 1")
    if part > whole * share:  # seen from the other side it is the same question
        return exact_binomial(whole - part, whole, 1 - share)
    limit = _chance(part, whole, share) + log(ROUNDING)
    # Above the middle chances fall: look for the first count there that is no likelier.
    low, high = int(whole * share), whole + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _chance(middle, whole, share) <= limit else (middle, high)
    below = incomplete_beta(whole - part, part + 1, 1 - share) if part < whole else 1.0
    above = incomplete_beta(high, whole - high + 1, share) if high <= whole else 0.0
    return min(1.0, below + above)


def _chance(k: int, n: int, share: float) -> float:
    """Return the logarithm of how likely exactly so many are."""
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return ways + k * log(share) + (n - k) * log1p(-share)
