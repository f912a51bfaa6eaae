"""Rows: what the NPS page shows, worked out of the tallies: a score with its trend by month, for each channel."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from bench.fill import DAYS, fill_tally
from bench.instance import made_on
from bench.rows_card import NAMES
from bench.table import Figure, Plan, Rounds
from feedbackhub import Query
from feedbackhub.loop.core import Core

__all__ = ["report", "rows"]


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure the report on each database."""
    for kind in plan.databases:
        with made_on(kind) as (_, core, _key):
            fill_tally(core, plan.responses)
            seen = report(core, plan)
        name = f"NPS page data, {NAMES[kind]}, {plan.responses:,} responses"
        yield Figure(name, "from the tally", seen["ms"], "ms", 150, 60, False, f"{seen['cpu']:.0f} CPU-ms")


def report(core: Core, plan: Plan) -> Rounds:
    """Make the report of three years by channel several times, in this process.

    Raises:
        RuntimeError: It counts nothing.
    """
    analysis, today = core.analyst.one("nps"), core.clock.now().date()
    query = Query(
        since=today - timedelta(days=DAYS + 100), until=today, by="channel",
        options={"step": "month"}, compare=False,
    )  # fmt: skip
    seen = Rounds()
    for turn in range(-1, plan.rounds):
        began, busy = time.perf_counter(), time.process_time()
        found = analysis.report(query)
        if turn >= 0:
            seen.note(ms=(time.perf_counter() - began) * 1000, cpu=(time.process_time() - busy) * 1000)
        if not found.figures or not found.figures[0].n:
            raise RuntimeError("nothing was counted")
    return seen
