"""kill -9 under load, again and again: nothing acknowledged is lost, nothing comes twice.

Callers record contacts and answer about them while the serving processes are killed at random moments, some of them
while they start. What was not acknowledged is sent again. At the end everything that was acknowledged is there once,
the counts equal a recount, and everybody who had to get a mail has got one.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.soak import databases, verdict
from bench.soak.callers import calling, send_again
from bench.soak.fleet import Fleet
from bench.soak.instance import Instance, make
from bench.soak.ledger import Ledger
from bench.soak.postbox import Postbox, postbox

__all__ = ["Killed", "kill_again", "main"]

HANDS = 4
CATCHES_UP = 90.0


@dataclass
class Killed:
    """What came of it.

    Args:
        kind: The database.
        deaths: When somebody was killed.
        early: How many of them while they started.
        ledger: What was sent and acknowledged.
        mails: How many mails came.
        copies: How many of them were second copies.
        starts: Seconds from a death to the first answer.
        problems: What is not as it must be.
    """

    kind: str
    ledger: Ledger
    deaths: list[float] = field(default_factory=list)
    early: int = 0
    mails: int = 0
    copies: int = 0
    starts: list[float] = field(default_factory=list)
    problems: dict[str, int] = field(default_factory=dict)

    def told(self) -> str:
        """Return the figures in one line."""
        starts = sorted(self.starts) or [0.0]
        return (
            f"{self.kind}: {len(self.deaths)} deaths ({self.early} while starting), {self.ledger.contacts:,} contacts "
            f"and {self.ledger.answers:,} answers acknowledged, {self.mails:,} mails ({self.copies} second copies), "
            f"back after {starts[len(starts) // 2]:.1f} s (longest {starts[-1]:.1f} s)"
        )


def main(argv: Sequence[str]) -> int:
    """Kill as often as the options say, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak kills", description=__doc__)
    parser.add_argument("--sqlite", type=int, default=400, help="kills on SQLite")
    parser.add_argument("--postgres", type=int, default=100, help="kills on PostgreSQL")
    parser.add_argument("--answers", type=int, default=20_000, help="least number of acknowledged answers")
    parser.add_argument("--callers", type=int, default=8, help="callers at the same time")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop killing after so many on each database")
    chosen = parser.parse_args(argv)
    kills = {"sqlite": chosen.sqlite, "postgres": chosen.postgres}
    code, answers = 0, 0
    for kind, n in kills.items():
        if n:
            least = (chosen.answers - answers) if kind == "postgres" else chosen.answers * n // sum(kills.values())
            found = kill_again(kind, n, least, chosen.callers, chosen.minutes * 60, say=True)
            answers += found.ledger.answers
            wrong = verdict.broken(found.problems)
            print(found.told(), *(wrong or ["nothing lost, nothing twice"]), sep="\n  ", flush=True)
            code |= bool(wrong)
            if len(found.deaths) < n:
                print(f"  only {len(found.deaths)} of {n} kills in the time given")
                code = 1
    if answers < chosen.answers:
        print(f"only {answers:,} answers were acknowledged")
        code = 1
    return code


def kill_again(
    kind: str, kills: int, answers: int, callers: int = 8, seconds: float = 36_000.0, say: bool = False
) -> Killed:
    """Kill an instance of a kind under load and judge what is left.

    Args:
        kind: ``sqlite`` or ``postgres``.
        kills: How often.
        answers: The load goes on until at least so many answers are acknowledged.
        callers: How many call at the same time.
        seconds: No more kills after so long.
        say: Whether to print how far it is.
    """
    with (
        databases.folder() as folder, postbox() as box, _made(kind, folder, box.port) as instance,
        closing(Fleet(instance)) as fleet,
    ):  # fmt: skip
        found = Killed(kind, Ledger())
        chance = random.Random(kills)
        begun = time.monotonic()
        with calling(instance, found.ledger, callers):
            for number in range(kills):
                if time.monotonic() - begun > seconds:
                    break
                _live_and_die(fleet, found, chance, number, answers * (number + 1) // kills)
                if say and number % 20 == 19:
                    print(f"  {time.monotonic() - begun:6.0f} s  {found.told()}", flush=True)
            _start(fleet, found)
            _wait_for(found.ledger, answers, seconds - (time.monotonic() - begun))
        _settle(instance, found, box)
        responses = verdict.listed(instance.client())
        fleet.stop()
        found.mails, found.copies = len(box.mails), sum(len(mails) - 1 for mails in box.twice())
        found.problems = {
            **verdict.compared(found.ledger, responses), **verdict.inside(instance, found.ledger),
            **verdict.damaged(instance), **verdict.mail_problems(found.ledger, box, found.deaths, HANDS),
        }  # fmt: skip
        return found


@contextmanager
def _made(kind: str, folder: Path, mail_port: int) -> Iterator[Instance]:
    if kind == "sqlite":
        instance = make(folder, databases.SQLITE, mail_port)
        try:
            yield instance
        finally:
            instance.close()
        return
    with databases.postgres() as server:
        instance = make(folder, server.url, mail_port)
        try:
            yield instance
        finally:
            instance.close()


def _live_and_die(fleet: Fleet, found: Killed, chance: random.Random, number: int, answers: int) -> None:
    """Let the processes live until enough is acknowledged and a moment longer; every tenth dies while it starts."""
    if number % 10 == 9:
        fleet.begin()
        time.sleep(chance.uniform(0.0, 2.0))
        found.early += 1
    else:
        _start(fleet, found)
        _wait_for(found.ledger, answers, 60.0)
        time.sleep(chance.uniform(0.0, 0.3))
    found.deaths.append(time.time())
    fleet.kill(number)


def _wait_for(ledger: Ledger, answers: int, seconds: float) -> None:
    """Wait until so many answers are acknowledged, or no longer."""
    until = time.monotonic() + seconds
    while ledger.answers < answers and time.monotonic() < until:
        time.sleep(0.05)


def _start(fleet: Fleet, found: Killed) -> None:
    begun = time.monotonic()
    fleet.begin()
    fleet.wait_up()
    found.starts.append(time.monotonic() - begun)


def _settle(instance: Instance, found: Killed, box: Postbox) -> None:
    """Send again what is unknown, and wait for the mails."""
    until = time.monotonic() + CATCHES_UP
    send_again(instance, found.ledger, CATCHES_UP)
    wanted = {f"{each.number}@example.org" for each in found.ledger.entries if each.contact and each.silent}
    while wanted - box.per_recipient().keys() and time.monotonic() < until:
        time.sleep(0.2)
