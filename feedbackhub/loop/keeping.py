"""Keeping: how long events stay in the log, and whom it waits for."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..store.queries import log as rows
from ..store.queries import subscribers
from ..store.types import AnyRow
from . import tallies
from .core import Core
from .lag import name_of

__all__ = ["ABSENT", "forget_events"]

_BATCH = 1000
#: How long the log waits for the subscribers of a plugin that is not installed any more.
ABSENT = timedelta(days=30)


def forget_events(core: Core) -> int:
    """Remove events that are old enough and that every subscriber has read, and return how many.

    The newest event always stays: positions go on from it.
    """
    now = core.clock.now()
    with core.store.read() as connection:
        first = rows.first_position(connection)
        young = rows.first_since(connection, now - timedelta(days=core.settings.privacy.events_days))
        last = rows.last_position(connection)
        known = subscribers.subscribers(connection)
    held = [row.position for row in known if _holds(core, row, now)]
    until = min([last - 1, *([young - 1] if young is not None else []), *held])
    removed = 0
    for start in range(first, until + 1, _BATCH):
        end = min(start + _BATCH - 1, until)
        removed += core.store.write(lambda connection, end=end: rows.remove_up_to(connection, end))  # type: ignore[misc]
    return removed


def _holds(core: Core, row: AnyRow, now: datetime) -> bool:
    """Tell whether the log keeps what a subscriber has not read."""
    if row.name == tallies.NAME:
        return True
    plugin = row.name.partition(":")[0]
    if plugin in core.plugins.brought:
        brought = core.plugins.each("feedbackhub_subscribers")
        return row.name in {name_of(owner, each.name) for owner, each in brought}
    if core.plugins.state(plugin) is not None:
        return True  # it fails or is switched off, and will want to go on from where it stands
    absent: timedelta = now - row.updated_at
    return absent < ABSENT
