"""Rows: exports beside Python's own writers fed by the driver, and the memory that they take on top."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.exports import made, measured
from bench.exports_raw import PEERS
from bench.table import Figure, Plan, Rounds, ratio

__all__ = ["rows"]

NAMES = {"csv": "CSV", "parquet": "Parquet"}
#: How much more a ten times longer export may take on top, in MB, to be called flat.
FLAT = 16


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure each format, then its memory at ten times as many answers."""
    extra: dict[str, list[float]] = {name: [] for name in NAMES}
    for responses in (plan.responses, plan.responses * (1 if plan.quick else 10)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made(folder, responses)
            for format_ in NAMES:
                rounds = plan.rounds if responses == plan.responses else 1
                seen = Rounds()
                for turn in range(rounds):
                    began = time.perf_counter()
                    PEERS[format_](folder / "feedbackhub.db", folder / f"peer-{turn}")
                    peer, ours = responses / (time.perf_counter() - began), measured(folder, format_)
                    rate = responses / ours["seconds"]
                    seen.note(peer=peer, rate=rate, share=ratio(rate, peer), extra=ours["extra"])
                extra[format_].append(seen["extra"])
                if len(extra[format_]) == 1:
                    beside = f"raw loop {seen['peer']:,.0f}/s, ours {seen['rate']:,.0f}/s"
                    yield Figure(f"export {NAMES[format_]}", "of a raw loop", seen["share"], "%", 60, 80, True, beside)
    for format_, (few, many) in extra.items():
        beside = f"{plan.responses:,}: {few:.0f} MB, ten times as many: {many:.0f} MB on top"
        what = "memory, more for ten times as many"
        yield Figure(f"export {NAMES[format_]}", what, many - few, "MB", FLAT, None, False, beside)
