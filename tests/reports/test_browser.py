"""Reports in a real browser, under the real content security policy: drawn, accessible, redrawn, and without script."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from feedbackhub.loop.core import Core
from tests.app_fixtures import MakeClient, StaffClient
from tests.web.live import Live

CHARTS = "/reports/charts"


@pytest.fixture
def core(instance: Core) -> Core:
    """The instance of this module."""
    return instance


def sign_in(page: Page, address: str, client: StaffClient) -> None:
    """Let the browser be where a person of the test is signed in."""
    cookie = client.get_cookie("feedbackhub")
    assert cookie is not None
    page.context.add_cookies([{"name": "feedbackhub", "value": cookie.value, "url": address}])


def drawn(page: Page) -> list[bool]:
    """Tell of each chart whether there is something in its picture."""
    return page.eval_on_selector_all("[data-chart]", "all => all.map(e => !e.hidden && !!e.querySelector('svg path'))")


def test_charts_are_drawn_and_redrawn_and_the_page_is_accessible(
    app: Flask, client_of: MakeClient, live: Live, page: Page, accessible: Callable[[Page], None]
) -> None:
    address = live(app)
    sign_in(page, address, client_of("manager", "browser@example.com"))
    page.emulate_media(reduced_motion="reduce")  # colours in between would have too little contrast
    page.goto(address + CHARTS)
    expect(page.locator("[data-chart] svg")).to_have_count(4)
    assert drawn(page) == [True] * 4 + [False]
    assert page.locator("details.twin[open]").count() == 1  # of the chart that cannot be drawn
    accessible(page)
    words = page.locator("[data-chart] svg text").first
    light = words.get_attribute("fill")
    page.click("[data-theme-toggle]")
    expect(words).not_to_have_attribute("fill", light or "")
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    expect(page.locator("[data-chart] svg")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    accessible(page)


def test_a_page_that_waits_looks_again_by_itself(
    app: Flask, client_of: MakeClient, live: Live, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedbackhub.web.reports.PATIENCE", 0.0)
    address = live(app)
    sign_in(page, address, client_of("manager", "polls@example.com"))
    page.goto(address + CHARTS + "?period=7d")
    assert page.locator("#report[aria-busy]").count() == 1
    expect(page.locator("[data-chart] svg")).to_have_count(4)


def test_without_script_the_numbers_are_there(app: Flask, client_of: MakeClient, live: Live, browser: Browser) -> None:
    address = live(app)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address, client_of("manager", "noscript@example.com"))
    page.goto(address + CHARTS)
    page.wait_for_selector("#report:not([aria-busy])")
    tables = page.locator(".twin table")
    assert [tables.nth(at).is_visible() for at in range(tables.count())] == [True] * 5
    page.select_option("#p-period", "90d")
    page.click(".report-filters button")
    assert "period=90d" in page.url
    context.close()
