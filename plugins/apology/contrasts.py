"""One arm against another, with the interval that the stage of the experiment allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedbackhub.statistics import Interval, Share, TwoArms, difference_sequence, holm, two_arms

from .effect_study import Study
from .evidence import level_of
from .plan import Arm, Plan

__all__ = ["Contrast", "Kind", "against_first", "at_one_look", "by_chance", "kind_of", "money_against_words", "needed"]

#: What an arm gives: nothing, words, money, or both.
Kind = str
NOTHING, WORDS, MONEY, BOTH = "nothing", "words", "money", "both"


@dataclass(frozen=True, slots=True)
class Contrast:
    """One arm less another.

    Args:
        arm: Name of the arm of interest.
        against: Name of the arm it is compared with.
        one, other: How many of how many were won back in each.
        interval: The interval of the difference; None while there are too few outcomes.
        level: Its confidence.
        safe: Whether it holds however often one looks.
        shown: Whether there is a difference by the plan's rule, with all arms that were compared made up for.
    """

    arm: str
    against: str
    one: Share
    other: Share
    interval: Interval | None
    level: float
    safe: bool
    shown: bool

    @property
    def difference(self) -> float | None:
        """The difference of the shares, None while one arm is empty."""
        one, other = self.one.value, self.other.value
        return None if one is None or other is None else one - other

    @property
    def is_sized(self) -> bool:
        """Whether the interval leaves out 0, so that it says how large the difference is at least."""
        return self.interval is not None and self.interval.excludes_zero

    @property
    def n(self) -> int:
        """How many outcomes the smaller arm has."""
        return min(self.one.whole, self.other.whole)


def kind_of(arm: Arm) -> Kind:
    """Return what an arm gives."""
    if arm.apology:
        return BOTH if arm.compensation else WORDS
    return MONEY if arm.compensation else NOTHING


def against_first(study: Study) -> list[Contrast]:
    """Return each arm less the first."""
    return [_contrast(study, arm, study.first) for arm in study.others]


def money_against_words(study: Study) -> list[Contrast]:
    """Return each arm with words alone less each with money alone: what other experiments have compared."""
    of_words = [each.name for each in study.plan.arms if kind_of(each) == WORDS]
    of_money = [each.name for each in study.plan.arms if kind_of(each) == MONEY]
    return [_contrast(study, words, money) for words in of_words for money in of_money]


def _contrast(study: Study, arm: str, against: str) -> Contrast:
    one, other = study.shares[arm], study.shares[against]
    if study.once:
        level = 1 - study.plan.alpha
        found = two_arms(one, other, level)
        interval = found.difference_interval if found else None
        shown = found is not None and found.difference_interval.excludes_zero and arm not in _by_chance(study, against)
        return Contrast(arm, against, one, other, interval, level, safe=False, shown=shown)
    level, planned = level_of(study.plan), study.plan.planned()
    interval = difference_sequence(one, other, level, planned[arm] + planned[against])
    # The e-process decides, and often before the interval leaves 0; deciding by either would double the false alarms.
    shown = against == study.first and study.is_decided(arm)
    return Contrast(arm, against, one, other, interval, level, safe=True, shown=shown)


def _by_chance(study: Study, against: str) -> set[str]:
    """Return the arms whose difference from the first one chance alone explains, as several are compared."""
    if against != study.first:
        return set()
    return {arm for arm, _, p in at_one_look(study.plan, study.shares) if by_chance(study.plan, p)}


def by_chance(plan: Plan, p: float) -> bool:
    """Tell whether chance alone explains a difference at the planned end, by Holm's p-value.

    Each interval is made for one question: of several arms that do nothing, one is soon beyond its interval. Of two
    arms the interval alone decides.
    """
    return len(plan.arms) > 2 and p > plan.alpha


def at_one_look(plan: Plan, shares: Mapping[str, Share]) -> list[tuple[str, TwoArms, float]]:
    """Return each arm against the first as for one look at the end, with Holm's p-value; arms that hold nobody are out.

    Args:
        plan: The plan.
        shares: How many of how many were won back, by arm.
    """
    first = shares[plan.first.name]
    compared = [(each.name, two_arms(shares[each.name], first, 1 - plan.alpha)) for each in plan.arms[1:]]
    there = [(arm, found) for arm, found in compared if found is not None]
    adjusted = holm([found.p for _, found in there])
    return [(arm, found, p) for (arm, found), p in zip(there, adjusted, strict=True)]


def needed(contrast: Contrast) -> tuple[float, tuple[float, float]] | None:
    """Return how many customers must be treated for one more won back, with its interval.

    None while no difference is shown or its interval holds 0, and where the arm wins fewer back: then nobody should be
    treated so.
    """
    difference, interval = contrast.difference, contrast.interval
    if not contrast.shown or difference is None or interval is None or not interval.low > 0:
        return None
    return 1 / difference, (1 / interval.high, 1 / interval.low)
