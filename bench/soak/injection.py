"""Make one system call of a running process fail, and let go again."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.soak.instance import Process
from bench.soak.tracing import tracer

__all__ = ["Fault", "injected"]

_ATTACHES_WITHIN = 20.0


@dataclass(frozen=True)
class Fault:
    """A fault that was wished for."""

    trace: Path

    def happened(self) -> bool:
        """Tell whether there was such a call, so that it failed."""
        return "(INJECTED)" in self.trace.read_text(encoding="ascii", errors="replace")


@contextmanager
def injected(
    process: Process, call: str, error: str, number: int, lasting: bool, files: Sequence[Path], trace: Path
) -> Iterator[Fault]:
    """Let the N-th call of each of a process' threads fail while the block runs.

    Args:
        process: Whose calls.
        call: Which system call.
        error: What it fails with.
        number: The N.
        lasting: Whether all that follow fail, too.
        files: The files on which calls are counted; none for all calls.
        trace: Where strace writes.
    """
    when = f"{number}+" if lasting else str(number)
    paths = [word for path in files for word in ("-P", str(path))]
    trace.unlink(missing_ok=True)
    command = tracer(call, trace, "-e", f"inject={call}:error={error}:when={when}", *paths, "-p", str(process.pid))
    strace = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_attached(process.pid, strace)
        yield Fault(trace)
    finally:
        strace.send_signal(signal.SIGINT)
        _, said = strace.communicate(timeout=20)
    if _traced(process.pid):
        raise RuntimeError(f"strace did not let go: {said.decode(errors='replace')}")


def _wait_attached(pid: int, strace: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _ATTACHES_WITHIN
    while not all(_tracers(pid)):
        if strace.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"strace cannot attach to {pid}")
        time.sleep(0.005)


def _traced(pid: int) -> bool:
    return any(_tracers(pid))


def _tracers(pid: int) -> list[bool]:
    """Return for each thread whether it has a tracer."""
    found = []
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(OSError):  # a thread that has just ended
            found.append("TracerPid:\t0\n" not in status.read_text(encoding="ascii", errors="replace"))
    return found
