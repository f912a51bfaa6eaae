"""A report as its page shows it: numbers written in the reader's language, charts as text for the browser's script."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..contract.reports import Cell, Chart, Figure, Report, ReportTable
from ..machinery.artist import localised
from ..machinery.i18n import Translator, format_number, format_percent
from .ways import Ways

__all__ = ["ChartShown", "FigureShown", "ReportShown", "TableShown", "figure_shown", "shown"]


#: From here on digits are grouped, and decimals say nothing any more.
MOST_DECIMALS, GROUPED_FROM = 2, 1000


@dataclass(frozen=True)
class FigureShown:
    """A figure as texts; empty for what there is not. `href` is where a click on its number leads."""

    label: str
    value: str
    interval: str
    n: str
    note: str
    few: str
    level: str = "95"
    href: str = ""

    @property
    def bare(self) -> bool:
        """Whether there is no number to be shown."""
        return self.value == "–" or not (self.value or self.n or self.note)

    @property
    def wordy(self) -> bool:
        """Whether its note stands in the number's place, so that it is not said twice."""
        return not self.value and not self.n


@dataclass(frozen=True)
class TableShown:
    """A table as texts; a column is of numbers when nothing else stands in it. `hrefs`: where first cells lead."""

    number: int
    title: str
    columns: Sequence[str]
    numeric: Sequence[bool]
    rows: Sequence[Sequence[str]]
    note: str
    hrefs: Sequence[str]


@dataclass(frozen=True)
class ChartShown:
    """A chart as the browser's script reads it, and its twin; `number` counts the report's charts from 1."""

    number: int
    title: str
    spec: str
    table: TableShown


@dataclass(frozen=True)
class ReportShown:
    """A whole report."""

    title: str
    figures: Sequence[FigureShown]
    charts: Sequence[ChartShown]
    tables: Sequence[TableShown]
    notes: Sequence[str]


def shown(t: Translator, report: Report, ways: Ways) -> ReportShown:
    """Return a report as its page shows it.

    Args:
        t: The page's words.
        report: What the analysis found.
        ways: Makes the addresses of its ways.
    """
    charts = [chart_shown(t, chart, ways, number) for number, chart in enumerate(report.charts, 1)]
    tables = [table_shown(t, table, ways, number) for number, table in enumerate(report.tables, len(charts) + 1)]
    figures = [figure_shown(t, each, ways) for each in report.figures]
    return ReportShown(report.title, figures, charts, tables, list(report.notes))


def figure_shown(t: Translator, figure: Figure, ways: Ways) -> FigureShown:
    """Return a figure as texts."""
    href = ways(figure.way)
    n = "" if figure.n is None else t.plural("{n} answer", "{n} answers", figure.n)
    if figure.counts and figure.n is not None:
        n = f"{figure.counts}: {format_number(figure.n, t.language)}"
    if figure.value is None:
        value = "" if figure.few == "counts" else "–"
        return FigureShown(figure.label, value, "", n, figure.note, figure.few, href=href)
    interval = ""
    write = moved if figure.change else written
    if figure.low is not None and figure.high is not None:
        low, high = (write(t, end, figure.unit) for end in (figure.low, figure.high))
        interval = t("{low} to {high}", low=low, high=high)
    value = write(t, figure.value, figure.unit)
    return FigureShown(figure.label, value, interval, n, figure.note, figure.few, percent_of(figure.level), href)


def percent_of(level: float) -> str:
    """Return how sure an interval is, as exact as it takes to be told from certain."""
    if not 0 < level < 1:  # the outermost ends of a plugin's own, or nonsense that costs nobody the page
        return f"{100 * level:g}"
    digits = max(1, -math.floor(math.log10(100 * (1 - level))))
    return f"{round(100 * level, digits):.10g}"


def written(t: Translator, number: float, unit: str) -> str:
    """Return a number with its unit, as exact as makes sense."""
    if unit in ("share", "%"):
        return format_percent(number if unit == "share" else number / 100, t.language)
    if unit == "points":
        return format_number(round(number), t.language)
    text = format_number(round(number, 2), t.language)
    return f"{text} {unit}" if unit else text


def moved(t: Translator, number: float, unit: str) -> str:
    """Return by how much something has changed, with its sign; shares change by points, not by parts of themselves."""
    share = unit in ("share", "%")
    points = round(number * (100 if unit == "share" else 1))
    text = t("{n} percentage points", n=format_number(points, t.language)) if share else written(t, number, unit)
    seen = points if share else round(number) if unit == "points" else round(number, 2)
    return f"+{text}" if seen > 0 else text


def chart_shown(t: Translator, chart: Chart, ways: Ways, number: int) -> ChartShown:
    """Return a chart with its specification as JSON."""
    spec = json.dumps(localised(chart.spec, t.language), allow_nan=False)
    return ChartShown(number, chart.title, spec, table_shown(t, chart.table, ways, number))


def table_shown(t: Translator, table: ReportTable, ways: Ways, number: int) -> TableShown:
    """Return a table with its cells as texts."""
    numeric = [
        bool(table.rows) and all(not isinstance(row[at], str) for row in table.rows) for at in range(len(table.columns))
    ]
    digits = [decimals_of([row[at] for row in table.rows]) for at in range(len(table.columns))]
    rows = [[cell_shown(t, cell, digits[at]) for at, cell in enumerate(row)] for row in table.rows]
    hrefs = [ways(way) for way in table.ways] or [""] * len(rows)
    return TableShown(number, table.title, table.columns, numeric, rows, table.note, hrefs)


def decimals_of(cells: Sequence[Cell]) -> int:
    """Return how many decimals a column has, so that its numbers stand below each other: none where all are whole."""
    return max((decimals(cell) for cell in cells if isinstance(cell, float)), default=0)


def decimals(number: float) -> int:
    """Return how many decimals a number is shown with, at most two."""
    return next(digits for digits in range(3) if digits == MOST_DECIMALS or round(number, digits) == number)


def cell_shown(t: Translator, cell: Cell, digits: int = 0) -> str:
    """Return a cell as text."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and digits and abs(cell) < GROUPED_FROM:
        return format_number(unsigned_zero(round(cell, digits)), t.language, f".{digits}f")
    return format_number(unsigned_zero(round(cell, MOST_DECIMALS)), t.language)


def unsigned_zero(number: float) -> float:
    """Return a number, without its sign when it has been rounded to nothing."""
    return number or 0
