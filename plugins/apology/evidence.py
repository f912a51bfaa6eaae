"""What may be said while customers are still being assigned: the same for the page and for the rule that stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedbackhub.statistics import EProcess, Interval, Share, block_of, difference_sequence, e_process

from .plan import Arm, Plan
from .records import Assignment
from .ripe import by_arm, has_won, ripe, share_won

__all__ = ["Evidence", "alpha_of", "evidence", "level_of"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One arm against the first, safe at every look.

    Args:
        arm: Name of the arm.
        one: How many of it were won back, of those whose window is over.
        other: The same of the first arm.
        process: The e-process, held to the plan's alpha divided by the number of comparisons.
        interval: The confidence sequence of the difference, None while there are too few outcomes.
        level: Its confidence.
    """

    arm: str
    one: Share
    other: Share
    process: EProcess
    interval: Interval | None
    level: float

    @property
    def difference(self) -> float | None:
        """The share of the arm less that of the first, None while one of them is empty."""
        one, other = self.one.value, self.other.value
        return None if one is None or other is None else one - other


def alpha_of(plan: Plan) -> float:
    """Return the chance of a false alarm that each comparison with the first arm may take."""
    return plan.alpha / max(1, len(plan.arms) - 1)


def level_of(plan: Plan) -> float:
    """Return the confidence of each interval, so that all of them hold together."""
    return 1 - alpha_of(plan)


def evidence(plan: Plan, assignments: Sequence[Assignment], now: datetime) -> list[Evidence]:
    """Return what speaks for each arm against the first.

    Args:
        plan: The frozen plan.
        assignments: Those that count (`families.one_each`), in the order of assignment.
        now: The present moment.
    """
    arms = by_arm(ripe(assignments, now), [each.name for each in plan.arms])
    return [_of(plan, arm, arms[arm.name], arms[plan.first.name]) for arm in plan.arms[1:]]


def _of(plan: Plan, arm: Arm, one: Sequence[Assignment], other: Sequence[Assignment]) -> Evidence:
    level, planned = level_of(plan), plan.planned()
    process = e_process(
        list(map(has_won, one)), list(map(has_won, other)), alpha_of(plan), block_of(arm.weight, plan.first.weight)
    )
    first, second = share_won(one), share_won(other)
    tightest = planned[arm.name] + planned[plan.first.name]
    return Evidence(arm.name, first, second, process, difference_sequence(first, second, level, tightest), level)
