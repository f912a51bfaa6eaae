"""A real instance in a process of its own, and the bare servers beside it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.databases import postgres_url
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.clock import SystemClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.keys import SCOPES, create_key

__all__ = ["Running", "bare", "contact_body", "free_port", "hello", "made", "made_on", "served", "started"]

_LIMIT = "1000000/second"
REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True)
class Running:
    """A server under measurement."""

    base: str
    pid: int


@contextmanager
def made(database: str = "", kept: Path | None = None) -> Iterator[tuple[Path, Core, str]]:
    """Give a fresh instance's folder, its core, and an API key that may do everything.

    Args:
        database: Address of its database; SQLite in its folder when empty.
        kept: A folder that stays, with the instance that is there already.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = kept or Path(name)
        folder.mkdir(exist_ok=True)
        if not (folder / KEY_FILE).exists():
            write_key(folder / KEY_FILE)
        address = f"127.0.0.1:{free_port()}"
        (folder / "feedbackhub.toml").write_text(
            f'public_url = "http://{address}"\nlisten = "{address}"\ndata_dir = "."\nlog_level = "error"\n'
            f'database = "{database}"\n'
            f'[web]\nsurvey_limit = "{_LIMIT}"\napi_limit = "{_LIMIT}"\n'
            '[throttle]\ndays = 0\n[[ask]]\nname = "all"\nchannels = ["mailbox"]\ndelay = "30d"\n',
            encoding="utf-8",
        )
        settings = Settings(
            public_url=f"http://{address}", data_dir=folder, database=database,
            ask=({"name": "all", "channels": ["mailbox"], "delay": "30d"},), throttle={"days": 0},
        )  # fmt: skip
        core = open_core(settings)
        try:
            prepare(core)
            _, secret = create_key(core.store, SystemClock(), f"bench {secrets.token_hex(4)}", SCOPES, "bench")
            yield folder, core, secret
        finally:
            core.close()


@contextmanager
def made_on(kind: str) -> Iterator[tuple[Path, Core, str]]:
    """Give a fresh instance on ``sqlite``, or on ``postgres`` with a server of its own; see `made`."""
    if kind == "sqlite":
        with made() as found:
            yield found
        return
    with postgres_url() as database, made(database) as found:
        yield found


@contextmanager
def served(folder: Path, base: str) -> Iterator[Running]:
    """Serve an instance until the block ends."""
    program = Path(sys.executable).with_name("feedbackhub")
    with started([str(program), "--config", str(folder / "feedbackhub.toml"), "serve"], f"{base}/healthz") as pid:
        yield Running(base, pid)


@contextmanager
def hello() -> Iterator[Running]:
    """Serve the smallest Flask application behind the same server."""
    port = free_port()
    with started([sys.executable, "-m", "bench.hello", str(port)], f"http://127.0.0.1:{port}/") as pid:
        yield Running(f"http://127.0.0.1:{port}", pid)


@contextmanager
def bare() -> Iterator[Running]:
    """Serve the least that takes durable answers behind the same server; see `bench.bare`."""
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        started([sys.executable, "-m", "bench.bare", str(port), folder], f"http://127.0.0.1:{port}/") as pid,
    ):
        yield Running(f"http://127.0.0.1:{port}", pid)


@contextmanager
def started(
    command: list[str], probe: str, more: Mapping[str, str] | None = None, errors: bool = False
) -> Iterator[int]:
    """Run a server until the block ends and give its process; it serves when a probe of it is answered.

    Args:
        command: What to run.
        probe: An address that it answers.
        more: Environment beside our own.
        errors: Whether an error is an answer, too.
    """
    environment = {**os.environ, **(more or {})}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, cwd=REPOSITORY)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(probe, timeout=1).read()
                break
            except (urllib.error.URLError, OSError) as error:
                if errors and isinstance(error, urllib.error.HTTPError):
                    break
                if process.poll() is not None:
                    raise RuntimeError(f"{command[0]} ended with {process.returncode}") from None
                time.sleep(0.1)
        else:
            raise RuntimeError(f"{command[0]} does not answer")
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=40)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def contact_body(number: int) -> bytes:
    """Return the body of the n-th contact."""
    return json.dumps(
        {
            "source": "bench-live", "external_id": str(number), "team": "Billing", "channel": "chat",
            "topic": "invoice", "agent": {"id": "7", "name": "Bo"},
            "customer": {"email": f"live{number}@example.org", "name": "Ann", "language": "en"},
        }
    ).encode()  # fmt: skip
