"""The measurements that `docs/figures.md` shows are those that there are."""

from bench.exports import FORMATS
from tests.gates.sources import ROOT


def rows(text: str) -> list[list[str]]:
    """Return the rows of the table in a text, its head left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_figures_are_of_the_paths_that_are_measured() -> None:
    text = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    paths, *rest = text.split("\n## ")
    exports = next(each for each in rest if each.startswith("Exports\n"))
    modules = sorted((ROOT / "bench").glob("rows_*.py"))
    names = "".join(each.read_text(encoding="utf-8") for each in modules)
    measured = {row[0].split(", ")[0] for row in rows(paths)}
    assert [each for each in sorted(measured) if each not in names] == []
    assert [row[0] for row in rows(exports)] == list(FORMATS)
