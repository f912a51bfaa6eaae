"""Reports for people and for other systems: what they can be filtered by, and their tables as CSV."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta

from ..contract.errors import NotFound
from ..contract.reports import Cell, Chart, Report, ReportTable
from ..loop.core import Core
from ..store.queries import report_values

__all__ = ["FORMULA", "archive_of", "as_csv", "chart_of", "filter_values", "table_of", "tables_of", "today"]

#: Values that were counted longer ago than that are not offered.
LOOK_BACK = timedelta(days=92)
#: What a spreadsheet takes for a formula, after whatever blanks, quotes and invisible signs it skips.
FORMULA = re.compile(r"[\s\x00-\x1f'\"\u200b-\u200f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def today(core: Core) -> date:
    """Return the present day as the counts know it, in UTC."""
    return core.clock.now().date()


def filter_values(core: Core, since: date, until: date) -> dict[str, list[str]]:
    """Return what reports about some days can be filtered by: surveys, and the values of each dimension.

    Args:
        core: The instance.
        since: First day.
        until: Last day.
    """
    first = max(since, until - LOOK_BACK)
    with core.store.read() as connection:
        return report_values.offered(connection, first.isoformat(), until.isoformat())


def tables_of(report: Report) -> list[ReportTable]:
    """Return all tables of a report: those of its charts first, then the further ones."""
    return [*(chart.table for chart in report.charts), *report.tables]


def table_of(report: Report, number: int) -> ReportTable:
    """Return one table, counted from 1.

    Raises:
        NotFound: There are not so many.
    """
    tables = tables_of(report)
    if not 1 <= number <= len(tables):
        raise NotFound("no such table")
    return tables[number - 1]


def chart_of(report: Report, number: int) -> Chart:
    """Return one chart, counted from 1.

    Raises:
        NotFound: There are not so many.
    """
    if not 1 <= number <= len(report.charts):
        raise NotFound("no such chart")
    return report.charts[number - 1]


def archive_of(report: Report, name: str) -> bytes:
    """Return all tables of a report as CSV in one ZIP file, the main numbers first.

    Args:
        report: What the analysis found.
        name: What the files' names begin with.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, each in enumerate([_figures_table(report), *tables_of(report)]):
            # The mark lets spreadsheets see that it is UTF-8; no moment in it, so that equal reports are equal files.
            archive.writestr(zipfile.ZipInfo(f"{name}-{number}.csv"), "\ufeff" + as_csv(each))
    return written.getvalue()


def _figures_table(report: Report) -> ReportTable:
    """Return the main numbers as a table, as exact as they are."""
    rows = [(each.label, each.value, each.low, each.high, each.n, each.unit, each.note) for each in report.figures]
    return ReportTable(report.title, ("figure", "value", "low", "high", "n", "unit", "note"), rows)


def as_csv(table: ReportTable) -> str:
    """Return a table as CSV; texts that a spreadsheet would run as formulas get a ``'`` in front."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow([_inert(head) for head in table.columns])
    for row in table.rows:
        lines.writerow([_inert(cell) for cell in row])
    return written.getvalue()


def _inert(cell: Cell) -> Cell:
    if isinstance(cell, str) and FORMULA.match(cell):
        return "'" + cell
    return cell
