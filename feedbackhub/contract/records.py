"""The frozen records that plugins and the loop exchange; never database rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Outcome = Literal["ask", "dont_ask"]


@dataclass(frozen=True, slots=True)
class Identifier:
    """One normalised identifier: an ``email``, a ``phone`` or ``id:<system>``."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Customer:
    """Who was served."""

    public_id: str
    name: str = ""
    language: str = ""
    timezone: str = ""
    segment: str = ""
    country: str = ""
    identifiers: tuple[Identifier, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agent:
    """Who served."""

    public_id: str
    name: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One ended service contact, with everything a rule may look at."""

    public_id: str
    source: str
    external_id: str
    resolution: int
    channel: str
    ended_at: datetime
    started_at: datetime | None = None
    customer: Customer | None = None
    agent: Agent | None = None
    team: str = ""
    topic: str = ""
    product: str = ""
    brand: str = "default"
    language: str = ""
    segment: str = ""
    country: str = ""
    tags: tuple[str, ...] = ()
    direction: str = "inbound"
    closed_by: str = "agent"
    url: str = ""
    ask: bool = True
    test: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """What would be asked, how and when; rules may return a changed one.

    Args:
        policy: Name of the ``[[ask]]`` entry that matched.
        survey: Name of the survey.
        survey_type: Its type, which has its own throttle clock.
        channels: The ladder, first choice first.
        due_at: When the first delivery is due.
        reminder_after: Span between a delivery and its reminder.
        reminders: How many reminders.
        expires_after: How long the link stays open after it is due.
        edit_window: How long an answer may be changed.
        throttle: How long a person is left alone between two asks.
    """

    policy: str
    survey: str
    survey_type: str
    channels: tuple[str, ...]
    due_at: datetime
    reminder_after: timedelta
    reminders: int
    expires_after: timedelta
    edit_window: timedelta
    throttle: timedelta


@dataclass(frozen=True, slots=True)
class DontAsk:
    """A rule's veto, with the reason that staff will read."""

    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastAsk:
    """One earlier ask of the same person."""

    survey_type: str
    asked_at: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class History:
    """What is known about the person at the moment of deciding.

    Args:
        now: The moment of deciding.
        asks: Earlier asks over all channels, newest first; imported and test asks are left out.
    """

    now: datetime
    asks: tuple[PastAsk, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a contact was or was not asked; exactly one for each contact."""

    outcome: Outcome
    rule: str
    reason: str
    facts: Mapping[str, Any]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Brand:
    """How the company appears to a customer."""

    key: str
    name: str
    color: str = ""
    logo_url: str = ""
    sender: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One clickable option of the first question, as a link of its own."""

    value: str
    label: str
    symbol: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a mail, shown where its HTML says ``cid:<name>``.

    Args:
        name: Its name within the mail, of letters, digits, hyphens and dots, like ``trend.png``.
        media_type: ``image/png``, ``image/jpeg`` or ``image/gif``.
        body: The file.
    """

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person, ready for a channel.

    Args:
        id: The Message-ID without angle brackets; the same on every retry of this delivery.
        kind: ``first``, ``reminder`` or ``fallback``; ``letter`` for a plugin's own, which has no links.
        to: The address, of one of the kinds that the channel reaches.
        name: The person's name, may be empty.
        language: Language of all texts.
        direction: ``ltr`` or ``rtl``.
        subject: One line.
        text: Plain text with the link.
        html: HTML twin with inlined styles.
        link: The personal link.
        stop_link: Address for opting out; takes a one-click POST.
        choices: One address for each option of the first question.
        brand: Sender's brand.
        test: Whether this is a test outside all numbers.
        in_reply_to: Message-ID of the first ask when this is a reminder.
        short: The same ask in a line or two with the link, for messages as short as an SMS: fullest first, each shorter
            than the one before. The channel takes the first that fits; the last leaves out all but the question's
            beginning and the link. Empty for a `Letter`.
        pictures: What the HTML shows by ``cid:``; channels without HTML leave them out.
    """

    id: str
    kind: str
    to: Identifier
    name: str
    language: str
    direction: str
    subject: str
    text: str
    html: str
    link: str
    stop_link: str
    choices: tuple[Choice, ...]
    brand: Brand
    test: bool = False
    in_reply_to: str = ""
    short: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A channel's proof that the message was taken over.

    Args:
        id: The other side's id for it, if it gave one.
        detail: What the other side said.
    """

    id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """Something that came back to a channel: a bounce, a complaint, an opt-out, a receipt or a reply.

    A ``bounce`` says that the address is dead: it is suppressed, and the next channel takes over. A ``soft_bounce``
    says that this message did not arrive; one with a `receipt` is final, and the next channel takes over.

    Args:
        kind: What came back; a ``reply`` is somebody's own words, an ``answer`` is a reply that the engine may read as
            the answer to the pending ask of that address, a ``delivered`` receipt changes nothing but the delivery.
        message_id: Message-ID of ours that it belongs to, if found.
        address: The address it speaks of, if named.
        detail: Short text for staff; of an ``answer`` the words as they came.
        key: What makes it unique, so that nothing is read twice.
        raw: The whole thing as it came.
        receipt: The other side's id of our message (`Receipt.id`) that it belongs to, if named.
    """

    kind: Literal["bounce", "soft_bounce", "complaint", "opt_out", "opt_in", "delivered", "reply", "answer"]
    key: str
    message_id: str = ""
    address: Identifier | None = None
    detail: str = ""
    raw: bytes = b""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of a plugin's own, sent through a channel by the engine.

    Args:
        channel: Name of the channel.
        to: The address; suppressed ones are left out unless it goes to staff.
        subject: One line.
        text: Plain text.
        html: HTML twin, empty for none.
        language: Language of the texts.
        to_staff: Whether it goes to staff, not to a customer.
        key: A letter with the same key is sent only once, ever; empty for no such limit.
        brand: Key of the sender's brand.
        stop_link: Address below the instance's own for ending such letters, which takes a one-click POST (RFC 8058).
        pictures: What the HTML shows by ``cid:``; together at most 2 MB.
        about: What it is about to the plugin, like an id of its own, at most 64 characters and nothing personal: its
            end is then told as ``letter.sent``, ``letter.failed`` (a person may have it tried again) or
            ``letter.dropped`` (its reader wants none, or somebody called it off) with ``plugin`` and ``about``.
    """

    channel: str
    to: Identifier
    subject: str
    text: str
    html: str = ""
    language: str = "en"
    to_staff: bool = False
    key: str = ""
    brand: str = "default"
    stop_link: str = ""
    pictures: tuple[Picture, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A durable, ordered fact; its payload holds public ids and dimensions, no personal data."""

    position: int
    type: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Data:
    """What a plugin does with personal data.

    Args:
        sends: Kinds of personal data that leave the machine, like ``name`` or ``address``.
        keeps: Kinds of personal data that the plugin itself stores; needs `erase_person`.
    """

    sends: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
