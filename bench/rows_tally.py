"""Row: how many events a second the tallies take in."""

from __future__ import annotations

from collections.abc import Iterator

from bench.table import Figure, Plan, Rounds
from bench.tally import measure

__all__ = ["rows"]


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure the tallies' subscriber."""
    seen = Rounds()
    for _ in range(plan.rounds):
        seen.note(rate=measure(200 if plan.quick else 20_000))
    yield Figure("tally subscriber, SQLite", "events", seen["rate"], "/s", 5000, 15_000, True)
