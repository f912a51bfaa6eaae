"""What a report measures: a number made of counted values, with its interval and differences.

A score in points, a share and a mean are made by the same reports; they differ in nothing but the class here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..statistics import (
    Few,
    Interval,
    Moments,
    Share,
    Votes,
    difference_of_means,
    difference_of_shares,
    few,
    mean_interval,
    nps_difference,
    nps_interval,
    wilson,
)

__all__ = ["MeanMeasure", "Measure", "ScoreMeasure", "ShareMeasure", "Values"]

#: How often each value was given, as the tallies have it.
Values = Mapping[str, int]
POINTS = 100.0
SCORES: Mapping[str, int] = {str(score): score for score in range(11)}


@dataclass(frozen=True)
class Measure(ABC):
    """A number made of counted values.

    Args:
        label: What it is, in the reader's language.
        head: The heading of its column in tables, and of its axis.
        digits: Its decimals in tables.
        reach: Ends of its axis in pictures, chosen from the values when left out.
        noun: What it rests on, as the heading of a column, where that is not answers.
    """

    label: str
    head: str
    digits: int = 0
    reach: tuple[float, float] | None = None
    noun: str = ""

    #: Of figures, as `Figure` has it.
    unit: ClassVar[str] = ""
    #: How many times as large pictures and tables show it.
    shown: ClassVar[float] = 1.0

    @abstractmethod
    def n(self, values: Values) -> int:
        """Return how many answers it rests on; values that mean nothing to it are left out."""

    @abstractmethod
    def value(self, values: Values) -> float | None:
        """Return the estimate, None without answers."""

    @abstractmethod
    def interval(self, values: Values, level: float = 0.95) -> Interval | None:
        """Return its interval, None where none can be made."""

    @abstractmethod
    def difference(self, one: Values, other: Values, level: float = 0.95) -> Interval | None:
        """Return the interval of one estimate less another of other people, None where none can be made."""

    def few(self, values: Values) -> Few:
        """Return what so many answers allow to say."""
        return few(self.n(values))

    def hidden(self, values: Values) -> bool:
        """Tell whether there are too few answers for an estimate."""
        return self.few(values) in ("none", "counts")


@dataclass(frozen=True)
class ScoreMeasure(Measure):
    """The net promoter score of answers from 0 to 10, from -100 to 100."""

    reach: tuple[float, float] | None = (-POINTS, POINTS)
    unit: ClassVar[str] = "points"

    @staticmethod
    def votes(values: Values) -> Votes:
        """Return the detractors, passives and promoters among counted values."""
        return Votes.of({SCORES[value]: n for value, n in values.items() if value in SCORES})

    def n(self, values: Values) -> int:
        """Return how many answers are whole numbers from 0 to 10."""
        return self.votes(values).n

    def value(self, values: Values) -> float | None:
        """Return the score."""
        score = self.votes(values).score
        return None if score is None else score * POINTS

    def interval(self, values: Values, level: float = 0.95) -> Interval | None:
        """Return Tango's score interval."""
        return _times(nps_interval(self.votes(values), level), POINTS)

    def difference(self, one: Values, other: Values, level: float = 0.95) -> Interval | None:
        """Return the interval of a difference of scores (MOVER)."""
        return _times(nps_difference(self.votes(one), self.votes(other), level), POINTS)


@dataclass(frozen=True)
class ShareMeasure(Measure):
    """The share of answers that are good ones, from 0 to 1, in tables and pictures as per cent.

    Args:
        good: Values that belong to the part.
        among: All values that belong to the whole.
    """

    good: frozenset[str] = frozenset()
    among: frozenset[str] = frozenset()
    reach: tuple[float, float] | None = (0.0, 100.0)
    unit: ClassVar[str] = "share"
    shown: ClassVar[float] = 100.0

    def share(self, values: Values) -> Share:
        """Return how many of how many."""
        return Share(sum(values.get(each, 0) for each in self.good & self.among), self.n(values))

    def n(self, values: Values) -> int:
        """Return how large the whole is."""
        return sum(values.get(each, 0) for each in self.among)

    def value(self, values: Values) -> float | None:
        """Return the share."""
        return self.share(values).value

    def interval(self, values: Values, level: float = 0.95) -> Interval | None:
        """Return Wilson's interval."""
        return wilson(self.share(values), level)

    def difference(self, one: Values, other: Values, level: float = 0.95) -> Interval | None:
        """Return Newcombe's interval of a difference of shares."""
        return difference_of_shares(self.share(one), self.share(other), level)


@dataclass(frozen=True)
class MeanMeasure(Measure):
    """The mean of the answers on one scale.

    Args:
        numbers: What each value on that scale counts as.
    """

    numbers: Mapping[str, int] | None = None
    digits: int = 2

    def moments(self, values: Values) -> Moments | None:
        """Return what the mean rests on, None without answers."""
        return Moments.of(self.counts(values))

    def counts(self, values: Values) -> dict[int, int]:
        """Return how often each number was given."""
        return {number: values[value] for value, number in (self.numbers or {}).items() if values.get(value)}

    def n(self, values: Values) -> int:
        """Return how many answers are on the scale."""
        return sum(self.counts(values).values())

    def value(self, values: Values) -> float | None:
        """Return the mean."""
        found = self.moments(values)
        return None if found is None else found.mean

    def interval(self, values: Values, level: float = 0.95) -> Interval | None:
        """Return the t interval, within the ends of the scale, as every mean is; None when all answers are alike."""
        found, numbers = mean_interval(self.moments(values), level), (self.numbers or {}).values()
        return None if found is None else Interval(max(found.low, min(numbers)), min(found.high, max(numbers)))

    def difference(self, one: Values, other: Values, level: float = 0.95) -> Interval | None:
        """Return Welch's interval of a difference of means."""
        return difference_of_means(self.moments(one), self.moments(other), level)


def _times(interval: Interval | None, factor: float) -> Interval | None:
    return None if interval is None else interval.times(factor)
