"""Queries and reports as JSON between two processes, and whether a report keeps to the contract."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..contract.reading import DIMENSIONS
from ..contract.reports import Chart, Figure, Query, Report, ReportTable, Way
from ..contract.scalars import is_line
from ..machinery.links import is_public_id

__all__ = ["BadReport", "query_json", "read_query", "read_report", "report_json"]

MOST_BYTES = 4 << 20
MOST_ITEMS = 100
MOST_ROWS = 5000
#: What a filter of a way may be, as long as what reports and lists take from an address.
LONGEST_VALUE = 200
#: What ways may carry; pages of plugins know their own values.
_EVERYWHERE = frozenset({"survey", "since", "until", "basis", *DIMENSIONS})
_TO_ANSWERS = _EVERYWHERE | {"question", "score", "low", "comment", "agent", "solved", "counted"}
_TO_REPORT = _EVERYWHERE | {"by", "compare"}
_QUERY: TypeAdapter[Query] = TypeAdapter(Query)
_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


class BadReport(Exception):
    """What an analysis returned breaks the contract; the text says how, and quotes nothing of it."""


def query_json(query: Query) -> str:
    """Return a query as JSON; equal queries give equal text."""
    return json.dumps(_QUERY.dump_python(query, mode="json"), sort_keys=True)


def read_query(text: str) -> Query:
    """Return a query that `query_json` wrote."""
    return _QUERY.validate_json(text)


def report_json(report: object) -> str:
    """Return what an analysis returned as JSON.

    Raises:
        BadReport: It is no report, or one with a number that is none.
    """
    if not isinstance(report, Report):
        raise BadReport(f"returned {type(report).__name__}, which is no Report")
    for place, value in _values(report, ""):
        if isinstance(value, float) and not isfinite(value):
            raise BadReport(f"returned a report whose {place} is no finite number; use None where there is no data")
    try:
        text = json.dumps(_plain(report), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadReport(f"returned a report that cannot be written as JSON ({type(error).__name__})") from None
    read_report(text)
    return text


def read_report(text: str) -> Report:
    """Return a report that another process sent.

    Raises:
        BadReport: It is none, or too large to be shown.
    """
    if len(text) > MOST_BYTES:
        raise BadReport(f"returned a report of more than {MOST_BYTES >> 20} MB")
    try:
        report = _REPORT.validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or part.islower())
        raise BadReport(f"returned a report whose {place or 'content'} is wrong: {first['msg']}") from None
    problem = next(_problems(report), "")
    if problem:
        raise BadReport(f"returned a report with {problem}")
    return report


def _plain(value: Any) -> Any:
    """Return dataclasses and containers as JSON has them; anything else is left for its writer to refuse."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _values(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield every value within, with its place in words."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            yield from _values(getattr(value, each.name), f"{place}.{each.name}".lstrip("."))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _values(item, f"{place}.{key}")
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for at, item in enumerate(value):
            yield from _values(item, f"{place}[{at}]")
    else:
        yield place, value


def _problems(report: Report) -> Iterator[str]:
    """Yield what a page could not show."""
    if max(len(report.figures), len(report.charts), len(report.tables), len(report.notes)) > MOST_ITEMS:
        yield f"more than {MOST_ITEMS} figures, charts, tables or notes"
    for figure in report.figures:
        yield from _of_figure(figure)
    for chart in report.charts:
        yield from _of_chart(chart)
        yield from _of_table(chart.table)
    for table in report.tables:
        yield from _of_table(table)
    if report.as_of is not None and report.as_of.tzinfo is None:
        yield "as_of without a time zone"


def _of_figure(figure: Figure) -> Iterator[str]:
    if (figure.low is None) != (figure.high is None):
        yield f"half an interval in the figure {figure.label!r}"
    elif figure.low is not None and figure.high is not None and figure.low > figure.high:
        yield f"an interval that ends before it begins in the figure {figure.label!r}"
    if figure.n is not None and figure.n < 0:
        yield f"a negative number of answers in the figure {figure.label!r}"
    yield from _of_way(figure.way, f"the figure {figure.label!r}")


def _of_chart(chart: Chart) -> Iterator[str]:
    data = chart.spec.get("data")
    if not isinstance(data, Mapping) or "values" not in data:
        yield f"a chart {chart.title!r} whose data are not inside its specification"


def _of_table(table: ReportTable) -> Iterator[str]:
    if len(table.rows) > MOST_ROWS:
        yield f"more than {MOST_ROWS} rows in the table {table.title!r}"
    if any(len(row) != len(table.columns) for row in table.rows):
        yield f"rows and columns of different length in the table {table.title!r}"
    if len(table.ways) not in (0, len(table.rows)):
        yield f"not as many ways as rows in the table {table.title!r}"
    for way in table.ways:
        yield from _of_way(way, f"the table {table.title!r}")


def _of_way(way: Way | None, place: str) -> Iterator[str]:
    if way is None:
        return
    if way.to in ("answer", "contact", "customer") and not is_public_id(way.name):
        yield f"a way to no public id in {place}"
    if way.to in ("report", "page") and not is_line(way.name):
        yield f"a way to no name in {place}"
    for name, value in way.values.items():
        if not _known(way, name):
            yield f"a way with the unknown filter {name[:40]!r} in {place}"
        elif len(value) > LONGEST_VALUE or not is_line(value):
            yield f"a way whose {name!r} is no line of at most {LONGEST_VALUE} characters in {place}"


def _known(way: Way, name: str) -> bool:
    """Tell whether a way may carry a filter of that name."""
    if way.to == "answers":
        return name in _TO_ANSWERS
    return way.to != "report" or name in _TO_REPORT or name.startswith("o-")
