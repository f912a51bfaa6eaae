"""The pages made from the code's declarations are fresh and say something about everything."""

import re

import pytest

from docs.generate import PAGES, stale
from tests.gates.sources import ROOT


def test_the_generated_pages_say_what_the_code_says() -> None:
    assert stale() == [], "run: make docs"


@pytest.mark.parametrize("page", PAGES)
def test_no_entry_of_a_generated_page_is_empty(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    headings = re.split(r"^#{2,3} (.+)$", text, flags=re.MULTILINE)[1:]
    entries = dict(zip(headings[::2], headings[1::2], strict=True))
    holds_others = {"Hooks", "Objects", "Other names", "Bundled plugins"}
    assert [name for name, said in entries.items() if not said.strip() and name not in holds_others] == []
