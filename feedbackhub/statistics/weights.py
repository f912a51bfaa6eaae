"""Weights for those who answered, so that they stand for all who were asked.

They correct only for what the strata are made of: where people who answer and people who keep silent differ within a
stratum, the weighted number is as wrong as before. Sources: W. E. Deming and F. F. Stephan, Annals of Mathematical
Statistics 11 (1940) 427-444, for raking; L. Kish, Survey Sampling (1965), for the effective number of answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .strata import Stratum, WeightingError

__all__ = [
    "Effective",
    "EmptyStratum",
    "MarginsDisagree",
    "NobodyAnswered",
    "NotConverged",
    "UnknownStratum",
    "kish",
    "margins_of",
    "poststratify",
    "rake",
    "trim",
]  # fmt: skip

Margin = Mapping[str, float]


class NobodyAnswered(WeightingError):
    """There are no answers to be weighted."""

    def __init__(self) -> None:
        super().__init__("nobody answered")


class EmptyStratum(WeightingError):
    """People were asked of whom nobody answered, so that no weight makes anybody stand for them.

    Args:
        name: Who they are; put them together with others.
    """

    def __init__(self, *name: str) -> None:
        super().__init__(f"nobody answered among {', '.join(name)}: put them together with others")
        self.name = name


class UnknownStratum(WeightingError):
    """People answered of whom it is not known how many there are.

    Args:
        name: Who they are.
    """

    def __init__(self, *name: str) -> None:
        super().__init__(f"it is not known how many people are {', '.join(name)}")
        self.name = name


class MarginsDisagree(WeightingError):
    """Margins that count different numbers of people.

    Args:
        totals: What they add up to.
    """

    def __init__(self, totals: Sequence[float]) -> None:
        super().__init__(f"the margins add up to different totals: {', '.join(f'{each:g}' for each in totals)}")
        self.totals = tuple(totals)


class NotConverged(WeightingError):
    """Raking that comes to no end: what answered cannot be made to fit all margins at once.

    Args:
        rounds: How often it was tried.
        gap: The largest difference left, as a share of all.
    """

    def __init__(self, rounds: int, gap: float) -> None:
        super().__init__(f"raking did not converge within {rounds} rounds; a share of {gap:.3g} is left")
        self.rounds, self.gap = rounds, gap


class Effective(NamedTuple):
    """What weighted answers are worth.

    Args:
        n: The number of unweighted answers that would be as sure.
        design_effect: How many weighted answers are worth one unweighted.
    """

    n: float
    design_effect: float


def poststratify(strata: Sequence[Stratum]) -> list[float]:
    """Return the weight of one answer in each stratum that makes all strata count as many as were asked there.

    Args:
        strata: Those who were asked, and what they answered.

    Raises:
        NobodyAnswered: There is no answer at all.
        EmptyStratum: People were asked somewhere and nobody answered.
        UnknownStratum: Somebody answered where nobody was asked.
    """
    if not any(each.n for each in strata):
        raise NobodyAnswered
    for each in strata:
        if each.asked > 0 and not each.n:
            raise EmptyStratum(*each.key)
        if each.n and not each.asked:
            raise UnknownStratum(*each.key)
    return [each.asked / each.n if each.n else 0.0 for each in strata]


def margins_of(strata: Sequence[Stratum]) -> list[dict[str, float]]:
    """Return how many were asked by each value of each dimension."""
    depth = len(strata[0].key) if strata else 0
    found: list[dict[str, float]] = [{} for _ in range(depth)]
    for each in strata:
        for margin, value in zip(found, each.key, strict=True):
            margin[value] = margin.get(value, 0.0) + each.asked
    return found


def rake(
    strata: Sequence[Stratum], margins: Sequence[Margin], tolerance: float = 1e-10, most: int = 1000
) -> list[float]:
    """Return the weight of one answer in each stratum that makes each dimension alone count as many as were asked.

    Args:
        strata: Those who answered; how many were asked is taken from the margins.
        margins: How many people have each value, dimension by dimension in the order of the strata's keys.
        tolerance: The largest difference from a margin, as a share of all.
        most: How many rounds are tried.

    Raises:
        NobodyAnswered: There is no answer at all.
        EmptyStratum: People are in a margin of whom nobody answered.
        UnknownStratum: Somebody answered who is in no margin.
        MarginsDisagree: The margins add up to different totals.
        NotConverged: The margins cannot be met together.
    """
    total = _checked(strata, margins)
    answered = [each for each in strata if each.n]
    held = [each.n * total / sum(one.n for one in answered) for each in answered]
    gap = 1.0
    for _ in range(most):
        for at, margin in enumerate(margins):
            reached = _sums(answered, held, at)
            held = [
                weight * margin[each.key[at]] / reached[each.key[at]] if weight else 0.0
                for each, weight in zip(answered, held, strict=True)
            ]
        gap = max(
            (abs(_sums(answered, held, at).get(value, 0.0) - wanted) / total
             for at, margin in enumerate(margins) for value, wanted in margin.items()),
            default=0.0,
        )  # fmt: skip
        if gap <= tolerance:
            weights = {each.key: weight / each.n for each, weight in zip(answered, held, strict=True)}
            return [weights.get(each.key, 0.0) for each in strata]
    raise NotConverged(most, gap)


def _checked(strata: Sequence[Stratum], margins: Sequence[Margin]) -> float:
    """Return how many people the margins count, all equally many."""
    if not any(each.n for each in strata):
        raise NobodyAnswered
    if any(len(each.key) != len(margins) for each in strata):
        raise UnknownStratum(*next(each.key for each in strata if len(each.key) != len(margins)))
    totals = [sum(margin.values()) for margin in margins]
    total = max(totals, default=0.0)
    if total <= 0 or total - min(totals) > 1e-9 * total:
        raise MarginsDisagree(totals)
    for at, margin in enumerate(margins):
        answered = {each.key[at] for each in strata if each.n}
        for value, n in margin.items():
            if n > 0 and value not in answered:
                raise EmptyStratum(value)
        for value in sorted(answered):
            if margin.get(value, 0.0) <= 0:
                raise UnknownStratum(value)
    return total


def _sums(strata: Sequence[Stratum], held: Sequence[float], at: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for each, weight in zip(strata, held, strict=True):
        found[each.key[at]] = found.get(each.key[at], 0.0) + weight
    return found


def trim(strata: Sequence[Stratum], weights: Sequence[float], low: float, high: float) -> list[float]:
    """Return weights between two limits; what is cut off is spread equally over the other answers.

    Args:
        strata: Those who answered.
        weights: The weight of one answer in each stratum.
        low: The least weight.
        high: The largest one.

    Raises:
        ValueError: The mean weight does not lie between the limits, so that they cannot be met.
    """
    counts = [each.n for each in strata]
    n, total = sum(counts), sum(each * weight for each, weight in zip(counts, weights, strict=True))
    if not n or not low <= total / n <= high:
        raise ValueError("the mean weight must lie between the limits")
    found, bound = list(weights), [False] * len(counts)
    while any(not low <= weight <= high for weight, each in zip(found, counts, strict=True) if each):
        cut = [min(max(weight, low), high) for weight in found]
        bound = [was or now != weight for was, now, weight in zip(bound, cut, found, strict=True)]
        over = sum((weight - now) * each for weight, now, each in zip(found, cut, counts, strict=True))
        free = sum(each for each, fixed in zip(counts, bound, strict=True) if not fixed)
        if not free:
            return [total / n] * len(counts)
        found = [now if fixed else now + over / free for now, fixed in zip(cut, bound, strict=True)]
    return found


def kish(strata: Sequence[Stratum], weights: Sequence[float]) -> Effective:
    """Return what weighted answers are worth: the squared sum of weights by the sum of their squares (Kish).

    Args:
        strata: Those who answered.
        weights: The weight of one answer in each stratum.

    Raises:
        NobodyAnswered: There are no answers, or all of them weigh nothing.
    """
    pairs = [(weight, each.n) for each, weight in zip(strata, weights, strict=True)]
    total, squares = sum(weight * n for weight, n in pairs), sum(weight * weight * n for weight, n in pairs)
    if total <= 0:
        raise NobodyAnswered
    effective = total * total / squares
    return Effective(effective, sum(n for _, n in pairs) / effective)
