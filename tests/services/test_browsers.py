"""The test browser itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

GOOD = "<!doctype html><html lang=en><title>Fine</title><main><h1>Fine</h1><p>All is well.</p></main></html>"
BAD = "<!doctype html><html lang=en><title>Bad</title><main><h1>Bad</h1><img src='data:,'></main></html>"


def test_a_page_is_shown_and_axe_finds_nothing_wrong(page: Page, accessible: Callable[[Page], None]) -> None:
    page.set_content(GOOD)
    assert page.get_by_role("heading").inner_text() == "Fine"
    accessible(page)


def test_axe_finds_what_is_wrong(page: Page, accessible: Callable[[Page], None]) -> None:
    page.set_content(BAD)
    with pytest.raises(AssertionError, match="image-alt"):
        accessible(page)


def test_a_script_s_failure_is_heard(page: Page, complaints: list[str]) -> None:
    page.set_content(f"{GOOD}<script>throw new Error('broken')</script>")
    assert complaints == ["broken"]
    complaints.clear()


def test_a_context_without_javascript_runs_none(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(f"{GOOD}<script>document.title = 'ran'</script>")
    assert page.title() == "Fine"
    context.close()
