"""Gestures: what was done for a customer after a contact went wrong; and whom to tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .records import Identifier

#: How somebody apologised: in plain words, with an explanation of what went wrong, with a promise of what will change.
Manner = Literal["", "plain", "explanation", "promise"]


@dataclass(frozen=True, slots=True)
class Gesture:
    """Something done for a customer, to be recorded.

    Args:
        kind: ``apology``, ``compensation``, ``call_back``, or one that the settings name in ``[gestures.kinds]``.
        customer: Id of the customer.
        by: Who made it, as shown to staff.
        contact: Id of the contact that it is about, if any; it must be one of this person's.
        response: Id of the response that it answers, if any; it must be one of this person's.
        agent: Id of the agent who made it, if known.
        manner: How, of an apology: ``plain``, with an ``explanation``, or with a ``promise``; empty for unknown.
        words: The text that was sent or said; erased with the person.
        value: What was given, in words.
        cost_cents: What it cost, in hundredths of the currency; None for unknown.
        currency: ISO 4217 code.
        note: Anything else for staff.
        at: When; now when left out.
        key: A gesture with the same key is recorded only once, ever; empty for no such limit.
    """

    kind: str
    customer: str
    by: str
    contact: str = ""
    response: str = ""
    agent: str = ""
    manner: Manner = ""
    words: str = ""
    value: str = ""
    cost_cents: int | None = None
    currency: str = ""
    note: str = ""
    at: datetime | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class GestureMade:
    """What was recorded.

    Args:
        id: Its id.
        nth: The how-manieth of its kind it is to this person.
        recent: How many of this kind the person received within the days that ``[gestures]`` counts, this included.
    """

    id: str
    nth: int
    recent: int


@dataclass(frozen=True, slots=True)
class GestureRecord:
    """A gesture that was made; see `Gesture` for what the fields mean.

    Args:
        nth: The how-manieth of its kind it was to this person.
        contact, response: Ids of what it was about; empty for none.
        imported: Whether it was made before feedbackhub.
        withdrawn: Whether it was taken back as recorded by mistake.
    """

    id: str
    kind: str
    at: datetime
    by: str
    manner: Manner
    words: str
    value: str
    cost_cents: int | None
    currency: str
    note: str
    nth: int
    contact: str
    response: str
    imported: bool
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Apologies:
    """How often somebody was apologised to of late; repeated apologies can do more harm than none.

    Args:
        n: How many apologies the person received within the days.
        most: How many are thought to be enough (``[gestures] most_apologies``).
        days: How far back they count (``[gestures] days``).
    """

    n: int
    most: int
    days: int

    @property
    def too_many(self) -> bool:
        """Whether one more would be one too many: warn a person, and make none automatically."""
        return self.n >= self.most


@dataclass(frozen=True, slots=True)
class Reach:
    """How a customer can be written to.

    Args:
        channel: Name of the channel.
        address: Where it reaches the customer.
    """

    channel: str
    address: Identifier


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works here and may sign in.

    Args:
        id: Their id.
        name: Their name, empty for none.
        email: Their address, by which they sign in.
        role: ``agent``, ``manager`` or ``admin``.
        language: Of their pages, empty for the browser's.
    """

    id: str
    name: str
    email: str
    role: str
    language: str
