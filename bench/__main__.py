"""Measure the hot paths, each beside its limit or peer in the same run, and print one table.

``python -m bench`` takes half an hour; ``--quick`` only shows that everything runs; ``--only pages intake`` measures
some rows. ``python -m bench.large`` measures beside ten million answers.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.table import Figure, Plan, told

#: Modules ``bench.rows_…``, in the order of the table.
ROWS = ("pages", "peer", "intake", "mail", "card", "reports", "tally", "exports", "start", "memory")
QUICK = Plan(n=20, rounds=1, responses=200, memory=100, quick=True, databases=("sqlite",))


def main(argv: Sequence[str] | None = None) -> int:
    """Run everything and print the table; return 1 when a promise is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1000, help="requests in each round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median counts")
    parser.add_argument("--responses", type=int, default=100_000, help="answers in the tables beside the measured ones")
    parser.add_argument("--memory", type=int, default=100_000, help="submissions after which memory is looked at again")
    parser.add_argument("--folder", type=Path, help="where peers are kept for the next run")
    parser.add_argument("--only", nargs="+", choices=ROWS, default=ROWS, metavar="ROWS", help="only these rows")
    parser.add_argument("--quick", action="store_true", help="only see that everything runs")
    chosen = parser.parse_args(argv)
    plan = Plan(chosen.n, chosen.rounds, chosen.responses, chosen.memory, chosen.folder)
    return show(measured(chosen.only, QUICK if chosen.quick else plan))


def measured(names: Sequence[str], plan: Plan) -> Iterator[Figure]:
    """Measure these rows."""
    for name in names:
        yield from importlib.import_module(f"bench.rows_{name}").rows(plan)


def show(figures: Iterator[Figure]) -> int:
    """Print the machine and the table, and return 1 when a promise is missed."""
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"load {os.getloadavg()[0]:.1f}\n", flush=True)  # fmt: skip
    missed = []

    def each() -> Iterator[Figure]:
        for figure in figures:
            if figure.verdict == "missed":
                missed.append(figure)
            yield figure

    for line in told(each()):
        print(line, flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
