"""Measure what must not grow beside ten million answers: the card, and the NPS page's data.

The tables that these read are filled first to a tenth, then whole, in a folder that is used again by the next run:
``python -m bench.large --folder FOLDER``. ``--fill`` only fills.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import func, select

from bench.__main__ import show
from bench.databases import kept_postgres
from bench.fill import BASE, PER_CUSTOMER, fill, fill_tally
from bench.instance import made, served
from bench.rows_card import NAMES, card, figures
from bench.rows_reports import report
from bench.table import Figure, Plan, Rounds
from feedbackhub.loop.core import Core
from feedbackhub.store import tables
from tests.services.processes import account

__all__ = ["cluster_in", "filled", "main", "rows"]


def main(argv: Sequence[str] | None = None) -> int:
    """Fill, measure, print; return 1 when a promise is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where the filled databases are kept")
    parser.add_argument("--responses", type=int, default=10_000_000, help="answers in the tables")
    parser.add_argument("--databases", nargs="+", choices=tuple(NAMES), default=tuple(NAMES))
    parser.add_argument("--n", type=int, default=500, help="requests in each round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median counts")
    parser.add_argument("--fill", action="store_true", help="only fill")
    chosen = parser.parse_args(argv)
    plan = Plan(chosen.n, chosen.rounds, chosen.responses, folder=chosen.folder.resolve())
    if chosen.fill:
        for kind in chosen.databases:
            for size in (plan.responses // 10, plan.responses):
                with filled(kind, plan.folder or Path(), size):
                    pass
        return 0
    return show(each for kind in chosen.databases for each in rows(kind, plan))


def rows(kind: str, plan: Plan) -> Iterator[Figure]:
    """Measure a tenth and the whole on one database."""
    seen: dict[int, tuple[Rounds, Rounds]] = {}
    sizes = (plan.responses // 10, plan.responses)
    for size in sizes:
        with filled(kind, plan.folder or Path(), size) as (folder, core, key):
            reports = report(core, plan)
            core.close()
            with served(folder, core.settings.public_url) as own:
                seen[size] = card(own, key, size // PER_CUSTOMER, plan), reports
    (small, small_nps), (large, large_nps) = (seen[size] for size in sizes)
    yield from figures(kind, large, plan.responses)
    name = f"card over HTTP, {NAMES[kind]}"
    beside = f"{sizes[0]:,}: {small['p50']:.1f} ms, {sizes[1]:,}: {large['p50']:.1f} ms"
    yield Figure(name, "median, of that beside a tenth", large["p50"] / small["p50"], "×", 2, None, False, beside)
    name = f"NPS page data, {NAMES[kind]}, {plan.responses:,} responses"
    yield Figure(name, "from the tally", large_nps["ms"], "ms", 150, 60)
    beside = f"{sizes[0]:,}: {small_nps['ms']:.0f} ms, {sizes[1]:,}: {large_nps['ms']:.0f} ms"
    yield Figure(name, "of that of a tenth", large_nps["ms"] / small_nps["ms"], "×", 1.5, None, False, beside)


@contextmanager
def filled(kind: str, folder: Path, responses: int) -> Iterator[tuple[Path, Core, str]]:
    """Give an instance with so many answers, filled when it is not there yet; see `bench.instance.made`."""
    place = folder / f"{kind}-{responses}"
    place.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        url = stack.enter_context(kept_postgres(cluster_in(place / "cluster"))) if kind == "postgres" else ""
        path, core, key = stack.enter_context(made(url, place))
        _fill_up(core, responses, f"{NAMES[kind]}, {responses:,} answers")
        yield path, core, key


def _fill_up(core: Core, responses: int, what: str) -> None:
    with core.store.read() as connection:
        last = connection.execute(select(func.max(tables.response.c.id))).scalar() or BASE
        counted = connection.execute(select(tables.tally.c.n).limit(1)).scalar()
    first = max(1, (last - BASE) // PER_CUSTOMER + 1)
    began = time.monotonic()

    def told(done: int) -> None:
        if done % 200_000 == 0:
            print(f"{what}: {done:,} more after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    if (first - 1) * PER_CUSTOMER < responses:
        fill(core, responses - (first - 1) * PER_CUSTOMER, "nps", first, told, lean=True)
    if counted is None:
        fill_tally(core, responses)


def cluster_in(cluster: Path) -> Path:
    """Make a folder for a cluster that the account of servers may use, and find."""
    if not cluster.exists():
        cluster.mkdir()
        if os.geteuid() == 0:
            shutil.chown(cluster, account())
            for parent in list(cluster.parents)[:2]:
                parent.chmod(0o755)
    return cluster


if __name__ == "__main__":
    sys.exit(main())
