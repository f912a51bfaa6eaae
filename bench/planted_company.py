"""A generated company whose truths are known: what causes bad scores, who does not answer, and that agents are equal.

Everything is drawn from one seed; the same plan gives the same company. What a customer who keeps silent would have
said is drawn as well, so that the number over all who were asked is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bench.planted_words import WORDS

__all__ = ["Agent", "Ask", "Cause", "Plan", "agents_of", "asks"]

CHANNELS = {"phone": 4, "chat": 3, "email": 3}
SEGMENTS = {"consumer": 7, "business": 3}
TOPICS = ("invoice", "delivery", "login", "returns", "warranty")
PRODUCTS = ("Kettle", "Lamp", "Headphones", "Subscription")
TEAMS = ("Front desk", "Back office", "Hotline")
#: Language by country, and how many customers live there.
COUNTRIES = {"ID": ("id", 4), "US": ("en", 3), "IN": ("hi", 2), "EG": ("ar", 1)}
#: How likely an answer is 1 or 2 of 5, and 3 of 5, where nothing is planted.
BAD, MIDDLING = 0.15, 0.12
#: With planted silence: what a channel and a segment add to the chance of a bad answer, and to the log odds of any.
LESS_PLEASED = {"phone": 0.16, "chat": 0.04, "email": -0.06, "consumer": 0.08, "business": -0.06}
TALKATIVE = {"phone": -1.1, "chat": 0.1, "email": 0.9, "consumer": -0.3, "business": 0.6}
#: How long customers think before they answer, on average, and for how long they may.
DELAY, OPEN_FOR = timedelta(hours=10), timedelta(days=14)


@dataclass(frozen=True)
class Cause:
    """What makes scores bad.

    Args:
        dimension: ``topic``, ``team``, ``product``, ``channel``, ``segment`` or ``country``.
        value: Which of them.
        more: What it adds to the chance of a bad answer.
        also: Another dimension and value that must hold too; empty for none.
    """

    dimension: str = "topic"
    value: str = "delivery"
    more: float = 0.25
    also: tuple[str, str] = ("", "")

    def holds(self, dimensions: Mapping[str, str]) -> bool:
        """Tell whether it strikes a contact."""
        name, value = self.also
        return dimensions[self.dimension] == self.value and (not name or dimensions[name] == value)


@dataclass(frozen=True)
class Plan:
    """What is planted.

    Args:
        seed: Everything follows from it.
        asked: How many customers are asked after a contact; about half of them answer.
        days: Over how many days, up to now.
        cause: What makes scores bad, None for nothing.
        silence: Whether channels and segments differ in how pleased customers are, and in how many of them answer.
        agents: How many serve in each of the three teams.
        odd_agent: What the first agent of the first team adds to the chance of a bad answer; 0: all are equal.
        returning: How likely a customer whose matter is not solved is to get in touch again within a week.
        words: Comments by language, then topic, as pairs of pleased and displeased ones.
    """

    seed: int = 1
    asked: int = 6000
    days: int = 56
    cause: Cause | None = None
    silence: bool = False
    agents: int = 6
    odd_agent: float = 0.0
    returning: float = 0.4
    words: Mapping[str, Mapping[str, tuple[Sequence[str], Sequence[str]]]] = field(default_factory=lambda: WORDS)


@dataclass(frozen=True)
class Agent:
    """Somebody who serves."""

    number: int
    name: str
    team: str


@dataclass(frozen=True)
class Ask:
    """A contact, what the customer would say of it, and when that is said.

    Args:
        number: From 0.
        customer: Number of the customer.
        agent: Who served.
        ended_at: When it ended, which is when it was asked.
        dimensions: What is frozen.
        values: The answers that the customer gives, or would give.
        answered_at: When; None for a customer who keeps silent.
        returned_at: When the customer got in touch again about the same, None for never.
    """

    number: int
    customer: int
    agent: Agent
    ended_at: datetime
    dimensions: Mapping[str, str]
    values: Mapping[str, int | str]
    answered_at: datetime | None
    returned_at: datetime | None


def agents_of(plan: Plan) -> list[Agent]:
    """Return who serves, team by team."""
    names = [(team, at) for team in TEAMS for at in range(plan.agents)]
    return [Agent(number, f"{team} {at + 1:02}", team) for number, (team, at) in enumerate(names)]


def asks(plan: Plan, now: datetime) -> Iterator[Ask]:
    """Yield the contacts in the order of time.

    Args:
        plan: What is planted.
        now: The present moment; answers that are still to come do not show.
    """
    chance, serving, homes = Random(plan.seed), agents_of(plan), list[Mapping[str, str]]()
    step = timedelta(days=plan.days) / plan.asked
    for number in range(plan.asked):
        # Most come for the first time; the others bring their home and segment along.
        customer = len(homes) if chance.random() < 0.8 or not homes else chance.randrange(len(homes))
        if customer == len(homes):
            homes.append(_home(chance))
        agent = chance.choice(serving)
        dimensions = {
            "channel": _one(chance, CHANNELS), "team": agent.team, "topic": chance.choice(TOPICS),
            "product": chance.choice(PRODUCTS), "brand": "", **homes[customer],
        }  # fmt: skip
        ended_at = now - timedelta(days=plan.days) + step * number
        values = _values(chance, plan, dimensions, _unhappy(plan, dimensions, agent))
        yield Ask(
            number, customer, agent, ended_at, dimensions, values, _answered(chance, plan, dimensions, ended_at, now),
            _returned(chance, plan, values, ended_at, now),
        )  # fmt: skip


def _home(chance: Random) -> Mapping[str, str]:
    country = _one(chance, {name: n for name, (_, n) in COUNTRIES.items()})
    return {"language": COUNTRIES[country][0], "segment": _one(chance, SEGMENTS), "country": country}


def _one(chance: Random, weights: Mapping[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _unhappy(plan: Plan, dimensions: Mapping[str, str], agent: Agent) -> float:
    found = BAD + (plan.odd_agent if agent.number == 0 else 0.0)
    if plan.silence:
        found += LESS_PLEASED[dimensions["channel"]] + LESS_PLEASED[dimensions["segment"]]
    if plan.cause is not None and plan.cause.holds(dimensions):
        found += plan.cause.more
    return min(max(found, 0.01), 0.95)


def _values(chance: Random, plan: Plan, dimensions: Mapping[str, str], unhappy: float) -> dict[str, int | str]:
    drawn = chance.random()
    bad, middling = drawn < unhappy, drawn < unhappy + MIDDLING
    csat = chance.choice((1, 2)) if bad else 3 if middling else chance.choice((4, 4, 5, 5, 5))
    recommend = chance.choice({1: (0, 1, 2, 3), 2: (2, 4, 5, 6), 3: (5, 6, 7, 8), 4: (7, 8, 9), 5: (8, 9, 10)}[csat])
    solved = chance.random() < (0.25 if bad else 0.6 if middling else 0.93)
    times = _one(chance, {"1": 8, "2": 2} if solved else {"1": 4, "2": 4, "3+": 2})
    found: dict[str, int | str] = {
        "satisfaction": csat, "recommend": recommend, "solved": "yes" if solved else "no", "contacts": times,
    }  # fmt: skip
    said = plan.words.get(dimensions["language"], {}).get(dimensions["topic"])
    if said is not None and chance.random() < (0.6 if bad else 0.2):
        found["comment"] = chance.choice(said[bad or middling])
    return found


def _answered(
    chance: Random, plan: Plan, dimensions: Mapping[str, str], asked_at: datetime, now: datetime
) -> datetime | None:
    odds = TALKATIVE[dimensions["channel"]] + TALKATIVE[dimensions["segment"]] if plan.silence else 0.0
    answers, after = chance.random() < 1 / (1 + math.exp(-odds)), chance.expovariate(1) * DELAY
    at = asked_at + min(after, OPEN_FOR - timedelta(hours=1)) + timedelta(minutes=1)
    return at if answers and at < now else None


def _returned(
    chance: Random, plan: Plan, values: Mapping[str, int | str], ended_at: datetime, now: datetime
) -> datetime | None:
    returns, after = chance.random() < plan.returning, timedelta(days=chance.uniform(0.5, 6.5))
    at = ended_at + after
    return at if values["solved"] == "no" and returns and at < now else None
