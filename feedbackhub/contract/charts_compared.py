"""Builders of charts that hold things against something: the rest, the limits of chance, other assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .chart_specs import (
    BLUE,
    GREY,
    TONES,
    Spot,
    finite,
    hover_of,
    order_of,
    scale_of,
    twin_of,
    values_of,
    whole_spec,
    written,
)  # fmt: skip
from .reports import Cell, Chart, ReportTable

__all__ = ["Dot", "Limit", "Swing", "forest", "funnel", "tornado"]

DASHES = [4, 4]


@dataclass(frozen=True, slots=True)
class Dot:
    """One group in a funnel.

    Args:
        label: Its name; empty for one that is not to be named.
        n: How many answers it rests on.
        value: Its estimate.
    """

    label: str
    n: int
    value: float


@dataclass(frozen=True, slots=True)
class Limit:
    """Between what values chance alone keeps groups of one size.

    Args:
        n: The size.
        low, high: The inner limits, usually of 95 %.
        low_far, high_far: The outer limits, usually of 99.8 %.
    """

    n: int
    low: float
    high: float
    low_far: float
    high_far: float


@dataclass(frozen=True, slots=True)
class Swing:
    """What one assumption does to a result.

    Args:
        label: The assumption.
        low: The result with the assumption at its lower end, all others being as they are.
        high: The result with the assumption at its upper end.
    """

    label: str
    low: float
    high: float


def forest(
    title: str, spots: Sequence[Spot], heads: Sequence[str], says: tuple[str, str], *,
    middle: float = 0.0, digits: int = 1, reach: tuple[float, float] | None = None, rtl: bool = False,
) -> Chart:  # fmt: skip
    """Draw differences with their intervals below each other, in the order given, beside the line of no difference.

    Those whose interval holds that line are hollow and grey, so that they are not taken for more than chance.

    Args:
        title: What it shows, also to somebody who cannot see it.
        spots: The differences.
        heads: Names of: the group, the difference, the interval's lower end, its upper end, the number of answers.
        says: What is said of a difference that shows, and of one that does not.
        middle: Where there is no difference.
        digits: Decimals in the table.
        reach: Ends of the value axis; chosen from the values when left out.
        rtl: Whether the page reads from right to left.

    Raises:
        ValueError: A number is not finite, or there are not five heads.
    """
    finite(middle)
    rows = [
        {**row, "says": "" if spot.value is None else says[0] if shows(spot, middle) else says[1]}
        for row, spot in zip(values_of(spots), spots, strict=True)
    ]
    hover = hover_of(heads)
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "scale": order_of(spots),
         "axis": {"orient": "right" if rtl else "left", "ticks": False, "domain": False, "labelLimit": 260},
         }  # fmt: skip
    x = {"field": "value", "type": "quantitative", "title": heads[1], "scale": {**scale_of(reach), "reverse": rtl},
         "axis": {"tickCount": 6}}  # fmt: skip
    said = {"field": "says", "type": "nominal"}
    color = {**said, "scale": {"domain": list(says), "range": [TONES["bad"], GREY]}}
    fill = {**said, "scale": {"domain": list(says), "range": [TONES["bad"], "transparent"]}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 3, "strokeCap": "round"},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "color": color, **hover}},
        {"mark": {"type": "point", "size": 80, "opacity": 1, "strokeWidth": 2},
         "encoding": {"x": x, "y": y, "color": color, "fill": fill, **hover}},
        {"mark": {"type": "rule", "strokeDash": DASHES, "color": GREY}, "encoding": {"x": {"datum": middle}}},
    ]  # fmt: skip
    spec = whole_spec(title, rows, {"height": {"step": 30}, "layer": layers})
    return Chart(title, spec, twin_of(title, spots, heads, digits))


def shows(spot: Spot, middle: float) -> bool:
    """Tell whether an interval leaves out the line of no difference; without one nothing shows."""
    return spot.low is not None and spot.high is not None and not spot.low <= middle <= spot.high


def funnel(
    title: str, dots: Sequence[Dot], limits: Sequence[Limit], heads: Sequence[str], names: tuple[str, str], *,
    middle: float, digits: int = 1, reach: tuple[float, float] | None = None, rtl: bool = False,
) -> Chart:  # fmt: skip
    """Draw groups by their size, between the limits within which chance alone would keep them.

    Args:
        title: What it shows, also to somebody who cannot see it.
        dots: The groups.
        limits: The limits, for sizes from small to large.
        heads: Names of: the group, the number of answers, the estimate.
        names: Names of the inner and the outer limits.
        middle: What all together are at.
        digits: Decimals in the table.
        reach: Ends of the value axis; chosen from the values when left out.
        rtl: Whether the page reads from right to left.

    Raises:
        ValueError: A number is not finite, or there are not three heads.
    """
    if len(heads) != 3:
        raise ValueError("heads must name the 3 columns")
    for number in (middle, *(dot.value for dot in dots)):
        finite(number)
    x = {"field": "n", "type": "quantitative", "title": heads[1], "scale": {"zero": True, "reverse": rtl}}
    y = {"field": "value", "type": "quantitative", "title": heads[2], "scale": scale_of(reach),
         "axis": {"orient": "right" if rtl else "left", "tickCount": 5}}  # fmt: skip
    dashed = {"field": "limit", "type": "nominal", "scale": {"domain": list(names), "range": [DASHES, [1, 0]]}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "color": GREY}, "encoding": {"y": {"datum": middle}}},
        {"data": {"values": limit_rows(limits, names)},
         "mark": {"type": "line", "color": GREY, "clip": True},
         "encoding": {"x": x, "y": y, "strokeDash": dashed, "detail": {"field": "line"}}},
        {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.85, "color": BLUE},
         "encoding": {"x": x, "y": y, "tooltip": [
             {"field": field, "title": head} for field, head in zip(("label", "n", "value"), heads, strict=True)]}},
    ]  # fmt: skip
    rows = [{"label": dot.label, "n": dot.n, "value": dot.value} for dot in dots]
    spec = whole_spec(title, rows, {"height": 280, "layer": layers})
    cells: list[list[Cell]] = [[dot.label, dot.n, written(dot.value, digits)] for dot in dots]
    return Chart(title, spec, ReportTable(title, tuple(heads), cells))


def limit_rows(limits: Sequence[Limit], names: tuple[str, str]) -> list[dict[str, Any]]:
    """Return the four lines of a funnel's limits, point by point; raises ValueError for one that is not finite."""
    found = []
    for each in limits:
        for line, name, value in (
            ("low", names[0], each.low), ("high", names[0], each.high),
            ("low_far", names[1], each.low_far), ("high_far", names[1], each.high_far),
        ):  # fmt: skip
            finite(value)
            found.append({"n": each.n, "value": value, "line": line, "limit": name})
    return found


def tornado(
    title: str, swings: Sequence[Swing], heads: Sequence[str], *, middle: float, digits: int = 0, rtl: bool = False
) -> Chart:
    """Draw how much a result depends on each assumption, the one that matters most on top.

    Args:
        title: What it shows, also to somebody who cannot see it.
        swings: The assumptions, in any order.
        heads: Names of: the assumption, the result at its lower end, the result at its upper end.
        middle: The result with all assumptions as they are.
        digits: Decimals in the table.
        rtl: Whether the page reads from right to left.

    Raises:
        ValueError: A number is not finite, or there are not three heads.
    """
    if len(heads) != 3:
        raise ValueError("heads must name the 3 columns")
    for number in (middle, *(end for swing in swings for end in (swing.low, swing.high))):
        finite(number)
    ordered = sorted(swings, key=lambda swing: abs(swing.high - swing.low), reverse=True)
    rows = [
        {"label": swing.label, "end": head, "value": value, "from": middle}
        for swing in ordered
        for head, value in ((heads[1], swing.low), (heads[2], swing.high))
    ]
    y = {"field": "label", "type": "nominal", "sort": None, "title": None,
         "scale": {"domain": [swing.label for swing in ordered]},
         "axis": {"orient": "right" if rtl else "left", "ticks": False, "domain": False, "labelLimit": 260},
         }  # fmt: skip
    x = {"field": "from", "type": "quantitative", "title": None, "scale": {"zero": False, "nice": True, "reverse": rtl},
         "axis": {"tickCount": 5}}  # fmt: skip
    # Blue and orange differ in lightness too, so that print in grey still tells the ends apart.
    ends = {"field": "end", "type": "nominal", "scale": {"domain": list(heads[1:]), "range": ["#0072b2", "#e69f00"]}}
    hover = [{"field": "label", "title": heads[0]}, {"field": "end"}, {"field": "value", "format": f",.{digits}f"}]
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "height": {"band": 0.6}},
         "encoding": {"x": x, "x2": {"field": "value"}, "y": y, "color": ends, "tooltip": hover}},
        {"mark": {"type": "rule", "color": GREY}, "encoding": {"x": {"datum": middle}}},
    ]  # fmt: skip
    spec = whole_spec(title, rows, {"height": {"step": 32}, "layer": layers})
    cells: list[list[Cell]] = [
        [swing.label, written(swing.low, digits), written(swing.high, digits)] for swing in ordered
    ]
    return Chart(title, spec, ReportTable(title, tuple(heads), cells))
