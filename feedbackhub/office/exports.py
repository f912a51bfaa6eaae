"""Exports as people ask for them: begun, watched, called off, fetched and removed; the audit log holds who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ..contract.errors import Conflict, FeedbackhubError, NotFound, Problem, Refused, Unavailable
from ..contract.exports import Column, Filters, RecordSet
from ..loop import record_sets
from ..loop.core import Core
from ..loop.export_files import path_of, sweep
from ..loop.export_words import download_name, filters_from, stored
from ..loop.exporting import exporter
from ..machinery.links import new_public_id
from ..store.queries import exports as rows
from ..store.types import AnyRow
from .audit import record

__all__ = [
    "RECORDS",
    "ExportFile",
    "ExportWish",
    "Format",
    "RunView",
    "ask_export",
    "cancel_export",
    "check_span",
    "checked",
    "columns_of",
    "export_file",
    "formats",
    "list_exports",
    "note_export",
    "remove_export",
    "show_export",
]

RECORDS: tuple[RecordSet, ...] = ("responses", "contacts", "invitations", "decisions", "deliveries", "gestures")
#: How many runs may wait at the same time.
MOST_WAITING = 50
SHOWN = 100


@dataclass(frozen=True)
class ExportWish:
    """What somebody wants to export.

    Args:
        records: Which record set.
        format: Name of the export.
        filters: Which of its records.
        after: Cursor to go on from, empty to begin.
    """

    records: RecordSet
    format: str
    filters: Filters = Filters()
    after: str = ""


@dataclass(frozen=True)
class Format:
    """A way to write records down.

    Args:
        name: Its name.
        title: Its name for people.
        suffix: How its files end.
        plugin: The plugin that brings it.
        lacks: What it lacks to work; empty when it is ready.
    """

    name: str
    title: str
    suffix: str
    plugin: str
    lacks: str


@dataclass(frozen=True)
class RunView:
    """A run as it may be shown.

    Args:
        id: Its public id.
        records: Which record set.
        format: Name of the export.
        filters: Which of its records.
        state: queued, running, done, failed, cancelled or expired.
        asked_by: Who wants it.
        schedule: Public id of the schedule that it comes from; empty for none.
        rows_done: How many records are written.
        rows_total: How many there are to write; None before that is known.
        bytes: How large the file is.
        cursor: Where the next export of the same kind goes on.
        error: What went wrong.
        created_at: When it was asked for.
        ended_at: When it ended.
        expires_at: When its file is removed.
        name: What its file is called.
    """

    id: str
    records: RecordSet
    format: str
    filters: Filters
    state: str
    asked_by: str
    schedule: str
    rows_done: int
    rows_total: int | None
    bytes: int | None
    cursor: str
    error: str
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    name: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be written."""
        return self.state in ("queued", "running")

    @property
    def percent(self) -> int:
        """How much of it is written."""
        return min(100, 100 * self.rows_done // self.rows_total) if self.rows_total else 0


@dataclass(frozen=True)
class ExportFile:
    """A finished file."""

    path: Path
    name: str
    media_type: str


def formats(core: Core) -> list[Format]:
    """Return the exports of all plugins with what each lacks."""
    return [
        Format(each.name, each.title, each.suffix, plugin, _lacks(core, each.name))
        for plugin, each in core.plugins.each("feedbackhub_exports")
    ]


def _lacks(core: Core, name: str) -> str:
    try:
        exporter(core, name)
    except FeedbackhubError as error:
        return str(error)
    return ""


def columns_of(records: RecordSet) -> Sequence[Column]:
    """Return the columns of a record set."""
    return record_sets.columns(records)


def checked(core: Core, wish: ExportWish) -> None:
    """Refuse a wish that cannot be fulfilled.

    Raises:
        Refused: There is no such record set.
        NotFound: There is no such format, or nothing is known of the cursor.
        Conflict: The format lacks something that has to be installed.
    """
    if wish.records not in RECORDS:
        raise Refused(Problem("records", f"must be one of {', '.join(RECORDS)}"))
    try:
        exporter(core, wish.format)
    except Unavailable as error:
        raise Conflict(str(error)) from None
    if wish.after:
        record_sets.stretch(core.store, wish.records, wish.filters, wish.after)


def check_span(filters: Filters) -> None:
    """Refuse a span in which nothing can be, which for a person is a slip.

    Raises:
        Refused: It ends before it begins.
    """
    if filters.since is not None and filters.until is not None and filters.until <= filters.since:
        raise Refused(Problem("until", "must be later than since"))


def ask_export(core: Core, wish: ExportWish, by: str) -> RunView:
    """Queue an export and return its run.

    Args:
        core: The instance.
        wish: What is wanted.
        by: Who wants it, for the audit log.

    Raises:
        Refused: There is no such record set.
        NotFound: There is no such format, or nothing is known of the cursor.
        Conflict: The format lacks something, or too many exports wait already.
    """
    checked(core, wish)
    now, public_id = core.clock.now(), new_public_id()
    filters = stored(wish.filters)

    def run(connection: Connection) -> AnyRow:
        if sum(each.state in ("queued", "running") for each in rows.runs(connection, SHOWN)) >= MOST_WAITING:
            raise Conflict("too many exports are waiting; try again when some are done")
        rows.add_run(connection, {
            "public_id": public_id, "records": wish.records, "format": wish.format, "filters": filters,
            "after": wish.after, "state": "queued", "asked_by": by[:200], "due_at": now, "created_at": now,
        })  # fmt: skip
        record(connection, now, by, "export.asked", f"export:{public_id}", _particulars(wish, filters))
        return _row(connection, public_id)

    return _view(core, core.store.write(run))


def note_export(core: Core, wish: ExportWish, by: str) -> None:
    """Note in the audit log that somebody exports without leaving a file here."""
    now, detail = core.clock.now(), _particulars(wish, stored(wish.filters))
    core.store.write(lambda connection: record(connection, now, by, "export.written", f"export:{wish.records}", detail))


def _particulars(wish: ExportWish, filters: dict[str, Any]) -> dict[str, Any]:
    return {"records": wish.records, "format": wish.format, "filters": filters}


def list_exports(core: Core, limit: int = SHOWN) -> list[RunView]:
    """Return the runs, newest first."""
    with core.store.read() as connection:
        return [_view(core, row) for row in rows.runs(connection, limit)]


def show_export(core: Core, public_id: str) -> RunView:
    """Return one run.

    Raises:
        NotFound: There is no such run.
    """
    with core.store.read() as connection:
        return _view(core, _row(connection, public_id))


def export_file(core: Core, public_id: str, by: str) -> ExportFile:
    """Return a finished file, and note who fetches it.

    Raises:
        NotFound: There is no such run, or its file is not there any more.
        Conflict: It is not finished.
    """
    now = core.clock.now()

    def run(connection: Connection) -> AnyRow:
        row = _row(connection, public_id)
        if row.state in ("queued", "running"):
            raise Conflict("the export is not finished yet")
        if row.state != "done" or row.expires_at is None or row.expires_at <= now:
            raise NotFound("this export has no file")
        record(connection, now, by, "export.fetched", f"export:{public_id}", {"records": row.records})
        return row

    row = core.store.write(run)
    path = path_of(core, row.file)
    if not path.is_file():
        raise NotFound("the file of this export is not on this machine")
    found = core.plugins.owner("feedbackhub_exports", row.format)
    media_type = found[1].media_type if found else "application/octet-stream"
    return ExportFile(path, _view(core, row).name, media_type)


def cancel_export(core: Core, public_id: str, by: str) -> None:
    """Call an export off that is not finished; nothing of it is kept.

    Raises:
        NotFound: There is no such run.
        Conflict: It has ended already.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        row = _row(connection, public_id, lock=True)
        if row.state not in ("queued", "running"):
            raise Conflict("the export has ended already")
        rows.change_run(connection, row.id, {"state": "cancelled", "ended_at": now, "lease_until": None})
        record(connection, now, by, "export.cancelled", f"export:{public_id}")

    core.store.write(run)


def remove_export(core: Core, public_id: str, by: str) -> None:
    """Call an export off, or remove its file.

    Raises:
        NotFound: There is no such run.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        row = _row(connection, public_id, lock=True)
        state = "cancelled" if row.state in ("queued", "running") else "expired" if row.state == "done" else row.state
        values = {"state": state, "file": "", "ended_at": row.ended_at or now, "lease_until": None}
        rows.change_run(connection, row.id, values)
        record(connection, now, by, "export.removed", f"export:{public_id}")

    core.store.write(run)
    sweep(core)


def _row(connection: Connection, public_id: str, lock: bool = False) -> AnyRow:
    row = rows.run_by_public_id(connection, public_id, lock)
    if row is None:
        raise NotFound("there is no such export")
    return row


def _view(core: Core, row: AnyRow) -> RunView:
    found = core.plugins.owner("feedbackhub_exports", row.format)
    suffix = found[1].suffix if found else Path(row.file).suffix.lstrip(".") or row.format
    return RunView(
        id=row.public_id, records=row.records, format=row.format, filters=filters_from(row.filters), state=row.state,
        asked_by=row.asked_by, schedule=row.schedule, rows_done=row.rows_done, rows_total=row.rows_total,
        bytes=row.bytes, cursor=row.cursor, error=row.error, created_at=row.created_at, ended_at=row.ended_at,
        expires_at=row.expires_at, name=download_name(row, suffix, ZoneInfo(core.settings.timezone)),
    )  # fmt: skip
