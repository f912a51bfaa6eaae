"""A hostile mail server and workers that are killed: everybody gets their mail, or somebody is told why not.

The server says 4xx and 5xx, closes in the middle, takes mails without saying so, hangs and is slow, while the workers
are killed. In the end every invitation went out, was refused for good or is parked with a reason; nobody got a second
copy unless the first one's thanks were lost, and then with the same Message-ID.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from bench.soak import databases, verdict
from bench.soak.hostile import Copy, Hostile, hostile
from bench.soak.instance import Instance, Process, make
from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.store.tables import delivery, task

__all__ = ["Sent", "main", "send_all"]

WORKERS = 2
THREADS = 4
#: Every so many recipients one is told to come later for ever, so that it is parked.
STUBBORN = 500
#: A mail that was under way when its worker died is sent again when the lease is over.
_ENGINE = f"threads = {THREADS}\nretry_seconds = 0.1\nmax_attempts = 7"
_SPACE = {"max_connections": "60"}


@dataclass
class Sent:
    """What came of it.

    Args:
        kind: The database.
        states: How many deliveries ended how.
        done: What the server did how often.
        deaths: When workers were killed.
        copies: How many second copies there were.
        seconds: How long it took.
        problems: What is not as it must be.
    """

    kind: str
    states: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    deaths: list[float] = field(default_factory=list)
    copies: int = 0
    seconds: float = 0.0
    problems: dict[str, int] = field(default_factory=dict)

    def told(self) -> str:
        """Return the figures."""
        states = ", ".join(f"{n:,} {state}" for state, n in sorted(self.states.items()))
        done = ", ".join(f"{n:,} × {what}" for what, n in sorted(self.done.items()))
        return (
            f"{self.kind}: {states}; {len(self.deaths)} deaths, {self.copies} second copies, {self.seconds:,.0f} s\n"
            f"  the server: {done}"
        )


def main(argv: Sequence[str]) -> int:
    """Send as many as the options say, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak smtp", description=__doc__)
    parser.add_argument("--invitations", type=int, default=20_000, help="mails to send")
    parser.add_argument("--kills", type=int, default=100, help="kills of workers")
    parser.add_argument("--database", choices=("postgres", "sqlite"), default="postgres", help="where tasks are kept")
    chosen = parser.parse_args(argv)
    found = send_all(chosen.database, chosen.invitations, chosen.kills, say=True)
    wrong = verdict.broken(found.problems)
    print(found.told(), *(wrong or ["all sent or given up with a reason, no copy unexplained"]), sep="\n  ", flush=True)
    return int(bool(wrong))


def send_all(kind: str, invitations: int, kills: int, say: bool = False, patience: float = 1800.0) -> Sent:
    """Invite, kill whoever sends again and again, and judge what is left.

    Args:
        kind: ``sqlite`` or ``postgres``.
        invitations: How many mails.
        kills: How many processes are killed.
        say: Whether to print how far it is.
        patience: Seconds until whatever is still waiting is a broken promise.
    """
    begun = time.monotonic()
    stubborn = frozenset(address(number) for number in range(0, invitations, STUBBORN))
    with databases.folder() as folder, hostile(kills, stubborn) as server, made(kind, folder, server.port) as instance:
        found = Sent(kind, done=server.done)
        core = open_core(load_settings(instance.config, {}))
        try:
            invite(core, invitations)
            senders = Senders(instance, 1 if kind == "sqlite" else WORKERS)
            for number in range(kills):
                senders.start()
                wait_for(core, invitations * (kills - number - 1) // kills, 20.0)
                found.deaths.append(senders.kill(number))
                if say and number % 10 == 9:
                    left = unsent(core)
                    print(f"  {time.monotonic() - begun:6.0f} s  {number + 1} deaths, {left:,} to go", flush=True)
            senders.start()
            wait_for(core, 0, patience)
            senders.stop()
            judge(core, server, found, invitations)
        finally:
            core.close()
        found.seconds = time.monotonic() - begun
        return found


@contextmanager
def made(kind: str, folder: Path, mail_port: int) -> Iterator[Instance]:
    """Give an instance that mails to a port, on a database of a kind."""
    if kind == "sqlite":
        instance = make(folder, databases.SQLITE, mail_port, engine=_ENGINE, mail_timeout=1.0, log_level="error")
        try:
            yield instance
        finally:
            instance.close()
        return
    with databases.postgres(**_SPACE) as server:
        instance = make(folder, server.url, mail_port, engine=_ENGINE, mail_timeout=1.0, log_level="error")
        try:
            yield instance
        finally:
            instance.close()


class Senders:
    """The processes that send: the one that serves on SQLite, workers on PostgreSQL.

    Args:
        instance: Whose processes.
        n: How many.
    """

    def __init__(self, instance: Instance, n: int) -> None:
        self._instance = instance
        self._running: list[Process | None] = [None] * n
        self._words = "serve" if n == 1 else "worker"

    def start(self) -> None:
        """Start those that do not run."""
        for place, process in enumerate(self._running):
            if process is None or not process.alive:
                self._running[place] = self._instance.begin(self._words)

    def kill(self, number: int) -> float:
        """Kill one, in turn, and return when."""
        process = self._running[number % len(self._running)]
        if process is not None:
            process.kill()
        return time.time()

    def stop(self) -> None:
        """Ask all to end."""
        for process in self._running:
            if process is not None:
                process.stop()


def address(number: int) -> str:
    """Return the address of the n-th recipient."""
    return f"soak{number}@example.org"


def invite(core: Core, n: int) -> None:
    """Record contacts whose customers are to be asked at once."""
    for number in range(n):
        customer = {"email": address(number), "name": "Ann", "language": "en"}
        event = {"source": "soak", "external_id": str(number), "channel": "chat", "customer": customer}
        record_contact(core, ContactEvent.model_validate(event))


def unsent(core: Core) -> int:
    """Return how many first mails are still to go out."""
    with core.store.read() as connection:
        waiting = select(func.count()).where(delivery.c.kind == "first", delivery.c.state == "due")
        return int(connection.execute(waiting).scalar_one())


def wait_for(core: Core, left: int, patience: float) -> None:
    """Wait until no more than so many mails are to go out, or it takes too long."""
    until = time.monotonic() + patience
    while unsent(core) > left and time.monotonic() < until:
        time.sleep(0.05)


def judge(core: Core, server: Hostile, found: Sent, invitations: int) -> None:
    """Compare what is stored with what the server kept.

    Args:
        core: The instance; nothing is sending any more.
        server: The mail server.
        found: Where the verdict is written to.
        invitations: How many there must be.
    """
    with core.store.read() as connection:
        columns = (delivery.c.address, delivery.c.state, delivery.c.error, delivery.c.id)
        ended = {row.address: row for row in connection.execute(select(*columns).where(delivery.c.kind == "first"))}
        stuck = select(task.c.reference).where(task.c.kind == "deliver", task.c.state == "parked")
        parked = set(connection.scalars(stuck))
    told = {to: f"{row.state} and parked" if str(row.id) in parked else row.state for to, row in ended.items()}
    found.states = Counter(told.values())
    kept = server.copies
    second = [(mails, later) for mails in kept.values() for later in range(1, len(mails))]
    found.copies = len(second)
    lost = sum(not mail.thanked for mails in kept.values() for mail in mails)
    found.problems = {
        "invitations without a delivery": invitations - len(ended),
        "mails neither sent nor given up": sum(row.state not in ("sent", "failed") for row in ended.values()),
        "given up without a reason": sum(row.state == "failed" and not row.error for row in ended.values()),
        "said to be sent, and never came": sum(row.state == "sent" and to not in kept for to, row in ended.items()),
        "stubborn recipients that are not parked": sum("parked" not in told.get(to, "") for to in server.stubborn),
        "second copies with another Message-ID": sum(
            len({each.message_id for each in mails}) - 1 for mails in kept.values()
        ),
        "second copies whose first was thanked for, and nobody died": sum(
            not _explained(mails[later - 1], mails[later], found.deaths) for mails, later in second
        ),
        "more second copies than lost thanks and mails under way at deaths": max(
            0, len(second) - lost - THREADS * len(found.deaths)
        ),
    }  # fmt: skip


def _explained(before: Copy, again: Copy, deaths: Sequence[float]) -> bool:
    return not before.thanked or any(before.at - 0.1 <= at <= again.at for at in deaths)
