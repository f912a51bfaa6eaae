"""A difference of means made surer by what was known of each person before the trial began.

Useful for money spent, where the time before tells much; for won back or not it gains little.

Source: A. Deng, Y. Xu, R. Kohavi and T. Walker, WSDM (2013) 123-132.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from .normal import Interval
from .student import t_of

__all__ = ["Cuped", "Measured", "cuped"]


class Measured(NamedTuple):
    """One person's value.

    Args:
        treated: Whether they are in the arm of interest.
        before: What was measured before they were assigned; later it would carry the effect itself.
        value: What is compared.
    """

    treated: bool
    before: float
    value: float


@dataclass(frozen=True, slots=True)
class Cuped:
    """Two means compared, and compared again with what was known taken out.

    Args:
        raw: The plain difference of the arms' means.
        difference: The difference with what was known taken out.
        interval: Its t interval (Welch); None below two people in an arm or without spread.
        theta: By how much the value goes with what was known.
        saved: The share of the variance that is gone, 0 to 1.
    """

    raw: float
    difference: float
    interval: Interval | None
    theta: float
    saved: float


def cuped(people: Sequence[Measured], level: float = 0.95) -> Cuped | None:
    """Compare two arms' means; None when one is empty.

    Args:
        people: Everybody in either arm.
        level: The interval's confidence.
    """
    arms = [[each for each in people if each.treated is side] for side in (True, False)]
    if not all(arms):
        return None
    before, value = [each.before for each in people], [each.value for each in people]
    both, spread, whole = _product(before, value), _product(before, before), _product(value, value)
    theta = both / spread if spread else 0.0
    rest = [[each.value - theta * each.before for each in arm] for arm in arms]
    return Cuped(
        raw=_mean([each.value for each in arms[0]]) - _mean([each.value for each in arms[1]]),
        difference=_mean(rest[0]) - _mean(rest[1]), interval=_welch(rest[0], rest[1], level),
        theta=theta, saved=min(1.0, theta * both / whole) if whole else 0.0,
    )  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the sum of products of both, each less its mean."""
    a, b = _mean(one), _mean(other)
    return sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))


def _welch(one: Sequence[float], other: Sequence[float], level: float) -> Interval | None:
    if min(len(one), len(other)) < 2:
        return None
    parts = [(_product(each, each) / (len(each) - 1) / len(each), len(each) - 1) for each in (one, other)]
    square = sum(part for part, _ in parts)
    if square <= 0:
        return None
    freedom = square**2 / sum(part**2 / free for part, free in parts)
    middle, reach = _mean(one) - _mean(other), t_of(level, freedom) * sqrt(square)
    return Interval(middle - reach, middle + reach)
