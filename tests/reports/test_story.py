"""A manager's morning in a real browser: from what changed to its cause, to the answers, to one contact, and back."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from tests.app_fixtures import START, MakeClient
from tests.nps.votes import Vote, settings_for_votes
from tests.reports.test_browser import sign_in
from tests.web.live import Live

Watched = Callable[[Page], Page]
Happened = tuple[Core, SetClock]
BAD = 20
#: Milliseconds until all reports are there, on a busy machine with cold processes.
PATIENCE = 45_000


@pytest.fixture(scope="module")
def happened(tmp_path_factory: pytest.TempPathFactory, filled: Callable[[str], None]) -> Iterator[Happened]:
    """An instance in which everybody was glad, until one team began to serve badly."""
    folder, clock = tmp_path_factory.mktemp("story"), SetClock(START)
    filled(f"sqlite:///{folder / 'feedbackhub.db'}")
    write_key(folder / KEY_FILE)
    opened = open_core(settings_for_votes(Settings(data_dir=folder)), clock)
    vote = Vote(opened, clock)
    vote.all({10: 30, 8: 2})
    clock.move(timedelta(days=40))
    vote.all({10: 25, 8: 5})
    vote.all({0: BAD - 5, 3: 5}, team="Delivery")
    yield opened, clock
    opened.close()


@pytest.fixture
def core(happened: Happened) -> Core:
    """The instance of this story."""
    return happened[0]


@pytest.fixture
def clock(happened: Happened) -> SetClock:
    """Its clock."""
    return happened[1]


def test_from_what_changed_to_its_cause_to_the_answers_to_a_contact_and_back(
    app: Flask, client_of: MakeClient, live: Live, page: Page, browser: Browser, watched: Watched
) -> None:
    address = live(app)
    sign_in(page, address, client_of("manager", "morning@example.com"))
    page.goto(address + "/reports?period=30d&basis=contact")
    card = page.locator("article.analysis", has=page.get_by_role("heading", name="Net promoter score"))
    expect(card.locator(".change")).to_contain_text("lower", timeout=PATIENCE)
    card.locator(".change a.way").first.click()

    expect(page).to_have_url(re.compile(r"/reports/causes\?"))
    causes = page.url
    row = page.get_by_role("rowheader", name="Team: Delivery").first
    expect(row).to_be_visible(timeout=PATIENCE)
    page.reload()
    expect(row).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(causes)
    assert page.locator("#p-basis").input_value() == "contact"

    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/answers\?"))
    answers = page.url
    expect(page.locator(".found-n")).to_have_text(f"{BAD} answers")
    chips = page.locator(".chip").all_inner_texts()

    page.locator("td.wide a").first.click()
    expect(page.get_by_text("What was said")).to_be_visible()
    page.get_by_role("button", name="The contact").click()
    expect(page).to_have_url(re.compile(r"/contacts/"))
    page.get_by_role("link", name="Back to the answer").click()
    page.locator(".crumbs").get_by_role("link", name="Answers").click()
    expect(page).to_have_url(answers)
    page.get_by_role("link", name="Back to the report").click()
    expect(page).to_have_url(causes)
    page.locator(".crumbs").get_by_role("link", name="Reports").click()
    expect(page).to_have_url(address + "/reports?period=30d&basis=contact")

    other = browser.new_context()
    colleague = watched(other.new_page())
    sign_in(colleague, address, client_of("manager", "colleague@example.com"))
    colleague.goto(answers)
    expect(colleague.locator(".found-n")).to_have_text(f"{BAD} answers")
    assert colleague.locator(".chip").all_inner_texts() == chips
    other.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_the_pages_are_accessible_light_and_dark_wide_and_narrow(
    scheme: Literal["light", "dark"], width: int, app: Flask, client_of: MakeClient, live: Live, page: Page,
    accessible: Callable[[Page], None], complaints: list[str],
) -> None:  # fmt: skip
    address = live(app)
    sign_in(page, address, client_of("manager", f"{scheme}@example.com"))
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    answers = "/answers?counted=yes&team=Delivery&basis=answer&via=/reports/nps"
    wrong = ("/answers?from=2026-02-30&solved=maybe", "/reports?period=own&from=x")
    for path in ("/reports?period=90d", "/reports/nps?by=team&period=90d", answers, *wrong):
        page.goto(address + path)
        expect(page.locator(".overview [aria-busy], #report[aria-busy]")).to_have_count(0, timeout=PATIENCE)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    complaints[:] = [each for each in complaints if "status of 422" not in each]


def test_without_script_the_overview_fills_itself_and_charts_are_pictures(
    core: Core, client_of: MakeClient, live: Live, browser: Browser
) -> None:
    address = live(create_app(core))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address, client_of("manager", "noscript@example.com"))
    page.goto(address + "/reports?period=90d")
    expect(page.locator(".overview [aria-busy]")).to_have_count(0, timeout=PATIENCE)
    with page.expect_response(lambda each: "/chart.svg?" in each.url, timeout=PATIENCE) as drawn:
        page.get_by_role("link", name="Net promoter score", exact=True).click()
    assert (drawn.value.status, drawn.value.headers["content-type"]) == (200, "image/svg+xml")
    expect(page.locator("img.still").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".twin table").first).to_be_visible()
    context.close()
