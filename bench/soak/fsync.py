"""Every acknowledgement has an fsync before it: seen from outside, call by call, under strace.

For each answer three things are looked for: the write of its row to the database's log, an fsync of that log that was
begun after the write had ended, and the answer to the client, which must have been begun after that fsync had ended.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bench.soak import databases
from bench.soak.client import Client
from bench.soak.instance import Instance, make
from bench.soak.ledger import Entry, Ledger
from bench.soak.tracing import Call, calls, tracer

__all__ = ["Synced", "judged", "main", "synced"]

_SENT = "sendto,sendmsg,write,writev"
_KEPT = "pwrite64,pwritev,write,writev,fsync,fdatasync"
_MARK = re.compile(r"said (k\d+)\.")
_LOGS = ("feedbackhub.db-wal>", "/pg_wal/")
_ANSWERED = re.compile(r'\\"response\\":\s*\\"([A-Za-z0-9_-]{12})\\"|[Ll]ocation: \S*/s/([A-Za-z0-9_-]{24})/thanks')


@dataclass
class Synced:
    """What came of it.

    Args:
        kind: The database.
        acknowledged: How many answers were acknowledged.
        proven: How many of them had their fsync before.
        written: How many rows were seen on their way to the log.
        syncs: How many fsyncs of the log there were.
        wrong: External ids of those without.
        settings: What the database says of its durability.
    """

    kind: str
    acknowledged: int = 0
    proven: int = 0
    written: int = 0
    syncs: int = 0
    wrong: list[str] = field(default_factory=list)
    settings: str = ""

    def told(self) -> str:
        """Return the figures in one line."""
        return (
            f"{self.kind}: {self.proven:,} of {self.acknowledged:,} acknowledgements had an fsync of their row before "
            f"them ({self.syncs:,} fsyncs; {self.settings})"
        )


@dataclass(frozen=True)
class _Trace:
    """When rows were written to the log, when the log was synced, and when answers were begun."""

    rows: dict[str, float]
    syncs: list[tuple[float, float]]
    answers: dict[str, float]


def main(argv: Sequence[str]) -> int:
    """Trace both databases, print the figures, and return 1 when an fsync is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak fsync", description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="acknowledgements on each database")
    parser.add_argument("--callers", type=int, default=4, help="callers at the same time")
    chosen = parser.parse_args(argv)
    code = 0
    for kind in ("sqlite", "postgres"):
        found = synced(kind, chosen.n, chosen.callers)
        print(found.told(), *(f"  without: {each}" for each in found.wrong[:10]), sep="\n", flush=True)
        code |= found.proven != found.acknowledged or found.acknowledged < chosen.n
    return code


def synced(kind: str, n: int, callers: int = 4) -> Synced:
    """Let `n` answers be acknowledged under strace and look for the fsync of each.

    Args:
        kind: ``sqlite`` or ``postgres``.
        n: How many.
        callers: How many call at the same time; their commits may share an fsync.
    """
    with databases.folder() as folder:
        if kind == "sqlite":
            instance = make(folder, databases.SQLITE, delay="30d")
            return _watched(kind, instance, n, callers, folder / "web.trace", [], "PRAGMA synchronous=FULL, WAL")
        with databases.postgres(traced=_KEPT) as server:
            instance = make(folder, server.url, delay="30d")
            told = f"synchronous_commit={server.ask('SHOW synchronous_commit')}, fsync={server.ask('SHOW fsync')}"
            return _watched(kind, instance, n, callers, folder / "web.trace", [server.trace], told)


def _watched(
    kind: str, instance: Instance, n: int, callers: int, trace: Path, others: Sequence[Path], settings: str
) -> Synced:
    ledger = Ledger(silent=0.0)
    entries = [ledger.next() for _ in range(n)]
    try:
        instance.serve(before=tracer(f"{_SENT},{_KEPT}", trace, "--seccomp-bpf", "-s", "70000"))
        with ThreadPoolExecutor(callers) as pool:
            keys = list(pool.map(lambda entry: _answered(instance.client(60), ledger, entry), entries))
        time.sleep(0.5)
    finally:
        instance.close()
    acknowledged = [(entry, key) for entry, key in zip(entries, keys, strict=True) if key]
    return judged(kind, acknowledged, [trace, *others], settings)


def _answered(client: Client, ledger: Ledger, entry: Entry) -> str:
    """Record and answer; return what stands in the acknowledgement, empty when there was none."""
    done = ledger.carry_out(client, entry)
    client.close()
    return (entry.path.rpartition("/")[2] if entry.page else entry.response) if done else ""


def judged(kind: str, acknowledged: Sequence[tuple[Entry, str]], traces: Sequence[Path], settings: str) -> Synced:
    """Follow each acknowledgement back to the fsync of its row.

    Args:
        kind: The database.
        acknowledged: What was acknowledged, and the words in its acknowledgement that no other has.
        traces: What strace saw of the server, and of the database's own.
        settings: What the database says of its durability.
    """
    seen = _read(traces)
    found = Synced(kind, len(acknowledged), syncs=len(seen.syncs), settings=settings)
    for entry, key in acknowledged:
        written, answered = seen.rows.get(entry.number), seen.answers.get(key)
        found.written += written is not None
        if written is not None and answered is not None and any(
            written <= begun and ended <= answered for begun, ended in seen.syncs
        ):
            found.proven += 1
        else:
            found.wrong.append(entry.number)
    return found


def _read(traces: Sequence[Path]) -> _Trace:
    seen = _Trace({}, [], {})
    for path in traces:
        for call in calls(path):
            if any(log in call.arguments for log in _LOGS):
                _note_log(seen, call)
            else:
                for key in _ANSWERED.findall(call.arguments):
                    seen.answers.setdefault(key[0] or key[1], call.begun)
    return seen


def _note_log(seen: _Trace, call: Call) -> None:
    if call.name in ("fsync", "fdatasync"):
        if call.result == 0:
            seen.syncs.append((call.begun, call.ended))
    else:
        for number in _MARK.findall(call.arguments):
            seen.rows.setdefault(number, call.ended)
