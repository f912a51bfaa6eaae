"""The tables of the settings file, and the values that they take."""

from __future__ import annotations

import re
import zoneinfo
from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from feedbackhub.contract.scalars import Line, clean_line
from feedbackhub.machinery.durations import Duration

__all__ = [
    "AskEntry",
    "AskMatch",
    "Brand",
    "Engine",
    "Exports",
    "Gestures",
    "HttpSettings",
    "Language",
    "Lines",
    "Name",
    "Privacy",
    "Reports",
    "Section",
    "SourceSettings",
    "Throttle",
    "Web",
    "WebAddress",
    "as_list",
    "known_database",
    "known_timezone",
]


def as_list(value: object) -> object:
    """Let a single text stand for a list of one."""
    return [value] if isinstance(value, str) else value


def web_address(value: str) -> str:
    """Accept an http(s) address with an optional path, and drop the slash at its end."""
    parts = urlsplit(clean_line(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address such as https://feedback.example.com")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must hold no query, fragment or user name")
    return value.strip().rstrip("/")


def web_origin(value: str) -> str:
    """Accept scheme, host and port of a web site, nothing that could end a header's directive."""
    address = web_address(value)
    parts = urlsplit(address)
    if parts.path or not ORIGIN.fullmatch(address):
        raise ValueError("must be an origin such as https://shop.example.com")
    return address.lower()


def known_database(value: str) -> str:
    """Accept the address of a database of a kind that feedbackhub keeps its records in."""
    if value and not value.startswith(("postgresql+psycopg://", "sqlite://")):
        raise ValueError("must begin with postgresql+psycopg://, or be left out for SQLite")
    return value


def known_timezone(value: str) -> str:
    """Accept a name of the IANA time-zone database."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('must be a time zone such as "UTC" or "Asia/Jakarta"') from None
    return value


ORIGIN = re.compile(r"https?://(\*\.)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
WebAddress = Annotated[str, AfterValidator(web_address)]
Origin = Annotated[str, AfterValidator(web_origin)]
OptionalWebAddress = Annotated[str, AfterValidator(lambda value: web_address(value) if value else value)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(as_list)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
RateLimit = Annotated[str, Field(pattern=r"^[1-9]\d*/(second|minute|hour|day)$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Text = Annotated[Line, Field(min_length=1)]
KindName = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,20}$")]
Label = Annotated[Line, Field(min_length=1, max_length=60)]


class Section(BaseModel):
    """A table of the settings file: unknown options are refused, values never change after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)


class Brand(Section):
    """How one brand shows itself to its customers."""

    name: Text = Field("Feedback", description="Name that customers read on the page and in messages.")
    logo_url: OptionalWebAddress = Field("", description="Address of a logo for messages and pages.")
    color: str = Field("#1f5f8b", pattern=r"^#[0-9a-fA-F]{6}$", description="Main colour as #rrggbb.")
    sender: Line = Field("", description="From of mails, such as `Acme <feedback@acme.example>`.")
    reply_to: Line = Field("", description="Reply-To of mails; empty: replies go to the sender.")
    public_url: OptionalWebAddress = Field("", description="Address of this brand's pages; empty: the instance's.")


class AskMatch(Section):
    """Which contacts an ask entry is for: every option given must match; `*` and `?` stand for any text or letter."""

    source: Lines = Field((), description="Names of sources.")
    channel: Lines = Field((), description="Channels of the contact, such as `phone` or `chat`.")
    team: Lines = Field((), description="Teams.")
    topic: Lines = Field((), description="Topics.")
    product: Lines = Field((), description="Products.")
    brand: Lines = Field((), description="Brands.")
    segment: Lines = Field((), description="Customer segments.")
    language: Lines = Field((), description="Languages, such as `id` or `en-*`.")
    country: Lines = Field((), description="Countries.")
    tags: Lines = Field((), description="Tags; one of the contact's tags must match.")


class AskEntry(Section):
    """One entry of the ask policy; the first entry that matches a contact decides."""

    name: Name = Field(description="Name of the entry; decisions quote it.")
    match: AskMatch = Field(AskMatch(), description="Which contacts it is for; empty: all.")
    survey: Name = Field("post-contact", description="Survey to ask.")
    channels: Annotated[tuple[Name, ...], BeforeValidator(as_list), Field(min_length=1)] = Field(
        ("email",), description="Channels in the order of trying; the next one when one is closed or bounces."
    )
    delay: Duration = Field(timedelta(hours=1), description="How long after the end of the contact to ask.")
    reminder_after: Duration = Field(timedelta(days=3), description="How long after asking to remind.")
    reminders: int = Field(1, ge=0, le=5, description="How many reminders at most.")
    expires_after: Duration = Field(timedelta(days=14), description="How long after asking the link is open.")
    edit_window: Duration = Field(timedelta(hours=24), description="How long an answer may be changed.")
    throttle: Duration | None = Field(None, description="Least time between two asks of a person; empty: [throttle].")


class SourceSettings(Section):
    """What is known of one source of contacts."""

    identifying: Lines = Field(
        ("email", "phone", "id:*"),
        description="Kinds of identifiers of this source that prove two customers to be one person.",
    )


class Throttle(Section):
    """How rarely one person is asked, across all channels."""

    days: int = Field(30, ge=0, le=3660, description="Days between two asks of one person.")
    surveys: dict[str, Annotated[int, Field(ge=0, le=3660)]] = Field(
        {}, description="Days per survey, each survey with a clock of its own, such as `{ nps = 90 }`."
    )


class Web(Section):
    """Pages and the API."""

    frame_ancestors: Annotated[tuple[Origin, ...], BeforeValidator(as_list)] = Field(
        (), description="Helpdesks that may show the card in a frame, such as `https://acme.zendesk.com`."
    )
    frame_origins: Annotated[tuple[Origin, ...], BeforeValidator(as_list)] = Field(
        (), description="Web sites that may show survey pages in a frame, such as `https://shop.example.com`."
    )
    show_agent_names: bool = Field(False, description="Show on the card who served the customer.")
    session_hours: int = Field(12, ge=1, le=720, description="Hours until staff have to sign in again.")
    card_minutes: int = Field(60, ge=1, le=1440, description="Minutes that a card's address is valid.")
    max_body_kb: int = Field(1024, ge=16, le=65_536, description="Largest request body in kilobytes.")
    threads: int = Field(16, ge=1, le=256, description="Requests at the same time.")
    waiting: int = Field(
        256, ge=1, le=10_000, description="Requests that may wait beside these; more get 503 with Retry-After."
    )
    waiting_seconds: float = Field(
        5.0, gt=0, le=60, description="Seconds that a request may wait before it gets 503 with Retry-After."
    )
    sign_in_limit: RateLimit = Field("10/minute", description="Sign-in attempts per address.")
    survey_limit: RateLimit = Field("60/minute", description="Requests to survey pages per address.")
    api_limit: RateLimit = Field("600/minute", description="API requests per key.")
    inbound_limit: RateLimit = Field("1200/minute", description="Calls of other systems to `/in/` per address.")
    access_log: bool = Field(True, description="Write one line to the log for each request.")


def own_kinds(kinds: dict[str, str]) -> dict[str, str]:
    """Refuse names of gestures that the core has itself."""
    for kind in kinds:
        if kind in ("apology", "compensation", "call_back"):
            raise ValueError(f"{kind} is there already; name others")
    return kinds


class Gestures(Section):
    """What is done for a customer after a contact went wrong."""

    most_apologies: int = Field(
        2, ge=1, le=20, description="Apologies to one person within `days`; before one more there is a warning."
    )
    days: int = Field(90, ge=1, le=3660, description="How many days back apologies count for that.")
    kinds: Annotated[dict[KindName, Label], AfterValidator(own_kinds)] = Field(
        {}, description='Further kinds of gestures and what people call them, such as `{ refund = "Refund" }`.'
    )


class Engine(Section):
    """The part that sends, reminds and retries."""

    runner: Literal["threads", "celery"] = Field(
        "threads", description="Who does the work: `threads` in each engine, or `celery` workers (PostgreSQL only)."
    )
    broker: str = Field(
        "redis://127.0.0.1:6379/0", repr=False, pattern=r"^rediss?://",
        description="Where Celery's messages go, such as `redis://:password@redis.example:6379/0`.",
    )  # fmt: skip
    tick_seconds: float = Field(1.0, gt=0, le=60, description="Seconds between two looks for due work.")
    threads: int = Field(4, ge=1, le=64, description="Deliveries at the same time in each process.")
    handed_over: int = Field(
        200, ge=4, le=10_000, description="Most tasks handed to Celery and not finished, over all machines."
    )
    batch: int = Field(10, ge=1, le=100, description="Most tasks in one message to a Celery worker.")
    lease_seconds: int = Field(60, ge=5, le=3600, description="Seconds until work of a dead worker is taken over.")
    max_attempts: int = Field(8, ge=1, le=50, description="Attempts before a delivery is parked.")
    retry_seconds: float = Field(
        30.0, ge=0.1, le=3600, description="Seconds before a second attempt; later ones wait up to 240 times as long."
    )
    rates: dict[str, Annotated[float, Field(gt=0)]] = Field(
        {}, description="Most deliveries per second and channel over all machines, such as `{ email = 10 }`."
    )
    concurrency: dict[str, Annotated[int, Field(ge=1)]] = Field(
        {}, description="Most deliveries at the same time and channel over all machines, such as `{ email = 4 }`."
    )


class Privacy(Section):
    """How long working copies of personal data are kept."""

    inbox_days: int = Field(30, ge=1, le=3660, description="Days that raw bodies from sources are kept.")
    idempotency_days: int = Field(2, ge=1, le=365, description="Days that answers to repeated API calls are kept.")
    events_days: int = Field(400, ge=1, le=36_600, description="Days that events are kept which everybody has read.")


class Exports(Section):
    """Files with records, written on demand or by schedule."""

    keep_days: int = Field(7, ge=1, le=365, description="Days after which the file of an export is removed.")


class HttpSettings(Section):
    """Calls that feedbackhub and its plugins make to other systems."""

    allow: Lines = Field((), description="Private hosts with port that may be called, such as `10.0.0.5:8080`.")
    timeout_seconds: float = Field(10.0, gt=0, le=120, description="Seconds until a call is given up.")
    max_answer_kb: int = Field(2048, ge=1, le=65_536, description="Largest answer that is read, in kilobytes.")


class Reports(Section):
    """Analyses, which run in processes of their own."""

    seconds: float = Field(20.0, gt=0, le=600, description="Seconds until an analysis is stopped.")
    snapshot_seconds: float = Field(
        300.0, gt=0, le=3600, description="Seconds until one is stopped that reads records and whose report is kept."
    )
    processes: int = Field(2, ge=1, le=16, description="Analyses at the same time.")
    memory_mb: int = Field(2048, ge=256, le=1_048_576, description="Most memory of such a process, in megabytes.")
