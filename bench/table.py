"""The table of a measurement: each figure beside its limit or peer, and what was promised about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Protocol

__all__ = ["Figure", "Plan", "Rows", "ratio", "told"]


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Args:
        n: Requests in each round.
        rounds: Rounds, of which the median counts.
        responses: Answers in the tables beside the measured ones.
        memory: Submissions after which memory is looked at again.
        folder: Where filled databases and peers are kept; none are kept without one.
        quick: Whether only to see that everything runs.
        databases: The kinds of databases.
    """

    n: int = 1000
    rounds: int = 5
    responses: int = 100_000
    memory: int = 100_000
    folder: Path | None = None
    quick: bool = False
    databases: tuple[str, ...] = ("sqlite", "postgres")


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Args:
        path: What is measured.
        what: Which figure of it.
        value: How much.
        unit: Of what.
        must: What was promised, None for a figure that only tells.
        reach: What is aimed at.
        more: Whether more is better.
        beside: The limit or peer of the same run, in words.
    """

    path: str
    what: str
    value: float
    unit: str
    must: float | None = None
    reach: float | None = None
    more: bool = False
    beside: str = ""

    def keeps(self, bound: float | None) -> bool:
        """Tell whether the figure is within a bound."""
        return bound is not None and (self.value >= bound if self.more else self.value <= bound)

    @property
    def verdict(self) -> str:
        """``reached``, ``kept``, ``missed``, or nothing where nothing was promised."""
        if self.must is None:
            return ""
        if self.keeps(self.reach):
            return "reached"
        return "kept" if self.keeps(self.must) else "missed"


class Rows(Protocol):
    """A module of rows."""

    def rows(self, plan: Plan) -> Iterator[Figure]:
        """Measure and yield figures."""


@dataclass
class Rounds:
    """Figures of several rounds by name; the median of each counts."""

    seen: dict[str, list[float]] = field(default_factory=dict)

    def note(self, **figures: float) -> None:
        """Add the figures of a round."""
        for name, value in figures.items():
            self.seen.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> float:
        return median(self.seen[name])


def ratio(one: float, other: float) -> float:
    """Return one in hundredths of the other."""
    return one / other * 100


def told(figures: Iterable[Figure]) -> Iterator[str]:
    """Yield the table line by line, while it is measured."""
    yield "| path | figure | measured | beside it, in the same run | must | reach for | verdict |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for each in figures:
        sign = "≥" if each.more else "≤"
        promised = (each.must, each.reach)
        bounds = [f"{sign} {_number(bound)} {each.unit}" if bound is not None else "" for bound in promised]
        measured = f"{_number(each.value)} {each.unit}"
        cells = (each.path, each.what, measured, each.beside, *bounds, each.verdict)
        yield f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


Measure = Callable[[Plan], Iterator[Figure]]
