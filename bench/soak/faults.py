"""Each I/O failure point of a submission and of a send, on a running server.

strace makes the N-th system call of a kind fail, for N = 1, 2, 3 … until none is left to fail: once, as a passing
disturbance, and again with all that follow, as a sick disk. Whatever fails, an acknowledged answer is there afterwards,
every mail goes out, and the server goes on by itself as soon as the calls succeed again.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.soak import databases, verdict
from bench.soak.client import NoAnswer
from bench.soak.injection import injected
from bench.soak.instance import Instance, Process, make
from bench.soak.ledger import Entry, Ledger
from bench.soak.postbox import Postbox, postbox
from bench.soak.tracing import TRACEABLE

__all__ = ["POINTS", "Faults", "Kind", "break_calls", "main"]

RECOVERS_WITHIN = 10.0
#: A mail whose connection broke is tried again after half a minute.
_RETRIED_WITHIN = 60.0
_MOST = 400


@dataclass(frozen=True)
class Kind:
    """A way to fail.

    Args:
        call: The system call.
        error: What it fails with.
        files: Whether only calls on the database's files are counted.
        lasting: Whether all later ones fail too, until the tracer lets go.
        sends: Whether a mail is sent, rather than an answer submitted.
    """

    call: str
    error: str
    files: bool
    lasting: bool
    sends: bool

    def __str__(self) -> str:
        during, span = "send" if self.sends else "submission", " from then on" if self.lasting else ""
        return f"{during}: {self.call} {self.error}{span}"


_FILES = (
    ("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fdatasync", "EIO"), ("fdatasync", "ENOSPC"), ("pread64", "EIO"),
    ("openat", "EMFILE"), ("openat", "EIO"), ("ftruncate", "EIO"), ("newfstatat", "EIO"),
)  # fmt: skip
_SOCKETS = (
    ("accept4", "EMFILE"), ("socket", "EMFILE"), ("connect", "ETIMEDOUT"), ("sendto", "EIO"), ("recvfrom", "EIO"),
)  # fmt: skip
#: Everything that is tried.
POINTS = tuple(
    Kind(call, error, calls is _FILES, lasting, sends)
    for sends in (False, True)
    for calls, lasting in ((_FILES, False), (_FILES, True), (_SOCKETS, False))
    for call, error in calls
)


@dataclass
class Faults:
    """What came of it.

    Args:
        points: How many calls were made to fail, each kind's numbers apart.
        copies: How many second copies there were, by what had failed.
        slowest: The longest time from the end of a fault to the next acknowledgement, in seconds.
        ledger: What was sent and acknowledged.
        problems: What is not as it must be.
    """

    ledger: Ledger
    points: dict[Kind, int] = field(default_factory=dict)
    slowest: float = 0.0
    copies: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        """How many requests were refused with 503."""
        return sum(n for status, n in self.ledger.statuses.items() if status.endswith(" 503"))

    def told(self) -> str:
        """Return the figures in a few lines."""
        kinds = "\n".join(f"  {kind}: {n}" for kind, n in self.points.items() if n)
        return (
            f"{kinds}\n{sum(self.points.values())} failure points, {self.ledger.answers} answers acknowledged, "
            f"{self.refused} refused with 503, acknowledged again at most {self.slowest:.1f} s after a fault; "
            f"second copies {self.copies}; {dict(self.ledger.statuses)}"
        )


def main(argv: Sequence[str]) -> int:
    """Try every point, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak faults", description=__doc__)
    parser.add_argument("--most", type=int, default=_MOST, help="highest N of each kind")
    parser.add_argument("--only", default="", help="only kinds that hold this text")
    chosen = parser.parse_args(argv)
    found = break_calls([each for each in POINTS if chosen.only in str(each)], chosen.most, say=True)
    wrong = verdict.broken(found.problems)
    print(found.told(), *(wrong or ["nothing acknowledged was lost, nothing damaged"]), sep="\n", flush=True)
    return int(bool(wrong))


def break_calls(kinds: Sequence[Kind], most: int, say: bool = False, step: int = 1) -> Faults:
    """Let calls of several kinds fail one after the other, and judge what is left.

    Args:
        kinds: Which.
        most: The highest N; fewer where there are fewer calls.
        say: Whether to print how far it is.
        step: Every how manieth N is tried.
    """
    with databases.folder() as folder, postbox() as box, _served(folder, box.port) as (instance, process):
        found = Faults(Ledger())
        run = _Run(instance, process, box, found)
        for kind in kinds:
            found.points[kind] = run.all_of(kind, most, step)
            if say:
                print(f"  {kind}: {found.points[kind]} points", flush=True)
        return _judged(run)


@contextmanager
def _served(folder: Path, mail_port: int) -> Iterator[tuple[Instance, Process]]:
    instance = make(folder, databases.SQLITE, mail_port, log_level="error", lease=10, uses=1)
    try:
        yield instance, instance.serve(before=TRACEABLE)
    finally:
        instance.close()


@dataclass
class _Run:
    instance: Instance
    process: Process
    box: Postbox
    found: Faults
    _made: int = 0
    _kinds: dict[str, Kind] = field(default_factory=dict)

    def all_of(self, kind: Kind, most: int, step: int) -> int:
        """Let each call of a kind fail in turn, until none is left, and return how many did."""
        points = 0
        for number in range(1, most + 1, step):
            entry = self._entry(kind)
            trace = self.instance.folder / "fault.trace"
            with injected(self.process, kind.call, kind.error, number, kind.lasting, self._files(kind), trace) as fault:
                self._carry_out(entry)
                if kind.sends:
                    self.sent(entry, 1.0)
            self._kinds[f"{entry.number}@example.org"] = kind
            self._goes_on(entry, kind, number)
            if not fault.happened():
                break
            points += 1
        return points

    def _files(self, kind: Kind) -> list[Path]:
        file = self.instance.file
        return [file.with_name(file.name + end) for end in ("", "-wal", "-shm")] if kind.files else []

    def _entry(self, kind: Kind) -> Entry:
        """Return an entry whose contact is recorded already, unless recording and sending is what is looked at."""
        self._made += 1
        entry = Entry(f"f{self._made}", 3 + self._made % 3, kind.sends, bool(self._made % 2))
        self.found.ledger.entries.append(entry)
        if not kind.sends:
            silent, entry.silent = entry.silent, True
            self._acknowledged(entry, "the contact")
            entry.silent = silent
        return entry

    def _carry_out(self, entry: Entry) -> bool:
        client = self.instance.client(8.0)
        try:
            return self.found.ledger.carry_out(client, entry)
        except NoAnswer:
            return False
        finally:
            client.close()

    def _goes_on(self, entry: Entry, kind: Kind, number: int) -> None:
        """Send what was refused once more: the server must take it by itself, and the mail must go out."""
        self.found.slowest = max(self.found.slowest, self._acknowledged(entry, f"{kind}, N = {number}"))
        if kind.sends and kind.files and not self.sent(entry, 20.0):
            raise RuntimeError(f"after {kind}, N = {number}: the mail to {entry.number} never came\n{self._log()}")

    def _acknowledged(self, entry: Entry, what: str) -> float:
        begun = time.monotonic()
        while not self._carry_out(entry):
            if time.monotonic() - begun > RECOVERS_WITHIN:
                raise RuntimeError(f"after {what}: no acknowledgement\n{self._log()}")
            time.sleep(0.05)
        return time.monotonic() - begun

    def _log(self) -> str:
        return self.process.log.read_text(errors="replace")[-3000:]

    def kind_of(self, address: str) -> Kind:
        """Return what failed when somebody was written to."""
        return self._kinds[address]

    def sent(self, entry: Entry, seconds: float) -> bool:
        """Wait for the mail to the customer of an entry, and tell whether it came."""
        until = time.monotonic() + seconds
        while not self.box.per_recipient()[f"{entry.number}@example.org"]:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True


def _judged(run: _Run) -> Faults:
    """Kill the server, start it again, and compare."""
    found, instance = run.found, run.instance
    while found.ledger.unsure:
        found.ledger.next()
    for entry in found.ledger.entries:
        if entry.silent and not run.sent(entry, _RETRIED_WITHIN):
            print(f"no mail to {entry.number}")
    alive = run.process.alive
    run.process.kill()
    process = instance.serve()
    responses = verdict.listed(instance.client())
    process.stop()
    twice = Counter(run.kind_of(mails[0].to) for mails in run.box.twice())
    found.copies = {str(kind): n for kind, n in twice.items()}
    wanted = {f"{each.number}@example.org" for each in found.ledger.entries if each.silent}
    found.problems = {
        "the server ended": int(not alive),
        **verdict.compared(found.ledger, responses), **verdict.inside(instance, found.ledger),
        **verdict.damaged(instance),
        "mails missing": len(wanted - run.box.copies().keys()),
        "second copies although the network was well": sum(n for kind, n in twice.items() if kind.files),
        "second copies with another Message-ID": run.box.renamed(),
    }  # fmt: skip
    return found
