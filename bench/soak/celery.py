"""Celery workers are killed, the broker forgets, the database crashes, and every task is done, once for each fence.

``python -m bench.soak celery``: 10,000 tasks, 4 workers, 2 pumps, Redis flushed twice, PostgreSQL crashed twice.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bench.soak.databases import Postgres, folder, postgres
from bench.soak.instance import Instance, make
from bench.soak.workers import BEGUN, LEDGER, Crowd, ended, restart, write_plugin
from feedbackhub.contract.errors import Unavailable
from feedbackhub.contract.records import Identifier, Letter
from feedbackhub.contract.work import Scheduled
from feedbackhub.loop.core import Core
from feedbackhub.loop.letters import add_letter
from feedbackhub.loop.opening import open_core
from feedbackhub.loop.plugin_queue import add_scheduled
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.store.tables import task
from tests.services.brokers import Broker, running_broker

__all__ = ["Result", "main", "soak"]

_ENGINE = 'runner = "celery"\nbroker = "{broker}"\nhanded_over = {handed}\n'
_HANDED = 200
_CHUNK = 500


@dataclass
class Result:
    """What happened.

    Args:
        tasks: How many there were.
    """

    tasks: int
    seconds: float = 0.0
    kills: int = 0
    flushes: int = 0
    restarts: int = 0
    begun: int = 0
    effects: int = 0
    repeated: int = 0
    died: int = 0
    unbegun: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Write the figures in a few lines."""
        return (
            f"{self.tasks:,} tasks in {self.seconds:,.0f} s; {self.kills} kills, {self.flushes} flushes, "
            f"{self.restarts} crashes of the database\n"
            f"{self.begun:,} beginnings, {self.effects:,} effects, {self.repeated} of them again after a death; "
            f"{self.died} claims died, {self.unbegun} came back without having begun"
        )


def soak(
    tasks: int = 10_000, workers: int = 4, pumps: int = 2, flushes: int = 2, restarts: int = 2,
    kill_every: tuple[float, float] = (4.0, 9.0), slow: float = 0.02, within: float = 1800.0,
) -> Result:  # fmt: skip
    """Run the soak and return what happened.

    Args:
        tasks: Half of them letters, half of them tasks of a plugin.
        workers: Celery workers, of two processes each.
        pumps: Processes that hand over.
        flushes: How often the broker forgets everything.
        restarts: How often the database crashes.
        kill_every: The span of seconds between two kills.
        slow: The most seconds that one effect takes.
        within: Seconds after which it is given up.
    """
    with postgres() as server, ended(server), running_broker() as broker, folder() as where:
        instance = make(where, server.url, engine=_ENGINE.format(broker=broker.url, handed=_HANDED))
        write_plugin(instance, slow)
        core, crowd = open_core(load_settings(instance.config, {})), Crowd(instance)
        try:
            queue(core, tasks)
            for _ in range(pumps):
                crowd.add_pump()
            for _ in range(workers):
                crowd.add_worker()
            result = _Storm(core, crowd, broker, server, Result(tasks)).blow(flushes, restarts, kill_every, within)
            statuses = crowd.stop()[:pumps]  # a worker may be asked before it has learnt to listen
            look(core, instance, result)
            if any(statuses):
                result.problems.append(f"asked to end, pumps ended with {statuses}")
        finally:
            crowd.close()
            core.close()
    return result


def queue(core: Core, tasks: int) -> None:
    """Queue letters and tasks of the soak's plugin, half and half."""
    now = core.clock.now()
    for start in range(0, tasks, _CHUNK):
        numbers = range(start, min(tasks, start + _CHUNK))
        core.store.write(lambda connection, numbers=numbers: [  # type: ignore[misc]  # bound by its default
            add_letter(connection, core, "ledger", _letter(number), now) if number % 2
            else add_scheduled(connection, core, "ledger", Scheduled("note", {"n": number}, None, ""), now)
            for number in numbers
        ])  # fmt: skip


def _letter(number: int) -> Letter:
    return Letter("ledger", Identifier("email", f"{number}@example.org"), "Note", "Note this.")


class _Storm:
    """Lets things go wrong until all is done."""

    def __init__(self, core: Core, crowd: Crowd, broker: Broker, server: Postgres, result: Result) -> None:
        self._core, self._crowd, self._broker, self._server, self._result = core, crowd, broker, server, result

    def blow(
        self, flushes: int, restarts: int, kill_every: tuple[float, float], within: float
    ) -> Result:
        """Kill, flush and crash as the work gets on, and return once all is done or time is up."""
        result, begun = self._result, time.monotonic()
        events = self._spread(flushes, self._flush) + self._spread(restarts, self._crash)
        events.sort(key=lambda each: each[0])
        next_kill, step = begun + kill_every[0], max(1, result.tasks // 100)
        least = step
        while time.monotonic() - begun < within:
            done = self._done()
            if done == result.tasks and not events:
                break
            if events and done is not None and done >= events[0][0] * result.tasks:
                events.pop(0)[1]()
            # Who kills faster than workers can start sees no work at all.
            if time.monotonic() >= next_kill and (done or 0) >= least:
                self._crowd.kill_one()
                next_kill, least = time.monotonic() + random.uniform(*kill_every), (done or 0) + step
            time.sleep(0.2)
        result.seconds, result.kills = time.monotonic() - begun, self._crowd.kills
        return result

    @staticmethod
    def _spread(times: int, what: Callable[[], None]) -> list[tuple[float, Callable[[], None]]]:
        return [((number + random.uniform(0.2, 0.8)) / times * 0.9, what) for number in range(times)]

    def _flush(self) -> None:
        self._broker.flush()
        self._result.flushes += 1

    def _crash(self) -> None:
        restart(self._server)
        self._result.restarts += 1

    def _done(self) -> int | None:
        """Return how many tasks have ended, None while the database is away."""
        query = select(func.count()).select_from(task).where(task.c.state.in_(("done", "parked")), _ours)
        try:
            with self._core.store.read() as connection:
                return int(connection.execute(query).scalar_one())
        except Unavailable:
            return None


_ours = task.c.reference.notlike("periodic:%") & ~task.c.dedup_key.like("periodic:%")


def look(core: Core, instance: Instance, result: Result) -> None:
    """Compare what the tasks say with what was begun and what was done."""
    with core.store.read() as connection:
        rows = connection.execute(select(task).where(_ours)).all()
    states = Counter(row.state for row in rows)
    result.died, result.unbegun = sum(row.deaths for row in rows), sum(row.base for row in rows)
    begun = Counter((instance.folder / BEGUN).read_text("ascii").splitlines())
    effects = Counter((instance.folder / LEDGER).read_text("ascii").splitlines())
    result.begun, result.effects = sum(begun.values()), sum(effects.values())
    result.repeated = result.effects - len(effects)
    found = {
        "tasks lost": result.tasks - len(rows),
        "tasks not done": result.tasks - states["done"] - states["parked"],
        "parked": states["parked"],
        "fences with more than one beginning": sum(n > 1 for n in begun.values()),
        "tasks without effect": result.tasks - len(effects),
        "more effects than beginnings": max(0, result.effects - result.begun),
    }
    result.problems += [f"{what}: {n}" for what, n in found.items() if n]
    reasons = Counter(row.last_error for row in rows if row.state == "parked")
    result.problems += [f"parked {n} times: {reason or 'without a reason'}" for reason, n in reasons.most_common(5)]


def main(argv: Sequence[str]) -> int:
    """Soak, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak celery", description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--pumps", type=int, default=2)
    parser.add_argument("--flushes", type=int, default=2)
    parser.add_argument("--restarts", type=int, default=2)
    chosen = parser.parse_args(argv)
    result = soak(chosen.tasks, chosen.workers, chosen.pumps, chosen.flushes, chosen.restarts)
    print(result)
    print("\n".join(result.problems) or "nothing lost, one effect for each fence")
    return 1 if result.problems else 0
