"""The section on the card of an instance, for agents in two languages, in a browser too."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from feedbackhub import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.store.queries import people
from feedbackhub.testing.peer import Peer
from tests.web.conftest import databases
from tests.web.live import Live, live

__all__ = ["databases", "live"]

FETCH = {"HX-Request": "true"}


@pytest.fixture
def settings(settings: Settings, options: dict[str, Any], shop: Peer) -> Settings:
    """Look orders up in the shop."""
    changes = {"plugins": {"orders": options}, "http": {"allow": [shop.place], "timeout_seconds": 1.0}}
    return Settings.model_validate({**settings.model_dump(exclude=set(changes)), **changes})


@pytest.fixture
def card(core: Core, clock: SetClock) -> str:
    """The address of Ana's card for Bo."""
    event = {
        "source": "helpdesk", "external_id": "1", "agent": {"id": "7", "name": "Bo"},
        "customer": {"email": "ana@example.com", "name": "Ana"},
    }  # fmt: skip
    customer = record_contact(core, ContactEvent.model_validate(event)).contact.customer
    with core.store.read() as connection:
        bo = people.agent_by_key(connection, "helpdesk", "7")
    assert customer is not None
    assert bo is not None
    return f"/card/{core.links.card_ticket(customer, bo.public_id, clock.now() + timedelta(days=1))}"


def test_the_plugin_is_active_once_it_knows_where_to_ask(core: Core) -> None:
    state = core.plugins.state("orders")
    assert state is not None
    assert (state.state, state.hooks) == ("active", ("feedbackhub_desk_sections",))


def test_orders_stand_on_the_card_in_the_agent_s_language(client: FlaskClient, card: str) -> None:
    english = client.get(f"{card}/pieces/orders", headers=FETCH).text
    indonesian = client.get(f"{card}/pieces/orders", headers={**FETCH, "Accept-Language": "id"}).text
    for words in ("Recent orders", ">A-3</bdi>", "€1,234.50", "Mar 1, 2026", "badge-bad", "Returned"):
        assert words in english, words
    for words in ("Pesanan terbaru", "€1.234,50", "1 Mar 2026", 'href="https://shop.example/orders/A-3"'):
        assert words in indonesian, words


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 500}, "The order system refused the look-up with status 500."),
        ({"body": b"no"}, "could not be read. An administrator can check the option url."),
        ({"seconds": 1.3}, "The order system does not answer right now."),
        ({"status": 404}, "No orders yet."),
        ({"body": {"data": {"orders": [{"number": "<b>", "status": "<i>"}]}}}, "<bdi>&lt;b&gt;</bdi>"),
    ],
)
def test_trouble_is_told_in_its_place(
    client: FlaskClient, shop: Peer, card: str, answer: dict[str, Any], words: str
) -> None:
    shop.answers("POST", "/orders", **answer)
    page = client.get(f"{card}/pieces/orders", headers=FETCH)
    assert (page.status_code, words in page.text) == (200, True)


def test_in_a_browser_the_orders_come_after_the_card(
    page: Page, app: Flask, live: Live, card: str, accessible: Callable[[Page], None]
) -> None:
    page.goto(live(app) + card)
    page.wait_for_selector(".orders li")
    assert page.locator(".order-number").all_inner_texts() == ["A-3", "A-2", "A-1"]
    accessible(page)
    page.set_viewport_size({"width": 340, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 340
