"""Reports: what analyses found, filtered by the address; the page answers at once, also while one is being made."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from ..contract.errors import NotFound, Problem, Refused, Unavailable
from ..contract.reading import DIMENSIONS
from ..contract.reports import Analysis, Query
from ..loop.core import Core
from ..machinery.containment import PluginFault
from ..machinery.i18n import N_, Translator
from ..office.report_query import PERIODS, USUAL_PERIOD, Wanted, read_query
from ..office.reports import as_csv, filter_values, table_of, today
from .current import core
from .filters import chosen, pairs, values
from .permission import ROLES, outranks, permission
from .rendering import language, page, texts
from .report_shown import shown
from .sessions import person

__all__ = ["blueprint"]

View = Callable[..., ResponseReturnValue]
#: Seconds that a page waits for its report; after that it looks again by itself.
PATIENCE = 1.8
#: Seconds that a download waits; the page that offered it has mostly had its report made already.
DOWNLOAD_PATIENCE = 10.0
#: What the names of an analysis' own options begin with in addresses, so that they cannot be taken for filters.
OPTION = "o-"
PERIOD_NAMES = {
    "7d": N_("Last 7 days"),
    "30d": N_("Last 30 days"),
    "90d": N_("Last 90 days"),
    "365d": N_("Last 12 months"),
    "own": N_("Days of my choice"),
}
DIMENSION_NAMES = {
    "channel": N_("Channel"),
    "team": N_("Team"),
    "topic": N_("Topic"),
    "product": N_("Product"),
    "brand": N_("Brand"),
    "language": N_("Language"),
    "segment": N_("Segment"),
    "country": N_("Country"),
}


def blueprint(core: Core) -> Blueprint:
    """Serve ``/reports``; who may see at least one analysis finds its line in the navigation."""
    needed = {analysis.permission for analysis in core.analyst.all()} or {"manager"}
    least = next(role for role in ROLES if role in needed)
    pages = Blueprint("reports", __name__, url_prefix="/reports")
    views: tuple[tuple[str, str, View], ...] = (
        ("", "index", index),
        ("/<name>", "show", show),
        ("/<name>/table.csv", "table", table),
    )
    for rule, endpoint, view in views:
        pages.add_url_rule(rule, endpoint, permission(least)(of_its_own(view)))
    return pages


def of_its_own(view: View) -> View:
    """Return a view that belongs to one application alone, as who may call it depends on the plugins there."""

    @wraps(view)
    def called(**parts: str) -> ResponseReturnValue:
        return view(**parts)

    return called


def index() -> ResponseReturnValue:
    """List the analyses that the visitor may see."""
    here = core()
    here.analyst.warm()
    seen = [each for each in here.analyst.all() if outranks(person().role, each.permission)]
    return page("staff/reports.html", analyses=[(each, plugin_words(each)(each.title)) for each in seen])


def show(name: str) -> ResponseReturnValue:
    """Show a report; filters that mean nothing are said beside them."""
    analysis = seen_by_visitor(name)
    wanted = asked_for(analysis)
    problems: dict[str, str] = {}
    query, report, failed = None, None, ""
    try:
        query = query_of(analysis, wanted)
        report = core().analyst.report(name, query, PATIENCE)
    except Refused as refused:
        problems = {each.field: each.reason for each in refused.problems}
    except (PluginFault, Unavailable) as error:
        failed = failure(error)
    body = page(
        "staff/report.html", analysis=analysis, own=plugin_words(analysis), query=query, wanted=wanted,
        problems=problems, failed=failed, report=shown(texts(), report) if report is not None else None,
        as_of=report.as_of if report else None, working=report is None and not failed and not problems,
        **choices(analysis, wanted, query),
    )  # fmt: skip
    # A page that looks again by itself shows whatever comes with a good status only.
    return body, 422 if problems and "HX-Request" not in request.headers else 200


def table(name: str) -> ResponseReturnValue:
    """Give one table of a report as CSV, for a spreadsheet."""
    analysis = seen_by_visitor(name)
    report = core().analyst.report(name, query_of(analysis, asked_for(analysis)), DOWNLOAD_PATIENCE)
    if report is None:
        raise Unavailable("the report is still being made")
    number = chosen("table")
    found = table_of(report, int(number) if number.isdecimal() and len(number) < 4 else 0)
    answer = Response("\ufeff" + as_csv(found), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{number}.csv"'
    return answer


def seen_by_visitor(name: str) -> Analysis:
    """Return an analysis that the visitor may see.

    Raises:
        NotFound: There is none, or it is not for their role.
    """
    found = core().analyst.one(name)
    if not outranks(person().role, found.permission):
        raise NotFound("no such analysis")
    return found


def plugin_words(analysis: Analysis) -> Translator:
    """Return the texts of the plugin that brings an analysis, in the visitor's language."""
    here = core()
    return here.i18n.of_plugin(here.analyst.plugin_of(analysis.name), language())


def asked_for(analysis: Analysis) -> Wanted:
    """Return the filters of the address."""
    return Wanted(
        chosen("period"), chosen("from"), chosen("to"), chosen("basis"), chosen("survey"), chosen("by"),
        chosen("compare"), {name: chosen(name) for name in DIMENSIONS if chosen(name)},
        {each.name: chosen(OPTION + each.name) for each in analysis.options if chosen(OPTION + each.name)},
    )  # fmt: skip


def query_of(analysis: Analysis, wanted: Wanted) -> Query:
    """Return the query that the filters mean.

    Raises:
        Refused: A filter means nothing.
    """
    try:
        return read_query(wanted, today(core()), analysis.options, language(), person().role)
    except Refused as refused:
        names = {"since": "from", "until": "to"}
        raise Refused(*(Problem(names.get(each.field, each.field), each.reason) for each in refused.problems)) from None


def failure(error: PluginFault | Unavailable) -> str:
    """Say why there is no report, in words for the reader; the inside is in the plugin's trace."""
    t = texts()
    if isinstance(error, Unavailable):
        return t("Too much is being asked at the moment. Look again in a minute.")
    if error.outcome == "late":
        return t("The plugin {plugin} took too long and was stopped. Choose fewer days.", plugin=error.plugin)
    if error.outcome == "resting":
        return t("The plugin {plugin} failed several times and rests for a while.", plugin=error.plugin)
    return t("The plugin {plugin} could not make this report: {reason}", plugin=error.plugin, reason=error.reason)


def choices(analysis: Analysis, wanted: Wanted, query: Query | None) -> dict[str, Any]:
    """Return what the filters can be set to."""
    t, day = texts(), today(core())
    offered = filter_values(core(), query.since if query else day, query.until if query else day)
    where = wanted.where or {}
    kept = {name: values(offered[name], where.get(name, "")) for name in DIMENSIONS}
    period = wanted.period or ("own" if wanted.since or wanted.until else USUAL_PERIOD)
    return {
        "periods": pairs([*PERIODS, "own"], lambda key: t(PERIOD_NAMES[key])), "period": period,
        "surveys": pairs(values(offered["survey"], wanted.survey)), "where": where,
        "dimensions": pairs([name for name in DIMENSIONS if kept[name]], lambda key: t(DIMENSION_NAMES[key])),
        "kept": kept, "kept_pairs": lambda name: pairs(kept[name]), "dimension_names": DIMENSION_NAMES,
        "options": wanted.options or {}, "option": OPTION,
        "address": url_for("reports.show", name=analysis.name),
        "csv": table_address, "filtered": any(request.args.values()),
    }  # fmt: skip


def table_address(number: int) -> str:
    """Return where one of the shown tables is downloaded, with the same filters."""
    name = (request.view_args or {})["name"]
    kept = [(key, value) for key, value in request.args.items() if value and key != "table"]
    return f"{url_for('reports.table', name=name)}?{urlencode([*kept, ('table', number)])}"
