"""Loading a server from a process of its own, and what that shows: rate, milliseconds, CPU for each request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from bench.client import Order

__all__ = ["Outcome", "cpu_seconds", "family", "median_of", "request", "run"]


@dataclass(frozen=True)
class Outcome:
    """What a run showed.

    Args:
        n: Requests.
        rate: Answers a second.
        p50: Milliseconds that half of the answers took at most.
        p99: Milliseconds that 99 % of them took at most.
        cpu: CPU milliseconds of the server's processes for each request.
        failed: Answers with another status than expected, and connections that broke.
        statuses: How often each status came; 0 for connections that broke.
        driver: CPU seconds of the load itself for each second of the run.
    """

    n: int
    rate: float
    p50: float
    p99: float
    cpu: float
    failed: int
    statuses: Mapping[int, int]
    driver: float


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method not in ("GET", "HEAD"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def run(
    base: str,
    pid: int,
    requests: Sequence[bytes],
    clients: int,
    rate: float = 0.0,
    expect: Sequence[int] = (200, 201, 303),
) -> Outcome:
    """Send requests to a server on this machine.

    Args:
        base: The server's address; loopback only.
        pid: The server's process; what it started counts, too.
        requests: What to send, as it goes over the wire.
        clients: Connections at the same time.
        rate: Requests a second whatever the answers do; 0 sends as fast as they come.
        expect: Statuses that count as success.

    Raises:
        ValueError: The server is on another machine.
        subprocess.CalledProcessError: The server does not answer any more.
    """
    parts = urlsplit(base)
    if parts.hostname != "127.0.0.1" or parts.port is None:
        raise ValueError("only servers on this machine are measured")
    order = Order(parts.port, clients, rate, [len(each) for each in requests])
    before = cpu_seconds(pid)
    done = subprocess.run(
        [sys.executable, "-m", "bench.client"], check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1],
        input=json.dumps(asdict(order)).encode() + b"\n" + b"".join(requests),
    )  # fmt: skip
    cpu = cpu_seconds(pid) - before
    seen = json.loads(done.stdout)
    statuses = {int(status): n for status, n in seen["statuses"].items()}
    times, n = sorted(seen["times"]), len(requests)
    return Outcome(
        n=n,
        rate=len(times) / seen["wall"],
        p50=_at(times, 0.50),
        p99=_at(times, 0.99),
        cpu=cpu / n * 1000,
        failed=n - sum(statuses.get(each, 0) for each in expect),
        statuses=statuses,
        driver=seen["cpu"] / seen["wall"],
    )


def _at(times: Sequence[float], part: float) -> float:
    return times[min(len(times) - 1, int(len(times) * part))] * 1000 if times else float("nan")


def median_of(rounds: Sequence[Outcome]) -> Outcome:
    """Return the median of each figure over several runs, and all failures of them."""
    statuses: dict[int, int] = {}
    for each in rounds:
        for status, n in each.statuses.items():
            statuses[status] = statuses.get(status, 0) + n
    return Outcome(
        n=sum(each.n for each in rounds),
        rate=median(each.rate for each in rounds),
        p50=median(each.p50 for each in rounds),
        p99=median(each.p99 for each in rounds),
        cpu=median(each.cpu for each in rounds),
        failed=sum(each.failed for each in rounds),
        statuses=statuses,
        driver=median(each.driver for each in rounds),
    )


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process, and those that it started and that still run, have used."""
    return sum(_cpu_of(each) for each in family(pid))


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """Return a process and those below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            for child in (task / "children").read_text(encoding="ascii").split():
                found += family(int(child))
    return found
