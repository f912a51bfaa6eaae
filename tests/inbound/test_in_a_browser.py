"""The pages of sources in Chromium: accessible, as narrow as a phone, and usable without scripts."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.app_fixtures import StaffClient
from tests.inbound.conftest import DONE, Door
from tests.inbound.senders import SECRET, Helpdesk
from tests.services.databases import Databases, SQLiteDatabases
from tests.web.live import Live, live

__all__ = ["live"]

Check = Callable[[Page], None]


@pytest.fixture
def databases(sqlite_databases: SQLiteDatabases) -> Iterator[Databases]:
    """Pages look the same whatever database is below them: SQLite only."""
    kept = list(sqlite_databases.lent)
    yield sqlite_databases
    for url in [url for url in sqlite_databases.lent if url not in kept]:
        sqlite_databases.drop(url)


def signed_in(context: BrowserContext, client: StaffClient, address: str) -> None:
    """Give a browser the session of somebody who is signed in."""
    cookie = client.get_cookie("feedbackhub")
    assert cookie is not None
    context.add_cookies([{"name": "feedbackhub", "value": cookie.value, "url": address}])


@pytest.fixture
def address(app: Flask, door: Door, helpdesk: Helpdesk, live: Live) -> str:
    """Where the application is reached; one call went well, one needs somebody."""
    door.call()
    door.run()
    helpdesk.email_field = "requester"
    door.call(DONE | {"ticket": 8})
    door.call(secret="wrong")
    door.run()
    helpdesk.email_field = "email"
    return live(app)


def test_the_pages_of_sources_are_accessible_and_as_narrow_as_a_phone(
    page: Page, address: str, door: Door, admin_client: StaffClient, accessible: Check
) -> None:
    signed_in(page.context, admin_client, address)
    for path in ("/sources", "/sources/helpdesk", f"/sources/requests/{door.rows[0].public_id}"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address + path)
        accessible(page)
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path


def test_an_administrator_connects_and_mends_without_scripts(
    browser: Browser, address: str, door: Door, admin_client: StaffClient
) -> None:
    context = browser.new_context(java_script_enabled=False)
    signed_in(context, admin_client, address)
    page = context.new_page()
    page.goto(f"{address}/sources")
    page.get_by_role("link", name="helpdesk").click()
    page.get_by_text("How to connect it").click()
    page.get_by_role("button", name="Show the secrets").click()
    expect(page.get_by_label("X-Secret")).to_have_value(SECRET)
    page.get_by_role("link", name="Needs somebody").click()
    page.get_by_role("button", name="Read again").click()
    door.run()
    expect(page.get_by_text("It is read again in a moment.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Needs somebody")).to_have_count(1)
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Show the body").click()
    expect(page.locator("pre.raw")).to_contain_text('"ticket": 8')
    context.close()
