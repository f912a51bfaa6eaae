"""Two arms compared within strata and put together: Mantel and Haenszel's difference and odds ratio.

Sources: N. Mantel and W. Haenszel, JNCI 22 (1959) 719-748; S. Greenland and J. M. Robins, Biometrics 41 (1985) 55-68;
T. Sato, Biometrics 45 (1989) 1323-1324; J. M. Robins, N. Breslow and S. Greenland, Biometrics 42 (1986) 311-323.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from .chisquare import chi_square_tail
from .normal import Interval, z_of
from .proportions import Share

__all__ = ["Stratified", "stratified"]


@dataclass(frozen=True, slots=True)
class Stratified:
    """Two arms compared within strata.

    Args:
        strata: How many strata it rests on: those with people in both arms.
        people: How many people are in them.
        left_out: How many people are in strata with one arm empty: they can be compared with nobody.
        difference: The common difference of shares.
        robins: Its standard error for few large strata (Greenland and Robins).
        sato: Its standard error for many small strata as well, which the interval uses.
        interval: Its interval, within -1 and 1; None without spread.
        odds: The common odds ratio; None when it would divide by 0.
        odds_interval: Its interval; None without spread.
        chi_square: The Cochran-Mantel-Haenszel statistic, without correction; None when all outcomes are alike.
        p: How likely at least so much is by chance alone.
    """

    strata: int
    people: int
    left_out: int
    difference: float
    robins: float
    sato: float
    interval: Interval | None
    odds: float | None
    odds_interval: Interval | None
    chi_square: float | None
    p: float | None


def stratified(strata: Sequence[tuple[Share, Share]], level: float = 0.95) -> Stratified | None:
    """Compare two arms within strata; None when no stratum has people in both.

    Args:
        strata: The arm of interest and the one it is compared with, in each stratum.
        level: The intervals' confidence.

    Raises:
        ValueError: The level does not lie between 0 and 1.
    """
    z, cells = z_of(level), [_Cells.of(*pair) for pair in strata if pair[0].whole and pair[1].whole]
    if not cells:
        return None
    people = sum(each.n for each in cells)
    weights = sum(each.m1 * each.m0 / each.n for each in cells)
    difference = sum((each.a * each.m0 - each.b * each.m1) / each.n for each in cells) / weights
    robins = sqrt(sum(each.robins for each in cells)) / weights
    # Rounding may leave a hair below 0 where nothing varies.
    square = difference * sum(each.sato_p for each in cells) + sum(each.sato_q for each in cells)
    sato = sqrt(max(square, 0.0)) / weights
    odds, odds_interval = _odds(cells, z)
    chi_square = _cmh(cells)
    return Stratified(
        strata=len(cells), people=people, left_out=sum(a.whole + b.whole for a, b in strata) - people,
        difference=difference, robins=robins, sato=sato, interval=_within_one(difference, z * sato),
        odds=odds, odds_interval=odds_interval,
        chi_square=chi_square, p=None if chi_square is None else chi_square_tail(chi_square, 1),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Cells:
    """The table of one stratum: won and lost in either arm."""

    a: int
    c: int
    b: int
    d: int

    @classmethod
    def of(cls, one: Share, other: Share) -> _Cells:
        return cls(one.part, one.whole - one.part, other.part, other.whole - other.part)

    @property
    def m1(self) -> int:
        return self.a + self.c

    @property
    def m0(self) -> int:
        return self.b + self.d

    @property
    def n(self) -> int:
        return self.m1 + self.m0

    @property
    def robins(self) -> float:
        return (self.a * self.c * self.m0**2 / self.m1 + self.b * self.d * self.m1**2 / self.m0) / self.n**2

    @property
    def sato_p(self) -> float:
        gap = self.m1 * self.m0 * (self.m0 - self.m1) / 2
        return (self.m1**2 * self.b - self.m0**2 * self.a + gap) / self.n**2

    @property
    def sato_q(self) -> float:
        return (self.a * self.d + self.b * self.c) / (2 * self.n)


def _within_one(difference: float, reach: float) -> Interval | None:
    if reach < 1e-12:
        return None
    return Interval(max(difference - reach, -1.0), min(difference + reach, 1.0))


def _odds(cells: Sequence[_Cells], z: float) -> tuple[float | None, Interval | None]:
    """Return the common odds ratio with the interval of Robins, Breslow and Greenland."""
    up = [each.a * each.d / each.n for each in cells]
    down = [each.b * each.c / each.n for each in cells]
    r, s = sum(up), sum(down)
    if not s:
        return None, None
    if not r:
        return 0.0, None
    same = [(each.a + each.d) / each.n for each in cells]
    square = (
        sum(p * u for p, u in zip(same, up, strict=True)) / (2 * r * r)
        + sum(p * v + (1 - p) * u for p, u, v in zip(same, up, down, strict=True)) / (2 * r * s)
        + sum((1 - p) * v for p, v in zip(same, down, strict=True)) / (2 * s * s)
    )
    middle, reach = log(r / s), z * sqrt(square)
    return r / s, Interval(exp(middle - reach), exp(middle + reach))


def _cmh(cells: Sequence[_Cells]) -> float | None:
    """Return the test's statistic; strata of one person, or with all alike, say nothing."""
    gap, square = 0.0, 0.0
    for each in cells:
        won = each.a + each.b
        gap += each.a - each.m1 * won / each.n
        square += each.m1 * each.m0 * won * (each.n - won) / (each.n**2 * (each.n - 1))
    return gap * gap / square if square else None
