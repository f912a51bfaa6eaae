"""Groups compared with the others on the same kind of case: what is expected of each, and whether they differ at all.

Within each kind of case the answers are taken as dealt to the groups by chance; what a group got is held against
that. Groups that share no kind of case with others are not compared. Sources: J. R. Landis, E. R. Heyman, G. G. Koch,
International Statistical Review 46 (1978) 237-254 (generalised Cochran-Mantel-Haenszel test of mean scores); W. Feller,
An Introduction to Probability Theory and Its Applications II, XVI.7 (tails of skewed sums, after Cramér).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import erfc, exp, sqrt

from .chisquare import chi_square_tail

__all__ = ["Compared", "Part", "Standing", "compared"]

NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Part:
    """The answers of one group about one kind of case.

    Args:
        group: The group.
        kind: The kind of case.
        counts: How often each value was given.
    """

    group: str
    kind: Hashable
    counts: Mapping[float, int]

    @property
    def n(self) -> int:
        """How many answers there are."""
        return sum(self.counts.values())

    @property
    def total(self) -> float:
        """Their sum."""
        return sum(value * n for value, n in self.counts.items())


@dataclass(frozen=True, slots=True)
class Standing:
    """How one group stands beside the others.

    Args:
        n: How many answers it has.
        value: Their mean.
        difference: By how much that lies above what the others got on the same mix of cases.
        variance: The variance that chance gives this difference.
        weight: How many answers it is worth: the fewer, the less the others had of these cases.
        skewness: That of what chance does to the difference.
    """

    n: int
    value: float
    difference: float
    variance: float
    weight: float
    skewness: float

    @property
    def expected(self) -> float:
        """What the others' answers on the same mix of cases let expect."""
        return self.value - self.difference

    @property
    def distance(self) -> float:
        """How many standard errors it lies from what is expected."""
        return self.difference / sqrt(self.variance)

    @property
    def p(self) -> float:
        """How likely chance alone brings one group at least as far; towards the longer tail rather too much."""
        z = self.distance
        longer = max(0.0, self.skewness * z**3 / 6)
        # Where the correction takes back all that the distance says, there are too few answers to say anything.
        return min(1.0, erfc(abs(z) / sqrt(2)) * exp(min(longer, 700.0))) if longer < z * z / 2 else 1.0


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found.

    Args:
        standings: Those groups that can be compared, by name.
        variance: The variance of one answer among its kind, on average.
        q: How far the groups lie from what is expected, all together.
        freedom: What chance alone makes of that on average.
    """

    standings: Mapping[str, Standing]
    variance: float
    q: float
    freedom: int

    @property
    def p(self) -> float | None:
        """How likely chance alone lets equal groups lie at least as far apart; None when nothing can be compared.

        It looks twice, at all together and at the one that stands out most, and makes up for looking often.
        """
        if not self.freedom:
            return None
        farthest = len(self.standings) * min(each.p for each in self.standings.values())
        return min(1.0, 2 * min(chi_square_tail(self.q, self.freedom), farthest))


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of case.

    Args:
        n: How many answers, of whomever.
        mean: Their mean.
        variance: Their variance.
        third: Their third moment around the mean.
        parts: Those of the groups in question.
    """

    n: int
    mean: float
    variance: float
    third: float
    parts: Sequence[Part]


def compared(parts: Iterable[Part], groups: Collection[str]) -> Compared:
    """Compare groups with everybody who had the same kind of cases.

    Args:
        parts: All answers, no group twice with one kind; those of other groups too, they tell what is to be expected.
        groups: The groups in question.
    """
    kinds = [_kind(each, frozenset(groups)) for each in _by_kind(parts)]
    ns = Counter[str]()
    totals, expected, weights, variances, thirds = (defaultdict[str, float](float) for _ in range(5))
    for kind in kinds:
        for part in kind.parts:
            n, rest = part.n, 1 - part.n / kind.n
            ns[part.group] += n
            totals[part.group] += part.total
            expected[part.group] += n * kind.mean
            weights[part.group] += n * rest
            variances[part.group] += kind.variance * n * rest
            thirds[part.group] += kind.third * n * rest * (2 * rest - 1)
    known = {group: variance for group, variance in variances.items() if variance > NOTHING}
    beyond = {group: totals[group] - expected[group] for group in known}
    standings = {
        group: Standing(
            ns[group], totals[group] / ns[group], beyond[group] / weight, variance / weight**2, weight,
            thirds[group] / variance**1.5,
        )
        for group, variance in known.items()
        for weight in [weights[group]]
    }  # fmt: skip
    return Compared(standings, _within(kinds), _distance(kinds, beyond, known), _freedom(kinds, known))


def _by_kind(parts: Iterable[Part]) -> list[list[Part]]:
    found = defaultdict[Hashable, list[Part]](list)
    for part in parts:
        found[part.kind].append(part)
    return list(found.values())


def _kind(parts: Sequence[Part], groups: Collection[str]) -> _Kind:
    counts = Counter[float]()
    for part in parts:
        counts.update(part.counts)
    n, own = counts.total(), [part for part in parts if part.group in groups]
    mean = sum(value * count for value, count in counts.items()) / n
    apart = sum((value - mean) ** 2 * count for value, count in counts.items())
    third = sum((value - mean) ** 3 * count for value, count in counts.items()) / n
    return _Kind(n, mean, apart / (n - 1) if n > 1 and apart > NOTHING else 0.0, third, own)


def _within(kinds: Sequence[_Kind]) -> float:
    """Return the variance of an answer among its kind, on average."""
    freedom = sum(kind.n - 1 for kind in kinds)
    return sum(kind.variance * (kind.n - 1) for kind in kinds) / freedom if freedom else 0.0


def _distance(kinds: Sequence[_Kind], beyond: Mapping[str, float], variances: Mapping[str, float]) -> float:
    """Return the length of a vector as its covariance measures it, by preconditioned conjugate gradients.

    The covariance is a diagonal less one product for each kind, so that it is never written down: there are as few
    steps as kinds, and it does not matter that it has no inverse where groups stand beside none but each other.
    """
    solved = dict.fromkeys(beyond, 0.0)
    left = dict(beyond)
    way = {group: value / variances[group] for group, value in left.items()}
    size = sum(left[group] * way[group] for group in left)
    for _ in range(2 * (len(beyond) + len(kinds))):
        image = _times(kinds, way)
        length = sum(way[group] * image[group] for group in way)
        if size <= NOTHING or length <= NOTHING * size:
            break  # nothing but rounding is left
        step = size / length
        for group in left:
            solved[group] += step * way[group]
            left[group] -= step * image[group]
        new = sum(value * value / variances[group] for group, value in left.items())
        way = {group: left[group] / variances[group] + new / size * way[group] for group in way}
        size = new
    return max(0.0, sum(beyond[group] * solved[group] for group in beyond))


def _times(kinds: Sequence[_Kind], values: Mapping[str, float]) -> dict[str, float]:
    """Return the product of the covariance and a vector."""
    found = dict.fromkeys(values, 0.0)
    for kind in kinds:
        own = [part for part in kind.parts if part.group in values] if kind.variance else []
        mean = sum(part.n * values[part.group] for part in own) / kind.n
        for part in own:
            found[part.group] += kind.variance * part.n * (values[part.group] - mean)
    return found


def _freedom(kinds: Sequence[_Kind], groups: Collection[str]) -> int:
    """Return the rank of the covariance: one less for each circle of groups that stand beside none but each other."""
    circles = {group: {group} for group in groups}
    open_ones = set[str]()
    for kind in kinds:
        own = [part for part in kind.parts if part.group in circles] if kind.variance else []
        joined = set[str]().union(*(circles[part.group] for part in own))
        circles.update(dict.fromkeys(joined, joined))
        if sum(part.n for part in own) < kind.n:
            open_ones.update(part.group for part in own)
    closed = {id(circle) for circle in circles.values() if not circle & open_ones}
    return len(circles) - len(closed)
