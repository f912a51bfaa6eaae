"""strace: which system calls a server makes, in which order, and what they touch."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["TRACEABLE", "Call", "calls", "tracer"]

#: Put before a command, it lets a tracer that is not its parent attach; some systems allow only parents to.
TRACEABLE = (
    sys.executable, "-S", "-c",
    """import ctypes, os, sys
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
os.execvp(sys.argv[1], sys.argv[1:])""",
)  # fmt: skip
_WHOLE = re.compile(r"^(\d+) +(\d+\.\d+) (\w+)\((.*)\) += (-?\d+|\?)(.*?)(?: <(\d+\.\d+)>)?$", re.DOTALL)
_BEGUN = re.compile(r"^(\d+) +(\d+\.\d+) (\w+)\((.*) <unfinished \.\.\.>$", re.DOTALL)
_ENDED = re.compile(r"^(\d+) +(\d+\.\d+) <\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?)(.*?)(?: <(\d+\.\d+)>)?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """A system call that has ended.

    Args:
        thread: Who made it.
        name: What it is called.
        arguments: As strace prints them, descriptors with their paths.
        begun: When it was entered, in seconds.
        ended: When it was left.
        result: What it returned; negative for an error.
        note: What follows, such as ``EIO (Input/output error) (INJECTED)``.
    """

    thread: int
    name: str
    arguments: str
    begun: float
    ended: float
    result: int
    note: str


def tracer(names: str, into: Path, *more: str) -> list[str]:
    """Return the beginning of a command line that traces what it starts or is attached to, children included.

    Args:
        names: The system calls, separated by commas.
        into: File for what was seen.
        more: Further options.

    Raises:
        RuntimeError: strace is not installed.
    """
    program = shutil.which("strace")
    if program is None:
        raise RuntimeError("strace is not installed (Debian: apt install strace)")
    times = ["--absolute-timestamps=format:unix,precision:ns", "--syscall-times=ns"]
    wanted = ["-e", f"trace={names}", "-e", "signal=none", "-o", str(into)]
    return [program, "-f", "-y", "-q", "-q", *times, *wanted, *more]


def calls(path: Path) -> Iterator[Call]:
    """Yield the calls of a trace in the order of their ends, those that were cut off left out."""
    begun: dict[tuple[int, str], tuple[float, str]] = {}
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if found := _BEGUN.match(line):
                begun[int(found[1]), found[3]] = float(found[2]), found[4]
            elif found := _ENDED.match(line):
                at, first = begun.pop((int(found[1]), found[3]), (float(found[2]), ""))
                yield _call(found, at, first + found[4], float(found[2]))
            elif found := _WHOLE.match(line):
                at = float(found[2])
                yield _call(found, at, found[4], at + float(found[7] or 0))


def _call(found: re.Match[str], begun: float, arguments: str, ended: float) -> Call:
    result = -1 if found[5] == "?" else int(found[5])
    return Call(int(found[1]), found[3], arguments, begun, ended, result, found[6].strip())
