"""Measure what exporting costs: records per second, and how much more memory a process takes than before.

``python -m bench.exports`` takes two minutes. Each format is written in a process of its own by the code of the running
server; its extra memory is the most it ever took, less what it took before the export began.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from sqlalchemy import update

from bench.exports_raw import PEERS
from bench.fill import fill
from feedbackhub.loop.core import Core
from feedbackhub.loop.export_files import path_of
from feedbackhub.loop.exporting import run_exports
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.exports import ExportWish, ask_export, export_file, show_export
from feedbackhub.store import tables

FORMATS = ("csv", "jsonl", "xlsx", "parquet")
#: About as long as comments are; with what CSV has to guard, and what other formats have to escape.
COMMENT = '=quick, kind and "thorough"; thank you – 謝謝 🙂\n' + "It took two calls, and then it was done. " * 4


def main() -> None:
    """Measure every format and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000, help="answers to export")
    parser.add_argument("--one", nargs=2, metavar=("FOLDER", "FORMAT"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(one(Path(chosen.one[0]), chosen.one[1])))
        return
    with tempfile.TemporaryDirectory() as name:
        made(Path(name), chosen.responses)
        results = [measured(Path(name), each) for each in FORMATS]
    print(f"SQLite, {chosen.responses:,} responses of {len(COMMENT)} characters\n")
    print("| format | CPU-seconds | records per second | of the raw loop | extra memory MB | file MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, seen in zip(FORMATS, results, strict=True):
        rate, share = chosen.responses / seen["seconds"], f"{seen['share']:.0%}" if "share" in seen else ""
        print(f"| {name} | {seen['cpu']:.1f} | {rate:,.0f} | {share} | {seen['extra']:.0f} | {seen['file']:.1f} |")


def made(folder: Path, responses: int) -> None:
    """Make an instance with that many answers in a folder."""
    write_key(folder / KEY_FILE)
    core = opened(folder)
    prepare(core)
    fill(core, responses)
    core.store.write(lambda connection: connection.execute(update(tables.response).values(comment=COMMENT)))
    core.close()


def opened(folder: Path) -> Core:
    """Open the instance in a folder."""
    return open_core(Settings(data_dir=folder))


def measure(responses: int, rounds: int = 5, formats: Sequence[str] = tuple(PEERS)) -> dict[str, dict[str, float]]:
    """Export a fresh history several times in each format and return the medians of `measured`.

    Args:
        responses: Answers to export.
        rounds: How often.
        formats: Those that have a peer.
    """
    with tempfile.TemporaryDirectory() as name:
        made(Path(name), responses)
        runs = {each: [measured(Path(name), each) for _ in range(rounds)] for each in formats}
    return {each: {what: median(run[what] for run in seen) for what in seen[0]} for each, seen in runs.items()}


def measured(folder: Path, format_: str) -> dict[str, float]:
    """Export in a process of its own, then by the raw loop in the same process, and return what it cost.

    We come first, and pay for what is imported: after the raw loop memory would be there that we need not ask for.
    """
    command = [sys.executable, "-m", "bench.exports", "--one", str(folder), format_]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def one(folder: Path, format_: str) -> dict[str, float]:
    """Export in this process and return seconds, extra memory and size of the file, in MB, and our part of the peer."""
    core = opened(folder)
    begun = ask_export(core, ExportWish("responses", format_), "bench")
    forget_most_memory()
    before, at, busy = memory("VmRSS"), time.monotonic(), time.process_time()
    run_exports(core)
    cpu = time.process_time() - busy
    seconds, extra = time.monotonic() - at, memory("VmHWM") - before
    done = show_export(core, begun.id)
    if done.state != "done":
        raise RuntimeError(f"the export {done.state}: {done.error}")
    size = path_of(core, export_file(core, begun.id, "bench").path.name).stat().st_size
    core.close()
    found = {"seconds": seconds, "cpu": cpu, "extra": extra, "file": size / 2**20, "rows": float(done.rows_done)}
    return {**found, "share": raw(folder, format_) / cpu} if format_ in PEERS else found


def raw(folder: Path, format_: str) -> float:
    """Write the same by the raw loop and return the CPU-seconds, which say more than seconds on a busy machine."""
    busy = time.process_time()
    target = folder / f"raw.{format_}"
    PEERS[format_](folder / "feedbackhub.db", target)
    target.unlink()
    return time.process_time() - busy


def memory(name: str) -> float:
    """Return what this process takes (``VmRSS``) or took at most (``VmHWM``), in MB; on Linux."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def forget_most_memory() -> None:
    """Begin anew to note what this process takes at most; what opening the instance took is no matter here."""
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
