"""Rows: the card over HTTP, asked for 50 times a second whether or not the server keeps up."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bench.fill import address, fill
from bench.instance import Running, made_on, served
from bench.load import Outcome, request, run
from bench.table import Figure, Plan, Rounds

__all__ = ["MUST", "REACH", "card", "rows"]

RATE, CLIENTS = 50.0, 64
MUST, REACH = {"sqlite": 15.0, "postgres": 25.0}, 8.0
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure the card on each database."""
    for kind in plan.databases:
        with made_on(kind) as (folder, core, key):
            customers = fill(core, plan.responses)
            core.close()
            with served(folder, core.settings.public_url) as own:
                seen = card(own, key, customers, plan)
        yield from figures(kind, seen, plan.responses)


def card(own: Running, key: str, customers: int, plan: Plan) -> Rounds:
    """Ask for cards and return p50, p99 and CPU of several rounds; the first questions only warm up.

    Raises:
        RuntimeError: A card was not shown.
    """
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    n, seen = min(plan.n, 500), Rounds()

    def lookup(number: int) -> bytes:
        asked = {"email": address(1 + number * 7919 % customers), "agent": {"source": "helpdesk", "id": "7"}}
        return request("POST", "/api/v1/customers/lookup", json.dumps(asked).encode(), headers)

    for turn in range(-1, plan.rounds):
        found = _asked(own, [lookup(turn * n + i + n) for i in range(n)])
        if turn >= 0:
            seen.note(p50=found.p50, p99=found.p99, cpu=found.cpu)
    return seen


def _asked(own: Running, requests: list[bytes]) -> Outcome:
    found = run(own.base, own.pid, requests, CLIENTS, RATE)
    if found.failed:
        raise RuntimeError(f"{found.failed} cards were not shown: {dict(found.statuses)}")
    return found


def figures(kind: str, seen: Rounds, responses: int) -> Iterator[Figure]:
    """Yield the figures of one database."""
    name = f"card over HTTP, {NAMES[kind]}, {responses:,} responses, {RATE:.0f}/s open loop"
    beside = f"median {seen['p50']:.1f} ms, {seen['cpu']:.1f} CPU-ms"
    yield Figure(name, "p99", seen["p99"], "ms", MUST[kind], REACH, False, beside)
