"""The model run many times with inputs drawn from their ranges, and once for each end of each input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedbackhub.reporting.assumptions import Range, Spread, draws, percentile, seeded

from .assumptions import MONEY, NEEDED
from .model import Cost, Inputs, Risk, complaint_rate, cost_of_inaction, revenue_at_risk

__all__ = ["RUNS", "Chance", "Swung", "inputs_of", "spread"]

RUNS = 10_000
#: Between these shares of the runs lies what is shown.
LOWEST, MIDDLE, HIGHEST = 0.05, 0.5, 0.95
#: What the revenue at risk is worked out from.
RISK = ("customers", "revenue", "problem_rate", "loyalty_drop", "told")
Ranges = Mapping[str, Range]


@dataclass(frozen=True, slots=True)
class Swung:
    """The result with one input at its lowest and at its highest, all others at their middle."""

    name: str
    low: Cost
    high: Cost


def inputs_of(values: Mapping[str, float]) -> Inputs:
    """Return the model's inputs from one value for each assumption; money that nobody entered counts as nothing."""
    each = max(1.0, values["contacts_each"])
    return Inputs(
        complaints=values["contacts"] * values["about_problem"] / each,
        complaint_rate=complaint_rate(values["silent"]),
        solved=values["solved"],
        lost_solved=values["lost_solved"],
        lost_unsolved=values["lost_unsolved"],
        lost_silent=values["lost_silent"],
        told=values["told"],
        influence=values["influence"],
        lost_anyway=values["lost_anyway"],
        contacts_each=each,
        handling=values.get("handling", 0.0),
        rework=values.get("rework", 0.0),
        margin=values.get("margin", 0.0),
    )


class Chance:
    """Values drawn for each input, kept, so that inputs that two results share are drawn once and alike for both.

    Every input has chance of its own, which hangs on its name and range alone: the same ranges give the same results,
    and two groups differ by what is known of them, not by chance.

    Args:
        runs: How many values of each.
    """

    def __init__(self, runs: int = RUNS) -> None:
        self._runs = runs
        self._columns: dict[tuple[str, Range], list[float]] = {}

    def costs(self, ranges: Ranges) -> list[Cost]:
        """Return what many runs come to.

        Args:
            ranges: Every input that the cost needs, and money where it was entered.
        """
        names = [name for name in (*NEEDED, *MONEY) if name in ranges]
        return [cost_of_inaction(inputs_of(values)) for values in self._drawn(ranges, names)]

    def risks(self, ranges: Ranges) -> list[Risk]:
        """Return the revenue at risk in many runs, none while customers or their revenue are not entered."""
        if any(name not in ranges for name in RISK):
            return []
        return [revenue_at_risk(**values) for values in self._drawn(ranges, RISK)]

    def swings(self, ranges: Ranges) -> tuple[Cost, list[Swung]]:
        """Return the result with all inputs at the middle of what is drawn, and what the ends of each make of it.

        Inputs without a width are left out.
        """
        names = [name for name in (*NEEDED, *MONEY) if name in ranges]
        middle = {name: percentile(sorted(self._column(name, ranges[name])), MIDDLE) for name in names}
        found = [
            Swung(name, *(cost_of_inaction(inputs_of({**middle, name: end})) for end in (each.low, each.high)))
            for name, each in ((name, ranges[name]) for name in names)
            if each.high > each.low
        ]
        return cost_of_inaction(inputs_of(middle)), found

    def _drawn(self, ranges: Ranges, names: Sequence[str]) -> Iterator[dict[str, float]]:
        for row in zip(*(self._column(name, ranges[name]) for name in names), strict=True):
            yield dict(zip(names, row, strict=True))

    def _column(self, name: str, given: Range) -> list[float]:
        key = (name, given)
        if key not in self._columns:
            chance = seeded(name, given.low, given.likely, given.high, given.measured)
            self._columns[key] = draws(chance, given, self._runs)
        return self._columns[key]


def spread(results: Sequence[float]) -> Spread:
    """Return between what 90 of 100 runs lie."""
    return Spread.of(results, LOWEST, HIGHEST)
