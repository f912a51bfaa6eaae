"""Reports taken along: tables as CSV, all of them in one archive, and charts as pictures."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from ..contract.errors import Problem, Unavailable
from ..contract.reports import PictureType, Report
from ..office.reports import archive_of, as_csv, chart_of, table_of
from .current import core
from .downloads import named
from .error_pages import error_page
from .filters import chosen
from .rendering import language, texts
from .report_filters import asked_for, query_of, seen_by_visitor

__all__ = ["chart", "table", "tables"]

#: Seconds that a download waits; the page that offered it has mostly had its report made already.
PATIENCE = 10.0
MEDIA_TYPES: dict[str, PictureType] = {"svg": "image/svg+xml", "png": "image/png"}


def table(name: str) -> ResponseReturnValue:
    """Give one table of a report as CSV, for a spreadsheet."""
    number = which("table")
    found = as_csv(table_of(report_of(name), number))
    return named(Response("\ufeff" + found, content_type="text/csv; charset=utf-8"), f"{name}-{number}.csv")


def tables(name: str) -> ResponseReturnValue:
    """Give all tables of a report, each as CSV, in one archive."""
    found = archive_of(report_of(name), name)
    return named(Response(found, content_type="application/zip"), f"{name}.zip")


def chart(name: str, ending: str) -> ResponseReturnValue:
    """Give one chart of a report as a picture, or say what to install for that."""
    here, number = core(), which("chart")
    seen_by_visitor(name)
    if not here.artist.ready:
        reason = texts()("Pictures of charts need the extra “charts” on the server: pip install 'feedbackhub[charts]'.")
        return error_page(404, [Problem(f"{name}.{ending}", reason)]), 404
    media_type = MEDIA_TYPES[ending]
    drawn = here.artist.draw(chart_of(report_of(name), number), media_type, language())
    answer = Response(drawn, content_type=media_type)
    if chosen("download"):
        return named(answer, f"{name}-{number}.{ending}")
    return answer


def report_of(name: str) -> Report:
    """Return the report that the address asks for, waiting for it a while.

    Raises:
        Unavailable: It is not there yet.
    """
    analysis = seen_by_visitor(name)
    offered = core().analyst.options(analysis)
    query = query_of(asked_for(offered), offered)
    found = core().analyst.report(name, query, PATIENCE)
    if found is None:
        raise Unavailable("the report is still being made")
    return found


def which(kind: str) -> int:
    """Return the number that the address gives, 0 for what is none."""
    number = chosen(kind)
    return int(number) if number.isdecimal() and len(number) < 4 else 0
