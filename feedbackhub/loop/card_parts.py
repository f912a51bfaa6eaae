"""What a card is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Trend = Literal["up", "down", "steady", "too_few"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answer that a second one follows, and how that went.

    Args:
        id: The first response's public id.
        at: When it was given; this and what follows is None or empty when it is too long ago for the card.
        value: Its headline answer.
        maximum: The best point of its scale.
        score: The same from 0 (worst) to 100 (best).
        low: Whether the customer was unhappy then.
        label: The headline answer in words, where it is an option and no number.
    """

    id: str
    at: datetime | None = None
    value: int | None = None
    maximum: int | None = None
    score: int | None = None
    low: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """One earlier answer.

    Args:
        id: The response's public id.
        at: When it was given.
        contact_at: When the contact that it is about ended.
        channel: How that contact ran.
        team: Who was responsible.
        agent: Who served; empty unless names are switched on.
        topic: What it was about.
        question: The headline question in the survey's words, in the survey's default language.
        value: The headline answer.
        maximum: The best point of its scale.
        score: The same from 0 (worst) to 100 (best).
        low: Whether the customer was unhappy.
        solved: Whether the customer says it was solved.
        comment: The customer's own words.
        claimed: Whether it came by an open link and only claims to be about this customer's ticket.
        label: The headline answer in words, where it is an option and no number.
        earlier: The answer that this one follows, because the customer was asked again; None for a first one.
    """

    id: str
    at: datetime
    contact_at: datetime
    channel: str
    team: str
    agent: str
    topic: str
    question: str
    value: int | None
    maximum: int | None
    score: int | None
    low: bool
    solved: bool | None
    comment: str
    claimed: bool = False
    label: str = ""
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """An open wish to be called; a claimed one may be anybody's."""

    response: str
    at: datetime
    phone: str
    time: str
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class PastContact:
    """One earlier contact."""

    id: str
    at: datetime
    channel: str
    team: str
    agent: str
    topic: str
    reference: str
    url: str
    resolution: int
    reopened: bool


@dataclass(frozen=True, slots=True)
class PastGesture:
    """A gesture that the customer received; of an apology, how (`manner`), and what was said or sent (`words`)."""

    id: str
    kind: str
    at: datetime
    value: str
    note: str
    by: str
    nth: int
    manner: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """One reason to take care; the words are found by `key` where it is shown."""

    key: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """One thing worth saying first; the words are found by `key` where it is shown."""

    key: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
