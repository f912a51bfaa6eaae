"""The staff area in Chromium: nothing breaches the policy, axe finds nothing, phone, keyboard and dark mode work."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.users import invite_user, set_password
from tests.web.live import Live

PASSWORD = "correct horse battery"
PAGES = ("/users", "/keys", "/settings", "/plugins", "/audit", "/account")
Check = Callable[[Page], None]


@pytest.fixture
def address(app: Flask, core: Core, clock: SetClock, live: Live) -> str:
    """Where the application is reached; Rosa may sign in."""
    _, secret = invite_user(core.store, clock, "rosa@example.com", "Rosa", "admin", "tests")
    set_password(core.store, clock, secret, PASSWORD)
    return live(app)


def sign_in(page: Page, address: str) -> None:
    """Sign Rosa in."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill("rosa@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("body.staff")


def test_all_pages_are_accessible_light_and_dark(page: Page, address: str, accessible: Check) -> None:
    page.goto(f"{address}/sign-in")
    accessible(page)
    sign_in(page, address)
    for path in PAGES:
        page.goto(address + path)
        accessible(page)
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    for path in PAGES:
        page.goto(address + path)
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        accessible(page)


def test_no_page_is_wider_than_a_phone(browser: Browser, watched: Callable[[Page], Page], address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = watched(context.new_page())
    sign_in(page, address)
    for path in PAGES:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
    menu = page.get_by_role("button", name="Menu")
    expect(page.get_by_role("link", name="Users")).to_be_hidden()
    menu.click()
    expect(page.get_by_role("link", name="Users")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    context.close()


def test_the_first_tab_leads_past_the_navigation(page: Page, address: str) -> None:
    sign_in(page, address)
    page.goto(f"{address}/users")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)") is True


def test_inviting_and_making_a_key_work_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address)
    page.goto(f"{address}/users")
    page.get_by_label("E-mail address").fill("dewi@example.com")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("textbox", name="One-time address")).to_have_value(re.compile(r"^http://127\.0\.0\.1:8000/welcome/"))
    page.goto(f"{address}/keys")
    page.get_by_label("What is it for?").fill("Helpdesk")
    page.get_by_label("contacts:write").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_label("API key", exact=True)).to_have_value(re.compile("^fh_"))
    context.close()


def test_a_role_is_changed_by_choosing_it(page: Page, address: str, core: Core, clock: SetClock) -> None:
    invite_user(core.store, clock, "omar@example.com", "Omar", "agent", "tests")
    sign_in(page, address)
    page.goto(f"{address}/users")
    page.get_by_label("Role of Omar").select_option("manager")
    expect(page.get_by_role("status")).to_have_text("omar@example.com has another role now.")
