"""Lag: how far each subscriber of the event log is behind, and what stops those that fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..store.queries import log
from ..store.queries import subscribers as rows
from ..store.types import AnyRow
from . import tallies
from .core import Core
from .standing import is_parked

__all__ = ["Lag", "name_of", "subscribers_lag", "wants", "without_position"]

#: Subscribers are moved over events that they do not want only now and then; so many are looked at one by one.
NEAR = 500


@dataclass(frozen=True, slots=True)
class Lag:
    """How far one subscriber is behind.

    Args:
        name: The subscriber: ``tallies``, or ``plugin:name``.
        position: The last event that it has read.
        behind: How many events wait for it; those that it does not want are left out while it is near the newest.
        error: What stopped it, empty when it goes on.
        parked: Whether it failed so often in a row that it is tried only now and then.
        since: When the oldest event happened that waits for it, None when none waits.
        installed: Whether its plugin is there; nobody reads for one that was removed.
        failures: How often it failed in a row.
        stuck_at: The event that it fails at, or up to where its next try goes; None when it goes on.
        retry_at: When it is tried again by itself, None when it goes on.
    """

    name: str
    position: int
    behind: int
    error: str
    parked: bool
    since: datetime | None
    installed: bool = True
    failures: int = 0
    stuck_at: int | None = None
    retry_at: datetime | None = None


def name_of(plugin: str, subscriber: str) -> str:
    """Return the name under which a plugin's subscriber is stored."""
    return f"{plugin}:{subscriber}"


def wants(types: Sequence[str], type_: str) -> bool:
    """Tell whether a subscriber of these types wants events of this one."""
    return not types or any(
        type_.startswith(each[:-1]) if each.endswith("*") else type_ == each for each in types
    )


def without_position(core: Core) -> int:
    """Return how many committed events wait for the sequencer; always 0 on SQLite, which numbers at once."""
    with core.store.read() as connection:
        return log.count_unnumbered(connection)


def subscribers_lag(core: Core) -> list[Lag]:
    """Return how far all subscribers are behind, by name; those that have never been fed count from the beginning.

    Raises:
        Unavailable: The database is locked or gone.
    """
    types = _types(core)
    with core.store.read() as connection:
        top = log.last_position(connection)
        known = {row.name: row for row in rows.subscribers(connection)}
        first = log.first_position(connection)
        near = log.kinds_between(connection, max(0, top - NEAR), top)
        names = sorted({*known, *types})
        return [_lag(connection, core, name, known.get(name), types, near, (first, top)) for name in names]


def _types(core: Core) -> dict[str, Sequence[str]]:
    """Return which types of events each subscriber wants that is there, by name."""
    brought = core.plugins.each("feedbackhub_subscribers")
    return {tallies.NAME: tallies.TYPES} | {name_of(plugin, each.name): each.types for plugin, each in brought}


def _lag(
    connection: Connection,
    core: Core,
    name: str,
    row: AnyRow | None,
    types: Mapping[str, Sequence[str]],
    near: Sequence[AnyRow],
    ends: tuple[int, int],
) -> Lag:
    position, (first, top) = row.position if row is not None else 0, ends
    behind, since = top - max(position, first - 1), None
    if behind <= NEAR:
        waiting = [each for each in near if each.position > position and wants(types.get(name, ()), each.type)]
        behind, since = len(waiting), waiting[0].at if waiting else None
    else:
        since = log.first_after(connection, position)
    installed = name in types or core.plugins.state(name.partition(":")[0]) is not None
    if row is None or not row.error:
        return Lag(name, position, behind, "", False, since, installed)
    return Lag(
        name, position, behind, row.error, is_parked(row), since, installed,
        row.failures, row.stuck_at, row.retry_at,
    )  # fmt: skip
