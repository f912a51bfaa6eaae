"""An instance under test: its folder and key, and the processes that serve it, which are started and killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bench.soak.client import Client, NoAnswer
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.clock import SystemClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.office.keys import SCOPES, create_key
from tests.services.processes import free_port

__all__ = ["Instance", "Process", "Running", "contact", "make"]

#: Seconds that a start may take on a machine that is busy with everything else.
STARTS_WITHIN = 60.0
_UNLIMITED = "1000000/second"
# The lease is short: what a killed worker had in its hands is to come back within the soak.
_SETTINGS = """\
public_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
database = {database}
data_dir = "."
log_level = "{log_level}"
[web]
survey_limit = "{unlimited}"
api_limit = "{unlimited}"
[throttle]
days = 0
[engine]
lease_seconds = {lease}
tick_seconds = 0.2
{engine}
[[ask]]
name = "all"
channels = ["{channel}"]
delay = "{delay}"
{mail}
"""
_MAIL = """\
[plugins.email]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "Acme <feedback@example.org>"
hostname = "soak.example.org"
timeout = {timeout}
patience = {patience}
mails_per_connection = {uses}
"""


class Running(Protocol):
    """A process, whoever started it."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def log(self) -> Path:
        """What it says."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        ...


@dataclass
class Process:
    """A running process of the instance, leader of a group of its own."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """Its number."""
        return self.popen.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.popen.poll() is None

    def kill(self) -> None:
        """End it at once, with all that it started, as the kernel does when memory runs out."""
        if self.alive:
            os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait(30)

    def stop(self, patience: float = 40.0) -> int:
        """Ask it to end, and return its status.

        Raises:
            subprocess.TimeoutExpired: It did not.
        """
        if self.alive:
            self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(patience)


@dataclass
class Instance:
    """A prepared instance.

    Args:
        folder: Holds the settings file, the key and, on SQLite, the database.
        port: Where it serves on the loopback address.
        key: An API key that may do everything.
        database: The database's address, empty for SQLite.
    """

    folder: Path
    port: int
    key: str
    database: str
    started: list[Process] = field(default_factory=list)

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.folder / "feedbackhub.toml"

    @property
    def file(self) -> Path:
        """The database file of SQLite."""
        return self.folder / "feedbackhub.db"

    def client(self, timeout: float = 20.0) -> Client:
        """Return a client that signs its calls with the key."""
        return Client(self.port, self.key, timeout)

    def command(self, *words: str) -> list[str]:
        """Return a command line of this instance."""
        return [str(Path(sys.executable).with_name("feedbackhub")), "--config", str(self.config), *words]

    def begin(self, *words: str, before: Sequence[str] = (), env: Mapping[str, str] | None = None) -> Process:
        """Start a command and return at once; from the main thread, so that it ends with us.

        Args:
            words: The command.
            before: What it is started by, such as strace.
            env: Variables over those of this process.
        """
        log = self.folder / f"{words[0]}.log"
        with log.open("ab") as out:
            # A soak that is itself killed must not leave servers behind.
            last = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
            process = subprocess.Popen(
                [*last, *before, *self.command(*words)], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, env={**os.environ, **(env or {})},
            )  # fmt: skip
        self.started.append(Process(process, log))
        return self.started[-1]

    def serve(self, *words: str, before: Sequence[str] = (), env: Mapping[str, str] | None = None) -> Process:
        """Start serving and return once requests are answered."""
        process = self.begin("serve", *words, before=before, env=env)
        self.wait_up(process)
        return process

    def wait_up(self, process: Running, within: float = STARTS_WITHIN) -> float:
        """Wait until requests are answered and return how many seconds that took.

        Raises:
            RuntimeError: It ended, or does not answer in time.
        """
        begun, client = time.monotonic(), Client(self.port, "", timeout=2.0)
        while time.monotonic() - begun < within:
            if not process.alive:
                break
            try:
                if client.call("GET", "/healthz").status == 200:
                    client.close()
                    return time.monotonic() - begun
            except NoAnswer:
                time.sleep(0.02)
        raise RuntimeError(f"process {process.pid} does not serve:\n{process.log.read_text(errors='replace')[-3000:]}")

    def close(self) -> None:
        """End whatever still runs."""
        for process in self.started:
            process.kill()


def make(
    folder: Path, database: str = "", mail_port: int = 0, *, delay: str = "0s", engine: str = "",
    log_level: str = "warning", mail_timeout: float = 2.0, more: str = "", lease: int = 5,
    uses: int = 100,
) -> Instance:  # fmt: skip
    """Make an instance with its tables, its surveys and a key.

    Args:
        folder: Where; must exist.
        database: The database's address; empty for SQLite in the folder.
        mail_port: Where the mail server listens; 0 for the mailbox instead of mails.
        delay: How long after a contact is asked.
        engine: More lines of the settings' [engine].
        log_level: Least level that is logged.
        mail_timeout: Seconds to wait for each answer of the mail server; twice that for a whole mail.
        more: More tables of the settings.
        lease: Seconds until the work of a dead process is taken over; more than a whole mail may take.
        uses: How many mails go over one connection.
    """
    port = free_port()
    write_key(folder / KEY_FILE)
    mail = _MAIL.format(port=mail_port, timeout=mail_timeout, patience=mail_timeout * 2, uses=uses) if mail_port else ""
    text = _SETTINGS.format(
        port=port, database=json.dumps(database), unlimited=_UNLIMITED, mail=mail, engine=engine, delay=delay,
        channel="email" if mail_port else "mailbox", log_level=log_level, lease=lease,
    )  # fmt: skip
    (folder / "feedbackhub.toml").write_text(text + more, encoding="utf-8")
    core = open_core(load_settings(folder / "feedbackhub.toml", {}))
    try:
        prepare(core)
        _, secret = create_key(core.store, SystemClock(), "soak", SCOPES, "soak")
    finally:
        core.close()
    return Instance(folder, port, secret, database)


def contact(number: str, **more: Any) -> bytes:
    """Return the body of a contact with an address of its own."""
    return json.dumps(
        {
            "source": "soak", "external_id": number, "team": "Billing", "channel": "chat", "topic": "invoice",
            "agent": {"id": "7", "name": "Bo"},
            "customer": {"email": f"{number}@example.org", "name": "Ann", "language": "en"},
            **more,
        }
    ).encode()  # fmt: skip
