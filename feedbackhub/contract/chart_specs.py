"""What the builders of charts share: colours, the theme, and the frame of a specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from .reports import Cell, ReportTable

__all__ = [
    "BLUE", "GREY", "PALETTE", "TONES", "Spot", "finite", "hover_of", "order_of", "scale_of", "twin_of", "values_of",
    "whole_spec", "written",
]  # fmt: skip

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
#: After Okabe and Ito (2008), the ones that stand out on white and on near-black alike.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9")
GREY = "#767676"
#: Of estimates and their intervals: a blue that stands out on white and on near-black.
BLUE = "#2f8fce"
#: Blue against vermilion: the pair that colour-blind people tell apart best.
TONES = {"good": "#0072b2", "bad": "#d55e00", "neutral": "#8c8c8c"}
#: What a page in the dark, or a printed one, may put in place of; the browser's script does.
THEME: Mapping[str, Any] = {
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": GREY, "titleColor": GREY, "domainColor": GREY, "tickColor": GREY, "gridColor": GREY,
        "gridOpacity": 0.22, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 500, "labelLimit": 200,
    },
    "legend": {"labelColor": GREY, "titleColor": GREY, "labelFontSize": 12, "orient": "top", "title": None},
    "range": {"category": list(PALETTE)},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """One estimate in a chart.

    Args:
        label: What it is of: a group, a week.
        value: The estimate; None leaves a gap.
        low: Lower end of its interval.
        high: Upper end of its interval.
        n: How many answers it rests on.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


def whole_spec(title: str, rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a whole specification with its data inside, as wide as its place."""
    return {
        "$schema": SCHEMA,
        "description": title,
        "data": {"values": list(rows)},
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": dict(THEME),
        **body,
    }


def values_of(spots: Sequence[Spot]) -> list[dict[str, Any]]:
    """Return a chart's data; raises ValueError for a number that is not finite."""
    for spot in spots:
        for number in (spot.value, spot.low, spot.high):
            finite(number)
    return [{"label": s.label, "value": s.value, "low": s.low, "high": s.high, "n": s.n} for s in spots]


def finite(number: float | None) -> None:
    """Refuse a number that cannot be drawn; raises ValueError."""
    if number is not None and not isfinite(number):
        raise ValueError("a chart takes finite numbers only; None leaves a gap")


def scale_of(reach: tuple[float, float] | None) -> dict[str, Any]:
    """Return the scale of values, from end to end or as the data want it."""
    return {"domain": list(reach)} if reach else {"zero": False, "nice": True}


def order_of(spots: Sequence[Spot], reverse: bool = False) -> dict[str, Any]:
    """Return the scale of places, in the order given."""
    # Said in full: places whose value is missing would otherwise move to the end.
    return {"domain": [spot.label for spot in spots], "reverse": reverse}


def hover_of(heads: Sequence[str]) -> dict[str, Any]:
    """Return what is said of a place on touching it; raises ValueError unless there are five heads."""
    if len(heads) != 5:
        raise ValueError("heads must name the 5 columns")
    fields = ("label", "value", "low", "high", "n")
    numbers = ("value", "low", "high")
    return {
        "tooltip": [
            {"field": field, "title": head, **({"format": ".1f"} if field in numbers else {})}
            for field, head in zip(fields, heads, strict=True)
        ]
    }


def twin_of(title: str, spots: Sequence[Spot], heads: Sequence[str], digits: int) -> ReportTable:
    """Return the table that says the same as a chart of estimates."""
    rows: list[list[Cell]] = [
        [s.label, written(s.value, digits), written(s.low, digits), written(s.high, digits), s.n] for s in spots
    ]
    return ReportTable(title, tuple(heads), rows)


def written(number: float | None, digits: int) -> float | None:
    """Return a number as a table has it."""
    return None if number is None else round(number, digits)
