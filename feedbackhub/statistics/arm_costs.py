"""What winning a customer back costs in each arm, and which arms are dearer without being better.

Source: M. F. Drummond et al., Methods for the Economic Evaluation of Health Care Programmes (4th ed. 2015), ch. 4:
dominance and the incremental cost-effectiveness ratio.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .normal import Interval
from .proportions import Share, difference_of_shares, wilson

__all__ = ["ArmCost", "Dominated", "cost_of_one_more", "cost_per_win", "cost_per_win_interval", "dominated"]


@dataclass(frozen=True, slots=True)
class ArmCost:
    """What an arm achieved and what it cost.

    Args:
        share: How many of its people were won.
        each: What every one of its people cost, like the handling and what all were given.
        won: What each person won cost besides, like what was paid only then.

    Raises:
        ValueError: A cost is negative.
    """

    share: Share
    each: float
    won: float = 0.0

    def __post_init__(self) -> None:
        if not (self.each >= 0 and self.won >= 0):
            raise ValueError("costs cannot be negative")

    @property
    def total(self) -> float:
        """What the whole arm cost."""
        return self.share.whole * self.each + self.share.part * self.won

    @property
    def per_person(self) -> float | None:
        """What each person cost on average, won or not; None without people."""
        return self.total / self.share.whole if self.share.whole else None


def cost_per_win(arm: ArmCost) -> float | None:
    """Return what each person won cost, the money spent on the others included; None when nobody was."""
    return arm.total / arm.share.part if arm.share.part else None


def cost_per_win_interval(arm: ArmCost, level: float = 0.95) -> Interval | None:
    """Return its interval from the share's, the costs taken as known; None when nobody was won."""
    share = wilson(arm.share, level)
    if share is None or not arm.share.part:
        return None
    return Interval(arm.each / share.high + arm.won, arm.each / share.low + arm.won)


def cost_of_one_more(dearer: ArmCost, cheaper: ArmCost) -> float | None:
    """Return what one more person won costs in a dearer arm (the incremental cost-effectiveness ratio).

    Args:
        dearer: The arm that costs more for each person.
        cheaper: The arm it is compared with.

    Returns:
        Extra cost by extra win; None without people, and when the first is not both dearer and better: then one of
        the two is dominated, and a ratio would mislead.
    """
    values = dearer.per_person, cheaper.per_person, dearer.share.value, cheaper.share.value
    if values[0] is None or values[1] is None or values[2] is None or values[3] is None:
        return None
    cost, more = values[0] - values[1], values[2] - values[3]
    return cost / more if cost > 0 and more > 0 else None


@dataclass(frozen=True, slots=True)
class Dominated:
    """An arm that another one beats at no higher cost.

    Args:
        by: The arm that beats it.
        shown: Whether it is better beyond doubt: the interval of their difference does not hold 0.
    """

    by: str
    shown: bool


def dominated(arms: Mapping[str, ArmCost], level: float = 0.95) -> dict[str, Dominated]:
    """Return the arms that cost at least as much as another and win fewer, or more and win no more.

    Args:
        arms: The arms by name; those without people are left out.
        level: The confidence by which a difference counts as shown.

    Returns:
        For each such arm the one that beats it, the one with the largest share when several do.
    """
    known = {
        name: (arm, arm.per_person, arm.share.value) for name, arm in arms.items()
        if arm.per_person is not None and arm.share.value is not None
    }  # fmt: skip
    found = {}
    for name, (arm, cost, share) in known.items():
        better = [
            (value, other) for other, (_, price, value) in known.items()
            if price <= cost and value >= share and (price, value) != (cost, share)
        ]  # fmt: skip
        if better:
            by = max(better)[1]
            interval = difference_of_shares(arms[by].share, arm.share, level)
            found[name] = Dominated(by, interval is not None and interval.low > 0)
    return found
