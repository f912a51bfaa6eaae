"""A process for work that may hang or grow: started, asked one thing at a time, killed when late."""

from __future__ import annotations

import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from ..contract.errors import Unavailable
from .containment import Told

__all__ = ["START_SECONDS", "Child", "Program"]

START_SECONDS = 60.0
SPARE_BYTES = 1 << 20
#: Lines of what it writes to its error output that go to the log for one report; a plugin may print without end.
LOGGED_LINES = 50
CHUNK = 1 << 16
#: Libraries of numbers would take memory for every core of the machine, beyond what such a process may have.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Program:
    """What runs in a process of its own.

    Args:
        module: The module, which is run as a program.
        work: What it does, in a word for people, like ``analyses``.
        most_bytes: Longest answer.
    """

    module: str
    work: str
    most_bytes: int


class Child:
    """One process; used by one thread at a time, killed by any.

    Args:
        program: What runs in it.
        first_line: What it is told first; handed over by a pipe, for it may hold secrets.

    Raises:
        Unavailable: It could not be started.
    """

    def __init__(self, program: Program, first_line: str) -> None:
        self._program, self._log = program, logging.getLogger(f"feedbackhub.{program.work}")
        self._process = subprocess.Popen(
            [sys.executable, "-m", program.module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD},
            start_new_session=True,  # Ctrl-C is for the server, which then ends this process itself
        )  # fmt: skip
        self._left = bytearray()
        self._lines = LOGGED_LINES
        threading.Thread(target=self._drain, name=f"feedbackhub-{program.work}-log", daemon=True).start()
        try:
            self._write(first_line.encode())
            self._read(START_SECONDS)
        except Told as told:
            self.close()
            raise Unavailable(f"the process for {program.work} {told.reason}") from None

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and return the answer.

        Raises:
            Told: There was none in time, the process ended, or it said something else; it is gone then.
        """
        self._lines = LOGGED_LINES
        try:
            self._write(json.dumps(request).encode())
            answer = json.loads(self._read(seconds))
            if not isinstance(answer, dict):
                raise Told("answered with something that is no answer", "wrong")
        except BaseException as error:
            self.kill()
            if isinstance(error, ValueError):
                raise Told("answered with something that is no answer", "wrong") from None
            raise
        return answer

    def kill(self) -> None:
        """End the process at once, whatever it does; whoever waits for an answer gets none."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Kill it and let go of its pipes; only for the thread that uses it."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                self._let_go(pipe)

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise Told("could not be asked: its process has ended") from None

    def _read(self, seconds: float) -> bytes:
        """Return the next line.

        Raises:
            Told: It did not come in time, is too long, or will never come.
        """
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._left:
                if not waiting.select(max(0.0, deadline - time.monotonic())):
                    raise Told(f"took longer than {seconds:g} s", "late")
                chunk = os.read(self._process.stdout.fileno(), CHUNK)
                if not chunk:
                    raise Told("ended its process")
                self._left += chunk
                if len(self._left) > self._program.most_bytes + SPARE_BYTES:
                    raise Told(f"answered with more than {self._program.most_bytes >> 20} MB", "wrong")
        line, _, rest = bytes(self._left).partition(b"\n")
        self._left[:] = rest
        return line

    def _drain(self) -> None:
        """Log what the process writes to its error output, as far as it keeps within reason."""
        assert self._process.stderr is not None
        with self._process.stderr as said:
            while line := said.readline(4096):
                if self._lines > 0:
                    self._lines -= 1
                    self._log.warning("%s", line.decode("utf-8", "replace").rstrip())

    def _let_go(self, pipe: IO[bytes]) -> None:
        """Close a pipe whose other end may be gone, with something still to be written."""
        try:
            pipe.close()
        except OSError:
            self._log.debug("a pipe to an ended process was closed")
