"""Tasks for people: what waits, runs, is parked or was called off, each by a public id; run now, call off, audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..loop.core import Core
from ..loop.erase_later import ERASE
from ..loop.invite import DELIVER
from ..loop.letters import LETTER
from ..loop.plugin_queue import PLUGIN_LANE, TASK, lane_of
from ..loop.settle import SETTLE
from ..machinery.veils import unveiled, veiled
from ..store.queries import tasks as rows
from ..store.queries.inbound import INBOUND
from ..store.queries.tasks import OPEN, PERIODIC, STATES
from ..store.types import AnyRow

__all__ = [
    "KINDS",
    "OPEN",
    "STATES",
    "TaskLine",
    "Wanted",
    "in_trouble_first",
    "kind_of",
    "list_tasks",
    "number_of",
    "one_task",
    "wanted_rows",
]

#: What people read of a kind, and what the outbox calls it.
KINDS = {
    "delivery": DELIVER,
    "settling": SETTLE,
    "request": INBOUND,
    "task": TASK,
    "periodic": TASK,
    "letter": LETTER,
    "erasing": ERASE,
}
_PURPOSE = "task ids"


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task.

    Args:
        id: Its public id.
        kind: ``delivery``, ``settling`` (of a response), ``request`` (of another system), ``task`` or ``periodic`` (of
            a plugin), ``letter``, ``erasing``; or what the outbox calls it.
        lane: The channel, or another lane of its own, in which it waits.
        plugin: The plugin whose work it is; empty for the core's.
        what: What it is about: the public id of the delivery, response or request; of a plugin's task its name.
        contact: The contact's public id, empty when there is none.
        invitation: The invitation's public id, empty when there is none.
        state: ``due`` (waits), ``claimed`` (runs now), ``parked`` (gave up) or ``cancelled``; ``done`` is not listed.
        attempts: How often it was tried, since a person last asked for it.
        due_at: When it is due.
        created_at: When it was queued.
        ended_at: When it was parked or called off.
        error: Why it failed the last time.
    """

    id: str
    kind: str
    lane: str
    plugin: str
    what: str
    contact: str
    invitation: str
    state: str
    attempts: int
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None
    error: str

    @property
    def may_retry(self) -> bool:
        """Whether a person can have it run now; more is checked then."""
        waits_after_failure = self.state == "due" and (bool(self.error) or self.kind != "delivery")
        return waits_after_failure or self.state in ("parked", "cancelled")

    @property
    def may_discard(self) -> bool:
        """Whether it can be called off: what is owed to somebody cannot, nor what comes again by itself."""
        return self.state in ("due", "parked") and self.kind not in ("periodic", "erasing", "settling")


@dataclass(frozen=True)
class Wanted:
    """Which tasks to list; empty values do not filter.

    Args:
        state: One of `STATES`; empty: whatever has not ended.
        kind: One of `KINDS`.
        lane: One lane.
        plugin: Tasks of one plugin; its letters are in their channels' lanes.
        failing: Only tasks that failed before.
    """

    state: str = ""
    kind: str = ""
    lane: str = ""
    plugin: str = ""
    failing: bool = False

    @property
    def terms(self) -> rows.TaskFilter:
        """The same for the outbox."""
        return rows.TaskFilter(
            states=(self.state,) if self.state else OPEN,
            kinds=(KINDS[self.kind],) if self.kind else (),
            lane=lane_of(self.plugin) if self.plugin else self.lane,
            periodic=self.kind == "periodic" if self.kind in ("task", "periodic") else None,
            failing=self.failing,
        )


def list_tasks(core: Core, wanted: Wanted, limit: int, after: str = "") -> list[TaskLine]:
    """Return tasks in the order in which they were queued.

    Args:
        core: The instance.
        wanted: Which.
        limit: The most.
        after: The public id of the one before the first; empty: from the beginning.

    Raises:
        NotFound: There is no such place in the list.
    """
    with core.store.read() as connection:
        found = rows.page(connection, wanted.terms, _place(core, after), limit)
        return lines(connection, core, found)


def in_trouble_first(core: Core, wanted: Wanted, limit: int) -> list[TaskLine]:
    """Return tasks, those that are parked first, then those that run, those that wait last."""
    found: list[TaskLine] = []
    for state in (wanted.state,) if wanted.state else OPEN:
        if len(found) < limit:
            found += list_tasks(core, replace(wanted, state=state), limit - len(found))
    return found


def wanted_rows(connection: Connection, wanted: Wanted, after: int, limit: int) -> Sequence[AnyRow]:
    """Return rows of tasks in the order in which they were queued, behind a row number."""
    return rows.page(connection, wanted.terms, after, limit)


def one_task(core: Core, task_id: str) -> TaskLine:
    """Return one task by its public id.

    Raises:
        NotFound: There is no such task; tasks that ended are removed after a while.
    """
    with core.store.read() as connection:
        row = rows.one(connection, number_of(core, task_id))
        if row is None:
            raise NotFound("there is no such task")
        return lines(connection, core, [row])[0]


def number_of(core: Core, task_id: str) -> int:
    """Return the row number behind a public id.

    Raises:
        NotFound: It is no task's id.
    """
    number = unveiled(core.links.derived(_PURPOSE), task_id)
    if number is None:
        raise NotFound("there is no such task")
    return number


def _place(core: Core, after: str) -> int:
    if not after:
        return 0
    number = unveiled(core.links.derived(_PURPOSE), after)
    if number is None:
        raise NotFound("there is no such place in this list")
    return number


def lines(connection: Connection, core: Core, found: Sequence[AnyRow]) -> list[TaskLine]:
    """Return the lines of rows, with what they are about."""
    about = {DELIVER: rows.deliveries, SETTLE: rows.responses, INBOUND: rows.requests}
    known = {
        kind: look(connection, [int(each.reference) for each in found if each.kind == kind])
        for kind, look in about.items()
        if any(each.kind == kind for each in found)
    }
    key = core.links.derive(_PURPOSE)
    return [_line(veiled(key, row.id), row, known.get(row.kind, {})) for row in found]


def _line(public_id: str, row: AnyRow, known: dict[int, AnyRow]) -> TaskLine:
    subject = known.get(int(row.reference)) if known else None
    payload = row.payload or {}
    plugin, _, what = row.reference.partition(":") if row.lane.startswith(PLUGIN_LANE) else ("", "", "")
    if row.kind == LETTER:
        plugin = str(payload.get("plugin", ""))
    return TaskLine(
        id=public_id,
        kind=kind_of(row),
        lane=row.lane,
        plugin=plugin,
        what=subject.public_id if subject is not None else what,
        contact=getattr(subject, "contact", None) or "",
        invitation=getattr(subject, "invitation", None) or "",
        state=row.state,
        attempts=row.attempt - row.base - int(payload.get("base", 0)),
        due_at=row.due_at,
        created_at=row.created_at,
        ended_at=row.ended_at,
        error=row.last_error,
    )


def kind_of(row: AnyRow) -> str:
    """Return what people read of a task's kind."""
    if row.kind == TASK:
        return "periodic" if row.dedup_key.startswith(PERIODIC) else "task"
    return next((name for name, kind in KINDS.items() if kind == row.kind), row.kind)
