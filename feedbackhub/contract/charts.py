"""Builders of charts: from numbers to a Vega-Lite specification and the table that says the same.

Every chart looks alike: colours that colour-blind people tell apart (Okabe and Ito), intervals beside every estimate,
no background of its own, so that it can be read on light and dark pages. What has no value leaves a gap, never a zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from .reports import Cell, Chart, ReportTable

__all__ = ["Bar", "Spot", "histogram", "intervals", "trend"]

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


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram.

    Args:
        label: What was counted.
        n: How often.
        kind: What it belongs to, for its colour; empty when all bars have one colour.
        tone: Whether its kind is ``good``, ``bad`` or ``neutral``; empty: any colour that tells it from the others.
    """

    label: str
    n: int
    kind: str = ""
    tone: Literal["", "good", "bad", "neutral"] = ""


def trend(
    title: str, spots: Sequence[Spot], heads: Sequence[str], *,
    digits: int = 1, reach: tuple[float, float] | None = None, rtl: bool = False,
) -> Chart:  # fmt: skip
    """Draw how something changes over time.

    Args:
        title: What it shows, also to somebody who cannot see it.
        spots: One for each span of time, in their order; spans without data included.
        heads: Names of: the span, the estimate, the interval's lower end, its upper end, the number of answers.
        digits: Decimals in the table.
        reach: Ends of the value axis; chosen from the values when left out.
        rtl: Whether time runs from right to left.

    Raises:
        ValueError: A number is not finite, or there are not five heads.
    """
    x = {"field": "label", "type": "ordinal", "sort": None, "title": None, "scale": _order(spots, rtl),
         "axis": {"labelAngle": 0, "labelOverlap": "greedy", "labelPadding": 10, "ticks": False}}  # fmt: skip
    y = {"field": "value", "type": "quantitative", "title": heads[1], "scale": _scale(reach),
         "axis": {"orient": "right" if rtl else "left", "tickCount": 5}}  # fmt: skip
    layers = [
        {"mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.4, "strokeCap": "round", "color": BLUE},
         "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"mark": {"type": "line", "strokeWidth": 2, "color": BLUE, "point": {"size": 45, "color": BLUE}},
         "encoding": {"y": y}},
    ]  # fmt: skip
    spec = _spec(title, _values(spots), {"height": 240, "encoding": {"x": x, **_hover(heads)}, "layer": layers})
    return Chart(title, spec, _twin(title, spots, heads, digits))


def intervals(
    title: str, spots: Sequence[Spot], heads: Sequence[str], *,
    digits: int = 1, reach: tuple[float, float] | None = None, mark: float | None = None, rtl: bool = False,
) -> Chart:  # fmt: skip
    """Draw estimates with their intervals below each other, in the order given.

    Args:
        title: What it shows, also to somebody who cannot see it.
        spots: The groups.
        heads: Names of: the group, the estimate, the interval's lower end, its upper end, the number of answers.
        digits: Decimals in the table.
        reach: Ends of the value axis; chosen from the values when left out.
        mark: Where to draw a dashed line, like the value of all together.
        rtl: Whether the page reads from right to left.

    Raises:
        ValueError: A number is not finite, or there are not five heads.
    """
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "scale": _order(spots),
         "axis": {"orient": "right" if rtl else "left", "ticks": False, "domain": False}}  # fmt: skip
    x = {"field": "value", "type": "quantitative", "title": heads[1], "scale": {**_scale(reach), "reverse": rtl},
         "axis": {"tickCount": 6}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.4, "strokeCap": "round", "color": BLUE},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, **_hover(heads)}},
        {"mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "color": BLUE},
         "encoding": {"x": x, "y": y, **_hover(heads)}},
    ]  # fmt: skip
    if mark is not None:
        _finite(mark)
        dashes = {"type": "rule", "strokeDash": [4, 4], "color": GREY}
        layers.append({"mark": dashes, "encoding": {"x": {"datum": mark}}})
    spec = _spec(title, _values(spots), {"height": {"step": 30}, "layer": layers})
    return Chart(title, spec, _twin(title, spots, heads, digits))


def histogram(title: str, bars: Sequence[Bar], heads: Sequence[str], *, rtl: bool = False) -> Chart:
    """Draw how often each answer was given.

    Args:
        title: What it shows, also to somebody who cannot see it.
        bars: The bars in their order.
        heads: Names of: the answer, how often it was given, and its kind when bars have one.
        rtl: Whether the page reads from right to left.

    Raises:
        ValueError: There are not as many heads as columns.
    """
    kinds = list(dict.fromkeys(bar.kind for bar in bars if bar.kind))
    columns = 3 if kinds else 2
    if len(heads) != columns:
        raise ValueError(f"heads must name the {columns} columns")
    rows = [{"label": bar.label, "n": bar.n, "kind": bar.kind} for bar in bars]
    encoding: dict[str, Any] = {
        "x": {"field": "label", "type": "ordinal", "sort": None, "title": heads[0], "scale": {"reverse": rtl},
              "axis": {"labelAngle": 0, "ticks": False}},
        "y": {"field": "n", "type": "quantitative", "title": heads[1],
              "axis": {"orient": "right" if rtl else "left", "tickMinStep": 1, "tickCount": 5}},
        "tooltip": [{"field": "label", "title": heads[0]}, {"field": "n", "title": heads[1]}],
    }  # fmt: skip
    if kinds:
        tones = {bar.kind: TONES.get(bar.tone, "") for bar in bars if bar.kind}
        colors = [tones[kind] or PALETTE[at % len(PALETTE)] for at, kind in enumerate(kinds)]
        encoding["color"] = {"field": "kind", "type": "nominal", "scale": {"domain": kinds, "range": colors}}
    mark = {"type": "bar", "cornerRadiusEnd": 3, "color": BLUE}
    spec = _spec(title, rows, {"height": 220, "mark": mark, "encoding": encoding})
    cells: list[tuple[Cell, ...]] = [(bar.label, bar.n, bar.kind)[:columns] for bar in bars]
    return Chart(title, spec, ReportTable(title, tuple(heads), cells))


def _spec(title: str, rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any]) -> dict[str, Any]:
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


def _values(spots: Sequence[Spot]) -> list[dict[str, Any]]:
    for spot in spots:
        for number in (spot.value, spot.low, spot.high):
            _finite(number)
    return [{"label": s.label, "value": s.value, "low": s.low, "high": s.high, "n": s.n} for s in spots]


def _finite(number: float | None) -> None:
    if number is not None and not isfinite(number):
        raise ValueError("a chart takes finite numbers only; None leaves a gap")


def _scale(reach: tuple[float, float] | None) -> dict[str, Any]:
    return {"domain": list(reach)} if reach else {"zero": False, "nice": True}


def _order(spots: Sequence[Spot], reverse: bool = False) -> dict[str, Any]:
    # Said in full: places whose value is missing would otherwise move to the end.
    return {"domain": [spot.label for spot in spots], "reverse": reverse}


def _hover(heads: Sequence[str]) -> dict[str, Any]:
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


def _twin(title: str, spots: Sequence[Spot], heads: Sequence[str], digits: int) -> ReportTable:
    def written(number: float | None) -> float | None:
        return None if number is None else round(number, digits)

    rows: list[list[Cell]] = [[s.label, written(s.value), written(s.low), written(s.high), s.n] for s in spots]
    return ReportTable(title, tuple(heads), rows)
