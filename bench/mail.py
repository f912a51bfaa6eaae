"""Measure how many mails the engine sends beside smtplib, which sends the finished bytes of the same mail.

The peer uses one kept connection and commits one row per mail as durably as we do; both speak to the same lean server
on this machine in turn. ``python -m bench.mail`` prints the medians of the rounds.
"""

from __future__ import annotations

import argparse
import contextlib
import smtplib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from unittest.mock import patch

from sqlalchemy import func, select

from bench.instance import contact_body, free_port
from feedbackhub import Message, Receipt
from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.store.tables import task
from feedbackhub_plugins.email.mime import written

PATIENCE = 120.0


@dataclass(frozen=True)
class Rate:
    """What one way of sending reached: mails per second, and CPU-ms of this process for each."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Outcome:
    """Medians of the rounds, and our rate as a part of the peer's."""

    ours: Rate
    peer: Rate
    share: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="mails in each round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median counts")
    chosen = parser.parse_args()
    found = measure(chosen.n, chosen.rounds)
    print("| way | mails per second | CPU-ms per mail | of the peer |\n| --- | --- | --- | --- |")
    print(f"| smtplib, finished bytes, a commit each | {found.peer.rate:.0f} | {found.peer.cpu:.2f} | 100% |")
    print(f"| the engine | {found.ours.rate:.0f} | {found.ours.cpu:.2f} | {found.share:.0%} |")


def measure(n: int, rounds: int = 5) -> Outcome:
    """Send `n` mails both ways in turn, several times over.

    Args:
        n: Mails in each round.
        rounds: How often; medians are returned.
    """
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder, sink() as port, opened(Path(folder), port) as core:
        mail = _the_same_mail(core)
        for turn in range(rounds):
            _invite(core, range(turn * n, turn * n + n))
            peer.append(_peer(Path(folder) / f"peer{turn}.db", port, mail, n))
            ours.append(_ours(core, n))
    shares = [one.rate / other.rate for one, other in zip(ours, peer, strict=True)]
    return Outcome(_middle(ours), _middle(peer), median(shares))


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """Run the lean server until the block ends, and give its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.smtp_sink", str(port)])
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextlib.contextmanager
def opened(folder: Path, port: int) -> Iterator[Core]:
    """Open a fresh instance that sends to a port of this machine."""
    write_key(folder / KEY_FILE)
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "Acme <a@example.org>"}
    settings = Settings(
        public_url="https://feedback.example.org", data_dir=folder, throttle={"days": 0},
        ask=({"name": "all", "channels": ["email"], "delay": "0s"},), plugins={"email": mail},
    )  # fmt: skip
    core = open_core(settings)
    try:
        prepare(core)
        yield core
    finally:
        core.close()


def _invite(core: Core, numbers: range) -> None:
    for number in numbers:
        event = ContactEvent.model_validate_json(contact_body(number))
        if record_contact(core, event).contact.invitation is None:
            raise RuntimeError("the bench's contact was not asked about")


def _the_same_mail(core: Core) -> bytes:
    """Return the bytes of a mail as the engine sends it."""
    seen: list[Message] = []
    channel = core.plugins.channels["email"]
    deliver = channel.deliver

    def look(message: Message) -> Receipt:
        seen.append(message)
        return deliver(message)

    with patch.object(channel, "deliver", look):
        _invite(core, range(-1, 0))
        Engine(core).drain()
    return written(seen[0], "Acme <a@example.org>", seen[0].to.value, core.clock.now())


def _peer(path: Path, port: int, mail: bytes, n: int) -> Rate:
    """Send finished bytes over one connection, each followed by a durable commit."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE sent (id INTEGER PRIMARY KEY, state TEXT)")
    database.executemany("INSERT INTO sent VALUES (?, 'due')", [(i,) for i in range(n)])

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for i in range(n):
                smtp.sendmail("a@example.org", [f"live{i}@example.org"], mail)
                database.execute("UPDATE sent SET state = 'sent' WHERE id = ?", (i,))

    try:
        return _timed(send, n)
    finally:
        database.close()


def _ours(core: Core, n: int) -> Rate:
    """Let the engine send all that is due, in its own threads."""
    engine = Engine(core)

    def send() -> None:
        engine.start()
        until = time.monotonic() + PATIENCE
        while _waiting(core):
            if time.monotonic() > until:
                raise RuntimeError("the engine does not get done")
            time.sleep(0.02)

    try:
        return _timed(send, n)
    finally:
        engine.stop()


def _waiting(core: Core) -> int:
    """Return how many mails are still to go out; reminders, which are due some day, are none of them."""
    at_work = task.c.state.in_(("due", "claimed")) & (task.c.due_at <= core.clock.now())
    unsent = select(func.count()).where(task.c.lane == "email", at_work)
    with core.store.read() as connection:
        return int(connection.execute(unsent).scalar_one())


def _timed(send: Callable[[], None], n: int) -> Rate:
    cpu, at = time.process_time(), time.perf_counter()
    send()
    return Rate(n / (time.perf_counter() - at), (time.process_time() - cpu) / n * 1000)


def _middle(found: list[Rate]) -> Rate:
    return Rate(median(each.rate for each in found), median(each.cpu for each in found))


if __name__ == "__main__":
    main()
