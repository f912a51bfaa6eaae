"""How outcomes go with what agents chose to do: an association, for nobody knows all of why they chose it.

People are weighted by how likely the choice was for somebody like them, so that both groups become alike in what was
measured. What was not measured stays: no number of this module is an effect.

Sources: J. K. Lunceford and M. Davidian, Statistics in Medicine 23 (2004) 2937-2960 for the weighted estimates and
the doubly robust one with its error; P. C. Austin, Statistics in Medicine 28 (2009) 3083-3107 for balance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from .logistic import NotEstimable, logistic
from .normal import Interval, z_of
from .outcome_models import Cell, columns_of, linear_chances, logit_chances, varying
from .proportions import Share

__all__ = ["Association", "Balance", "Chosen", "DoublyRobust", "association"]

#: Beyond these chances hardly anybody alike got the other choice: there is nobody to compare with.
RARE, SURE = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Chosen:
    """One person for whom somebody chose.

    Args:
        treated: Whether it was chosen.
        won: How it turned out.
        about: What was known before the choice, as numbers in the same order for everybody.
    """

    treated: bool
    won: bool
    about: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """How far the two groups lie apart in one thing known before, in standard deviations.

    Args:
        before: As they were.
        after: As they are weighted; beyond 0.1 in size they are still different people.
    """

    before: float
    after: float


@dataclass(frozen=True, slots=True)
class DoublyRobust:
    """An estimate by a model of the outcome, and one that stays right when either model is wrong.

    Args:
        regression: The model's difference, averaged over everybody.
        value: The doubly robust difference (AIPW).
        error: Its standard error by its influence function.
        interval: Its interval, within -1 and 1.
    """

    regression: float
    value: float
    error: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Association:
    """How outcomes go with a choice.

    Args:
        treated: How many of those for whom it was chosen were won.
        others: The same of the others.
        naive: The plain difference of both shares.
        weighted: The difference with weights that add up to 1 in each group (Hajek).
        inverse: The difference with weights as they are (Horvitz and Thompson).
        linear: By linear models of the outcome in each group; None when they cannot be estimated.
        logit: By logistic ones; None when they cannot be estimated.
        coefficients: Of the model of the choice, the constant first; 0 for what is the same of everybody.
        chances: The smallest and the largest chance of being chosen.
        outside: How many people's chance lies beyond 0.05 or 0.95.
        balance: For each thing known before.
        effective_treated: As many unweighted people would be as sure.
        effective_others: The same of the others.
    """

    treated: Share
    others: Share
    naive: float
    weighted: float
    inverse: float
    linear: DoublyRobust | None
    logit: DoublyRobust | None
    coefficients: tuple[float, ...]
    chances: Interval
    outside: int
    balance: tuple[Balance, ...]
    effective_treated: float
    effective_others: float


def association(people: Sequence[Chosen], level: float = 0.95) -> Association | None:
    """Compare those for whom something was chosen with the others; None when one of the groups is empty.

    Args:
        people: Everybody, each once; the same person twice would count as two.
        level: The intervals' confidence.

    Raises:
        NotEstimable: What was known tells the choice without error, or parts of it follow from others: nobody is
            left to compare with. Leave such things out, or say that nothing can be said.
        ValueError: Not the same number of things is known of everybody.
    """
    z_of(level)
    if len({len(each.about) for each in people}) > 1:
        raise ValueError("the same things must be known of everybody")
    counts = Counter((each.about, each.treated, each.won) for each in people)
    cells = [Cell(about, treated, won, n) for (about, treated, won), n in sorted(counts.items())]
    treated, others = (_share([each for each in cells if each.treated is side]) for side in (True, False))
    if treated.value is None or others.value is None:
        return None
    coefficients, chances = _choice(cells)
    weights = [1 / (e if cell.treated else 1 - e) for cell, e in zip(cells, chances, strict=True)]
    one, other = (_Side(cells, weights, treated=side) for side in (True, False))
    return Association(
        treated, others,
        naive=treated.value - others.value,
        weighted=one.won / one.sum - other.won / other.sum,
        inverse=(one.won - other.won) / len(people),
        linear=_doubly_robust(cells, chances, linear_chances(cells), level),
        logit=_doubly_robust(cells, chances, logit_chances(cells), level),
        coefficients=coefficients,
        chances=Interval(min(chances), max(chances)),
        outside=sum(cell.n for cell, e in zip(cells, chances, strict=True) if not RARE <= e <= SURE),
        balance=tuple(_balance(one, other, at) for at in range(len(cells[0].about))),
        effective_treated=one.effective, effective_others=other.effective,
    )  # fmt: skip


def _share(cells: Sequence[Cell]) -> Share:
    return Share(sum(each.n for each in cells if each.won), sum(each.n for each in cells))


def _choice(cells: Sequence[Cell]) -> tuple[tuple[float, ...], list[float]]:
    """Return the model of the choice: its coefficients, and how likely each cell's people were to be chosen."""
    rows = columns_of(cells)
    fitted = logistic(rows, [Share(cell.n if cell.treated else 0, cell.n) for cell in cells])
    chances = [fitted.chance(row) for row in rows]
    if min(chances) <= 0 or max(chances) >= 1:
        raise NotEstimable("what was known tells the choice without error")
    constant, *others = fitted.coefficients
    told = dict(zip(varying(cells), others, strict=True))
    return (constant, *(told.get(at, 0.0) for at in range(len(cells[0].about)))), chances


class _Side:
    """One of the two groups with its weights."""

    def __init__(self, cells: Sequence[Cell], weights: Sequence[float], *, treated: bool) -> None:
        self.held = [(cell, weight) for cell, weight in zip(cells, weights, strict=True) if cell.treated is treated]
        self.n = sum(cell.n for cell, _ in self.held)
        self.sum = sum(cell.n * weight for cell, weight in self.held)
        self.won = sum(cell.n * weight for cell, weight in self.held if cell.won)

    @property
    def effective(self) -> float:
        return self.sum**2 / sum(cell.n * weight**2 for cell, weight in self.held)

    def mean(self, at: int) -> float:
        return sum(cell.n * cell.about[at] for cell, _ in self.held) / self.n

    def weighted_mean(self, at: int) -> float:
        return sum(cell.n * weight * cell.about[at] for cell, weight in self.held) / self.sum

    def variance(self, at: int) -> float:
        if self.n < 2:
            return 0.0
        middle = self.mean(at)
        return sum(cell.n * (cell.about[at] - middle) ** 2 for cell, _ in self.held) / (self.n - 1)


def _balance(one: _Side, other: _Side, at: int) -> Balance:
    deviation = sqrt((one.variance(at) + other.variance(at)) / 2)
    gaps = one.mean(at) - other.mean(at), one.weighted_mean(at) - other.weighted_mean(at)
    return Balance(*(gap / deviation for gap in gaps)) if deviation else Balance(0.0, 0.0)


def _doubly_robust(
    cells: Sequence[Cell], chances: Sequence[float], models: tuple[list[float], list[float]] | None, level: float
) -> DoublyRobust | None:
    """Return both estimates by a model's outcomes for everybody if treated, and if not."""
    n = sum(cell.n for cell in cells)
    if models is None or n < 2:
        return None
    regression, parts = 0.0, []
    for cell, e, yes, no in zip(cells, chances, *models, strict=True):
        gap = (cell.won - yes) / e if cell.treated else (no - cell.won) / (1 - e)
        regression += cell.n * (yes - no) / n
        parts.append((cell.n, yes - no + gap))
    value = sum(times * part for times, part in parts) / n
    error = sqrt(sum(times * (part - value) ** 2 for times, part in parts) / (n - 1) / n)
    reach = z_of(level) * error
    return DoublyRobust(regression, value, error, Interval(max(value - reach, -1.0), min(value + reach, 1.0)))
