"""What tests of plugins' work look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from feedbackhub.loop.core import Core
from feedbackhub.office.plugin_work import WorkLine, list_work
from feedbackhub.store import tables
from feedbackhub.store.queries import claiming
from tests.loop.story import rows

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def waiting(core: Core) -> list[WorkLine]:
    """Return the work that has not ended, but for that of bundled plugins."""
    bundled = {state.name for state in core.plugins.states if state.bundled}
    return [line for line in list_work(core.store) if line.plugin not in bundled]


def only(core: Core) -> WorkLine:
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
