"""Every statistical function that the page on reports names is there."""

import re

from feedbackhub import statistics
from tests.gates.sources import ROOT


def test_what_the_page_names_can_be_imported() -> None:
    page = (ROOT / "docs/reports.md").read_text(encoding="utf-8")
    _, _, after = page.partition("For experiments and what comes near them")
    section, _, _ = after.partition("Most reports are")
    called = re.findall(r"`([A-Za-z_]+)`", section.replace("`feedbackhub.statistics`", ""))
    words = {"alpha", "broken", "None"}
    assert len(set(called)) >= 20
    assert sorted(set(called) - words - set(statistics.__all__)) == []
