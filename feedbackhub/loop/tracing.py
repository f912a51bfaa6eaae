"""The trace: what ran in which plugin, for how long, with what result, for every process to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..machinery.containment import FAULTS, Ran
from ..store.queries import plugin_calls
from ..store.store import Store
from ..store.types import AnyRow
from .core import Core

__all__ = ["PluginFaults", "faults", "keep_trace", "trace"]

#: Calls that went well are told by a sample when there are very many; faults always.
_AT_ONCE = 200
_KEPT = 1000
_SPAN = timedelta(hours=1)


@dataclass(frozen=True)
class PluginFaults:
    """What went wrong in a plugin lately.

    Args:
        number: How often within the last hour.
        what: What was called the last time.
        reason: What went wrong the last time.
        at: When that was.
    """

    number: int
    what: str
    reason: str
    at: datetime


def keep_trace(core: Core) -> None:
    """Store what ran in this process since the last time."""
    fresh = core.containment.take_fresh()
    if not fresh:
        return
    bad = [each for each in fresh if each.is_fault]
    good = [each for each in fresh if not each.is_fault]
    chosen = sorted([*bad[-_AT_ONCE:], *good[-_AT_ONCE:]], key=lambda each: each.at)
    plugins = Counter(each.plugin for each in chosen)

    def run(connection: Connection) -> None:
        plugin_calls.add(connection, [_row(each) for each in chosen])
        for plugin in plugins:
            plugin_calls.keep_latest(connection, plugin, _KEPT)

    core.store.write(run)


def _row(ran: Ran) -> Mapping[str, object]:
    return {
        "plugin": ran.plugin[:64],
        "what": ran.what[:200],
        "at": ran.at,
        "milliseconds": round(ran.milliseconds, 3),
        "outcome": ran.outcome,
        "detail": ran.detail[:500],
    }


def trace(store: Store, plugin: str = "", faults_only: bool = False, limit: int = 100) -> Sequence[Ran]:
    """Return what ran, newest first.

    Args:
        store: The database.
        plugin: In one plugin, empty for all.
        faults_only: Only what went wrong.
        limit: The most.
    """
    with store.read() as connection:
        rows = plugin_calls.latest(connection, plugin, FAULTS if faults_only else (), limit)
    return [_ran(row) for row in rows]


def _ran(row: AnyRow) -> Ran:
    return Ran(row.plugin, row.what, row.at, row.milliseconds, row.outcome, row.detail)


def faults(store: Store, now: datetime) -> Mapping[str, PluginFaults]:
    """Return what went wrong within the last hour, by plugin."""
    with store.read() as connection:
        rows = plugin_calls.last_faults(connection, FAULTS, now - _SPAN)
    return {row.plugin: PluginFaults(row.n, row.what, row.detail, row.at) for row in rows}
