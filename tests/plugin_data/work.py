"""What tests of plugins' work look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from feedbackhub.loop.core import Core
from feedbackhub.office.task_deeds import DONE, discard_tasks, retry_tasks
from feedbackhub.office.tasks import TaskLine, Wanted, list_tasks
from feedbackhub.store import tables
from feedbackhub.store.queries import claiming
from tests.loop.story import rows

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def waiting(core: Core) -> list[TaskLine]:
    """Return the work that has not ended, but for that of bundled plugins."""
    bundled = {state.name for state in core.plugins.states if state.bundled}
    return [line for line in list_tasks(core, Wanted(), 500) if line.plugin and line.plugin not in bundled]


def retry(core: Core, line: TaskLine) -> None:
    """Have a piece of work run now."""
    assert retry_tasks(core, [line.id], "tests") == {DONE: 1}


def call_off(core: Core, line: TaskLine) -> str:
    """Call a piece of work off, and return what is said of that."""
    [said] = discard_tasks(core, [line.id], "tests")
    return said


def only(core: Core) -> TaskLine:
    """Return the only piece of work that has not ended."""
    [line] = waiting(core)
    return line


def queued(core: Core) -> list[Any]:
    """Return the rows of all plugins' tasks, but for those of bundled plugins."""
    bundled = {state.name for state in core.plugins.states if state.bundled}
    return [row for row in rows(core, tables.task, kind="plugin") if row.reference.partition(":")[0] not in bundled]


def claim(core: Core, lane: str) -> None:
    """Claim a task for a minute and begin it, as a process that then dies."""
    now = core.clock.now()

    def run(connection: Connection) -> None:
        for row in claiming.claim(connection, lane, 0, now, now + MINUTE, 1):
            claiming.begin(connection, (row.id, row.attempt), now + MINUTE)

    core.store.write(run)
