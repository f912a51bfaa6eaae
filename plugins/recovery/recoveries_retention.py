"""Whether customers stay more often where a bad answer was made good: compared within strata, or as chance put them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from feedbackhub.statistics import Interval, Share, difference_of_shares, difference_sequence, few, stratified, z_of

from .recoveries_people import Followed

__all__ = ["LEVEL", "Kept", "compare", "compare_arms"]

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Kept:
    """Two groups of customers with a bad answer, and how many of them stayed.

    Args:
        one: Those for whom it was made good, or who were put into an arm in which something is given.
        other: The others.
        difference: How much more often the first stay, from -1 to 1; None where nothing can be said.
        interval: Its interval; None where nothing can be said.
        compared: How many customers the difference rests on.
        left_out: How many could be compared with nobody like them.
        unknown: Of how many nobody knows whether they stayed.
        strata: How many strata there are with customers of both.
        by_chance: Whether chance made the two groups.
    """

    one: Share
    other: Share
    difference: float | None = None
    interval: Interval | None = None
    compared: int = 0
    left_out: int = 0
    unknown: int = 0
    strata: int = 0
    by_chance: bool = False

    @property
    def smaller(self) -> int:
        """How many customers the smaller group has."""
        return min(self.one.whole, self.other.whole)

    @property
    def error(self) -> float:
        """The standard error that the interval's width stands for."""
        return 0.0 if self.interval is None else (self.interval.high - self.interval.low) / (2 * z_of(LEVEL))


def compare(followed: Sequence[Followed], by_month: bool) -> Kept:
    """Compare customers whose case was made good in time with the others, within strata of first score and segment.

    Source: N. Mantel and W. Haenszel, JNCI 22 (1959) 719-748, with T. Sato's error, Biometrics 45 (1989) 1323-1324.

    Args:
        followed: The customers.
        by_month: Whether the month of the answer makes strata too, since not all are followed for as long.
    """
    known = [each for each in followed if each.stayed is not None]
    strata: dict[Any, tuple[list[bool], list[bool]]] = defaultdict(lambda: ([], []))
    for each in known:
        month = f"{each.start.at:%Y-%m}" if by_month else ""
        strata[each.start.score, each.start.segment, month][not each.made_good].append(bool(each.stayed))
    one, other = (_share([each for each in known if each.made_good is good]) for good in (True, False))
    bare = Kept(one, other, unknown=len(followed) - len(known))
    if few(bare.smaller) in ("none", "counts"):
        return bare
    pairs = [(Share(sum(a), len(a)), Share(sum(b), len(b))) for a, b in strata.values()]
    found = stratified(pairs, LEVEL)
    if found is None:
        return Kept(one, other, left_out=len(known), unknown=bare.unknown)
    # Where all stay, or none does, nothing varies within strata; the shares themselves still leave doubt.
    interval = found.interval or difference_of_shares(one, other, LEVEL)
    return Kept(
        one, other, found.difference, interval, found.people, found.left_out, bare.unknown, found.strata
    )  # fmt: skip


def compare_arms(followed: Sequence[Followed], untreated: frozenset[str]) -> Kept:
    """Compare customers as chance put them into arms, whatever was done for them then.

    The interval holds however often somebody looks, so that it may be shown while the experiment runs.

    Args:
        followed: The customers of one experiment.
        untreated: Names of the arms in which nothing is given.
    """
    known = [each for each in followed if each.stayed is not None]
    one = _share([each for each in known if each.start.arm not in untreated])
    other = _share([each for each in known if each.start.arm in untreated])
    interval = difference_sequence(one, other, LEVEL)
    difference = None
    if interval is not None and one.value is not None and other.value is not None:
        difference = one.value - other.value
    unknown = len(followed) - len(known)
    return Kept(one, other, difference, interval, len(known), unknown=unknown, strata=1, by_chance=True)


def _share(of: Sequence[Followed]) -> Share:
    return Share(sum(bool(each.stayed) for each in of), len(of))
