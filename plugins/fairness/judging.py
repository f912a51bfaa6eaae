"""Whether groups differ more than chance, and if so, each drawn to what is expected of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

from feedbackhub.statistics import (
    GROUPS_FOR_A_PRIOR,
    HIDDEN_BELOW,
    Compared,
    Estimate,
    Interval,
    Part,
    Prior,
    Standing,
    beta_posterior,
    compared,
    over_dispersion,
    shrunk,
    spread_interval,
    spread_of,
)

__all__ = ["LEVEL", "Judged", "drawn", "judge"]

#: Equal groups are taken for different once in so many reports: a number beside a name is not to be chance.
LEVEL = 0.01
#: With few groups each is drawn to the others as if they had given so many answers more that are as expected.
STRENGTH = 10.0


@dataclass(frozen=True)
class Judged:
    """What was found about groups.

    Args:
        sizes: How many answers each has, those included that are not shown.
        compared: The comparison of those with enough answers.
        tau2: The variance between groups beyond chance.
        dispersion: By how much groups differ more than chance throughout, as a factor on the variance.
    """

    sizes: Mapping[str, int]
    compared: Compared
    tau2: float
    dispersion: float

    @property
    def groups(self) -> list[str]:
        """Those with enough answers to be spoken of."""
        return [group for group, n in self.sizes.items() if n >= HIDDEN_BELOW]

    @property
    def detectable(self) -> bool:
        """Whether the groups differ more than chance lets equal ones."""
        p = self.compared.p
        return p is not None and p < LEVEL

    @property
    def between(self) -> float:
        """The variance between groups by which they are drawn together; a few of them cannot tell it themselves."""
        few = self.compared.variance / (STRENGTH + 1)
        # One who stands out among many may leave no spread between all of them; then it is as large as it may be.
        largest = self.tau_interval() or Interval(0, 0)
        return (self.tau2 or largest.high**2 or few) if len(self.compared.standings) >= GROUPS_FOR_A_PRIOR else few

    def tau_interval(self) -> Interval | None:
        """Return the interval of the standard deviation between groups, None without groups."""
        found = spread_interval(*_moments(self.compared), middle=0.0, freedom=self.compared.freedom)
        return None if found is None else Interval(sqrt(found.low), sqrt(found.high))

    @property
    def pool(self) -> float:
        """Among how many answers a group's own are, for most of them; infinite where it has nearly all itself."""
        standings = self.compared.standings.values()
        own = sum(each.n - each.weight for each in standings)
        found = sum(each.n**2 for each in standings) / own if own > 0 else inf
        return found if found > max(each.n for each in standings) else inf

    def far(self, standing: Standing) -> float:
        """Return how many times its chance a group lies from what is expected, where all differ more than chance."""
        return standing.distance / sqrt(self.dispersion)


def judge(parts: Sequence[Part]) -> Judged:
    """Return what answers say about groups; the group without a name tells only what is to be expected.

    Args:
        parts: The answers.
    """
    sizes = Counter[str]()
    for part in parts:
        if part.group:
            sizes[part.group] += part.n
    found = compared(parts, [group for group, n in sizes.items() if n >= HIDDEN_BELOW])
    spread = spread_of(*_moments(found), middle=0.0)
    distances = [each.distance for each in found.standings.values()]
    return Judged(sizes, found, 0.0 if spread is None else spread.tau2, over_dispersion(distances))


def _moments(found: Compared) -> tuple[list[float], list[float]]:
    """Return the groups' differences from what is expected, and their variances."""
    standings = found.standings.values()
    return [each.difference for each in standings], [each.variance for each in standings]


def drawn(judged: Judged, standing: Standing, middle: float, is_share: bool) -> Estimate:
    """Return what is to be thought of a group: drawn to what is expected, and moved to where the others are.

    Args:
        judged: What was found.
        standing: How it stands.
        middle: What the others are at, with whatever mix of cases is usual.
        is_share: Whether it is a share, else a score from -1 to 1.
    """
    low, high = (0.0, 1.0) if is_share else (-1.0, 1.0)
    found = _share(judged, standing) if is_share else shrunk(standing.difference, standing.variance, 0, judged.between)
    return Estimate(*(min(max(middle + each, low), high) for each in found))


def _share(judged: Judged, standing: Standing) -> Estimate:
    """Return by how much a share lies above what is expected, with a beta distribution around that before."""
    expected = min(max(standing.expected, 0.0), 1.0)
    strength = max(expected * (1 - expected) / judged.between - 1, 1.0)
    prior = Prior.around(expected, strength)
    centre = prior.good / strength
    found = beta_posterior(standing.value * standing.weight, standing.weight, prior)
    return Estimate(*(each - centre for each in found))
