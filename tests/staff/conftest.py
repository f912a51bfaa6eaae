"""An instance in which things have happened: contacts that were asked and not asked, answers good and suspect,
messages that failed; every text that outsiders may choose is hostile."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from feedbackhub import Channel, ContactEvent, Message, PermanentFailure, Receipt, TemporaryFailure
from feedbackhub.loop.collect import Sighting, Submitted, submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import Recorded, record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.plugin_objects import Brought
from feedbackhub.machinery.settings import Settings

CANARY = "<img src=x onerror=alert(1)>'\"{{7*7}}\u202e"
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;"


class Post(Channel):
    """A channel that fails as it is told to."""

    name = "post"
    reaches = ("email",)

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.failure: Exception | None = None

    def deliver(self, message: Message) -> Receipt:
        """Keep the message, or fail."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(message)
        return Receipt("kept")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask by the channel of these tests, an hour after the contact."""
    values = settings.model_dump() | {
        "ask": ({"name": "default", "channels": ["post"], "delay": "1h"},),
        "engine": {"max_attempts": 1},
    }
    return Settings(**values)


@pytest.fixture
def post() -> Post:
    """The channel."""
    return Post()


@pytest.fixture
def core(core: Core, post: Post) -> Core:
    """The instance, with the channel."""
    core.plugins.brought["post"] = Brought({"feedbackhub_channels": (post,)})
    return core


@dataclass
class World:
    """What happens in a test, in few words."""

    core: Core
    clock: SetClock
    post: Post

    def contact(self, number: int, hostile: bool = False, **more: object) -> Recorded:
        """Record an ended contact of a customer of its own."""
        text = CANARY.replace("\u202e", "") if hostile else ""
        values: dict[str, object] = {
            "source": "helpdesk",
            "external_id": f"T-{number}{text}",
            "customer": {"email": f"c{number}@example.org", "name": f"Customer {number}{text}"},
            "agent": {"id": "7", "name": f"Bo{text}"},
            "team": f"Billing{text}",
            "topic": f"Invoice{text}",
            "channel": "chat",
            "ended_at": self.clock.now().isoformat(),
        }
        return record_contact(self.core, ContactEvent.model_validate_json(json.dumps(values | more)))

    def run(self, after: timedelta = timedelta(0)) -> None:
        """Let time pass and do what is due."""
        self.clock.move(after)
        Engine(self.core).drain()

    def answer(self, recorded: Recorded, machine: bool = False, **answers: str) -> Submitted:
        """Answer an ask, as a person or as a mail gateway would."""
        assert recorded.contact.invitation is not None
        invitation, now = recorded.contact.invitation.id, self.clock.now()
        if machine:
            return submit(self.core, invitation, answers, sighting=Sighting({}, "filled in", ""))
        proof = self.core.links.page_proof(invitation, now - timedelta(seconds=20))
        return submit(self.core, invitation, answers, sighting=Sighting({"accept-language": "en"}, "", proof))

    def asked(self, number: int, hostile: bool = False, **more: object) -> Recorded:
        """Record a contact and send its ask."""
        recorded = self.contact(number, hostile, **more)
        self.run(timedelta(hours=2))
        return recorded


@pytest.fixture
def world(core: Core, clock: SetClock, post: Post) -> World:
    """What happens in a test."""
    return World(core, clock, post)


@pytest.fixture
def refused() -> PermanentFailure:
    """What a mail server says of a mailbox that is not there."""
    return PermanentFailure("550 no such mailbox")


@pytest.fixture
def busy() -> TemporaryFailure:
    """What a mail server says when it is busy."""
    return TemporaryFailure("421 busy")
