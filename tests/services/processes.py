"""Server processes of the tests: run as an ordinary account, gone when the tests are gone."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

# PostgreSQL refuses to run as root and dovecot to read mail as root.
ACCOUNT = "nobody"


def absent(what: str, install: str) -> NoReturn:
    """Skip the test because a server is not installed; with CI=true nothing may skip, so there it fails."""
    pytest.skip(f"{what} is not installed (Debian: apt install {install})")


def account() -> str:
    """Return the name of the account that servers run as."""
    return ACCOUNT if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def unprivileged(command: Sequence[str | Path]) -> list[str]:
    """Return the command so that it runs without root's rights and, where the system can do that, ends with us."""
    prefix: list[str] = []
    if shutil.which("setpriv"):
        prefix = ["setpriv", "--pdeathsig", "TERM"]
        if os.geteuid() == 0:
            prefix += [f"--reuid={ACCOUNT}", f"--regid={pwd.getpwnam(ACCOUNT).pw_gid}", "--clear-groups"]
    return [*prefix, *map(str, command)]


@contextmanager
def directory(name: str) -> Iterator[Path]:
    """Yield a short-named temporary directory that the servers' account owns (pytest's own is closed to it)."""
    path = Path(tempfile.mkdtemp(prefix=f"feedbackhub-{name}-"))
    try:
        if os.geteuid() == 0:
            user = pwd.getpwnam(ACCOUNT)
            os.chown(path, user.pw_uid, user.pw_gid)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, ready: Callable[[], bool], stop: int, cwd: Path = Path("/")
) -> Iterator[None]:
    """Run a server until the block ends; raise RuntimeError with its log when it does not become ready."""
    with log.open("ab") as out:
        process = subprocess.Popen(unprivileged(command), stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=cwd)
    try:
        deadline = time.monotonic() + 60
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        yield
    finally:
        if process.poll() is None:
            process.send_signal(stop)
        process.wait(30)


def free_port() -> int:
    """Return a port on the loopback address that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def listening(port: int) -> bool:
    """Return whether somebody accepts connections on this loopback port."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0
