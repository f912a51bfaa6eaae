"""Pulse: each process that sends tells now and then that it lives, and adds what it has sent to the common counters."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import Unavailable
from ..store.queries import claiming, watching
from ..store.store import Store
from .core import Core

__all__ = [
    "ALIVE",
    "CELERY_WORKER",
    "EVERY",
    "Pulse",
    "beat",
    "end",
    "metered",
    "pulses",
    "silent",
    "stop",
    "tell",
]

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=10)
#: Without a word for longer than this, an engine counts as gone.
ALIVE = timedelta(seconds=60)
#: For this long it is remembered that there was one.
_KEPT = timedelta(days=1)
#: What Celery's workers call themselves; other processes go by the runner that they hand work to.
CELERY_WORKER = "celery worker"


@dataclass(frozen=True, slots=True)
class Pulse:
    """An engine that was heard of lately.

    Args:
        id: A public id of the process, another one at each start.
        host: The machine's name.
        runner: What runs the tasks.
        started_at: When its first beat was.
        at: When it was heard of last.
    """

    id: str
    host: str
    runner: str
    started_at: datetime
    at: datetime

    def lives(self, now: datetime) -> bool:
        """Tell whether it was heard of just now; a moment far ahead was told by a clock that was wrong."""
        return abs(now - self.at) <= ALIVE


def beat(core: Core, runner: str = "") -> None:
    """Note that this process sends, and add what it has sent since the last time.

    Args:
        core: The instance.
        runner: What this process calls itself; empty: by the runner that it hands work to.

    Raises:
        Unavailable: The database is away; what was sent is told the next time.
    """
    now, sent = core.clock.now(), core.sends.take()
    values = {
        "id": core.process,
        "host": socket.gethostname()[:200],
        "runner": runner or core.settings.engine.runner,
        "started_at": now,  # only the first beat tells this
        "at": now,
    }

    def run(connection: Connection) -> None:
        watching.beat(connection, values, now - _KEPT)
        watching.add_to_meter(connection, sent)

    _told(core, sent, run)


def stop(core: Core) -> None:
    """Tell what was sent since the last time, and that this process sends no more.

    Raises:
        Unavailable: The database is away.
    """
    sent = core.sends.take()

    def run(connection: Connection) -> None:
        watching.remove_pulse(connection, core.process)
        watching.add_to_meter(connection, sent)

    _told(core, sent, run)


def tell(core: Core) -> None:
    """Tell what this process has sent since the last time, without saying that it goes on sending.

    Raises:
        Unavailable: The database is away; it is told the next time.
    """
    sent = core.sends.take()
    if sent:
        _told(core, sent, lambda connection: watching.add_to_meter(connection, sent))


def end(core: Core) -> None:
    """As `stop`; when the database is away, others find out by the clock."""
    try:
        stop(core)
    except Unavailable as error:
        log.info("others find out by the clock that this process sends no more: %s", error)


def _told(core: Core, sent: watching.Counted, run: Callable[[Connection], None]) -> None:
    try:
        core.store.write(run)
    except Unavailable:
        core.sends.give_back(sent)
        raise


def pulses(store: Store) -> list[Pulse]:
    """Return the engines heard of within the last day, the latest first."""
    with store.read() as connection:
        return [Pulse(row.id, row.host, row.runner, row.started_at, row.at) for row in watching.pulses(connection)]


def silent(core: Core) -> bool:
    """Tell whether nothing is being sent although something should be: engines have gone, or work has long been due.

    An instance that has never sent anything, and has nothing to send, is not silent.
    """
    now = core.clock.now()
    with core.store.read() as connection:
        known = watching.pulses(connection)
        groups = claiming.due_groups(connection, now)
    if any(abs(now - each.at) <= ALIVE for each in known):
        return False
    return bool(known) or any(now - each.due_at > ALIVE for each in groups)


def metered(store: Store) -> Mapping[tuple[str, tuple[str, ...]], int]:
    """Return what all processes have counted together, up to their last beats."""
    with store.read() as connection:
        return watching.metered(connection)
