"""The engine as people see it: its lanes, the processes that send, what is parked, who reads the event log, what runs
from time to time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..loop.core import Core
from ..loop.lag import Lag, subscribers_lag, without_position
from ..loop.periodic import key_of
from ..loop.pulse import Pulse, pulses
from ..store.queries import claiming, plugin_tasks
from ..store.queries import tasks as rows
from .tasks import TaskLine, Wanted, list_tasks

__all__ = ["SHOWN", "EngineView", "LaneLine", "PeriodicLine", "engine_view", "lane_lines", "lanes_now"]

#: So many parked and failing tasks are shown at once.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class LaneLine:
    """How one lane stands.

    Args:
        name: The channel, or another lane of its own.
        due: How many tasks have come due and wait for a hand.
        claimed: How many run now.
        parked: How many gave up and wait for a person.
        oldest: Since when the task waits that is due longest, None when none is due.
        rate: The most per second, None when the lane has no limit.
    """

    name: str
    due: int = 0
    claimed: int = 0
    parked: int = 0
    oldest: datetime | None = None
    rate: float | None = None

    def behind(self, now: datetime) -> timedelta:
        """Return for how long the oldest task has been due."""
        return max(timedelta(0), now - self.oldest) if self.oldest is not None else timedelta(0)


@dataclass(frozen=True, slots=True)
class PeriodicLine:
    """Work of a plugin that comes again by itself.

    Args:
        plugin: The plugin.
        name: The task.
        every: After which span.
        next_at: When it runs next, None when it is not planned yet.
        running: Whether it runs now.
        error: Why it failed the last time.
    """

    plugin: str
    name: str
    every: timedelta
    next_at: datetime | None
    running: bool
    error: str


@dataclass(frozen=True)
class EngineView:
    """Everything about the engine at one moment.

    Args:
        now: The moment.
        lanes: How each lane stands.
        engines: The processes that send, or did within the last day.
        parked: Tasks that gave up, the oldest first, up to `SHOWN`.
        failing: Tasks that are tried again, likewise.
        cancelled: Tasks that were called off and may be taken back, likewise.
        subscribers: How far each reader of the event log is.
        unnumbered: How many events wait for their position.
        periodic: What comes again by itself.
    """

    now: datetime
    lanes: Sequence[LaneLine]
    engines: Sequence[Pulse]
    parked: Sequence[TaskLine]
    failing: Sequence[TaskLine]
    cancelled: Sequence[TaskLine]
    subscribers: Sequence[Lag]
    unnumbered: int
    periodic: Sequence[PeriodicLine]

    @property
    def living(self) -> int:
        """How many processes send at present."""
        return sum(each.lives(self.now) for each in self.engines)

    @property
    def due(self) -> int:
        """How many tasks have come due, in all lanes."""
        return sum(each.due for each in self.lanes)

    @property
    def parked_total(self) -> int:
        """How many tasks are parked, in all lanes."""
        return sum(each.parked for each in self.lanes)


def engine_view(core: Core) -> EngineView:
    """Return how the engine stands now."""
    return EngineView(
        now=core.clock.now(),
        lanes=lane_lines(core),
        engines=pulses(core.store),
        parked=list_tasks(core, Wanted("parked"), SHOWN),
        failing=list_tasks(core, Wanted("due", failing=True), SHOWN),
        cancelled=list_tasks(core, Wanted("cancelled"), SHOWN),
        subscribers=subscribers_lag(core),
        unnumbered=without_position(core),
        periodic=periodic_lines(core),
    )


def lane_lines(core: Core) -> list[LaneLine]:
    """Return how each lane stands, by name: those of the channels, and others that have anything to do."""
    with core.store.read() as connection:
        return lanes_now(connection, core)


def lanes_now(connection: Connection, core: Core) -> list[LaneLine]:
    """Return the same on an open connection."""
    now, rates = core.clock.now(), core.settings.engine.rates
    counts = rows.counts_by_lane(connection)
    due: dict[str, tuple[int, datetime]] = {}
    for group in claiming.due_groups(connection, now):
        before, oldest = due.get(group.lane, (0, group.due_at))
        n = rows.due_now(connection, group.lane, group.priority, now)
        due[group.lane] = (before + n, min(oldest, group.due_at))
    channels = {name for name, channel in core.plugins.channels.items() if channel.reaches}
    return [
        LaneLine(
            name=name,
            due=due[name][0] if name in due else 0,
            claimed=counts.get(name, {}).get("claimed", 0),
            parked=counts.get(name, {}).get("parked", 0),
            oldest=due[name][1] if name in due else None,
            rate=rates.get(name),
        )
        for name in sorted({*channels, *rates, *counts, *due})
    ]


def periodic_lines(core: Core) -> list[PeriodicLine]:
    """Return what plugins do again and again, by plugin and name."""
    wanted = [
        (plugin, task.name, task.every)
        for plugin, task in core.plugins.each("feedbackhub_tasks")
        if task.every is not None
    ]
    with core.store.read() as connection:
        known = plugin_tasks.by_keys(connection, [key_of(plugin, name) for plugin, name, _ in wanted]) if wanted else {}
    return [
        PeriodicLine(
            plugin, name, every,
            row.due_at if row is not None and row.state == "due" else None,
            row is not None and row.state == "claimed",
            row.last_error if row is not None else "",
        )
        for plugin, name, every in sorted(wanted)
        for row in (known.get(key_of(plugin, name)),)
    ]  # fmt: skip
