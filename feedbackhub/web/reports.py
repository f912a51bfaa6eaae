"""Reports: what analyses found, filtered by the address; the page answers at once, also while one is being made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from ..contract.errors import Refused, Unavailable
from ..loop.core import Core
from ..machinery.containment import PluginFault
from . import overview, report_files
from .current import core
from .permission import ROLES, permission
from .redirects import go
from .rendering import page, texts
from .report_filters import asked_for, choices, in_words, kept, plugin_words, query_of, seen_by_visitor, ways_of
from .report_shown import shown
from .report_words import failure
from .ways import with_values

__all__ = ["blueprint"]

View = Callable[..., ResponseReturnValue]
#: Seconds that a page waits for its report; after that it looks again by itself.
PATIENCE = 1.8


def blueprint(core: Core) -> Blueprint:
    """Serve ``/reports``; who may see at least one analysis finds its line in the navigation."""
    needed = {analysis.permission for analysis in core.analyst.all()} or {"manager"}
    least = next(role for role in ROLES if role in needed)
    pages = Blueprint("reports", __name__, url_prefix="/reports")
    views: tuple[tuple[str, str, str, View], ...] = (
        ("", "index", "GET", overview.index),
        ("/<name>", "show", "GET", show),
        ("/<name>/anew", "anew", "POST", anew),
        ("/<name>/card", "card", "GET", overview.card),
        ("/<name>/table.csv", "table", "GET", report_files.table),
        ("/<name>/tables.zip", "tables", "GET", report_files.tables),
        ("/<name>/chart.<any(svg,png):ending>", "chart", "GET", report_files.chart),
    )
    for rule, endpoint, method, view in views:
        pages.add_url_rule(rule, endpoint, permission(least)(of_its_own(view)), methods=[method])
    return pages


def of_its_own(view: View) -> View:
    """Return a view that belongs to one application alone, as who may call it depends on the plugins there."""

    @wraps(view)
    def called(**parts: str) -> ResponseReturnValue:
        return view(**parts)

    return called


def show(name: str) -> ResponseReturnValue:
    """Show a report; filters that mean nothing are said beside them."""
    analysis = seen_by_visitor(name)
    offered = core().analyst.options(analysis)
    wanted = asked_for(offered)
    problems: dict[str, str] = {}
    query, report, failed, renewing = None, None, "", False
    try:
        query = query_of(wanted, offered)
        report = core().analyst.report(name, query, PATIENCE)
        renewing = report is not None and core().analyst.renewing(name, query)
    except Refused as refused:
        problems = in_words(refused)
    except (PluginFault, Unavailable) as error:
        failed = failure(error)
    ways = ways_of(analysis, query, dict(request.args.items()), address(name)) if query else None
    body = page(
        "staff/report.html", analysis=analysis, offered=offered, own=plugin_words(analysis), query=query, wanted=wanted,
        problems=problems, failed=failed, report=shown(texts(), report, ways) if report and ways else None,
        as_of=report.as_of if report else None, renewing=renewing,
        working=report is None and not failed and not problems,
        address=url_for("reports.show", name=name), overview=with_values(url_for("reports.index"), kept()),
        csv=lambda number: address(name, "reports.table", table=str(number)), zip=address(name, "reports.tables"),
        anew=address(name, "reports.anew"), other_basis=other_basis(name, wanted.basis), pictures=core().artist.ready,
        picture=lambda number, ending: address(name, "reports.chart", ending=ending, chart=str(number)),
        **choices(wanted, query),
    )  # fmt: skip
    # A page that looks again by itself shows whatever comes with a good status only.
    return body, 422 if problems and "HX-Request" not in request.headers else 200


def anew(name: str) -> ResponseReturnValue:
    """Have a report made again that is kept for a while, and lead to it."""
    analysis = seen_by_visitor(name)
    offered = core().analyst.options(analysis)
    # What goes wrong is met again by the page that this leads to, which says it.
    with suppress(Refused, PluginFault, Unavailable):
        core().analyst.report(name, query_of(asked_for(offered), offered), 0.0, fresh=True)
    return go(address(name).removeprefix(request.script_root))


def address(name: str, endpoint: str = "reports.show", ending: str = "", **more: str) -> str:
    """Return the address of a report, or of something of it, with the same filters."""
    parts: dict[str, Any] = {"ending": ending} if ending else {}
    found = {key: value for key, value in request.args.items() if key not in ("table", "chart")}
    return with_values(url_for(endpoint, name=name, **parts), {**found, **more})


def other_basis(name: str, basis: str) -> str:
    """Return the address of the same report by the other date: of the contact instead of the answer, or back."""
    return address(name, basis="" if basis == "contact" else "contact")
