"""Inverse-probability weighting: a logistic model of who answers, fitted by statsmodels (the extra `analysis`).

Sources: P. R. Rosenbaum, JASA 82 (1987) 387-394, for the weights; L. A. Stefanski and D. D. Boos, The American
Statistician 56 (2002) 29-38, for the error, which counts the model's own uncertainty too.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from feedbackhub.statistics import Stratum, WeightedMean, WeightingError, kish, weighted_mean

__all__ = ["ExtraMissing", "ModelFailed", "Propensity", "design_of", "inverse_probability", "propensity"]


class ExtraMissing(Exception):
    """What fits models is not installed."""


class ModelFailed(WeightingError):
    """No model of who answers can be fitted to these answers."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the model of who answers cannot be fitted: {reason}")


@dataclass(frozen=True)
class Propensity:
    """A fitted model of who answers.

    Args:
        coefficients: By column of the design.
        errors: Their standard errors.
        chances: The chance to answer, by row of the design.
        inverse: The inverse of the information matrix.
    """

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    chances: tuple[float, ...]
    inverse: Any


def propensity(design: Sequence[Sequence[float]], asked: Sequence[float], answered: Sequence[float]) -> Propensity:
    """Fit a logistic model of the chance to answer.

    Args:
        design: What is known, one row for people who are alike, the first column 1.
        asked: How many were asked, by row.
        answered: How many of them answered, by row.

    Raises:
        ExtraMissing: The extra `analysis` is not installed.
        ModelFailed: It cannot be fitted, as where a column says nothing that others do not say.
    """
    try:
        # Heavy, and an extra: only whoever asks for this method waits for it.
        import numpy
        from statsmodels.genmod.families import Binomial  # type: ignore[import-untyped]
        from statsmodels.genmod.generalized_linear_model import GLM  # type: ignore[import-untyped]
    except ImportError as error:
        raise ExtraMissing from error
    rows = numpy.asarray(design, dtype=float)
    counts = numpy.column_stack([answered, numpy.subtract(asked, answered)]).astype(float)
    if numpy.linalg.matrix_rank(rows) < rows.shape[1]:
        raise ModelFailed("what is known of customers overlaps")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of is looked at below
        try:
            # Logit on counts: the same model as with one row for each person asked, however many there are.
            fitted = GLM(counts, rows, family=Binomial()).fit(maxiter=100, tol=1e-12)
        except (ValueError, ArithmeticError, RuntimeError) as error:  # singular, overflowing, perfectly separated
            raise ModelFailed(type(error).__name__) from error
    chances = tuple(map(float, fitted.fittedvalues))
    if not fitted.converged or not all(math.isfinite(each) and 0 < each <= 1 for each in chances):
        raise ModelFailed("it does not converge")
    return Propensity(
        tuple(map(float, fitted.params)), tuple(map(float, fitted.bse)), chances, fitted.cov_params()
    )  # fmt: skip


def design_of(strata: Sequence[Stratum]) -> list[list[float]]:
    """Return a design with a column for each value of each dimension but its first."""
    columns = [
        (at, value)
        for at in range(len(strata[0].key) if strata else 0)
        for value in sorted({each.key[at] for each in strata})[1:]
    ]
    return [[1.0, *(float(each.key[at] == value) for at, value in columns)] for each in strata]


def inverse_probability(
    strata: Sequence[Stratum], design: Sequence[Sequence[float]]
) -> tuple[WeightedMean, list[float]]:
    """Return the mean of answers that each weigh as much as their chance to come was small, and those weights.

    Args:
        strata: Those who were asked, and what they answered.
        design: What the model knows of them, row by row.

    Raises:
        ExtraMissing: The extra `analysis` is not installed.
        ModelFailed: The model cannot be fitted.
        NobodyAnswered: There are no answers.
    """
    # Who answers without being asked about is asked at least as often as answered.
    asked = [max(each.asked, each.n) for each in strata]
    model = propensity(design, asked, [each.n for each in strata])
    weights = [1 / chance for chance in model.chances]
    plain = weighted_mean(strata, weights)
    error = _error(strata, asked, design, model, plain.value)
    return WeightedMean(plain.value, error, plain.n, kish(strata, weights).n, plain.variance), weights


def _error(
    strata: Sequence[Stratum], asked: Sequence[float], design: Sequence[Sequence[float]], model: Propensity, mean: float
) -> float:
    """Return the sandwich error of the weighted mean, with the model's own uncertainty."""
    slope = [0.0] * len(design[0])
    for each, chance, row in zip(strata, model.chances, design, strict=True):
        moved = (each.total - each.n * mean) * (1 - chance) / chance
        slope = [held + moved * value for held, value in zip(slope, row, strict=True)]
    pull = [sum(float(model.inverse[i][j]) * slope[j] for j in range(len(slope))) for i in range(len(slope))]
    squared = people = 0.0
    for each, n, chance, row in zip(strata, asked, model.chances, design, strict=True):
        own = sum(value * held for value, held in zip(row, pull, strict=True))
        people += each.n / chance
        squared += sum(
            count * ((value - mean) / chance - own * (1 - chance)) ** 2 for value, count in each.answers.items()
        )
        squared += (n - each.n) * (own * chance) ** 2
    return math.sqrt(squared) / people
