"""The measurement that `docs/figures.md` shows still runs against what there is, and nothing in it fails."""

import re
import subprocess
import sys

from bench.exports import FORMATS
from tests.gates.sources import ROOT

PATHS = ["Flask hello (the limit)", "survey page GET", "durable submission", "card lookup", "contact intake"]


def rows(text: str) -> list[list[str]]:
    """Return the rows of the table in a text, its head left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_bench_measures_every_path_and_no_request_fails() -> None:
    command = [sys.executable, "-m", "bench", "--responses", "100", "--n", "16", "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    assert [(row[0], row[-1]) for row in rows(done.stdout)] == [(path, "0") for path in PATHS]


def test_the_figures_are_of_the_paths_that_are_measured() -> None:
    text = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    paths, _, exports = text.partition("\n## Exports\n")
    assert [row[0] for row in rows(paths)] == PATHS
    assert [row[0] for row in rows(exports)] == list(FORMATS)
    assert re.search(r"`python -m bench --responses 1000000`", text)
