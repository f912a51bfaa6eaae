"""How many customers an experiment needs, how long that takes at the present volume, and how many will answer; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from feedbackhub.statistics import Interval, Share, arms_needed, e_process_needed, t_of, wilson

__all__ = ["ENOUGH", "LONGEST_WEEKS", "Forecast", "Measured", "Wish", "forecast", "rate_of"]

#: Longer than two years nobody waits, and the company is another one by then.
LONGEST_WEEKS = 104.0
#: So many second asks tell a share.
ENOUGH = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be found out.

    Args:
        baseline: Share won back in the first arm.
        effect: Smallest difference that matters.
        weights: The arms' weights without a common factor; the first arm is compared with each other one.
        alpha: Chance of a false alarm in all comparisons together.
        power: Chance of finding the effect if it is there.
        days: From the case to the end of the window.
        per_week: Customers expected in a week, None to take what was measured.
        looks: Whether the always-valid rule looks all the time, which costs more customers than one look at the end.
    """

    baseline: float
    effect: float
    weights: tuple[int, ...] = (1, 1)
    alpha: float = 0.05
    power: float = 0.8
    days: int = 21
    per_week: float | None = None
    looks: bool = True

    @property
    def alpha_each(self) -> float:
        """The chance of a false alarm left for each comparison."""
        return self.alpha / max(1, len(self.weights) - 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the last weeks tell.

    Args:
        weeks: Customers who could have been taken in, week by week, oldest first.
        answered: How many of the second asks were answered.
        won: How many of the second asks were won back, silence counted as not.
    """

    weeks: tuple[int, ...] = ()
    answered: Share = Share(0, 0)
    won: Share = Share(0, 0)

    @property
    def baseline(self) -> float | None:
        """The share won back; None while too few tell it, and where it was nobody or all: nothing follows from that."""
        value = self.won.value
        return value if self.won.whole >= ENOUGH and value and value < 1 else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a plan comes to.

    Args:
        n_each: Customers needed in an arm of the smallest weight, for one look at the end.
        n_looking: About the same when the always-valid rule looks all the time.
        n_total: Customers in all arms together, as the wish or the plan says.
        per_week: Customers in a week with its range, None when nothing is known.
        weeks: Until the last customer is taken in, with its range; None when nothing is known, an end where none is.
        days_more: From then to the end of the last window.
        answers: Second answers to be expected with their range, None when nothing is known.
        is_stated: Whether the volume is somebody's guess.
    """

    n_each: int
    n_looking: int
    n_total: int
    per_week: tuple[float, float, float] | None
    weeks: tuple[float, float, float | None] | None
    days_more: int
    answers: tuple[int, int, int] | None
    is_stated: bool


def rate_of(weeks: Sequence[int]) -> tuple[float, float, float] | None:
    """Return how many come in a week, with an interval of 95 %: the wider of counting and of ups and downs.

    None when nobody came, or no week was seen. Sources: Garwood's exact interval in its usual approximation for
    counts, Student's t for weeks that differ by more than chance.
    """
    n, seen = sum(weeks), len(weeks)
    if not n:
        return None
    mean = n / seen
    low, high = (n + 2 - 1.96 * sqrt(n + 1)) / seen, (n + 2 + 1.96 * sqrt(n + 1)) / seen
    if seen > 1:
        spread = sqrt(sum((each - mean) ** 2 for each in weeks) / (seen - 1) / seen) * t_of(0.95, seen - 1)
        low, high = min(low, mean - spread), max(high, mean + spread)
    return mean, max(0.0, low), high


def forecast(wish: Wish, measured: Measured, n_each: int | None = None) -> Forecast:
    """Return what a wish comes to.

    Args:
        wish: What is to be found out.
        measured: What the last weeks tell.
        n_each: Customers in an arm of the smallest weight, where the plan says so; else as many as are needed.

    Raises:
        ValueError: The effect leaves no share between 0 and 1.
    """
    once, looking = _needed(wish, arms_needed), _needed(wish, e_process_needed)
    chosen = n_each or (looking if wish.looks else once)
    total = sum(-(-chosen * weight // min(wish.weights)) for weight in wish.weights)
    stated = wish.per_week
    rate = (stated, stated, stated) if stated else rate_of(measured.weeks)
    weeks = (total / rate[0], total / rate[2], total / rate[1] if rate[1] else None) if rate else None
    answers = _answers(total, measured.answered)
    return Forecast(once, looking, total, rate, weeks, wish.days, answers, stated is not None)


def _needed(wish: Wish, needed: Callable[[float, float, float, float, float], int]) -> int:
    """Return how many customers an arm of the smallest weight needs, so that each comparison has its power."""
    first, least, then = wish.weights[0], min(wish.weights), wish.baseline + wish.effect
    return max(
        ceil(needed(wish.baseline, then, wish.alpha_each, wish.power, other / first) * least / first)
        for other in wish.weights[1:]
    )


def _answers(total: int, answered: Share) -> tuple[int, int, int] | None:
    interval: Interval | None = wilson(answered)
    if interval is None or answered.value is None:
        return None
    return round(total * answered.value), round(total * interval.low), round(total * interval.high)
