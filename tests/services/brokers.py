"""A real Redis server, whose content may be lost and which may go away and come back."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.processes import absent, directory, free_port, listening, unprivileged


def redis_program() -> str | None:
    """Return the installed server, Valkey or Redis, or None."""
    return shutil.which("valkey-server") or shutil.which("redis-server")


class Broker:
    """A Redis server on the loopback address that keeps nothing on disk.

    Args:
        program: The server.
        folder: Where it writes its log.
    """

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address for the settings."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self._folder / "redis.log").open("ab") as out:
            command = unprivileged([self._program, *options, "--dir", str(self._folder)])
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/")
        until = time.monotonic() + 20
        while not listening(self.port):
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self._folder / "redis.log").read_text(errors="replace"))
            time.sleep(0.02)

    def stop(self) -> None:
        """End it at once; what it held is gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def flush(self) -> None:
        """Remove everything that it holds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
            client.sendall(b"FLUSHALL\r\n")
            if not client.recv(100).startswith(b"+OK"):
                raise RuntimeError("the broker did not forget")


@contextmanager
def running_broker() -> Iterator[Broker]:
    """Run a server until the block ends."""
    program = redis_program()
    if program is None:
        absent("Redis", "redis-server")
    with directory("redis") as folder:
        broker = Broker(program, folder)
        broker.start()
        try:
            yield broker
        finally:
            broker.stop()


@pytest.fixture(scope="session")
def redis() -> Iterator[Broker]:
    """A server that lives as long as the session; whoever stops it starts it again."""
    with running_broker() as broker:
        yield broker
