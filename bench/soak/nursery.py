"""A process that has read all code already and bears serving processes: what is killed often has to start quickly.

It is told commands on its standard input, one a line, forks for each, and answers with the number of the new process.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Child", "Nursery"]

_SET_PDEATHSIG = 1
#: What commands load when they are run.
_CODE = ("feedbackhub.app", "feedbackhub.cli.serve", "feedbackhub.cli.worker", "psycopg", "alembic.command")


@dataclass(frozen=True)
class Child:
    """A running command of an instance, leader of a group of its own."""

    pid: int
    log: Path

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """End it at once, with all that it started, as the kernel does when memory runs out."""
        self._signal(signal.SIGKILL, 30.0)

    def stop(self) -> None:
        """Ask it to end, and wait for it."""
        self._signal(signal.SIGTERM, 60.0)

    def _signal(self, number: int, patience: float) -> None:
        if self.alive:
            (os.killpg if number == signal.SIGKILL else os.kill)(self.pid, number)
        until = time.monotonic() + patience
        while self.alive:
            if time.monotonic() > until:
                raise RuntimeError(f"process {self.pid} does not end")
            time.sleep(0.005)


@dataclass
class Nursery:
    """Starts commands of an instance in a fraction of the time.

    Args:
        config: The instance's settings file.
    """

    config: Path
    _process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.soak.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self, *words: str) -> Child:
        """Start a command and return at once."""
        assert self._process.stdin is not None and self._process.stdout is not None
        log = self.config.with_name(f"{words[0]}.log")
        order = {"words": ["--config", str(self.config), *words], "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()), log)

    def close(self) -> None:
        """End the nursery, and with it whatever it has borne."""
        self._process.kill()
        with self._process:  # which closes its pipes, too
            self._process.wait(30)


def main() -> None:
    """Read the code, then bear a process for each line."""
    for name in _CODE:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _live(order["words"], order["log"])
        print(pid, flush=True)


def _live(words: list[str], log: str) -> None:
    """Become the command."""
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(old, new)
    code = 1
    try:
        importlib.import_module("feedbackhub.cli").main(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
