"""Problems beside the lines of the text that they are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..surveys import Problem

__all__ = ["Excerpt", "excerpts"]

#: Lines shown around a line with a problem, and the most characters shown of one.
AROUND = 2
LONGEST = 200


@dataclass(frozen=True)
class Line:
    """One line of the text; `wrong` tells whether the problem is about it."""

    number: int
    text: str
    wrong: bool


@dataclass(frozen=True)
class Excerpt:
    """One problem with the lines around it; none when it is about the whole text."""

    problem: Problem
    lines: tuple[Line, ...]


def excerpts(source: str, problems: Iterable[Problem]) -> list[Excerpt]:
    """Return each problem with the lines around it.

    Args:
        source: The text.
        problems: What was found in it.
    """
    lines = source.split("\n")
    return [Excerpt(problem, around(lines, problem.line)) for problem in problems]


def around(lines: list[str], number: int | None) -> tuple[Line, ...]:
    """Return a line with its neighbours."""
    if number is None or not 1 <= number <= len(lines):
        return ()
    span = range(max(1, number - AROUND), min(len(lines), number + AROUND) + 1)
    return tuple(Line(each, lines[each - 1][:LONGEST], each == number) for each in span)
