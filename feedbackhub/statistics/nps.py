"""The net promoter score: the share of promoters less that of detractors, from -1 to 1.

Sources: B. Rocks, The American Statistician 70 (2016) 365-372 for the variance and the adjusted Wald interval AW(3,T);
T. Tango, Statistics in Medicine 17 (1998) 891-908 for the score interval, as the score is a difference of paired
shares. With all answers alike Wald's interval has no width; the score interval covers at least 94.7 % on a grid of
shares with 5 to 50 answers, Wald's 40 %, so the score interval is the one to use.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .normal import Interval, z_of
from .proportions import spread
from .student import t_of

__all__ = [
    "Votes",
    "adjusted",
    "adjusted_centre",
    "adjusted_wald",
    "band_of",
    "nps_bounds",
    "nps_difference",
    "nps_interval",
    "nps_interval_of",
    "t_interval",
    "wald",
]

LOWEST, HIGHEST = 0, 10
PASSIVE_FROM, PROMOTER_FROM = 7, 9
#: What the adjusted Wald interval adds to detractors, passives and promoters.
EXTRA = (0.75, 1.5, 0.75)


def band_of(score: int) -> str:
    """Return ``detractor`` (0 to 6), ``passive`` (7, 8) or ``promoter`` (9, 10).

    Args:
        score: An answer.

    Raises:
        ValueError: It is no whole number from 0 to 10; it is refused, never clipped.
    """
    if type(score) is not int or not LOWEST <= score <= HIGHEST:
        raise ValueError("a score is a whole number from 0 to 10")
    if score < PASSIVE_FROM:
        return "detractor"
    return "passive" if score < PROMOTER_FROM else "promoter"


@dataclass(frozen=True, slots=True)
class Votes:
    """How many detractors, passives and promoters there are.

    Args:
        detractors: Answers from 0 to 6.
        passives: Answers 7 and 8.
        promoters: Answers 9 and 10.

    Raises:
        ValueError: One is negative.
    """

    detractors: int = 0
    passives: int = 0
    promoters: int = 0

    def __post_init__(self) -> None:
        if min(self.detractors, self.passives, self.promoters) < 0:
            raise ValueError("counts cannot be negative")

    @classmethod
    def of(cls, scores: Mapping[int, int]) -> Votes:
        """Return the votes from how often each score was given.

        Raises:
            ValueError: A score is no whole number from 0 to 10.
        """
        found = {"detractor": 0, "passive": 0, "promoter": 0}
        for score, n in scores.items():
            found[band_of(score)] += n
        return cls(found["detractor"], found["passive"], found["promoter"])

    def __add__(self, other: Votes) -> Votes:
        return Votes(
            self.detractors + other.detractors, self.passives + other.passives, self.promoters + other.promoters
        )

    @property
    def n(self) -> int:
        """How many answers there are."""
        return self.detractors + self.passives + self.promoters

    @property
    def score(self) -> float | None:
        """The net promoter score from -1 to 1, None without answers."""
        return (self.promoters - self.detractors) / self.n if self.n else None

    @property
    def variance(self) -> float | None:
        """The variance of one answer counted as -1, 0 or 1 (maximum likelihood), None without answers."""
        if not self.n:
            return None
        return (self.promoters + self.detractors) / self.n - ((self.promoters - self.detractors) / self.n) ** 2

    @property
    def error(self) -> float | None:
        """The standard error of the score, None without answers."""
        return None if self.variance is None else math.sqrt(self.variance / self.n)


def nps_interval(votes: Votes, level: float = 0.95) -> Interval | None:
    """Return the score interval (Tango) of the net promoter score, None without answers.

    Args:
        votes: The counts.
        level: The interval's confidence.
    """
    return nps_interval_of(votes.promoters, votes.detractors, votes.n, level)


def nps_interval_of(up: float, down: float, n: float, level: float = 0.95) -> Interval | None:
    """Return the score interval of counts that need not be whole numbers, as where answers are weighted.

    Args:
        up: How many promoters.
        down: How many detractors.
        n: How many answers, like the effective number of them.
        level: The interval's confidence.
    """
    if n <= 0:
        return None
    z, value = z_of(level), (up - down) / n
    low = -1.0 if value <= -1 else crossing(lambda d: distance(up, down, n, d) - z, -1.0, value)
    high = 1.0 if value >= 1 else crossing(lambda d: distance(up, down, n, d) + z, value, 1.0)
    return Interval(low, high)


def distance(up: float, down: float, n: float, supposed: float) -> float:
    """Return how many standard errors, under a supposed true score, the votes lie above it."""
    gap = up - down - n * supposed
    a = 2 * n
    b = -up - down + (2 * n - up + down) * supposed
    c = -down * supposed * (1 - supposed)
    # The likeliest share of detractors if the supposed score were true.
    q = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    variance = n * (2 * q + supposed * (1 - supposed))
    if variance <= 0:
        return 0.0 if gap == 0 else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)


def crossing(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function crosses zero, by halving; an end when it does not cross."""
    if falling(low) <= 0:
        return low
    if falling(high) >= 0:
        return high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2


def nps_difference(one: Votes, other: Votes, level: float = 0.95) -> Interval | None:
    """Return the interval of one score less another (MOVER with score intervals), None without answers to one.

    A difference is shown when it excludes zero; otherwise say "no difference shown". The two must be answered by
    different people: the same customers asked twice need a paired comparison.

    Args:
        one: The first counts, like this period's.
        other: The counts whose score is subtracted.
        level: The interval's confidence.
    """
    first, second = nps_interval(one, level), nps_interval(other, level)
    if one.score is None or other.score is None or first is None or second is None:
        return None
    return spread(one.score, first, other.score, second)


def nps_bounds(votes: Votes, response_rate: float) -> Interval | None:
    """Return what the score could be if all who did not answer were detractors, or all promoters (Manski).

    Args:
        votes: The counts.
        response_rate: The share of those asked who answered.
    """
    if votes.score is None:
        return None
    middle, reach = response_rate * votes.score, 1 - response_rate
    return Interval(middle - reach, middle + reach)


def wald(votes: Votes, level: float = 0.95) -> Interval | None:
    """Return Wald's interval, for comparing with other tools only: it is too narrow below 50 answers."""
    if votes.score is None or votes.error is None:
        return None
    reach = z_of(level) * votes.error
    return Interval(votes.score - reach, votes.score + reach)


def t_interval(votes: Votes, level: float = 0.95) -> Interval | None:
    """Return the t interval of the mean of -1, 0 and 1, for comparing with other tools; None below two answers."""
    if votes.score is None or votes.variance is None or votes.n < 2:
        return None
    reach = t_of(level, votes.n - 1) * math.sqrt(votes.variance / (votes.n - 1))
    return Interval(votes.score - reach, votes.score + reach)


def adjusted_wald(votes: Votes, level: float = 0.95) -> Interval | None:
    """Return the adjusted Wald interval AW(3,T), stretched to hold the score itself; None without answers."""
    if votes.score is None:
        return None
    low, high = adjusted(votes, z_of(level))
    return Interval(min(max(low, -1.0), votes.score), max(min(high, 1.0), votes.score))


def adjusted(votes: Votes, z: float) -> Interval:
    """Return the adjusted Wald interval as its formula gives it, beyond -1 and 1 as well."""
    middle, error = adjusted_centre(votes)
    return Interval(middle - z * error, middle + z * error)


def adjusted_centre(votes: Votes) -> tuple[float, float]:
    """Return the centre of the adjusted Wald interval and its standard error."""
    down, up, n = votes.detractors + EXTRA[0], votes.promoters + EXTRA[2], votes.n + sum(EXTRA)
    middle = (up - down) / n
    return middle, math.sqrt(((up + down) / n - middle**2) / n)
