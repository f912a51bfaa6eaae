"""What customers and other systems write is shown as they wrote it and never becomes part of a page."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from feedbackhub import Identifier
from feedbackhub.loop.card import read_card
from feedbackhub.loop.core import Core
from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.clock import SetClock
from tests.app_fixtures import StaffClient
from tests.pages.visits import Visitor

Ask = Callable[..., InvitationView]
Visit = Callable[[InvitationView], Visitor]

CANARIES = [
    "<script>canary()</script>",
    '"><img src=x onerror=canary()>',
    "'><svg/onload=canary()>",
    "{{ 7 * 191 }}canary{% raw %}",
    "javascript:canary()",
    "</textarea><script>canary()</script>",
    "&lt;script&gt;canary()",
    "canary\u202e\u2066txt.exe",
]


class Elements(HTMLParser):
    """Collects what of a page could run: elements, and attributes that hold a canary outside a value."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or "canary" in name:
                self.live.append(f"{tag} {name}")
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:"):
                self.live.append(f"{tag} {name}={value}")
        if tag in ("script", "img", "svg") and any("canary" in (value or "") for _, value in attrs):
            self.live.append(tag)

    def handle_data(self, data: str) -> None:
        if self.get_starttag_text() == "<script>" and "canary" in data:
            self.live.append(data)


def live(page: str) -> list[str]:
    """Return what of a canary lives in a page."""
    elements = Elements()
    elements.feed(page)
    return elements.live + (["evaluated"] if "1337canary" in page else [])


@pytest.mark.parametrize("canary", CANARIES)
def test_no_page_lets_a_canary_sing(
    ask: Ask, visit: Visit, core: Core, clock: SetClock, client: FlaskClient, admin_client: StaffClient, canary: str
) -> None:
    customer = {"email": "ann@example.org", "ids": {"crm": canary.replace("\u202e\u2066", "")}}
    named = canary.replace("\u202e\u2066", "")
    visitor = visit(ask(topic=named, name=named, segment=named, attributes={"plan": named}, **customer))
    for page in own_pages(visitor, admin_client, canary):
        assert live(page) == []
    for page in pages_of_others(visitor, core, clock, client, admin_client, canary):
        assert live(page) == []
        assert [sign for sign in "\u202e\u2066" if sign in page] == []


def own_pages(visitor: Visitor, admin: StaffClient, canary: str) -> Iterator[str]:
    """Yield the pages that give back what the same person just typed."""
    yield visitor.look(f"?a={canary}&lang={canary}").text
    yield visitor.send(satisfaction="1", comment=canary, call_back_phone=canary, call_back="yes", solved=canary).text
    yield visitor.send(satisfaction="1", comment=canary, **{"seen-before": canary}).text
    yield admin.submit("/desk", {"q": canary}).text


def pages_of_others(
    visitor: Visitor, core: Core, clock: SetClock, client: FlaskClient, admin: StaffClient, canary: str
) -> Iterator[str]:
    """Yield the pages on which somebody else reads what was written."""
    yield visitor.look().text
    yield visitor.client.get(visitor.path + "/thanks").text
    customer = read_card(core, [Identifier("email", "ann@example.org")]).customer
    ticket = core.links.card_ticket(customer, None, clock.now() + timedelta(hours=1))
    yield client.get(f"/card/{ticket}?did={canary}").text
    yield admin.get(f"/desk/{customer}").text
    yield admin.submit(f"/desk/{customer}/gestures", {"kind": "compensation", "value": canary}).text
    yield admin.get(f"/desk/{customer}").text
