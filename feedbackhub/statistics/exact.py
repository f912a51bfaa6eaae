"""Whether one share is larger than another, exactly, and how to ask that often without being fooled.

Where cases are rare and groups small, intervals built on the normal distribution find differences that are none as soon
as many groups are looked at; the hypergeometric distribution does not.

Sources: R. A. Fisher, JRSS 98 (1935) 39-82; S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, lgamma

from .proportions import Share

__all__ = ["fisher", "fisher_more", "holm"]

#: Tables as likely as the one seen, but for rounding, count as no likelier (as R and scipy do).
ROUNDING = 1 + 1e-7


def fisher_more(one: Share, other: Share) -> float:
    """Return how likely chance alone puts at least so many of the cases into the first of two groups; one-sided.

    Args:
        one: The group that may have more.
        other: What it is compared with.
    """
    likely, middle = chance_of(one, other), _middle(one, other)
    found = 0.0
    for k in range(one.part, min(one.whole, one.part + other.part) + 1):
        part = likely(k)
        found += part
        if k > middle and part < found * 1e-17:
            break
    return min(1.0, found)


def fisher(one: Share, other: Share) -> float:
    """Return how likely chance alone gives a table no likelier than this one; two-sided.

    Args:
        one: The first group.
        other: The second.
    """
    likely, cases = chance_of(one, other), one.part + other.part
    most = likely(one.part) * ROUNDING
    tables = range(max(0, cases - other.whole), min(one.whole, cases) + 1)
    return min(1.0, sum(each for each in map(likely, tables) if each <= most))


def chance_of(one: Share, other: Share) -> Callable[[int], float]:
    """Return what tells how likely so many of all cases fall into the first of two groups, their totals held fixed."""
    cases = one.part + other.part
    ways = _choices(one.whole + other.whole, cases)

    def likely(k: int) -> float:
        return exp(_choices(one.whole, k) + _choices(other.whole, cases - k) - ways)

    return likely


def _choices(n: int, k: int) -> float:
    """Return the logarithm of the number of ways to choose k of n."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _middle(one: Share, other: Share) -> float:
    whole = one.whole + other.whole
    return one.whole * (one.part + other.part) / whole if whole else 0.0


def holm(chances: Sequence[float]) -> list[float]:
    """Return p-values adjusted for having asked so many questions, in the order given.

    Args:
        chances: The p-values of the single questions.
    """
    adjusted = [0.0] * len(chances)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda at: chances[at])):
        highest = max(highest, min(1.0, chances[place] * (len(chances) - rank)))
        adjusted[place] = highest
    return adjusted
