"""A company whose contacts and answers a test writes down, at the moments at which they happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from feedbackhub import ContactEvent, Query, Report
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact, reopen_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings, Throttle

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def settings_for_company(settings: Settings) -> Settings:
    """Ask everybody at once, through the mailbox, how it went."""
    entry = AskEntry(name="default", survey="post-contact", channels=("mailbox",), delay=timedelta(0), reminders=0)
    return settings.model_copy(update={"ask": (entry,), "throttle": Throttle(days=0)})


@dataclass(frozen=True)
class Plan:
    """A contact as a test plans it.

    Args:
        ended: When it ends.
        who: The customer, empty for nobody known.
        lasted: How long it took; None where no beginning is reported.
        topic, team, channel, direction: Of the contact.
        said: Answers to the survey, empty for none.
        reopened: After which span it is reopened, None for never.
    """

    ended: datetime
    who: str = ""
    lasted: timedelta | None = None
    topic: str = "invoice"
    team: str = "Billing"
    channel: str = "chat"
    direction: str = "inbound"
    said: tuple[tuple[str, Any], ...] = ()
    reopened: timedelta | None = None

    @property
    def began(self) -> datetime:
        """When it began, as far as is known."""
        return self.ended - self.lasted if self.lasted is not None else self.ended


class Company:
    """Lets plans happen.

    Args:
        core: The instance.
        clock: Its clock, which is set to each moment.
    """

    def __init__(self, core: Core, clock: SetClock) -> None:
        self.core, self.clock = core, clock

    def live(self, plans: list[Plan], until: datetime) -> None:
        """Let contacts end and customers answer, in the order of time; then it is that late."""
        ordered = list(enumerate(sorted(plans, key=lambda each: each.ended)))
        for number, plan in ordered:
            self.clock.moment = plan.ended
            self._end(number, plan)
        self.clock.moment = until
        for number, plan in ordered:
            if plan.reopened is not None:
                reopen_contact(self.core, "helpdesk", f"T-{number}", plan.ended + plan.reopened)
        Engine(self.core).drain()

    def _end(self, number: int, plan: Plan) -> None:
        event = ContactEvent.model_validate({
            "source": "helpdesk", "external_id": f"T-{number}", "topic": plan.topic, "channel": plan.channel,
            "team": plan.team, "direction": plan.direction, "ended_at": plan.ended,
            "started_at": None if plan.lasted is None else plan.began,
            "customer": {"email": f"{plan.who}@example.org"} if plan.who else None,
        })  # fmt: skip
        invitation = record_contact(self.core, event).contact.invitation
        if plan.said:
            assert invitation is not None
            assert submit(self.core, invitation.id, dict(plan.said), via="api").stored

    def report(self, name: str, query: Query) -> Report:
        """Return a report, made in this process."""
        found = self.core.plugins.owner("feedbackhub_analyses", name)
        assert found is not None
        made: Report = found[1].report(query)
        return made
