"""The story in a real browser: a bad answer, an apology that a person approves, a second ask, and a better answer."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.testing.instance import Instance
from tests.app_fixtures import MakeClient
from tests.recovery_offers.company import ANN, Company
from tests.reports.test_browser import sign_in
from tests.web.live import Live

WHY = "Your parcel lay in the wrong depot for two weeks."


@pytest.fixture
def here(tmp_path: Path, ready: Path) -> Iterator[Company]:
    """A company that asks through the mailbox."""
    folder = tmp_path / "instance"
    shutil.copytree(ready, folder)
    settings = {"public_url": "http://127.0.0.1:8765", "plugins": {"recovery": {"channel": "mailbox"}}}
    instance = Instance(folder, {}, channels=("mailbox",), settings=settings)
    yield Company(instance)
    instance.close()


@pytest.fixture
def core(here: Company) -> Core:
    """The company's instance."""
    return here.instance.core


@pytest.fixture
def clock(here: Company) -> SetClock:
    """Its clock."""
    return here.instance.clock


def answers(page: Page, address: str, here: Company, invitation: str, rating: int) -> None:
    """Let the customer answer on the survey page."""
    page.goto(f"{address}/s/{here.instance.core.links.token(invitation)}?a={rating}")
    here.instance.clock.move(timedelta(seconds=20))  # nobody reads and answers in no time
    with page.expect_navigation():
        page.locator("form button").first.click()
    here.pass_time(timedelta(minutes=31))


def writes(page: Page, accessible: Callable[[Page], None]) -> None:
    """Let an agent write an apology from the page of a case, and approve it."""
    page.locator("#letter-text").select_option("apology-explained")
    page.get_by_role("button", name="Write a letter").click()
    accessible(page)
    page.get_by_label("Why it happened").fill(WHY)
    page.get_by_role("button", name="Make a draft").click()
    expect(page.locator("#f-words")).to_have_value(re.compile(re.escape(WHY)))
    accessible(page)
    page.locator("#f-subject").fill("We are sorry, Ann")
    page.get_by_role("button", name="Approve and send").click()


def test_a_bad_answer_is_made_good(
    here: Company, app: Flask, client_of: MakeClient, live: Live, page: Page, accessible: Callable[[Page], None]
) -> None:
    address = live(app)
    asked = here.instance.ask("story", customer=ANN)
    answers(page, address, here, asked.invitation, 2)

    sign_in(page, address, client_of("admin", "budi@example.com"))
    page.goto(address + "/x/recovery/?list=all")
    page.get_by_role("link", name="Case of").first.click()
    expect(page.get_by_role("heading", name="Making good")).to_be_visible()
    case_page = page.url
    writes(page, accessible)
    expect(page).to_have_url(case_page)
    expect(page.get_by_role("button", name="Take back")).to_be_visible()

    here.pass_time(timedelta(minutes=6))
    page.reload()
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    accessible(page)
    page.get_by_role("link", name="Apology", exact=True).click()
    expect(page.get_by_role("region", name="The letter")).to_contain_text(WHY)
    accessible(page)
    page.goto(address + "/x/mailbox/")
    expect(page.get_by_text("We are sorry, Ann").first).to_be_visible()

    page.goto(case_page)
    page.get_by_text("Close it", exact=True).first.click()
    page.locator("form", has=page.locator("[name=outcome]")).get_by_role("button", name="Close it").click()
    here.pass_time()
    here.pass_time(timedelta(days=3, hours=1))
    (case,) = here.cases.of_person(here.hub.read.contact(asked.contact).customer.public_id)  # type: ignore[union-attr]
    answers(page, address, here, case.invitation, 5)
    sign_in(page, address, client_of("agent", "next@example.com"))  # days later, and somebody else
    page.goto(case_page)
    expect(page.get_by_text("2 of 5, then 5 of 5")).to_be_visible()
    expect(page.get_by_role("button", name="Write what was done")).to_be_visible()
    accessible(page)

    page.goto(f"{address}/desk/{case.customer}")
    section = page.locator("section, article", has=page.get_by_role("heading", name="Recoveries")).last
    expect(section).to_contain_text("2 of 5, then 5 of 5")
    expect(section).to_contain_text("Apology (with an explanation)")
    accessible(page)
    sign_in(page, address, client_of("manager", "maya@example.com"))
    reported(page, address)


def reported(page: Page, address: str) -> None:
    """See the case, the apology and the better answer in the report."""
    page.goto(address + "/reports/recoveries?period=30d")
    for heads, cells in (
        ("Opened", ["Opened", "1"]),
        ("apology", ["apology", "with an explanation", "1", "1", "", "–"]),
        ("Of those who answered", ["Of those who answered", "1", "1", "–", "–", "–"]),
    ):
        row = page.get_by_role("row", name=heads).first
        # A report is worked out in a process of its own, which takes its time on a busy machine.
        expect(row.locator("th, td")).to_have_text(cells, timeout=30_000)


def test_a_case_that_nobody_takes_on_is_reminded_of_and_escalated(
    here: Company, app: Flask, client_of: MakeClient, live: Live, page: Page, accessible: Callable[[Page], None]
) -> None:
    address = live(app)
    here.bad_answer(team="Billing")
    sign_in(page, address, client_of("manager", "maya@example.com"))
    page.goto(address + "/x/recovery/?list=all")
    expect(page.get_by_text("Due in")).to_be_visible()
    for _ in range(5 * 6):  # a working week
        here.pass_time(timedelta(hours=4))
    sign_in(page, address, client_of("manager", "next@example.com"))
    page.reload()
    expect(page.get_by_text("Overdue for")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Case of").first.click()
    for happened in ("Staff were told", "Overdue", "Escalated: level 1", "Escalated: level 2"):
        expect(page.get_by_text(happened).first).to_be_visible()
    page.get_by_role("button", name="I take it on").click()
    expect(page.get_by_text("Being worked on").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_texts_are_accessible_on_a_phone(
    scheme: str, app: Flask, client_of: MakeClient, live: Live, page: Page, accessible: Callable[[Page], None]
) -> None:
    address = live(app)
    sign_in(page, address, client_of("manager", "maya@example.com"))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 800})
    for path in ("texts", "texts/apology", "texts/new"):
        page.goto(f"{address}/x/recovery/{path}")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.goto(f"{address}/x/recovery/texts/apology")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview: العربية")).to_contain_text("Maria Anderson")
    accessible(page)
