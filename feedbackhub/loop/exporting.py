"""Exporting: runs are taken one after the other, written a batch at a time, and offered when they are whole.

A run is a row. Whoever takes it holds a lease and renews it as the work gets on; a run whose worker died begins anew.
The plugin writes into a folder of that attempt alone, and only a whole file gets a name under which it is offered.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError, NotFound, PermanentFailure, TemporaryFailure, Unavailable
from ..contract.exports import Export
from ..machinery.containment import GivenUp, PluginFault
from ..machinery.links import new_public_id
from ..machinery.logs import note
from ..store.queries import exports as rows
from ..store.types import AnyRow
from . import record_sets
from .core import Core
from .export_files import new_workshop, offer, remove
from .export_progress import Progress, Stopped, following
from .export_slots import slot_after, span_of
from .export_words import download_name, filters_from, filters_to
from .plain import plain
from .retry import backoff

__all__ = ["ATTEMPTS", "exporter", "plan_due", "run_exports"]

log = logging.getLogger(__name__)
#: After so many attempts a run is given up.
ATTEMPTS = 5
#: A schedule makes up for this many slots at most that passed while nothing ran.
MISSED = 31
#: Records in a batch: more are hardly faster, and all are in memory at once.
BATCH = 2_000
_LONGEST_WAIT = timedelta(days=1)


def run_exports(core: Core) -> None:
    """Queue what is due by schedule, then write every run that is due."""
    plan_due(core)
    while (run := _claimed(core)) is not None:
        try:
            _work(core, run)
        except GivenUp:
            return _release(core, run)


def exporter(core: Core, name: str) -> tuple[str, Export]:
    """Return an export that is ready to be used, with its plugin's name.

    Raises:
        NotFound: There is none of that name.
        Unavailable: It lacks something, which the error names.
    """
    found = core.plugins.owner("feedbackhub_exports", name)
    if found is None:
        known = ", ".join(each.name for _, each in core.plugins.each("feedbackhub_exports"))
        raise NotFound(f"there is no format {name}; there are {known}" if known else "no export plugin is active")
    plugin, export = found
    lacks = core.containment.call(plugin, f"check {name}", lambda: str(export.lacks))
    if lacks:
        raise Unavailable(f"{name}: {lacks}", timedelta(hours=1))
    return plugin, export


def plan_due(core: Core) -> int:
    """Queue a run for every slot of a schedule that has come, and return how many those were."""
    now = core.clock.now()
    with core.store.read() as connection:
        if not rows.due_schedules(connection, now):
            return 0

    def run(connection: Connection) -> int:
        return sum(_plan(connection, core, each) for each in rows.due_schedules(connection, now, lock=True))

    return core.store.write(run)


def _plan(connection: Connection, core: Core, schedule: AnyRow) -> int:
    now, zone = core.clock.now(), ZoneInfo(core.settings.timezone)
    slots = []
    slot = schedule.next_at
    while slot <= now:
        slots.append(slot)
        slot = slot_after(schedule.every, schedule.hour, zone, slot)
    for each in slots[-MISSED:]:
        since, until = span_of(schedule.every, zone, each)
        filters = {**schedule.filters, **filters_to(since=since, until=until)}
        rows.add_run(connection, {
            "public_id": new_public_id(), "records": schedule.records, "format": schedule.format, "filters": filters,
            "state": "queued", "schedule": schedule.public_id, "asked_by": schedule.created_by, "due_at": each,
            "created_at": now,
        })  # fmt: skip
    rows.plan_next(connection, schedule.id, slot)
    return len(slots[-MISSED:])


def _claimed(core: Core) -> AnyRow | None:
    now = core.clock.now()
    with core.store.read() as connection:
        if not rows.waiting(connection, now):
            return None
    lease = now + timedelta(seconds=core.settings.engine.lease_seconds)
    return core.store.write(lambda connection: rows.claim(connection, now, lease))


def _work(core: Core, run: AnyRow) -> None:
    """Make one attempt at a run and store what became of it.

    Raises:
        GivenUp: The server stops.
    """
    if run.attempt > ATTEMPTS:
        _change(core, run, {"state": "failed", "error": run.error or "no attempt came to an end", **_ended(core)})
        return
    workshop = new_workshop(core, run.public_id, run.attempt)
    try:
        _write(core, run, workshop)
    except Stopped:
        log.info("export %s stopped: it is not wanted any more", run.public_id)
    except GivenUp:
        raise
    except (NotFound, PermanentFailure) as error:
        _change(core, run, {"state": "failed", "error": plain(str(error)), **_ended(core)})
    except (PluginFault, TemporaryFailure, Unavailable, OSError) as error:
        log.warning("export %s failed: %s", run.public_id, error)
        _again(core, run, error)
    finally:
        remove(workshop)


def _write(core: Core, run: AnyRow, workshop: Path) -> None:
    plugin, export = exporter(core, run.format)
    wanted = record_sets.stretch(core.store, run.records, filters_from(run.filters), run.after)
    total = record_sets.count_of(core.store, wanted)
    progress = Progress(core, run, total)
    columns = record_sets.columns(run.records)
    batches = following(progress, record_sets.batches_of(core.store, wanted, BATCH))
    whole = workshop / f"data.{export.suffix}"
    with whole.open("w+b") as target:
        core.containment.call(
            plugin, f"write {export.name}", export.write, columns, batches, target, limit=progress.patience
        )
    final = offer(core, whole, f"{run.public_id}.{run.attempt}.{export.suffix}")
    try:
        _ship(core, plugin, export, final, run, progress)
        cursor = progress.cursor or run.after
        expires = core.clock.now() + timedelta(days=core.settings.exports.keep_days)
        done = {"state": "done", "file": final.name, "bytes": final.stat().st_size, "cursor": cursor}
        kept = _change(core, run, {**done, **progress.seen, "expires_at": expires, **_ended(core)})
    except FeedbackhubError:
        remove(final)
        raise
    if not kept:
        remove(final)
    else:
        note(log, "export done", export=run.public_id, records=run.records, format=run.format)


def _ship(core: Core, plugin: str, export: Export, final: Path, run: AnyRow, progress: Progress) -> None:
    if type(export).ship is Export.ship:
        return
    name = download_name(run, export.suffix, ZoneInfo(core.settings.timezone))
    progress.begin_closing()
    core.containment.call(plugin, f"ship {export.name}", export.ship, final, name, limit=progress.patience)


def _ended(core: Core) -> dict[str, Any]:
    return {"ended_at": core.clock.now(), "lease_until": None}


def _change(core: Core, run: AnyRow, values: dict[str, Any]) -> bool:
    return core.store.write(lambda connection: rows.change_claimed(connection, run.id, run.attempt, values))


def _release(core: Core, run: AnyRow) -> None:
    """Let the next server begin at once; if that cannot be stored any more, it does when the lease is over."""
    try:
        _change(core, run, {"state": "queued", "lease_until": None})
    except Unavailable as error:
        log.info("export %s begins anew when its lease is over: %s", run.public_id, error)


def _again(core: Core, run: AnyRow, error: Exception) -> None:
    reason = error.reason if isinstance(error, PluginFault) else error.strerror if isinstance(error, OSError) else None
    text = plain(reason or str(error))
    if run.attempt >= ATTEMPTS:
        _change(core, run, {"state": "failed", "error": text, **_ended(core)})
        return
    asked = error.retry_after if isinstance(error, TemporaryFailure | Unavailable) else None
    wait = min(max(asked or timedelta(0), backoff(core, run.attempt)), _LONGEST_WAIT)
    values = {"state": "queued", "error": text, "due_at": core.clock.now() + wait, "lease_until": None}
    _change(core, run, values)
