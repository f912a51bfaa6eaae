"""The main numbers: never one alone, always from where to where the runs of the model lie."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Figure, Way
from feedbackhub.reporting import Words
from feedbackhub.reporting.assumptions import CURRENCY, LIST, Spread, plain

from .known import Known
from .model import Cost, Risk
from .simulate import spread

__all__ = ["figures", "nothing", "plainly"]

#: 90 of 100 runs lie between the ends shown.
LEVEL = 0.9


def plainly(found: Spread) -> Spread:
    """Return a spread with three digits that count."""
    return Spread(plain(found.low), plain(found.middle), plain(found.high))


def figures(t: Words, known: Known, costs: Sequence[Cost], risks: Sequence[Risk]) -> list[Figure]:
    """Return the main numbers: in money where currency and margin are entered, else customers alone.

    Args:
        t: The words.
        known: The inputs.
        costs: What the runs came to.
        risks: The revenue at risk in the runs, none where it cannot be said.
    """
    found = []
    if known.currency:
        found.append(_figure(t, t("Cost of a year (model)"), [each.total for each in costs], known.currency))
    found += [
        _figure(t, t("Customers lost in a year (model)"), [each.lost for each in costs]),
        _figure(t, t("People who stay away for what they were told (model)"), [each.deterred for each in costs]),
        _figure(t, t("Customers with a problem in a year (model)"), [each.with_problem for each in costs]),
    ]
    currency = known.held[CURRENCY].word
    if risks and currency:
        label = t("Revenue at risk in a year, among all customers (another model)")
        found.append(_figure(t, label, [each.revenue for each in risks], currency))
    return found


def _figure(t: Words, label: str, results: Sequence[float], unit: str = "") -> Figure:
    found = plainly(spread(results))
    return Figure(
        label, found.middle, found.low, found.high, None, unit, LEVEL, t("half of all runs lie above, half below"),
        way=Way("page", LIST),
    )  # fmt: skip


def nothing(t: Words) -> list[Figure]:
    """Return the figures where nothing can be worked out."""
    label, way = t("Customers lost in a year (model)"), Way("page", LIST)
    return [Figure(label, None, n=0, note=t("no data"), few="none", way=way)]
