"""Slow transactions at the same time: every subscriber gets every event once and in order.

Transactions publish events, wait, and commit or roll back in any order, while processes that number and hand out
events are killed and started again. One of three subscribers wants a part of the events only, and one fails now and
then. Each writes down what it is handed, in the transaction that stores its position.
"""

from __future__ import annotations

import argparse
import logging
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from sqlalchemy import create_engine, insert, select

from bench.soak import databases
from feedbackhub import Effects, Event, Hub, Subscriber, Tables
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.lag import subscribers_lag, without_position
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.loop.tell import publish
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.store import tables
from tests.plugin_data.guests import Guest
from tests.plugin_data.tables import case_table, write_first

__all__ = ["Told", "main", "publish_slowly"]

PLUGIN = "ears"
EVEN, ODD = "soak.even", "soak.odd"
CATCHES_UP = 90.0
#: The longest that a process lives which numbers and hands out, in seconds; one in five dies while it starts.
LIFE = 6.0
EARLY = 0.2


class Ear(Subscriber):
    """Writes down what it is handed."""

    name: ClassVar[str] = "every"
    types: ClassVar[Sequence[str]] = ("soak.*",)

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def handle(self, events: Sequence[Event]) -> Effects:
        """Return a row for each event."""
        return Effects(changes=[insert(CASES).values([{"name": f"{self.name}:{each.position}"} for each in events])])


class EvenEar(Ear):
    """Wants a part of them only."""

    name, types = "even", (EVEN,)


class ClumsyEar(Ear):
    """Fails now and then."""

    name = "clumsy"

    def handle(self, events: Sequence[Event]) -> Effects:
        """Return a row for each event, or fail."""
        time.sleep(random.random() / 50)
        if random.random() < 0.1:
            raise RuntimeError("clumsy")
        return super().handle(events)


CASES = case_table(PLUGIN)
EARS = (Ear, EvenEar, ClumsyEar)


@dataclass(frozen=True)
class Transaction:
    """One that was committed: its numbers among all events, and between which moments it ran."""

    events: tuple[int, ...]
    begun: float
    ended: float


@dataclass
class Told:
    """What came of it.

    Args:
        transactions: Those that were committed.
        rolled_back: How many were not.
        deaths: How often a process was killed that numbers and hands out.
        handed: Events that each subscriber was handed.
        catching_up: Seconds from the last commit until everybody had everything.
        problems: What is not as it must be.
    """

    transactions: list[Transaction] = field(default_factory=list)
    rolled_back: int = 0
    deaths: int = 0
    handed: dict[str, int] = field(default_factory=dict)
    catching_up: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def events(self) -> int:
        """How many events were published."""
        return sum(len(each.events) for each in self.transactions)

    def told(self) -> str:
        """Return the figures in one line."""
        handed = ", ".join(f"{name} {n:,}" for name, n in self.handed.items())
        return (
            f"{len(self.transactions):,} transactions with {self.events:,} events committed,"
            f" {self.rolled_back:,} rolled back, {self.deaths} deaths; handed out: {handed};"
            f" all caught up {self.catching_up:.1f} s after the last"
        )


def publish_slowly(writers: int, seconds: float, slowest: float = 2.0, pumps: int = 2) -> Told:
    """Publish events in slow transactions on PostgreSQL while they are numbered and handed out.

    Args:
        writers: Transactions at the same time.
        seconds: How long.
        slowest: The longest that a transaction waits before its end, in seconds.
        pumps: Processes that number and hand out.
    """
    found = Told()
    with databases.postgres() as server, databases.folder() as folder, _opened(server.url, folder, True) as core:
        with _pumps(server.url, folder, pumps, found) as spare, ThreadPoolExecutor(writers) as hands:
            engine = create_engine(server.url, pool_size=writers, max_overflow=0)
            lock, until, numbers = threading.Lock(), time.monotonic() + seconds, iter(range(1, sys.maxsize))

            def write(chance: random.Random) -> None:
                while time.monotonic() < until:
                    with lock:
                        mine = tuple(next(numbers) for _ in range(chance.randint(1, 3)))
                    begun, is_kept = time.monotonic(), chance.random() < 0.9
                    with engine.connect() as connection, connection.begin() as transaction:
                        for number in mine:
                            publish(connection, EVEN if number % 2 == 0 else ODD, core.clock.now(), {"n": number})
                            time.sleep(chance.random() * slowest / len(mine))
                        transaction.commit() if is_kept else transaction.rollback()
                    with lock:
                        if is_kept:
                            found.transactions.append(Transaction(mine, begun, time.monotonic()))
                        else:
                            found.rolled_back += 1

            for each in [hands.submit(write, random.Random(n)) for n in range(writers)]:
                each.result()
            engine.dispose()
            spare()
            _let_catch_up(core, found)
        _verify(core, found)
    return found


@contextmanager
def _opened(url: str, folder: Path, first: bool) -> Iterator[Core]:
    if first:
        write_key(folder / KEY_FILE)
        write_first(folder, PLUGIN)
    guest = Guest(
        PLUGIN,
        subscribers=lambda hub: [each(hub) for each in EARS],
        tables=lambda hub: Tables(CASES.metadata, folder / PLUGIN),
    )
    core = open_core(Settings(data_dir=folder, database=url, engine={"tick_seconds": 0.05}), extra={PLUGIN: guest})
    try:
        if first:
            prepare(core)
        yield core
    finally:
        core.close()


@contextmanager
def _pumps(url: str, folder: Path, count: int, found: Told) -> Iterator[Callable[[], None]]:
    """Keep some processes running, one of them dying from time to time; give what spares them from then on."""
    stop, chance = threading.Event(), random.Random(7)
    command = [sys.executable, "-m", "bench.soak.sequencer", "--pump", url, "--folder", str(folder)]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def kill() -> None:
        place = 0
        while not stop.is_set():
            if chance.random() >= EARLY:
                _started(running[place])
            if stop.wait(chance.random() * LIFE):
                break
            _end([running[place]])
            found.deaths += 1
            running[place] = start()
            place = chance.randrange(count)

    with ExitStack() as stack:
        running = [start() for _ in range(count)]
        stack.callback(_end, running)
        killer = threading.Thread(target=kill)
        killer.start()

        def spare() -> None:
            stop.set()
            killer.join()

        stack.callback(spare)
        yield spare


def _started(pump: subprocess.Popen[bytes]) -> None:
    """Wait until a process numbers and hands out."""
    if pump.stdout is not None:
        pump.stdout.readline()


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for each in running:
        each.kill()
        each.wait()
        for pipe in (each.stdin, each.stdout):
            if pipe is not None:
                pipe.close()


def _let_catch_up(core: Core, found: Told) -> None:
    begun = time.monotonic()
    while without_position(core) or any(each.behind for each in subscribers_lag(core) if each.name.startswith(PLUGIN)):
        if time.monotonic() - begun > CATCHES_UP:
            found.problems.append(f"not everybody caught up within {CATCHES_UP:.0f} s: {subscribers_lag(core)}")
            break
        time.sleep(0.1)
    found.catching_up = time.monotonic() - begun


def _verify(core: Core, found: Told) -> None:
    query = select(tables.event).where(tables.event.c.type.like("soak.%")).order_by(tables.event.c.position)
    with core.store.read() as connection:
        events = connection.execute(query).all()
        noted = connection.scalars(select(CASES.c.name).order_by(CASES.c.id)).all()
        positions = connection.scalars(select(tables.event.c.position).order_by(tables.event.c.position)).all()
    if list(positions) != list(range(1, len(positions) + 1)):
        found.problems.append("positions are doubled or left out")
    of = {number: each for each in found.transactions for number in each.events}
    if sorted(row.payload["n"] for row in events) != sorted(of):
        found.problems.append("the log does not hold what was committed")
    soonest = float("inf")
    for row in reversed(events):
        if soonest < of[row.payload["n"]].begun:
            found.problems.append(f"event {row.position} stands before one that had ended when it began")
        soonest = min(soonest, of[row.payload["n"]].ended)
    for ear in EARS:
        wanted = [row.position for row in events if ear is not EvenEar or row.type == EVEN]
        got = [int(name.partition(":")[2]) for name in noted if name.startswith(f"{ear.name}:")]
        found.handed[ear.name] = len(got)
        if got != wanted:
            found.problems.append(f"{ear.name} got {len(got)} events, not the {len(wanted)} there are in their order")


def _pump(url: str, folder: Path) -> None:
    """Number and hand out until the standard input ends."""
    logging.disable(logging.ERROR)  # one of them is meant to fail
    with _opened(url, folder, False) as core:
        engine = Engine(core)
        engine.start()
        print("ready", flush=True)
        sys.stdin.read()
        engine.stop()


def main(argv: Sequence[str]) -> int:
    """Run it with the full numbers and print the figures; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak sequencer", description=__doc__)
    parser.add_argument("--writers", type=int, default=64, help="transactions at the same time")
    parser.add_argument("--seconds", type=float, default=120, help="how long")
    parser.add_argument("--pump", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(argv)
    if chosen.pump:
        _pump(chosen.pump, chosen.folder)
        return 0
    found = publish_slowly(chosen.writers, chosen.seconds)
    print(found.told())
    for each in found.problems:
        print(f"BROKEN: {each}")
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
