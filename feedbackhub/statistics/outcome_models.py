"""What would be expected of everybody in either of two groups, from what is known of them: linear and logistic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .logistic import NotEstimable, inverse, logistic
from .proportions import Share

__all__ = ["Cell", "columns_of", "linear_chances", "logit_chances", "varying"]


class Cell(NamedTuple):
    """People of whom the same is known.

    Args:
        about: What was known before the choice.
        treated: Whether it was chosen.
        won: How it turned out.
        n: How many they are.
    """

    about: tuple[float, ...]
    treated: bool
    won: bool
    n: int


def columns_of(cells: Sequence[Cell]) -> list[list[float]]:
    """Return the columns of a model: the constant first, then what differs between people."""
    used = varying(cells)
    return [[1.0, *(cell.about[at] for at in used)] for cell in cells]


def varying(cells: Sequence[Cell]) -> list[int]:
    """Return where what is known differs between people: what is the same of everybody tells nothing."""
    return [at for at in range(len(cells[0].about)) if len({cell.about[at] for cell in cells}) > 1]


def linear_chances(cells: Sequence[Cell]) -> tuple[list[float], list[float]] | None:
    """Return each cell's expected outcome if treated and if not, by least squares; None when it cannot be told."""
    rows, fitted = _scaled(columns_of(cells)), []
    for side in (True, False):
        held = [(row, cell) for row, cell in zip(rows, cells, strict=True) if cell.treated is side]
        try:
            coefficients = _least_squares(held)
        except NotEstimable:
            return None
        fitted.append([sum(c * x for c, x in zip(coefficients, row, strict=True)) for row in rows])
    return fitted[0], fitted[1]


def logit_chances(cells: Sequence[Cell]) -> tuple[list[float], list[float]] | None:
    """Return the same by logistic regression; None when it cannot be told."""
    rows, fitted = columns_of(cells), []
    for side in (True, False):
        held = [(row, cell) for row, cell in zip(rows, cells, strict=True) if cell.treated is side]
        try:
            model = logistic([row for row, _ in held], [Share(cell.n * cell.won, cell.n) for _, cell in held])
        except NotEstimable:
            return None
        fitted.append([model.chance(row) for row in rows])
    return fitted[0], fitted[1]


def _scaled(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return columns of about the same size, which foretell the same."""
    scales = [max(abs(row[at]) for row in rows) or 1.0 for at in range(len(rows[0]))]
    return [[x / scale for x, scale in zip(row, scales, strict=True)] for row in rows]


def _least_squares(held: Sequence[tuple[Sequence[float], Cell]]) -> list[float]:
    width = range(len(held[0][0]))
    products = [[sum(cell.n * row[i] * row[j] for row, cell in held) for j in width] for i in width]
    found = [sum(cell.n * row[i] * cell.won for row, cell in held) for i in width]
    return [sum(a * b for a, b in zip(line, found, strict=True)) for line in inverse(products)]
