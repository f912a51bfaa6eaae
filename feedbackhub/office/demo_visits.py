"""When the demo's customers get in touch, about what, through which channel, and who serves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from ..contract.intake import ContactEvent
from .demo_company import AGENTS, CHANNELS, TEAMS, DemoAgent, DemoChannel, Team
from .demo_people import DemoPerson

__all__ = ["Visit", "again", "visits"]

_PRODUCTS = ("Subscription", "Kettle", "Lamp", "Headphones")
_CLOSERS = ("agent", "customer", "auto", "bot", "spam")
#: How busy the hours of a day are, from 8 to 20, where the customer lives.
_HOURS = tuple(range(8, 21))
_BUSY = (4, 8, 10, 10, 8, 6, 8, 9, 9, 7, 6, 5, 4)


@dataclass(frozen=True)
class Visit:
    """One contact that will end.

    Args:
        person: Who got in touch; None for somebody unknown.
        key: The contact's id at its source.
        ended_at: When it ends.
        minutes: How long it takes.
        theme: What a complaint about it would be about.
        topic_pleases: What the topic adds to satisfaction.
        attempt: The how-manieth contact about the same matter.
    """

    person: DemoPerson | None
    key: str
    ended_at: datetime
    minutes: int
    channel: DemoChannel
    team: Team
    agent: DemoAgent
    topic: str
    theme: str
    topic_pleases: float
    product: str
    brand: str
    closed_by: str
    outbound: bool
    ask: bool
    attempt: int = 1

    def event(self) -> ContactEvent:
        """Return what the helpdesk says when this contact has ended."""
        said: dict[str, Any] = {
            "source": "phone" if self.channel.name == "phone" else "helpdesk",
            "external_id": self.key,
            "agent": {"id": self.agent.id, "name": self.agent.name},
            "team": self.team.name,
            "channel": self.channel.name,
            "topic": self.topic,
            "product": self.product,
            "brand": self.brand,
            "tags": ["repeat"] if self.attempt > 1 else [],
            "direction": "outbound" if self.outbound else "inbound",
            "closed_by": self.closed_by,
            "started_at": self.ended_at - timedelta(minutes=self.minutes),
            "ended_at": self.ended_at,
            "url": f"https://helpdesk.example/tickets/{self.key}",
            "ask": self.ask,
        }
        if self.person is not None:
            said["customer"] = self.person.as_customer()
        return ContactEvent.model_validate(said)


def visits(random: Random, everybody: list[DemoPerson], start: datetime, end: datetime, a_day: float) -> list[Visit]:
    """Return the contacts of a span in the order in which they end; about half as many at weekends."""
    found: list[Visit] = []
    day = start
    while day < end:
        amount = a_day * (1.14 if day.weekday() < 5 else 0.64)
        for _ in range(int(amount) + (random.random() < amount % 1)):
            found.append(_visit(random, everybody, day, len(found) + 1))
        day += timedelta(days=1)
    return sorted((visit for visit in found if start <= visit.ended_at < end), key=lambda visit: visit.ended_at)


def _visit(random: Random, everybody: list[DemoPerson], day: datetime, number: int) -> Visit:
    person = random.choices(everybody, [one.activity for one in everybody])[0]
    channel = random.choices(CHANNELS, [each.share for each in CHANNELS])[0]
    team = random.choices(TEAMS, [each.share for each in TEAMS])[0]
    topic, theme, pleases = random.choice(team.topics)
    local = day.astimezone(ZoneInfo(person.timezone))
    ended_at = local.replace(
        hour=random.choices(_HOURS, _BUSY)[0], minute=random.randrange(60), second=random.randrange(60), microsecond=0
    )
    return Visit(
        person=None if random.random() < 0.03 else person,
        key=f"T-{20_000 + number}",
        ended_at=ended_at.astimezone(day.tzinfo),
        minutes=max(1, int(channel.minutes * random.lognormvariate(0, 0.6))),
        channel=channel,
        team=team,
        agent=random.choice([agent for agent in AGENTS if agent.team == team.name]),
        topic=topic,
        theme=theme,
        topic_pleases=pleases,
        product=random.choice(_PRODUCTS),
        brand="outlet" if random.random() < 0.25 else "default",
        closed_by=random.choices(_CLOSERS, (82, 8, 4, 4, 2))[0],
        outbound=random.random() < 0.03,
        ask=random.random() > 0.03,
    )


def again(random: Random, visit: Visit, ended_at: datetime, same_ticket: bool) -> Visit:
    """Return the next contact about the same matter: the ticket goes on, or another one is opened."""
    colleagues = [agent for agent in AGENTS if agent.team == visit.team.name]
    changes = {name: getattr(visit, name) for name in _fields()}
    key = visit.key if same_ticket else f"{visit.key}-{visit.attempt + 1}"
    changes |= {"key": key, "ended_at": ended_at, "attempt": visit.attempt + 1, "closed_by": "agent", "ask": True}
    return Visit(**{**changes, "agent": visit.agent if same_ticket else random.choice(colleagues)})


def _fields() -> Iterator[str]:
    return iter(Visit.__dataclass_fields__)
