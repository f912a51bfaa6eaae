"""Exports: files with records, written in the background, fetched when they are done, again and again by schedule."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import flask
from pydantic import Field

from ...contract.exports import Filters
from ...contract.intake import Strict
from ...contract.scalars import Line, Moment, PublicId
from ...office import export_schedules, exports
from ..current import core
from ..downloads import attachment
from .chapter import Chapter
from .shapes import Integral, Shape, actor, nothing

__all__ = ["chapter"]

chapter = Chapter("exports", "Files with responses, contacts, invitations, decisions, deliveries and gestures.")
Records = Literal["responses", "contacts", "invitations", "decisions", "deliveries", "gestures"]
FormatName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Hour = Annotated[int, Field(ge=0, le=23), Integral]
RECORDS_PART = {"records": {"type": "string", "enum": list(exports.RECORDS)}}


class Dimensions(Strict):
    """Which records by what is frozen with them; an empty field asks nothing."""

    survey: Line = ""
    channel: Line = ""
    team: Line = ""
    topic: Line = ""
    product: Line = ""
    brand: Line = ""
    language: Line = ""
    segment: Line = ""
    country: Line = ""
    agent: PublicId | Literal[""] = Field("", description="Id of the agent who served.")
    tests: bool = Field(False, description="Whether test records are included.")


class FiltersIn(Dimensions):
    """Which records; an empty field asks nothing."""

    since: Moment | None = Field(None, description="First moment, inclusive.")
    until: Moment | None = Field(None, description="Last moment, exclusive.")
    basis: Literal["answer", "contact"] = Field("answer", description="Which date of responses and invitations counts.")


class ExportIn(Strict):
    """What to export."""

    records: Records
    format: FormatName = Field(description="Name of a format, such as csv.")
    filters: FiltersIn = FiltersIn()
    after: PublicId | Literal[""] = Field("", description="`cursor` of an export before; only what came later.")


class FiltersOut(Shape):
    """The filters as they are applied."""

    since: datetime | None
    until: datetime | None
    basis: str
    survey: str
    channel: str
    team: str
    topic: str
    product: str
    brand: str
    language: str
    segment: str
    country: str
    agent: str
    tests: bool


class ExportRun(Shape):
    """A run of an export."""

    id: str
    records: str
    format: str
    filters: FiltersOut
    state: str = Field(description="queued, running, done, failed, cancelled or expired.")
    asked_by: str
    schedule: str = Field(description="The schedule that it comes from; empty: it was asked for.")
    rows_done: int
    rows_total: int | None
    bytes: int | None
    cursor: str = Field(description="Where the next export goes on.")
    error: str
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None = Field(description="When the file is removed.")
    name: str = Field(description="What the file is called.")


class ExportRuns(Shape):
    """Runs, newest first."""

    items: tuple[ExportRun, ...]


class ExportFormat(Shape):
    """A way to write records down."""

    name: str
    title: str
    suffix: str
    plugin: str
    lacks: str = Field(description="What it lacks to work; empty when it is ready.")


class ExportFormats(Shape):
    """The formats that there are."""

    items: tuple[ExportFormat, ...]


class ExportColumn(Shape):
    """A column of a record set."""

    name: str
    kind: str
    about: str
    personal: bool


class ExportColumns(Shape):
    """The columns of a record set."""

    items: tuple[ExportColumn, ...]


class ScheduleIn(Strict):
    """What to export again and again: every day, Monday or first of a month the day, week or month before."""

    records: Records
    format: FormatName
    filters: Dimensions = Dimensions()
    every: Literal["day", "week", "month"]
    hour: Hour = Field(3, description="Hour in the company's time zone.")


class Schedule(Shape):
    """A schedule."""

    id: str
    records: str
    format: str
    filters: FiltersOut
    every: str
    hour: int
    next_at: datetime
    created_by: str


class Schedules(Shape):
    """All schedules."""

    items: tuple[Schedule, ...]


def wish(body: ExportIn | ScheduleIn, after: str = "") -> exports.ExportWish:
    """Return what a body asks for."""
    values: dict[str, Any] = body.filters.model_dump()
    return exports.ExportWish(body.records, body.format, Filters(**values), after)


@chapter.operation("POST", "/exports", "exports:write", {202: ExportRun}, body=ExportIn, refuses=(404, 409))
def begin(body: ExportIn) -> ExportRun:
    """Begin an export; it is written in the background."""
    return ExportRun.model_validate(exports.ask_export(core(), wish(body, body.after), actor()))


@chapter.operation("GET", "/exports", "exports:read", {200: ExportRuns})
def index() -> ExportRuns:
    """List the newest exports."""
    return ExportRuns(items=tuple(ExportRun.model_validate(each) for each in exports.list_exports(core())))


@chapter.operation("GET", "/exports/<public:id>", "exports:read", {200: ExportRun})
def show(id: str) -> ExportRun:
    """Return how far an export is."""
    return ExportRun.model_validate(exports.show_export(core(), id))


@chapter.operation(
    "GET", "/exports/<public:id>/file", "exports:read", {200: None}, media="application/octet-stream", refuses=(409,)
)
def file(id: str) -> flask.Response:
    """Return the file of an export that is done."""
    return attachment(exports.export_file(core(), id, actor()))


@chapter.operation("DELETE", "/exports/<public:id>", "exports:write", {204: None})
def remove(id: str) -> flask.Response:
    """Call an export off, or remove its file."""
    exports.remove_export(core(), id, actor())
    return nothing()


@chapter.operation("GET", "/export-formats", "exports:read", {200: ExportFormats})
def formats() -> ExportFormats:
    """List the formats that there are."""
    return ExportFormats(items=tuple(ExportFormat.model_validate(each) for each in exports.formats(core())))


@chapter.operation(
    "GET", f"/export-columns/<any({','.join(exports.RECORDS)}):records>", "exports:read", {200: ExportColumns},
    parts=RECORDS_PART,
)  # fmt: skip
def columns(records: Records) -> ExportColumns:
    """Say what the columns of a record set mean."""
    return ExportColumns(items=tuple(ExportColumn.model_validate(each) for each in exports.columns_of(records)))


@chapter.operation("POST", "/export-schedules", "exports:write", {201: Schedule}, body=ScheduleIn, refuses=(404, 409))
def add_schedule(body: ScheduleIn) -> Schedule:
    """Export something again and again."""
    made = export_schedules.add_schedule(core(), wish(body), body.every, body.hour, actor())
    return Schedule.model_validate(made)


@chapter.operation("GET", "/export-schedules", "exports:read", {200: Schedules})
def schedules() -> Schedules:
    """List what is exported again and again."""
    return Schedules(items=tuple(Schedule.model_validate(each) for each in export_schedules.list_schedules(core())))


@chapter.operation("DELETE", "/export-schedules/<public:id>", "exports:write", {204: None})
def remove_schedule(id: str) -> flask.Response:
    """Export something no longer."""
    export_schedules.remove_schedule(core(), id, actor())
    return nothing()
