"""Count over listed seeds how often the analyses find what was planted: ``python -m bench.planted --seeds 20``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence

from bench.planted_causes import NONE_PLANTED, PAIR_PLANTED, TEAM_PLANTED, TOPIC_PLANTED
from bench.planted_fairness import EQUAL_AGENTS, ODD_AGENT
from bench.planted_silence import SILENCE
from bench.planted_trying import Row, tried

__all__ = ["ROWS", "main"]

ROWS: Mapping[str, Row] = {
    "a topic": TOPIC_PLANTED,
    "a team": TEAM_PLANTED,
    "a topic with one product": PAIR_PLANTED,
    "no cause": NONE_PLANTED,
    "silence": SILENCE,
    "equal agents": EQUAL_AGENTS,
    "one agent differs": ODD_AGENT,
}


def lines(rows: Mapping[str, Row], seeds: Sequence[int], kind: str) -> Iterator[str]:
    """Yield the table, row by row as they are tried."""
    yield "| planted | what must be so | of seeds | not for seeds |"
    yield "|---|---|---|---|"
    for name, row in rows.items():
        found = tried(row, seeds, kind)
        for said, missed in found.no.items():
            yield f"| {name} | {said} | {found.yes[said]} of {len(seeds)} | {' '.join(map(str, missed)) or '-'} |"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="seeds 1 to this one")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--only", nargs="+", choices=tuple(ROWS), default=tuple(ROWS), help="which rows")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = parser.parse_args(argv)
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    for line in lines({name: ROWS[name] for name in chosen.only}, seeds, chosen.database):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
