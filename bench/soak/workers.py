"""Many machines on one: PostgreSQL that is restarted, Redis that forgets, pumps, and Celery workers that are killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.soak.databases import Postgres
from bench.soak.instance import Instance, Process
from tests.services.databases import postgres_programs
from tests.services.processes import unprivileged

__all__ = ["LEDGER", "Crowd", "restart", "write_plugin"]

#: What the plugin of the soak writes into, one line for each effect.
LEDGER = "effects.log"
#: Beginnings of work: number and attempt of the task.
BEGUN = "begun.log"

_PLUGIN = '''\
"""Writes down each effect, which takes a moment."""
import os, random, time
from pathlib import Path

from feedbackhub import Channel, Data, Receipt, Task, hookimpl

FILE = Path({folder!r}) / {ledger!r}


def note(what):
    time.sleep(random.uniform(0.0, {slow}))
    file = os.open(FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, (what + "\\n").encode())
    os.close(file)


class Ledger(Channel):
    name = "ledger"
    reaches = ("email",)
    data = Data(sends=("address",))

    def deliver(self, message):
        note(f"letter {{message.id}}")
        return Receipt("noted")


@hookimpl
def feedbackhub_channels(hub):
    return [Ledger()]


@hookimpl
def feedbackhub_tasks(hub):
    return [Task("note", lambda call: note(f"task {{call.payload['n']}}"))]
'''


def write_plugin(instance: Instance, slow: float) -> None:
    """Give the instance a channel and a task that write down what they do.

    Args:
        instance: Whose.
        slow: The most seconds that one takes.
    """
    folder = instance.folder / "plugins.d"
    folder.mkdir(exist_ok=True)
    text = _PLUGIN.format(folder=str(instance.folder), ledger=LEDGER, slow=slow)
    (folder / "ledger.py").write_text(text, encoding="utf-8")


class Crowd:
    """The processes: pumps that hand over, and workers.

    Args:
        instance: Whose.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.workers: list[Process] = []
        self.pumps: list[Process] = []
        self.kills = 0

    def add_pump(self) -> None:
        """Start a pump."""
        self.pumps.append(self._instance.begin("worker"))

    def add_worker(self, processes: int = 2) -> None:
        """Start a Celery worker."""
        command = [
            str(Path(sys.executable).with_name("celery")), "-A", "bench.soak.probe", "worker",
            "--concurrency", str(processes), "--hostname", f"w{len(self.workers)}-{time.monotonic_ns()}@soak",
            "--loglevel", "warning",
        ]  # fmt: skip
        log = self._instance.folder / "celery.log"
        environment = {
            **os.environ, "FEEDBACKHUB_CONFIG": str(self._instance.config), "C_FORCE_ROOT": "1",
            "SOAK_BEGUN": str(self._instance.folder / BEGUN),
        }  # fmt: skip
        last = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        with log.open("ab") as out:
            process = subprocess.Popen(
                [*last, *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                env=environment, cwd=Path(__file__).parents[2],
            )  # fmt: skip
        self.workers.append(Process(process, log))

    def kill_one(self) -> None:
        """Kill a worker with all its processes, or one of its processes alone, at random; a new one takes its place."""
        chosen = random.choice(self.workers)
        self.kills += 1
        children = _children(chosen.pid)
        if children and random.random() < 0.5:
            with suppress(ProcessLookupError):  # it may have ended by itself meanwhile
                os.kill(random.choice(children), signal.SIGKILL)
            return
        self.workers.remove(chosen)
        chosen.kill()
        self.add_worker()

    def stop(self) -> list[int]:
        """Ask all to end, and return their statuses."""
        everybody = [*self.pumps, *self.workers]
        for each in everybody:
            if each.alive:
                each.popen.send_signal(signal.SIGTERM)
        return [each.popen.wait(60) for each in everybody]

    def close(self) -> None:
        """End whatever still runs."""
        for each in [*self.pumps, *self.workers]:
            each.kill()


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except FileNotFoundError:
        return []


def restart(server: Postgres) -> None:
    """Restart PostgreSQL as after a crash."""
    _control(server, "restart")


@contextmanager
def ended(server: Postgres) -> Iterator[None]:
    """End a server that may have been restarted, and so is nobody's child."""
    try:
        yield
    finally:
        _control(server, "stop")


def _control(server: Postgres, what: str) -> None:
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is gone")
    command: list[str | Path] = [
        programs / "pg_ctl", "-D", server.sockets / "data", "-m", "immediate", "-w", "-t", "60",
        "-l", server.sockets / "again.log", what,
    ]  # fmt: skip
    # Without the bound that ends a child with us: the server outlives pg_ctl.
    plain = [each for each in unprivileged(command) if each not in ("--pdeathsig", "TERM")]
    subprocess.run(plain, check=what == "restart", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, cwd="/")  # fmt: skip
