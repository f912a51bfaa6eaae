"""What the engine's tests work with: tasks in any lane, and a runner that notes what it is handed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from feedbackhub.loop.core import Core
from feedbackhub.loop.runner import Pool
from feedbackhub.machinery.settings import Engine as EngineSettings
from feedbackhub.store import tables
from feedbackhub.store.queries import claiming, outbox
from tests.loop.story import with_settings

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=61)


class Noting:
    """A runner that has some hands for all lanes together and only notes what it is handed."""

    name = "noting"

    def __init__(self, hands: int, counts: bool = False) -> None:
        self.hands, self.counts = hands, counts
        self.taken: list[Any] = []

    def start(self) -> None:
        """Nothing runs."""

    def pools(self, lanes: Sequence[str], under_way: Mapping[str, int]) -> list[Pool]:
        """Return the hands; all that is under way takes one each when this counts."""
        free = self.hands - sum(under_way.values())
        return [Pool(dict.fromkeys(lanes, free), free)]

    def take(self, rows: Sequence[Any]) -> None:
        """Note them."""
        self.taken += rows

    def stop(self) -> None:
        """Nothing runs."""

    def wait(self, seconds: float) -> bool:
        """Nothing runs."""
        return True

    def lanes(self) -> list[str]:
        """Return the lanes of what was taken since the last time."""
        taken, self.taken = self.taken, []
        return [row.lane for row in taken]


def with_engine(core: Core, **changes: Any) -> Core:
    """Return the same instance with other settings of the engine."""
    return with_settings(core, engine=EngineSettings(**changes))


def add(core: Core, lane: str, number: int = 1, priority: int = 0, kind: str = "settle", **values: Any) -> None:
    """Queue tasks that are due now."""
    now = core.clock.now()

    def run(connection: Any) -> None:
        for _ in range(number):
            key = f"test:{time.monotonic_ns()}"
            outbox.add_task(
                connection, kind=kind, lane=lane, reference="0", dedup_key=key, due_at=now, now=now, priority=priority
            )
            if values:
                connection.execute(update(tables.task).where(tables.task.c.dedup_key == key).values(**values))

    core.store.write(run)


def tasks(core: Core) -> list[Any]:
    """Return all tasks in the order in which they were queued."""
    with core.store.read() as connection:
        return list(connection.execute(select(tables.task).order_by(tables.task.c.id)))


def claim(core: Core, lane: str, number: int = 1, priority: int = 0) -> list[Any]:
    """Claim tasks for as long as the settings say."""
    now = core.clock.now()
    lease = now + timedelta(seconds=core.settings.engine.lease_seconds)
    return core.store.write(lambda connection: claiming.claim(connection, lane, priority, now, lease, number))


def wait_for(done: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something has happened."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
