"""What is exported again and again: every day, week or month the day, week or month before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound, Problem, Refused
from ..contract.exports import Filters, RecordSet
from ..loop.core import Core
from ..loop.export_slots import EVERY, Every, slot_after
from ..loop.export_words import filters_from, stored
from ..machinery.links import new_public_id
from ..store.queries import exports as rows
from ..store.types import AnyRow
from .audit import record
from .exports import ExportWish, checked

__all__ = ["ScheduleView", "add_schedule", "list_schedules", "remove_schedule"]

MOST = 50


@dataclass(frozen=True)
class ScheduleView:
    """A schedule as it may be shown.

    Args:
        id: Its public id.
        records: Which record set.
        format: Name of the export.
        filters: Which of its records; the span is that before each slot.
        every: ``day``, ``week`` or ``month``.
        hour: The hour in the company's time zone.
        next_at: When it is due next.
        created_by: Who made it.
    """

    id: str
    records: RecordSet
    format: str
    filters: Filters
    every: Every
    hour: int
    next_at: datetime
    created_by: str


def add_schedule(core: Core, wish: ExportWish, every: str, hour: int, by: str) -> ScheduleView:
    """Export something again and again.

    Args:
        core: The instance.
        wish: What; its span and cursor are left out.
        every: ``day``, ``week`` (on Mondays) or ``month`` (on the first).
        hour: The hour in the company's time zone.
        by: Who wants it, for the audit log.

    Raises:
        Refused: It means nothing.
        NotFound: There is no such format.
        Conflict: The format lacks something, or there are too many schedules.
    """
    chosen = next((each for each in EVERY if each == every), None)
    if chosen is None:
        raise Refused(Problem("every", f"must be one of {', '.join(EVERY)}"))
    if not 0 <= hour <= 23:
        raise Refused(Problem("hour", "must be a number from 0 to 23"))
    checked(core, replace(wish, after="", filters=replace(wish.filters, since=None, until=None)))
    now, public_id = core.clock.now(), new_public_id()
    filters = stored(replace(wish.filters, since=None, until=None))
    next_at = slot_after(chosen, hour, ZoneInfo(core.settings.timezone), now)
    detail = {"records": wish.records, "format": wish.format, "filters": filters, "every": chosen, "hour": hour}

    def run(connection: Connection) -> AnyRow:
        if len(rows.schedules(connection)) >= MOST:
            raise Conflict("there are too many schedules already")
        rows.add_schedule(connection, {
            "public_id": public_id, "records": wish.records, "format": wish.format, "filters": filters,
            "every": chosen, "hour": hour, "next_at": next_at, "created_by": by[:200], "created_at": now,
        })  # fmt: skip
        record(connection, now, by, "export.scheduled", f"export_schedule:{public_id}", detail)
        return _row(connection, public_id)

    return _view(core.store.write(run))


def list_schedules(core: Core) -> list[ScheduleView]:
    """Return all schedules, oldest first."""
    with core.store.read() as connection:
        return [_view(row) for row in rows.schedules(connection)]


def remove_schedule(core: Core, public_id: str, by: str) -> None:
    """Export something no longer; files that are there stay until their time is over.

    Raises:
        NotFound: There is no such schedule.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        row = _row(connection, public_id)
        rows.remove_schedule(connection, row.id)
        record(connection, now, by, "export.unscheduled", f"export_schedule:{public_id}")

    core.store.write(run)


def _row(connection: Connection, public_id: str) -> AnyRow:
    row = rows.schedule_by_public_id(connection, public_id)
    if row is None:
        raise NotFound("there is no such schedule")
    return row


def _view(row: AnyRow) -> ScheduleView:
    return ScheduleView(
        row.public_id, row.records, row.format, filters_from(row.filters), row.every, row.hour, row.next_at,
        row.created_by,
    )  # fmt: skip
