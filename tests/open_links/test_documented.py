"""The documentation shows what the staff area shows, text for text."""

from feedbackhub.loop.open_kit import snippets
from feedbackhub.surveys import parse_survey, show
from feedbackhub.surveys.library import bundled
from tests.docs.blocks import FENCE
from tests.gates.sources import ROOT

NOBODY: dict[str, dict[str, str]] = {space: {} for space in ("customer", "contact", "agent", "brand")}


def test_every_snippet_stands_in_the_documentation() -> None:
    shown = show(parse_survey(bundled()["post-contact"]), "en", NOBODY)
    page = (ROOT / "docs" / "links.md").read_text(encoding="utf-8")
    pasted = {text.rstrip("\n") for language, text in FENCE.findall(page) if language in ("html", "text")}
    _, *made = snippets(shown, "https://feedback.example/o/TOKEN")
    assert pasted == {each.text for each in made}
