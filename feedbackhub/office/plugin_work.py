"""What plugins have to do: tasks, letters and erasings that wait or are in trouble; try again or call off, audited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..loop.core import Core
from ..loop.erase_later import ERASE
from ..loop.letters import LETTER
from ..loop.plugin_queue import TASK, lane_of
from ..store.queries import log
from ..store.queries import plugin_tasks as rows
from ..store.queries import subscribers as readers
from ..store.store import Store
from ..store.types import AnyRow
from .audit import record

__all__ = ["Following", "WorkLine", "call_off_work", "followers", "list_work", "retry_work"]

KINDS = (TASK, LETTER, ERASE)
MOST = 500
PERIODIC = "periodic:"
_Act = Callable[[Connection, AnyRow, datetime], None]


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One piece of work.

    Args:
        number: Its number, for trying again and calling off.
        plugin: The plugin.
        kind: ``task``, ``periodic``, ``letter`` or ``erasing``.
        what: The task's name; of a letter its channel.
        state: ``due``, ``claimed`` (runs now) or ``parked``.
        attempts: How often it was tried, since a person last asked for it.
        due_at: When it is due.
        error: Why it failed the last time.
    """

    number: int
    plugin: str
    kind: str
    what: str
    state: str
    attempts: int
    due_at: datetime
    error: str

    @property
    def may_retry(self) -> bool:
        """Whether it waits for something that a person can cut short."""
        return self.state != "claimed"

    @property
    def may_cancel(self) -> bool:
        """Whether it can be called off: periodic work would come again, and an erasing is owed."""
        return self.kind in ("task", "letter")


def list_work(store: Store, plugin: str = "") -> list[WorkLine]:
    """Return the work that has not ended, what is in trouble first; letters only when all plugins' is asked for."""
    with store.read() as connection:
        found = rows.listed(connection, KINDS, lane_of(plugin) if plugin else "", MOST)
    return [_line(row) for row in found]


def _line(row: AnyRow) -> WorkLine:
    payload = row.payload or {}
    plugin, _, name = row.reference.partition(":")
    kind = {TASK: "task", LETTER: "letter", ERASE: "erasing"}[row.kind]
    if row.dedup_key.startswith(PERIODIC):
        kind = "periodic"
    if row.kind == LETTER:
        plugin, name = str(payload.get("plugin", "")), row.lane
    attempts = row.attempt - row.base - int(payload.get("base", 0))
    return WorkLine(row.id, plugin, kind, name or "erase", row.state, attempts, row.due_at, row.last_error)


@dataclass(frozen=True, slots=True)
class Following:
    """How far a plugin's subscriber has read.

    Args:
        plugin: The plugin.
        name: The subscriber.
        behind: How many events it has not read; up to some hundreds when it wants none of them.
        error: What stopped it, empty when it goes on.
    """

    plugin: str
    name: str
    behind: int
    error: str


def followers(store: Store, plugin: str = "") -> list[Following]:
    """Return the subscribers of all plugins, or of one, by name."""
    with store.read() as connection:
        newest = log.last_position(connection)
        found = [row for row in readers.subscribers(connection) if ":" in row.name]
    split = [(*row.name.split(":", 1), row) for row in found]
    return [
        Following(owner, name, newest - row.position, row.error)
        for owner, name, row in split
        if plugin in ("", owner)
    ]


def retry_work(core: Core, number: int, by: str) -> None:
    """Let a piece of work run now, its attempts counted anew.

    Raises:
        NotFound: There is none of that number.
        Conflict: It runs now, or has ended.
    """

    def act(connection: Connection, row: AnyRow, now: datetime) -> None:
        if row.state not in ("due", "parked"):
            raise Conflict("it runs now, or has ended")
        payload = {**(row.payload or {}), "base": row.attempt - row.base}
        rows.retry(connection, row, payload, now)

    _act(core, number, by, "plugin_work.retried", act)


def call_off_work(core: Core, number: int, by: str) -> None:
    """Call a piece of work off.

    Raises:
        NotFound: There is none of that number.
        Conflict: It has ended, runs by itself from time to time, or is an erasing.
    """

    def act(connection: Connection, row: AnyRow, now: datetime) -> None:
        if not _line(row).may_cancel:
            raise Conflict("periodic work comes again by itself, and what must be erased cannot be called off")
        if not rows.call_off(connection, [row.id], now):
            raise Conflict("it has ended")

    _act(core, number, by, "plugin_work.cancelled", act)


def _act(core: Core, number: int, by: str, action: str, act: _Act) -> None:
    now = core.clock.now()

    def run(connection: Connection) -> None:
        row = rows.one(connection, number, KINDS)
        if row is None:
            raise NotFound("no such work")
        act(connection, row, now)
        line = _line(row)
        record(connection, now, by, action, f"plugin:{line.plugin}", {"kind": line.kind, "what": line.what})

    core.store.write(run)
