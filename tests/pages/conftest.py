"""An instance that asks at once through the mailbox, with customers who were asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from feedbackhub import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings, Throttle, Web
from tests.pages.visits import Visitor

Ask = Callable[..., InvitationView]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask through the mailbox after an hour, as often as there are contacts; visits are not counted."""
    asks = (
        AskEntry(name="nps", match={"topic": "loyalty"}, survey="nps", channels=("mailbox",)),
        AskEntry(name="default", channels=("mailbox",)),
    )
    web = Web(survey_limit="100000/second", api_limit="100000/second", show_agent_names=True)
    return settings.model_copy(update={"ask": asks, "web": web, "throttle": Throttle(days=0)})


@pytest.fixture
def ask(core: Core, clock: SetClock) -> Ask:
    """End a contact and let its message go out: ``ask(name="Ann", language="ar", since=10, …)`` seconds ago."""
    count = iter(range(1, 10_000))

    def end(
        topic: str = "invoice", channel: str = "chat", deliver: bool = True, since: int = 600, **customer: Any
    ) -> InvitationView:
        number = next(count)
        event = ContactEvent.model_validate({
            "source": "helpdesk", "external_id": f"T-{number}", "topic": topic, "channel": channel, "team": "Billing",
            "agent": {"id": "7", "name": "Bo Agent"}, "customer": {"email": f"c{number}@example.org", **customer},
        })  # fmt: skip
        invitation = record_contact(core, event).contact.invitation
        assert invitation is not None
        if deliver:
            clock.move(timedelta(hours=2))
            Engine(core).drain()
            clock.move(timedelta(seconds=since))
        return invitation

    return end


@pytest.fixture
def visit(app: Flask, core: Core, clock: SetClock) -> Callable[[InvitationView], Visitor]:
    """Open the page of an invitation as a person does: with a browser's headers, and reading before answering."""
    return lambda invitation: Visitor(app.test_client(), core, clock, invitation)
