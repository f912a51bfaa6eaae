"""Whether several groups differ in how their outcomes fall: by chi-square, and exactly where tables are small.

Sources: K. Pearson; F. Yates, JRSS Supplement 1 (1934) 217-235; G. H. Freeman and J. H. Halton, Biometrika 38 (1951)
141-149.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, lgamma, log, log1p

from .chisquare import chi_square_tail

__all__ = ["MOST_TABLES", "TableTest", "TooManyTables", "freeman_halton", "pearson"]

Rows = Sequence[Sequence[int]]

#: The exact test goes through no more than about so many pieces of tables, about two seconds.
MOST_TABLES = 400_000
#: Tables as likely as the one seen, but for rounding, count as no likelier (as R does).
ROUNDING = log(1 + 1e-7)
#: What all together is e^41 times less likely than the one table seen adds nothing to its chance.
NOTHING = 41


class TooManyTables(ValueError):
    """The exact test would take too long for so many people: ask `pearson` instead, which is as good for them."""


@dataclass(frozen=True, slots=True)
class TableTest:
    """Pearson's chi-square of a table.

    Args:
        chi_square: The statistic, without correction.
        freedom: Its degrees of freedom.
        p: How likely at least so much is by chance alone.
        corrected: The statistic with Yates' correction, for two groups and two outcomes; else None.
        corrected_p: What it says.
        least: The smallest count to be expected in a cell; below 5 the exact test is to be preferred.
    """

    chi_square: float
    freedom: int
    p: float
    corrected: float | None
    corrected_p: float | None
    least: float


def pearson(rows: Rows) -> TableTest | None:
    """Test whether groups differ; None when fewer than two groups or two outcomes have anybody.

    Args:
        rows: For each group, how often each outcome was seen.

    Raises:
        ValueError: Rows of unequal length, or a negative count.
    """
    used = _used(rows)
    if len(used) < 2 or len(used[0]) < 2:
        return None
    sums, columns = [sum(row) for row in used], [sum(column) for column in zip(*used, strict=True)]
    n = sum(sums)
    cells = [
        (seen, row * column / n) for counts, row in zip(used, sums, strict=True)
        for seen, column in zip(counts, columns, strict=True)
    ]  # fmt: skip
    found, freedom = sum((seen - due) ** 2 / due for seen, due in cells), (len(sums) - 1) * (len(columns) - 1)
    corrected = None
    if freedom == 1:
        corrected = sum((abs(seen - due) - min(0.5, abs(seen - due))) ** 2 / due for seen, due in cells)
    return TableTest(
        found, freedom, chi_square_tail(found, freedom), corrected,
        None if corrected is None else chi_square_tail(corrected, 1), min(due for _, due in cells),
    )  # fmt: skip


def freeman_halton(rows: Rows) -> float | None:
    """Return how likely chance alone gives a table no likelier than this one, whatever the number of groups.

    Four arms of 400 people, or three of 1,000, with two outcomes are within its reach.

    Args:
        rows: For each group, how often each outcome was seen.

    Returns:
        The probability, or None when fewer than two groups or two outcomes have anybody.

    Raises:
        TooManyTables: There are more tables than can be gone through.
        ValueError: Rows of unequal length, or a negative count.
    """
    used = _used(rows)
    if len(used) < 2 or len(used[0]) < 2:
        return None
    if len(used) < len(used[0]):  # the fewer outcomes a row has, the fewer ways there are to fill it
        used = list(zip(*used, strict=True))
    used = sorted(used, key=sum)
    return min(1.0, _Tables(used).no_likelier())


class _Tables:
    """All tables with the same margins as one.

    The rows but the last two are gone through one by one. What the last two may look like depends only on what is
    left for them: their chances are sorted once and summed, so that "all no likelier than" is one look-up.
    """

    def __init__(self, rows: Rows) -> None:
        self.sums = [sum(row) for row in rows]
        self.left = tuple(sum(column) for column in zip(*rows, strict=True))
        self.ways = [lgamma(n + 1) for n in range(sum(self.sums) + 1)]
        self.limit = ROUNDING - sum(map(self._ways, rows))
        self.scale = self._ways(self.sums) + self._ways(self.left) - self.ways[-1]
        self.steps = 0
        self.ends: dict[tuple[int, ...], tuple[list[float], list[float]]] = {}

    def no_likelier(self) -> float:
        return self._from(0, self.left, 0.0)

    def _from(self, row: int, left: tuple[int, ...], so_far: float) -> float:
        if row == len(self.sums) - 2:
            logs, sums = self._end(left)
            at = bisect_right(logs, self.limit - so_far)
            return exp(so_far + self.scale + sums[at - 1]) if at else 0.0
        found = 0.0
        for cells in _fillings(self.sums[row], left):
            self._count(1)
            rest = tuple(have - cell for have, cell in zip(left, cells, strict=True))
            passed = so_far - self._ways(cells)
            if passed + self._all_of(row + 1, rest) > self.limit - NOTHING:
                found += self._from(row + 1, rest, passed)
        return found

    def _end(self, left: tuple[int, ...]) -> tuple[list[float], list[float]]:
        if left not in self.ends:
            logs = []
            for cells in _fillings(self.sums[-2], left):
                last = [have - cell for have, cell in zip(left, cells, strict=True)]
                logs.append(-self._ways(cells) - self._ways(last))
                self._count(1)
            logs.sort()
            self.ends[left] = logs, list(accumulate(logs, _sum_of_logs))
        return self.ends[left]

    def _all_of(self, row: int, left: tuple[int, ...]) -> float:
        """Return the logarithm of what all tables together have that share the rows before."""
        return self.ways[sum(left)] - self._ways(self.sums[row:]) - self._ways(left)

    def _ways(self, cells: Sequence[int]) -> float:
        """Return the logarithm of the product of the cells' factorials."""
        return sum(self.ways[cell] for cell in cells)

    def _count(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_TABLES:
            raise TooManyTables("there are too many people for the exact test")


def _fillings(total: int, left: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Give every way to spread a row's people over the columns, no column above what is left for it."""
    if len(left) == 1:
        yield (total,)
        return
    rest = sum(left[1:])
    for cell in range(max(0, total - rest), min(total, left[0]) + 1):
        for others in _fillings(total - cell, left[1:]):
            yield (cell, *others)


def _sum_of_logs(one: float, other: float) -> float:
    """Return the logarithm of the sum of two numbers from theirs, however small they are."""
    return max(one, other) + log1p(exp(-abs(one - other)))


def _used(rows: Rows) -> list[tuple[int, ...]]:
    """Return the table without its empty rows and columns."""
    if len({len(row) for row in rows}) > 1 or any(cell < 0 for row in rows for cell in row):
        raise ValueError("rows must be of one length, counts 0 or more")
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    return [row for row in zip(*columns, strict=True) if any(row)]
