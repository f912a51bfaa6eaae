"""The mail as a browser-based mail program shows it: readable for everybody, light and dark, narrow and wide."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.mail.test_compose import SURVEYS, composed

LANGUAGES = ["en", "ar"]
# A mail stands inside a mail program: the landmarks of a page are not its own.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("survey", ["post-contact", "nps"])
def test_axe_finds_nothing_and_nothing_needs_sideways_scrolling(
    browser: Browser, watched: Callable[[Page], Page], survey: str, language: str, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)  # type: ignore[arg-type]
    page = watched(context.new_page())
    page.set_content(composed(survey=SURVEYS[survey], language=language).html)
    found = Axe().run(page, options={"runOnly": WCAG})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
