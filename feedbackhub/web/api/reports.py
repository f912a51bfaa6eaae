"""Reports: which analyses there are, and what they find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urljoin

from flask import Response as HttpResponse
from pydantic import Field
from pydantic.config import JsonDict

from ...contract import reports
from ...contract.errors import Problem, Refused
from ...contract.reading import DIMENSIONS
from ...contract.reports import Analysis
from ...contract.scalars import Line
from ...office.report_query import MOST_DAYS, PERIODS, USUAL_PERIOD, Wanted, read_query
from ...office.reports import today
from ..current import core
from ..ways import OPTION, Ways, filters_of, report_address
from .chapter import Chapter
from .shapes import Query, Shape

__all__ = ["chapter"]

chapter = Chapter("reports", "What analyses found: numbers with their intervals.")
#: Seconds that an answer waits for its report; the caller is asked to come again after that.
PATIENCE = 10.0
Cell = str | int | float | None
#: What a figure of the API has from a figure of a report as it is.
FIGURE = ("label", "value", "low", "high", "n", "unit", "level", "note", "few", "change", "counts")


class Choice(Shape):
    """An option that a reader of the report may set."""

    name: str
    label: str
    choices: Mapping[str, str]
    default: str


class Listed(Shape):
    """One analysis."""

    name: str
    title: str
    options: tuple[Choice, ...]


class AnalysisList(Shape):
    """All analyses."""

    items: tuple[Listed, ...]


class Figure(Shape):
    """One number; null stands for "no data" or "too few to say", never for 0."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None = Field(description="How many answers it rests on.")
    counts: str = Field(description="What n counts where that is not answers, like Contacts; empty for answers.")
    unit: str
    level: float = Field(description="The interval's confidence.")
    note: str
    few: str = Field(description="none: no data; counts: fewer than 10, no estimate; flag: fewer than 30.")
    change: bool = Field(description="Whether it tells by how much the figure before it has changed.")
    href: str = Field(description="Staff page with what is behind it, such as the answers; empty for none.")


class Table(Shape):
    """A table."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
    hrefs: tuple[str, ...] = Field(description="Staff page behind each row; empty when no row has one.")


class Chart(Shape):
    """A Vega-Lite specification with its data inside, and the same numbers as a table."""

    title: str
    spec: Mapping[str, Any]
    table: Table


class Report(Shape):
    """What an analysis found."""

    analysis: str
    since: date
    until: date
    title: str
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    as_of: datetime | None


class Working(Shape):
    """A report that is being made."""

    analysis: str
    state: Literal["working"]


def one_from(*names: str) -> JsonDict:
    """Say in the document what a filter may be; `read_query` checks it, as it does for the staff area's addresses."""
    return {"enum": ["", *names]}


#: Says in the document what a day looks like.
DAY: JsonDict = {"anyOf": [{"enum": [""]}, {"format": "date", "pattern": r"^(19[7-9]|[2-8][0-9]{2})[0-9]-"}]}


class Asked(Query):
    """A report's filters."""

    period: str = Field(
        "", description=f"{USUAL_PERIOD} when no days are given.", json_schema_extra=one_from(*PERIODS, "own")
    )
    since: str = Field(
        "", description=f"First day, like 2026-03-01; at most {MOST_DAYS} days before the last.", json_schema_extra=DAY
    )
    until: str = Field("", description="Last day, inclusive; days are counted in UTC.", json_schema_extra=DAY)
    basis: str = Field(
        "", description="Which date the days are: of the answer or of the contact.",
        json_schema_extra=one_from("answer", "contact"),
    )  # fmt: skip
    survey: Line = Field("", description="One survey.")
    by: str = Field("", description="Split by this.", json_schema_extra=one_from(*DIMENSIONS))
    compare: Literal["", "yes", "no"] = Field("", description="`no` leaves out the comparison with the days before.")
    fresh: Literal["", "yes"] = Field(
        "", description="`yes` has a report made again that is kept for a while; it is there once `as_of` is newer."
    )
    language: str = Field("en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", description="Language of the texts.")
    options: Line = Field("", description="The analysis' own options, like `step=week,other=x`.")
    channel: Line = Field("", description="Only this channel.")
    team: Line = Field("", description="Only this team.")
    topic: Line = Field("", description="Only this topic.")
    product: Line = Field("", description="Only this product.")
    brand: Line = Field("", description="Only this brand.")
    segment: Line = Field("", description="Only this segment.")
    country: Line = Field("", description="Only this country.")
    asked_language: Line = Field("", description="Only those asked in this language.")


@chapter.operation("GET", "/reports", "reports:read", {200: AnalysisList})
def index() -> AnalysisList:
    """List the analyses."""
    analyst = core().analyst
    return AnalysisList(items=tuple(
        Listed(name=each.name, title=each.title, options=tuple(map(Choice.model_validate, analyst.options(each))))
        for each in analyst.all()
    ))  # fmt: skip


@chapter.operation(
    "GET", "/reports/<name>", "reports:read", {200: Report, 202: Working}, query=Asked, refuses=(502,)
)
def show(name: str, query: Asked) -> Report | HttpResponse:
    """Return a report; 202 while it is being made, to be asked for again."""
    here = core()
    analysis = here.analyst.one(name)
    wanted = read_query(wanted_of(query), today(here), here.analyst.options(analysis), query.language)
    found = here.analyst.report(name, wanted, PATIENCE, fresh=query.fresh == "yes")
    if found is None:
        return working(analysis)
    return shaped(found, analysis, wanted)


def shaped(found: reports.Report, analysis: Analysis, query: reports.Query) -> Report:
    """Return a report in the shape of the API, its ways as addresses of staff pages."""
    ways = ways_of(analysis, query)

    def href(way: reports.Way | None) -> str:
        path = ways(way)
        return urljoin(core().settings.public_url, path) if path else ""

    def table(each: reports.ReportTable) -> Table:
        return Table(
            title=each.title, columns=tuple(each.columns), rows=tuple(tuple(row) for row in each.rows),
            note=each.note, hrefs=tuple(map(href, each.ways)),
        )  # fmt: skip

    figures = [
        Figure(**{name: getattr(each, name) for name in FIGURE}, href=href(each.way)) for each in found.figures
    ]
    charts = [Chart(title=each.title, spec=each.spec, table=table(each.table)) for each in found.charts]
    return Report(
        analysis=analysis.name, since=query.since, until=query.until, title=found.title, figures=tuple(figures),
        charts=tuple(charts), tables=tuple(map(table, found.tables)), notes=tuple(found.notes), as_of=found.as_of,
    )  # fmt: skip


def ways_of(analysis: Analysis, query: reports.Query) -> Ways:
    """Return what makes the addresses of a report's ways, as its page would for the same query."""
    here, asked = core(), filters_of(query)
    asked |= {"period": "own", "by": query.by, "compare": "" if query.compare else "no"}
    asked |= {OPTION + name: value for name, value in query.options.items()}

    def there(page: str) -> bool:
        kind, _, name = page.partition(":")
        return kind != "report" or any(each.name == name for each in here.analyst.all())

    via = report_address(analysis.name, asked)
    return Ways(analysis.name, here.analyst.plugin_of(analysis.name), query, asked, there, via)


def working(analysis: Analysis) -> HttpResponse:
    """Return the answer while a report is being made."""
    body = Working(analysis=analysis.name, state="working").model_dump_json()
    return HttpResponse(body, 202, {"Retry-After": "2"}, content_type="application/json")


def wanted_of(query: Asked) -> Wanted:
    """Return the filters as texts."""
    where = {name: getattr(query, "asked_language" if name == "language" else name) for name in DIMENSIONS}
    return Wanted(
        query.period, query.since, query.until, query.basis, query.survey, query.by, query.compare,
        where, options_of(query.options),
    )  # fmt: skip


def options_of(text: str) -> dict[str, str]:
    """Return the options that a text like ``step=week,other=x`` sets.

    Raises:
        Refused: It is none.
    """
    found = {}
    for part in filter(None, text.split(",")):
        name, equals, value = part.partition("=")
        if not equals:
            raise Refused(Problem("options", "must look like name=value,other=value"))
        found[name.strip()] = value.strip()
    return found
