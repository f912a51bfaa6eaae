"""A load generator: several clients with kept connections, each request timed."""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Shot:
    """One request, and the statuses that count as success."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    expect: tuple[int, ...] = (200, 201)


@dataclass(frozen=True)
class Outcome:
    """What a run showed: rate per second, milliseconds, and the server's CPU per request in milliseconds."""

    n: int
    rate: float
    p50: float
    p99: float
    cpu: float
    failed: int


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(base: str, pid: int, shots: Callable[[int], Shot], n: int, clients: int) -> Outcome:
    """Send `n` requests from several clients.

    Args:
        base: The server's address; loopback only.
        pid: The server's process.
        shots: Makes the i-th request.
        n: How many.
        clients: How many connections at the same time.
    """
    parts = urlsplit(base)
    if parts.hostname != "127.0.0.1" or parts.port is None:
        raise ValueError("only servers on this machine are measured")
    host, port = parts.hostname, parts.port
    numbers = iter(range(n))
    lock = threading.Lock()
    times: list[float] = []
    failed = [0]

    def client() -> None:
        connection = http.client.HTTPConnection(host, port, timeout=30)
        while True:
            with lock:
                i = next(numbers, None)
            if i is None:
                connection.close()
                return
            shot = shots(i)
            begun = time.perf_counter()
            connection.request(shot.method, shot.path, shot.body or None, dict(shot.headers))
            answer = connection.getresponse()
            answer.read()
            took = time.perf_counter() - begun
            with lock:
                times.append(took)
                failed[0] += answer.status not in shot.expect

    before, begun = cpu_seconds(pid), time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - begun, cpu_seconds(pid) - before
    cuts = quantiles(times, n=100)
    return Outcome(n, n / wall, cuts[49] * 1000, cuts[98] * 1000, cpu / n * 1000, failed[0])
