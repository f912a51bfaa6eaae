"""Logistic regression by Newton's steps, for few columns.

Source: P. McCullagh and J. A. Nelder, Generalized Linear Models (2nd ed. 1989), ch. 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log1p, sqrt

from .proportions import Share

__all__ = ["Logistic", "NotEstimable", "inverse", "logistic"]

Matrix = list[list[float]]

STEPS = 50
CLOSE = 1e-12
#: Logits beyond this say "always" or "never": the columns tell won from lost without error.
BEYOND = 30.0


class NotEstimable(ValueError):
    """The data cannot tell the coefficients: columns depend on each other, or they separate the outcomes wholly."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted logistic regression.

    Args:
        coefficients: One for each column.
        errors: Their standard errors.
        likelihood: The logarithm of the likelihood, of the people one by one.
    """

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    likelihood: float

    def chance(self, row: Sequence[float]) -> float:
        """Return how likely a person of these columns is won."""
        return _chance(sum(c * x for c, x in zip(self.coefficients, row, strict=True)))


def logistic(rows: Sequence[Sequence[float]], outcomes: Sequence[Share]) -> Logistic:
    """Fit the share won to columns; people with the same columns may stand in one row.

    Args:
        rows: The columns of each row, with a 1 for the constant.
        outcomes: How many of the people in each row were won.

    Raises:
        NotEstimable: The data cannot tell the coefficients.
        ValueError: Rows are of unequal length, or not as many as outcomes.
    """
    width = len(rows[0]) if rows else 0
    if len(rows) != len(outcomes) or not width or any(len(row) != width for row in rows):
        raise ValueError("rows of one length are needed, as many as outcomes")
    scales = [max(abs(row[at]) for row in rows) or 1.0 for at in range(width)]
    scaled = [[x / scale for x, scale in zip(row, scales, strict=True)] for row in rows]
    found, covariance = _newton(scaled, outcomes)
    logits = [sum(c * x for c, x in zip(found, row, strict=True)) for row in scaled]
    # Where all of a kind were won their logit runs off to infinity while the likelihood hardly moves any more.
    if max(map(abs, logits)) > BEYOND:
        raise NotEstimable("some columns tell won from lost without error")
    return Logistic(
        tuple(c / scale for c, scale in zip(found, scales, strict=True)),
        tuple(sqrt(covariance[at][at]) / scale for at, scale in enumerate(scales)),
        _likelihood(logits, outcomes),
    )


def _newton(rows: Matrix, outcomes: Sequence[Share]) -> tuple[list[float], Matrix]:
    """Return the coefficients and their covariance."""
    width, found = len(rows[0]), [0.0] * len(rows[0])
    best = _likelihood([0.0] * len(rows), outcomes)
    for _ in range(STEPS):
        slope, bend = [0.0] * width, [[0.0] * width for _ in range(width)]
        for row, share in zip(rows, outcomes, strict=True):
            p = _chance(sum(c * x for c, x in zip(found, row, strict=True)))
            gap, weight = share.part - share.whole * p, share.whole * p * (1 - p)
            for i, x in enumerate(row):
                slope[i] += gap * x
                for j in range(i + 1):
                    bend[i][j] += weight * x * row[j]
        covariance = inverse([[bend[max(i, j)][min(i, j)] for j in range(width)] for i in range(width)])
        step = [sum(covariance[i][j] * slope[j] for j in range(width)) for i in range(width)]
        found, likelihood = _no_worse(rows, outcomes, found, step, best)
        if sum(s * g for s, g in zip(step, slope, strict=True)) < CLOSE:
            return found, covariance
        best = likelihood
    raise NotEstimable("some columns tell won from lost without error")


def _no_worse(
    rows: Matrix, outcomes: Sequence[Share], start: list[float], step: list[float], best: float
) -> tuple[list[float], float]:  # fmt: skip
    """Take Newton's step, or so much of it that the likelihood does not fall."""
    for halved in range(STEPS):
        tried = [c + s / 2**halved for c, s in zip(start, step, strict=True)]
        likelihood = _likelihood([sum(c * x for c, x in zip(tried, row, strict=True)) for row in rows], outcomes)
        if likelihood >= best - CLOSE * (1 + abs(best)):
            return tried, likelihood
    raise NotEstimable("no step makes the likelihood larger")


def _chance(logit: float) -> float:
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


def _likelihood(logits: Sequence[float], outcomes: Sequence[Share]) -> float:
    return sum(
        share.part * logit - share.whole * (max(logit, 0.0) + log1p(exp(-abs(logit))))
        for logit, share in zip(logits, outcomes, strict=True)
    )


def inverse(matrix: Sequence[Sequence[float]]) -> Matrix:
    """Return the inverse of a symmetric positive matrix, by Cholesky's factor.

    Raises:
        NotEstimable: There is none: its columns depend on each other.
    """
    n = len(matrix)
    factor = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
            if i == j and not rest > CLOSE * matrix[i][i]:
                raise NotEstimable("some columns depend on each other")
            factor[i][j] = sqrt(rest) if i == j else rest / factor[j][j]
    half = [[0.0] * n for _ in range(n)]
    for j in range(n):
        for i in range(j, n):
            rest = (1.0 if i == j else 0.0) - sum(factor[i][k] * half[k][j] for k in range(j, i))
            half[i][j] = rest / factor[i][i]
    return [[sum(half[k][i] * half[k][j] for k in range(n)) for j in range(n)] for i in range(n)]
