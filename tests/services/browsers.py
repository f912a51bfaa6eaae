"""A real browser: the system's Chromium, driven by Playwright."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.services.processes import absent

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium that lives as long as the session; open a `new_context()` for another language or device."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        absent("Chromium", "chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, headless=True, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages wrote to the console as an error (a breach of the content security policy, a script's failure)."""
    return []


@pytest.fixture
def watched(complaints: list[str]) -> Iterator[Callable[[Page], Page]]:
    """Watch a page: the test fails at its end when the page complained; clear `complaints` to forgive."""

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def watch(page: Page) -> Page:
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_default_timeout(15_000)
        return page

    yield watch
    assert complaints == []


@pytest.fixture
def page(browser: Browser, watched: Callable[[Page], Page]) -> Iterator[Page]:
    """An empty page at 1280×900 in a context of its own, watched for complaints."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield watched(context.new_page())
    context.close()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fail when axe finds something wrong on a page (needs JavaScript in that page's context)."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check
