"""What the page about imports says is what happens."""

from pathlib import Path

from feedbackhub.office.import_mapping import kinds
from tests.docs.blocks import Reader, blocks
from tests.gates.sources import ROOT


def test_the_page_s_commands_import_what_it_says(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    commands = [each.text for each in blocks("docs/imports.md")]
    _, tried, stored, gestures, in_one_row = reader.types("feedbackhub init", *commands)
    assert tried.startswith("2 rows: 2 would be new, 0 known before, 2 answers, 0 asked, 0 with errors.")
    assert stored.startswith("2 rows: 2 new, 0 known before, 2 answers, 0 asked, 0 with errors.")
    assert gestures.startswith("1 rows: 1 new")
    _, done = in_one_row.splitlines()
    assert done == "5 rows: 5 new, 0 known before, 3 answers, 4 gestures, 0 asked, 0 with errors."
    (listed,) = reader.types("feedbackhub contacts list")
    assert "4711" in listed


def test_the_page_names_every_field() -> None:
    text = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    named = {field for kind in kinds.values() for field in (*kind.fields, *(f"{each}…" for each in kind.open))}
    assert {field for field in named if f"`{field}`" not in text} == set()
