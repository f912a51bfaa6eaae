"""An instance with open links, and visitors who come by them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedbackhub import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import Recorded, record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings, Throttle, Web
from feedbackhub.office.open_links import OpenLink, create_link, wanted
from feedbackhub.store.tables import open_answer, response
from tests.pages.visits import HIDDEN

Make = Callable[..., OpenLink]
Come = Callable[..., "Passer"]
Ticket = Callable[..., Recorded]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask through the mailbox; visits are not counted."""
    web = Web(survey_limit="100000/second", api_limit="100000/second")
    ask = (AskEntry(name="default", channels=("mailbox",)),)
    return settings.model_copy(update={"ask": ask, "web": web, "throttle": Throttle(days=0)})


@pytest.fixture
def make(core: Core) -> Make:
    """Make an open link: ``make(team="Billing", source="zendesk")``."""
    return lambda **values: create_link(core, wanted(**values), "tests")


@pytest.fixture
def ticket(core: Core) -> Ticket:
    """End a ticket of a customer of its own: ``ticket("4711", topic="invoice")``."""

    def end(number: str, **more: Any) -> Recorded:
        values = {
            "source": "zendesk", "external_id": number, "team": "Secret team", "topic": "Secret topic",
            "channel": "chat", "agent": {"id": "7", "name": "Bo Agent"}, "brand": "default",
            "customer": {"email": f"c{number}@example.org", "name": "Secret Customer", "language": "ar"},
        }  # fmt: skip
        return record_contact(core, ContactEvent.model_validate(values | more))

    return end


@dataclass(repr=False)
class Passer:
    """Somebody who came across an open link."""

    client: FlaskClient
    core: Core
    clock: SetClock
    path: str
    headers: dict[str, str] = field(default_factory=lambda: {"Accept-Language": "en"})
    address: str = "192.0.2.1"
    page: str = ""

    def look(self, more: str = "") -> TestResponse:
        """Open the page."""
        answer = self.client.get(self.path + more, **self.seen_as())
        self.page = answer.text
        return answer

    def send(self, **fields: Any) -> TestResponse:
        """Fill the form on the page that was opened last and send it after a while."""
        if not self.page:
            self.look()
        self.clock.move(timedelta(seconds=20))
        return self.again(**fields)

    def again(self, **fields: Any) -> TestResponse:
        """Send the same page once more."""
        hidden = dict(HIDDEN.findall(self.page))
        return self.client.post(self.path, data={**hidden, **fields}, **self.seen_as())

    def seen_as(self) -> dict[str, Any]:
        """Return what a server sees of this visitor."""
        return {"headers": self.headers, "environ_overrides": {"REMOTE_ADDR": self.address}}


@pytest.fixture
def come(app: Flask, core: Core, clock: SetClock) -> Come:
    """Come by a link: ``come(link, "?ticket=7", address="192.0.2.9")``."""

    def arrive(link: OpenLink, query: str = "", **more: Any) -> Passer:
        path = link.link.removeprefix(core.settings.base_url()) + query
        return Passer(app.test_client(), core, clock, path, **more)

    return arrive


def responses(core: Core) -> list[Any]:
    """Return all responses with what they claim, in the order they came."""
    query = select(response, open_answer.c.claimed, open_answer.c.claimed_contact_id, open_answer.c.repeated)
    query = query.outerjoin(open_answer, open_answer.c.invitation_id == response.c.invitation_id)
    with core.store.read() as connection:
        return list(connection.execute(query.order_by(response.c.id)))
