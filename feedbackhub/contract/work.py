"""Work that happens apart from requests: consumers of the event log, tasks, and what runs from time to time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from .records import Event

if TYPE_CHECKING:  # commands that need no database must not wait for its import
    from sqlalchemy import MetaData
    from sqlalchemy.sql import Executable

#: Spans between the attempts of a task that says nothing else: over about a day.
RETRIES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A task to be done.

    Args:
        task: Name of one of the plugin's tasks.
        payload: What it needs to know; plain JSON values, no personal data.
        due: When; at once when left out.
        key: A task with the same name and key is queued only once, ever; none for no such limit.
    """

    task: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    due: datetime | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """An event to be published: its type begins with the plugin's name and a dot.

    Args:
        type: What happened, like ``recovery.opened``.
        payload: Ids and dimensions; no personal data.
    """

    type: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows from a batch of events; applied in one transaction with the subscriber's position.

    Args:
        changes: SQLAlchemy Core statements on the plugin's own tables, in this order.
        tasks: Outbound work is only ever a task.
        events: What others should know.
    """

    changes: Sequence[Executable] = ()
    tasks: Sequence[Scheduled] = ()
    events: Sequence[Fact] = ()


class Subscriber(ABC):
    """A named consumer of the event log with a position of its own; sees every event, in order, from the first on."""

    name: ClassVar[str]
    #: Types of events it wants, like ``response.recorded``; a trailing ``*`` stands for any; none for all.
    types: ClassVar[Sequence[str]] = ()
    #: Begin with events that happen from now on, instead of the whole history.
    from_now: ClassVar[bool] = False

    @abstractmethod
    def handle(self, events: Sequence[Event]) -> Effects:
        """Say what follows from the next events; may read through the hub, must not call other systems.

        The same batch comes again when it raises, or when the machine died before its effects were stored.
        """


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a task.

    Args:
        payload: What it was scheduled with.
        attempt: 1 for the first.
        due: When it was due; for periodic tasks the slot that it runs for.
    """

    payload: Mapping[str, Any]
    attempt: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of work of a plugin, run by the engine outside any transaction, on one machine at a time.

    A task may run again when a machine died in the middle of it. It raises `TemporaryFailure` to be tried again
    after the next of its `retries` (or after what the failure asks for), `PermanentFailure` to be parked at once; any
    other error counts as temporary. After the last attempt it is parked, listed, and can be retried.

    With `every` it runs by itself: slots are counted from midnight UTC (of a Monday), or from `at`, and the first is
    the next one after the plugin was first loaded. Slots missed while nothing ran are made up for by one run, not many;
    the next slot is planned when a run has ended, so runs never overlap. A run that gives up, or whose next attempt
    would come after the next slot, leaves its error to be seen and the work to the next slot; it is never parked. A
    clock set back by less than a span repeats no slot; set back further, the work goes on by the new time.

    Args:
        name: Its name among the plugin's tasks.
        run: Does it.
        every: For periodic work: the span between two slots.
        at: For periodic work: offset of the slots from midnight UTC.
        limit: The longest a run may take.
        retries: Spans between attempts.
    """

    name: str
    run: Callable[[Call], None]
    every: timedelta | None = None
    at: timedelta = timedelta(0)
    limit: timedelta = timedelta(minutes=5)
    retries: Sequence[timedelta] = RETRIES


@dataclass(frozen=True, slots=True)
class Tables:
    """A plugin's own tables.

    Args:
        metadata: The tables, every name beginning with ``plugin_<name>_`` (``-`` written as ``_``).
        migrations: The folder of its own Alembic revisions, made by ``feedbackhub plugins migration``.
    """

    metadata: MetaData
    migrations: Path
