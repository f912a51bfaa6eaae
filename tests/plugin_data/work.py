"""What tests of plugins' work look at."""

from __future__ import annotations

from datetime import timedelta

from feedbackhub.loop.core import Core
from feedbackhub.office.plugin_work import WorkLine, list_work
from feedbackhub.store.queries import outbox

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def only(core: Core) -> WorkLine:
    """Return the only piece of work that has not ended."""
    [line] = list_work(core.store)
    return line


def claim(core: Core, lane: str) -> None:
    """Claim a task for a minute, as a process that then dies."""
    now = core.clock.now()
    core.store.write(lambda connection: outbox.claim(connection, lane, now, now + MINUTE, 1))
