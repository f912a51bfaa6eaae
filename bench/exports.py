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
from pathlib import Path

from sqlalchemy import update

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
    print("| format | seconds | records per second | extra memory MB | file MB |")
    print("| --- | --- | --- | --- | --- |")
    for name, seen in zip(FORMATS, results, strict=True):
        rate = chosen.responses / seen["seconds"]
        print(f"| {name} | {seen['seconds']:.1f} | {rate:,.0f} | {seen['extra']:.0f} | {seen['file']:.1f} |")


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


def measured(folder: Path, format_: str) -> dict[str, float]:
    """Export in a process of its own and return what it cost."""
    command = [sys.executable, "-m", "bench.exports", "--one", str(folder), format_]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def one(folder: Path, format_: str) -> dict[str, float]:
    """Export in this process and return seconds, extra memory and size of the file, in MB."""
    core = opened(folder)
    begun = ask_export(core, ExportWish("responses", format_), "bench")
    forget_most_memory()
    before, at = memory("VmRSS"), time.monotonic()
    run_exports(core)
    seconds, extra = time.monotonic() - at, memory("VmHWM") - before
    done = show_export(core, begun.id)
    if done.state != "done":
        raise RuntimeError(f"the export {done.state}: {done.error}")
    size = path_of(core, export_file(core, begun.id, "bench").path.name).stat().st_size
    core.close()
    return {"seconds": seconds, "extra": extra, "file": size / 2**20, "rows": done.rows_done}


def memory(name: str) -> float:
    """Return what this process takes (``VmRSS``) or took at most (``VmHWM``), in MB; on Linux."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def forget_most_memory() -> None:
    """Begin anew to note what this process takes at most; what opening the instance took is no matter here."""
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
