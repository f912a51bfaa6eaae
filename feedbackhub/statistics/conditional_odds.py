"""The odds ratio that R's fisher.test and scipy give: the likeliest one with the table's margins held fixed.

It lies nearer to 1 than the sample odds ratio, which reports show; here it is for comparing with those tools.

Source: R. A. Fisher's noncentral hypergeometric distribution; J. Cornfield, Proceedings of the Third Berkeley
Symposium 4 (1956) 135-148 for the exact interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma

from .proportions import Share

__all__ = ["ConditionalOdds", "conditional_odds_ratio"]

STEPS = 200
CLOSE = 1e-11
#: The logarithm of a chance that adds nothing beside the largest one.
NOTHING = -60.0
#: Logarithms of odds ratios beyond this are not told from infinity.
FAR = 600.0


@dataclass(frozen=True, slots=True)
class ConditionalOdds:
    """An odds ratio with the margins held fixed.

    Args:
        value: The likeliest one; None when it is infinite.
        low: The lower end of its exact interval.
        high: The upper end; None when it is infinite.
    """

    value: float | None
    low: float
    high: float | None


def conditional_odds_ratio(one: Share, other: Share, level: float = 0.95) -> ConditionalOdds | None:
    """Return the conditional odds ratio; None when an arm is empty, or all outcomes are alike.

    Args:
        one: The arm of interest.
        other: What it is compared with.
        level: The confidence of its exact interval.

    Raises:
        ValueError: The level does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    chances = HeldFixed(one, other)
    if chances.least == chances.most:
        return None
    tail, seen = (1 - level) / 2, one.part
    at_least, at_most = seen == chances.least, seen == chances.most
    value = None if at_most else 0.0 if at_least else exp(_solved(lambda x: chances.mean(x) - seen))
    low = 0.0 if at_least else exp(_solved(lambda x: chances.from_seen(x) - tail))
    high = None if at_most else exp(_solved(lambda x: tail - chances.up_to_seen(x)))
    return ConditionalOdds(value, low, high)


class HeldFixed:
    """How the cases fall into the first arm, at any odds ratio, their number and the arms' sizes held fixed."""

    def __init__(self, one: Share, other: Share) -> None:
        cases = one.part + other.part
        self.seen = one.part
        self.least, self.most = max(0, cases - other.whole), min(one.whole, cases)
        self.counts = range(self.least, self.most + 1)
        self.ways = [
            -lgamma(k + 1) - lgamma(one.whole - k + 1) - lgamma(cases - k + 1) - lgamma(other.whole - cases + k + 1)
            for k in self.counts
        ]

    def mean(self, odds: float) -> float:
        """Return how many cases are to be expected in the first arm, at the logarithm of an odds ratio."""
        return sum(k * share for k, share in self._at(odds))

    def from_seen(self, odds: float) -> float:
        """Return how likely at least as many as were seen are."""
        return sum(share for k, share in self._at(odds) if k >= self.seen)

    def up_to_seen(self, odds: float) -> float:
        """Return how likely at most as many as were seen are."""
        return sum(share for k, share in self._at(odds) if k <= self.seen)

    def _at(self, odds: float) -> list[tuple[int, float]]:
        """Return each count that adds anything, and its chance."""
        logs, begin, end = self.ways, 0, len(self.ways) - 1
        # Chances rise up to one count and fall after it.
        while begin < end:
            middle = (begin + end) // 2
            rises = logs[middle + 1] + odds > logs[middle]
            begin, end = (middle + 1, end) if rises else (begin, middle)
        top, parts = logs[begin], list[tuple[int, float]]()
        for way in (range(begin, len(logs)), range(begin - 1, -1, -1)):
            for at in way:
                below = logs[at] - top + (at - begin) * odds
                if below < NOTHING:
                    break
                parts.append((self.least + at, exp(below)))
        whole = sum(part for _, part in parts)
        return [(k, part / whole) for k, part in parts]


def _solved(rising: Callable[[float], float]) -> float:
    """Return where a rising function of the odds ratio's logarithm crosses zero, by regula falsi (Illinois)."""
    low, high = -1.0, 1.0
    while (below := rising(low)) > 0 and low > -FAR:
        low, high = 2 * low, low
    while (above := rising(high)) < 0 and high < FAR:
        low, below, high = high, above, 2 * high
    x, before = high, 0.0
    for _ in range(STEPS):
        last, x = x, (low * above - high * below) / (above - below)
        x = x if low < x < high else (low + high) / 2
        found = rising(x)
        if not found or abs(x - last) <= CLOSE * (1 + abs(x)):
            return x
        # The end that stays a second time counts half, else it would hardly ever move.
        stays = found * before > 0
        if found < 0:
            low, below, above = x, found, above / 2 if stays else above
        else:
            high, above, below = x, found, below / 2 if stays else below
        before = found
    return x
