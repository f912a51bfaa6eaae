"""Customers who say how likely they are to recommend the company."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from feedbackhub import ContactEvent
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings, Throttle


def settings_for_votes(settings: Settings) -> Settings:
    """Ask everybody at once, through the mailbox, whether they would recommend the company."""
    entry = AskEntry(name="default", survey="nps", channels=("mailbox",), delay=timedelta(0), reminders=0)
    return settings.model_copy(update={"ask": (entry,), "throttle": Throttle(days=0)})


class Vote:
    """Lets customers be asked, and answer."""

    def __init__(self, core: Core, clock: SetClock) -> None:
        self.core, self.clock = core, clock
        self._numbers = count(1)

    def asked(self, **contact: Any) -> str:
        """End a contact, send the ask, and return the invitation."""
        number = next(self._numbers)
        event = ContactEvent.model_validate({
            "source": "helpdesk", "external_id": f"T-{number}", "topic": "invoice", "channel": "chat",
            "team": "Billing", "customer": {"email": f"c{number}@example.org"}, **contact,
        })  # fmt: skip
        invitation = record_contact(self.core, event).contact.invitation
        assert invitation is not None
        return invitation.id

    def all(self, scores: Mapping[int, int], silent: int = 0, **contact: Any) -> None:
        """Let so many customers give each score, and some say nothing.

        Args:
            scores: How many give which score.
            silent: How many are asked and do not answer.
            contact: What their contacts have in common.
        """
        given = [score for score, n in scores.items() for _ in range(n)]
        asked = [self.asked(**contact) for _ in range(len(given) + silent)]
        Engine(self.core).drain()
        self.clock.move(timedelta(seconds=30))
        for invitation, score in zip(asked, given, strict=False):
            assert submit(self.core, invitation, {"recommend": score}, via="api").stored
        Engine(self.core).drain()
