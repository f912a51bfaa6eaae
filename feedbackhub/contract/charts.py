"""Builders of charts: from numbers to a Vega-Lite specification and the table that says the same.

Every chart looks alike: colours that colour-blind people tell apart (Okabe and Ito), intervals beside every estimate,
no background of its own, so that it can be read on light and dark pages. What has no value leaves a gap, never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .chart_specs import (
    BLUE,
    GREY,
    PALETTE,
    TONES,
    Spot,
    finite,
    hover_of,
    order_of,
    scale_of,
    twin_of,
    values_of,
    whole_spec,
)  # fmt: skip
from .reports import Cell, Chart, ReportTable

__all__ = ["Bar", "histogram", "intervals", "trend"]


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
    x = {"field": "label", "type": "ordinal", "sort": None, "title": None, "scale": order_of(spots, rtl),
         "axis": {"labelAngle": 0, "labelOverlap": "greedy", "labelPadding": 10, "ticks": False}}  # fmt: skip
    y = {"field": "value", "type": "quantitative", "title": heads[1], "scale": scale_of(reach),
         "axis": {"orient": "right" if rtl else "left", "tickCount": 5}}  # fmt: skip
    layers = [
        {"mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.4, "strokeCap": "round", "color": BLUE},
         "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"mark": {"type": "line", "strokeWidth": 2, "color": BLUE, "point": {"size": 45, "color": BLUE}},
         "encoding": {"y": y}},
    ]  # fmt: skip
    body = {"height": 240, "encoding": {"x": x, **hover_of(heads)}, "layer": layers}
    spec = whole_spec(title, values_of(spots), body)
    return Chart(title, spec, twin_of(title, spots, heads, digits))


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
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "scale": order_of(spots),
         "axis": {"orient": "right" if rtl else "left", "ticks": False, "domain": False}}  # fmt: skip
    x = {"field": "value", "type": "quantitative", "title": heads[1], "scale": {**scale_of(reach), "reverse": rtl},
         "axis": {"tickCount": 6}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.4, "strokeCap": "round", "color": BLUE},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, **hover_of(heads)}},
        {"mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "color": BLUE},
         "encoding": {"x": x, "y": y, **hover_of(heads)}},
    ]  # fmt: skip
    if mark is not None:
        finite(mark)
        dashes = {"type": "rule", "strokeDash": [4, 4], "color": GREY}
        layers.append({"mark": dashes, "encoding": {"x": {"datum": mark}}})
    spec = whole_spec(title, values_of(spots), {"height": {"step": 30}, "layer": layers})
    return Chart(title, spec, twin_of(title, spots, heads, digits))


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
    # Answers are counted in whole numbers, also where there are two of them.
    ticks = max(1, min(5, max((bar.n for bar in bars), default=1)))
    encoding: dict[str, Any] = {
        "x": {"field": "label", "type": "ordinal", "sort": None, "title": heads[0], "scale": {"reverse": rtl},
              "axis": {"labelAngle": 0, "ticks": False}},
        "y": {"field": "n", "type": "quantitative", "title": heads[1],
              "axis": {"orient": "right" if rtl else "left", "tickMinStep": 1, "tickCount": ticks}},
        "tooltip": [{"field": "label", "title": heads[0]}, {"field": "n", "title": heads[1]}],
    }  # fmt: skip
    if kinds:
        tones = {bar.kind: TONES.get(bar.tone, "") for bar in bars if bar.kind}
        colors = [tones[kind] or PALETTE[at % len(PALETTE)] for at, kind in enumerate(kinds)]
        encoding["color"] = {"field": "kind", "type": "nominal", "scale": {"domain": kinds, "range": colors}}
    mark = {"type": "bar", "cornerRadiusEnd": 3, "color": BLUE}
    spec = whole_spec(title, rows, {"height": 220, "mark": mark, "encoding": encoding})
    cells: list[tuple[Cell, ...]] = [(bar.label, bar.n, bar.kind)[:columns] for bar in bars]
    return Chart(title, spec, ReportTable(title, tuple(heads), cells))
