"""Charts as pictures inside the mail; where none can be drawn, the table that says the same takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from feedbackhub import Chart, Hub, Picture, Report, ReportTable, Unavailable

from .collecting import Section

__all__ = ["Drawn", "chosen", "draw_all"]

#: All pictures of a mail together: mailboxes are small, and each letter waits with them to be sent.
MOST_BYTES = 1_200_000
MOST_ROWS = 12
PNG = "image/png"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart in a mail.

    Args:
        title: What it shows.
        picture: The picture, None where there is none.
        table: The twin, its last rows.
    """

    title: str
    picture: Picture | None
    table: ReportTable


def draw_all(hub: Hub, found: Sequence[Section], language: str) -> tuple[dict[str, Drawn], str]:
    """Return one chart for each report that has any, by the report's name, and why pictures are missing, if any are.

    Args:
        hub: The plugin's hub.
        found: The reports.
        language: Of the numbers in pictures.
    """
    shown: dict[str, Drawn] = {}
    trouble, room = "", MOST_BYTES
    for section in found:
        chart = chosen(section.report) if section.report is not None else None
        if chart is None:
            continue
        picture = None
        try:
            picture = Picture(f"{section.name}.png", PNG, hub.draw(_opaque(chart), language=language))
        except Unavailable as error:
            trouble = str(error)
        if picture is not None and len(picture.body) > room:
            picture = None
        room -= len(picture.body) if picture is not None else 0
        shown[section.name] = Drawn(chart.title, picture, _tail(chart.table))
    return shown, trouble


def chosen(report: Report) -> Chart | None:
    """Return the chart of a report that fits a mail: how its number went over time, else its first other one."""
    over_time = [chart for chart in report.charts if _is_over_time(chart)]
    telling = [chart for chart in over_time if _estimates(chart) > 1]
    others = [chart for chart in report.charts if chart not in over_time]
    return next(iter([*telling, *others, *over_time]), None)


def _estimates(chart: Chart) -> int:
    """Return how many spans have an estimate: one alone shows no course."""
    return sum(len(row) > 1 and row[1] is not None for row in chart.table.rows)


def _is_over_time(chart: Chart) -> bool:
    layers = chart.spec.get("layer", ())
    marks = [layer.get("mark") for layer in layers if isinstance(layer, dict)]
    return any(isinstance(mark, dict) and mark.get("type") == "line" for mark in marks)


def _opaque(chart: Chart) -> Chart:
    # On a mail program's dark page, black letters on nothing cannot be read.
    return replace(chart, spec={**chart.spec, "background": "#ffffff"})


def _tail(table: ReportTable) -> ReportTable:
    return replace(table, rows=list(table.rows)[-MOST_ROWS:], ways=())
