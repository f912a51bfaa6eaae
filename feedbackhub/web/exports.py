"""Exports: files with records, begun and scheduled here, watched, fetched, called off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from ..contract.errors import Conflict, NotFound, Refused
from ..contract.exports import Filters, RecordSet
from ..loop.core import Core
from ..office import export_schedules, exports
from ..office.lists import answer_values
from . import export_words as words
from .current import core
from .downloads import attachment
from .filters import LONGEST, midnight, pairs
from .forms import reasons
from .permission import permission
from .redirects import go
from .refusal_words import refusal_text
from .rendering import page, texts
from .sessions import actor

__all__ = ["blueprint"]

SHOWN = 30
ON_THE_HOUR = [str(hour) for hour in range(24)]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/exports``."""
    pages = Blueprint("exports", __name__, url_prefix="/exports")
    pages.get("")(index)
    pages.post("")(begin)
    pages.post("/schedules")(schedule)
    pages.post("/schedules/<public:public_id>/remove")(unschedule)
    pages.get("/columns/<string:records>")(columns)
    pages.get("/<public:public_id>/file")(file)
    pages.post("/<public:public_id>/remove")(remove)
    return pages


@permission("manager")
def index() -> ResponseReturnValue:
    """List the newest exports and what is exported regularly, below the form for another one."""
    return listed()


def listed(problems: dict[str, str] | None = None) -> str:
    """Return the page, with what was typed wrongly."""
    here, t = core(), texts()
    runs, known = exports.list_exports(here, SHOWN), exports.formats(here)
    offered = answer_values(here)
    return page(
        "staff/exports.html", runs=runs, busy=any(each.is_open for each in runs),
        typed=request.form if problems else {}, problems=problems or {}, states=words.STATES,
        schedules=export_schedules.list_schedules(here),
        names=words.RECORD_NAMES, records=[(each, t(words.RECORD_NAMES[each])) for each in exports.RECORDS],
        formats=[(each.name, each.title) for each in known if not each.lacks],
        lacking=[each for each in known if each.lacks], titles={each.name: each.title for each in known},
        every=[(each, t(text)) for each, text in words.EVERY.items()], every_names=words.EVERY,
        hours=[(each, f"{each:>02}:00") for each in ON_THE_HOUR], days=here.settings.exports.keep_days,
        offered={name: pairs(found) for name, found in offered.items()}, zone=here.settings.timezone,
    )  # fmt: skip


@permission("manager")
def begin() -> ResponseReturnValue:
    """Begin an export."""
    t = texts()
    wanted = wish()
    try:
        exports.check_span(wanted.filters)
        exports.ask_export(core(), wanted, actor())
    except Refused as refused:
        return listed(reasons(refused)), 422
    except Conflict as conflict:
        return listed({"records": refusal_text(t, str(conflict))}), 409
    flash(t("The export is being written. It appears in the list below."), "good")
    return go("/exports")


@permission("manager")
def schedule() -> ResponseReturnValue:
    """Export something regularly."""
    t, hour = texts(), typed("hour")
    try:
        export_schedules.add_schedule(core(), wish(), typed("every"), int(hour) if hour in ON_THE_HOUR else -1, actor())
    except Refused as refused:
        return listed(reasons(refused)), 422
    except Conflict as conflict:
        return listed({"every": refusal_text(t, str(conflict))}), 409
    flash(t("This is exported regularly from now on."), "good")
    return go("/exports")


@permission("manager")
def unschedule(public_id: str) -> ResponseReturnValue:
    """Export something no longer."""
    t = texts()
    export_schedules.remove_schedule(core(), public_id, actor())
    flash(t("This is not exported any more. Files that are there stay until their time is over."), "good")
    return go("/exports")


@permission("manager")
def remove(public_id: str) -> ResponseReturnValue:
    """Call an export off, or remove its file."""
    t = texts()
    exports.remove_export(core(), public_id, actor())
    flash(t("The export is removed."), "good")
    return go("/exports")


@permission("manager")
def file(public_id: str) -> ResponseReturnValue:
    """Hand out a finished file."""
    return attachment(exports.export_file(core(), public_id, actor()))


@permission("manager")
def columns(records: str) -> ResponseReturnValue:
    """Say what the columns of a record set mean."""
    if records not in exports.RECORDS:
        raise NotFound("There are no such records.")
    return page(
        "staff/export_columns.html", records=records, columns=exports.columns_of(records), names=words.RECORD_NAMES,
        kinds=words.KINDS, every=exports.RECORDS,
    )  # fmt: skip


def wish() -> exports.ExportWish:
    """Return what the form asks for."""
    first, last = form_day("from"), form_day("to")
    until = midnight(last + timedelta(days=1)) if last is not None and last < date.max else None
    same: dict[str, Any] = {name: typed(name) for name in ("survey", "channel", "team")}
    filters = Filters(
        since=midnight(first), until=until, tests=request.form.get("tests") == "1",
        basis="contact" if request.form.get("basis") == "contact" else "answer", **same,
    )  # fmt: skip
    return exports.ExportWish(cast(RecordSet, typed("records")), typed("format"), filters)


def typed(name: str) -> str:
    """Return a field of the form."""
    return request.form.get(name, "")[:LONGEST]


def form_day(name: str) -> date | None:
    """Return a day of the form, None for none and for what is no day."""
    try:
        return date.fromisoformat(typed(name))
    except ValueError:
        return None
