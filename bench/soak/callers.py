"""Load: several callers that go on whatever becomes of the server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.soak.client import NoAnswer
from bench.soak.instance import Instance
from bench.soak.ledger import Ledger

__all__ = ["Pace", "calling", "send_again"]

_PAUSE = 0.03


@dataclass
class Pace:
    """Seconds that each entry took, while somebody looks; cleared by whoever looks."""

    times: list[float] = field(default_factory=list)

    def p99(self) -> float:
        """Return what all but the slowest hundredth stayed below, in milliseconds."""
        ordered = sorted(self.times)
        return ordered[int(len(ordered) * 0.99)] * 1000 if ordered else 0.0


@contextmanager
def calling(
    instance: Instance, ledger: Ledger, callers: int, pause: float = 0.0, timeout: float = 10.0
) -> Iterator[Pace]:
    """Record contacts and answers from several threads until the block ends; what is unknown then stays in the ledger.

    Args:
        instance: Who is called.
        ledger: What is sent, and what was acknowledged.
        callers: How many at the same time.
        pause: Seconds that each waits between two entries.
        timeout: Seconds that each waits for an answer.
    """
    over, pace = threading.Event(), Pace()

    def call() -> None:
        client = instance.client(timeout)
        while not over.is_set():
            entry, begun = ledger.next(), time.perf_counter()
            try:
                done = ledger.carry_out(client, entry)
                pace.times.append(time.perf_counter() - begun)
            except NoAnswer:
                done = False
            over.wait(pause if done else max(pause, _PAUSE))
        client.close()

    threads = [threading.Thread(target=call, name=f"caller-{number}") for number in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield pace
    finally:
        over.set()
        for thread in threads:
            thread.join()


def send_again(instance: Instance, ledger: Ledger, within: float) -> None:
    """Send what nobody knows the outcome of until everything is acknowledged.

    Args:
        instance: Who is called.
        ledger: What was sent.
        within: Seconds after which the rest stays unknown.
    """
    client, until = instance.client(), time.monotonic() + within
    while ledger.unsure and time.monotonic() < until:
        try:
            done = ledger.carry_out(client, ledger.next())
        except NoAnswer:
            done = False
        if not done:
            time.sleep(0.1)
    client.close()
