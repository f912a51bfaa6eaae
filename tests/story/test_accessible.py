"""axe finds nothing on any page, light and dark, and none is wider than the narrowest phone."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from feedbackhub import ContactEvent
from feedbackhub.loop.card import read_card
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.search import find_customers
from tests.story.conftest import Served

Watched = Callable[[Page], Page]
Accessible = Callable[[Page], None]
STAFF = (
    "/desk", "/contacts", "/answers", "/surveys", "/deliveries", "/suppressions", "/plugins", "/users", "/keys",
    "/settings", "/audit", "/account", "/x/mailbox/", "/demo?new=1", "/nothing-here",
)  # fmt: skip


@pytest.fixture
def phone(scheme: Literal["light", "dark"], browser: Browser, watched: Watched, demo: Served) -> Iterator[Page]:
    """A phone of 320 pixels."""
    narrow = {"width": 320, "height": 640}
    context = browser.new_context(base_url=demo.address, color_scheme=scheme, viewport=narrow, reduced_motion="reduce")
    yield watched(context.new_page())
    context.close()


def invited(core: Core, number: str, language: str, topic: str = "invoice") -> str:
    """End a contact of a new customer and return the address of the survey page."""
    event = ContactEvent.model_validate({
        "source": "tour", "external_id": number, "topic": topic,
        "customer": {"email": f"{number}@example.org", "name": "Ann Example", "language": language},
    })  # fmt: skip
    invitation = record_contact(core, event).contact.invitation
    assert invitation is not None
    return "/s/" + core.links.token(invitation.id)


def fits(page: Page, accessible: Accessible) -> None:
    """Check a page."""
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def sends(page: Page) -> None:
    """Send the page's form and wait for what comes back."""
    with page.expect_navigation():
        page.get_by_role("button").click()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("id", "dark"), ("hi", "light"), ("ar", "dark")])
def test_the_customers_pages(
    phone: Page, accessible: Accessible, demo: Served, complaints: list[str], language: str
) -> None:
    path = invited(demo.core, f"customer-{language}", language)
    for query in ("", "?a=1", "/stop"):
        phone.goto(path + query)
        fits(phone, accessible)
    phone.goto(path)
    sends(phone)
    fits(phone, accessible)
    phone.goto(path + "?a=1")
    phone.locator("[name=call_back][value=yes]").check()
    phone.locator("[name=call_back_phone]").fill("later")
    sends(phone)
    fits(phone, accessible)
    phone.locator("[name=call_back_phone]").fill("")
    sends(phone)
    fits(phone, accessible)
    phone.goto(path)
    fits(phone, accessible)
    phone.goto("/s/unknown")
    fits(phone, accessible)
    phone.goto(path + "/stop")
    sends(phone)
    fits(phone, accessible)
    forgive(complaints, (404, 422))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_staffs_pages(phone: Page, accessible: Accessible, demo: Served, complaints: list[str]) -> None:
    phone.goto("/demo")
    phone.get_by_role("button", name="Start").click()
    for path in STAFF:
        phone.goto(path)
        fits(phone, accessible)
    phone.goto("/desk")
    phone.locator("main [type=search]").fill("muster")
    phone.get_by_role("button", name="Find").click()
    fits(phone, accessible)
    forgive(complaints, (404,))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_in_a_side_panel(phone: Page, accessible: Accessible, demo: Served, complaints: list[str]) -> None:
    here = demo.core
    known = [each for name in ("ann", "budi", "sar", "mar", "ali") for each in find_customers(here, name)]
    cards = [read_card(here, customer=each.id) for each in known[:12]]
    fullest = max(cards, key=lambda card: len(card.ratings) + len(card.gestures)).customer if cards else "A" * 12
    until = here.clock.now() + timedelta(hours=1)
    for customer, agent in ((fullest, "B" * 12), (fullest, None), ("A" * 12, None)):
        phone.goto("/card/" + here.links.card_ticket(customer, agent, until))
        fits(phone, accessible)
    phone.goto("/card/over")
    fits(phone, accessible)
    forgive(complaints, (410,))


def forgive(complaints: list[str], statuses: tuple[int, ...]) -> None:
    """Drop what the browser says of pages that are meant to be refused."""
    meant = re.compile("the server responded with a status of (" + "|".join(map(str, statuses)) + ")")
    complaints[:] = [each for each in complaints if not meant.search(each)]
