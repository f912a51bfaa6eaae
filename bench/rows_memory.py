"""Rows: what a serving process takes when nobody comes, and after very many have come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench.fill import fill_open
from bench.instance import Running, made, served
from bench.load import family
from bench.rows_pages import MANY, pages, shot, submissions
from bench.table import Figure, Plan, ratio

__all__ = ["rows", "taken"]

#: Submissions before memory is first looked at: what is made once for all has been made by then.
WARM, BATCH = 2_000, 10_000


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure an idle server, then the same one after many submissions and looks."""
    with made() as (folder, core, _):
        warm = min(WARM, plan.memory)
        links = fill_open(core, plan.memory + warm)
        core.close()
        with served(folder, core.settings.public_url) as own:
            time.sleep(0.0 if plan.quick else 5.0)
            idle = taken(own.pid)
            _answer(own, links[:warm])
            before = _settled(own, plan)
            _answer(own, links[warm:])
            after = _settled(own, plan)
    name = f"memory of `serve`, SQLite, {plan.memory:,} submissions"
    yield Figure("memory of `serve`, SQLite", "idle", idle, "MB", 130, 90)
    beside = f"after {warm:,}: {before:.0f} MB, at the end {after:.0f} MB"
    yield Figure(name, "growth", ratio(after - before, before), "%", 10, None, False, beside)


def _answer(own: Running, links: list[str]) -> None:
    for start in range(0, len(links), BATCH):
        some = links[start : start + BATCH]
        shot(own, [*pages(some, len(some) // 10), *submissions(some)], MANY)


def _settled(own: Running, plan: Plan) -> float:
    """Return what is taken when what follows from the answers has been done, too."""
    time.sleep(0.0 if plan.quick else 10.0)
    return taken(own.pid)


def taken(pid: int) -> float:
    """Return the memory of a process and those below it in MB; what several share counts once."""
    lines = [line for each in family(pid) for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
