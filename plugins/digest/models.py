"""The bodies of the API's operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from .addresses import MOST
from .book import Digest
from .history import Edition
from .readers import Recipient
from .rhythm import RHYTHMS, SPANS
from .wanted import FILTERS, LANGUAGES, LONGEST_TITLE, LONGEST_VALUE, MOST_REPORTS, Wanted

__all__ = ["DigestChange", "DigestIn", "DigestList", "DigestOut", "EditionList", "EditionOut", "ReaderOut"]


def _integral(value: object) -> object:
    """Take 5.0 for 5, as JSON does, which knows one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True), BeforeValidator(_integral)]
#: What stands in `json_schema_extra` is checked with the digest itself, which names all that is wrong at once.
Title = Annotated[str, Field(max_length=LONGEST_TITLE, json_schema_extra={"pattern": r"\S"})]
Language = Annotated[str, Field(json_schema_extra={"enum": list(LANGUAGES)})]
Every = Annotated[str, Field(json_schema_extra={"enum": list(RHYTHMS)})]
Weekday = Annotated[Whole, Field(json_schema_extra={"minimum": 0, "maximum": 6})]
Hour = Annotated[Whole, Field(json_schema_extra={"minimum": 0, "maximum": 23})]
Days = Annotated[Whole, Field(json_schema_extra={"enum": list(SPANS)})]
Filter = Annotated[str, Field(json_schema_extra={"enum": list(FILTERS)})]
Filters = dict[Filter, Annotated[str, Field(max_length=LONGEST_VALUE)]]
Reports = Annotated[list[str], Field(max_length=MOST_REPORTS, json_schema_extra={"minItems": 1})]
Address = Annotated[str, Field(json_schema_extra={"format": "email"})]
Recipients = Annotated[list[Address], Field(max_length=MOST, json_schema_extra={"minItems": 1})]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DigestIn(_In):
    """A digest to be made."""

    title: Title = Field(description="Its name, such as that of the department.")
    recipients: Recipients = Field(description="Addresses that it goes to.", examples=[["ann@acme.example"]])
    language: Language = Field("en", description="Language of the mail: en, id, hi or ar.")
    every: Every = Field("weekly", description="`daily`, `weekly` or `monthly`, then on the first day.")
    weekday: Weekday = Field(0, description="For weekly ones: 0 for Monday to 6 for Sunday.")
    hour: Hour = Field(8, description="The hour by the clocks of the company's time zone.")
    days: Days = Field(0, description="How many days it is about: 7, 30, 90, or 0 for those since the last mail.")
    filters: Filters = Field({}, description="A survey, and values of dimensions, as reports take them.")
    reports: Reports = Field(description="Names of the reports in it.", examples=[["nps", "satisfaction"]])
    quotes: Flag = Field(True, description="Whether customers are quoted.")
    charts: Flag = Field(True, description="Whether charts stand in it.")

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        return Wanted(**self.model_dump(exclude={"recipients"}), addresses=self.recipients)


class DigestChange(_In):
    """What changes; what is left out stays."""

    title: Title | None = None
    recipients: Recipients | None = None
    language: Language | None = None
    every: Every | None = None
    weekday: Weekday | None = None
    hour: Hour | None = None
    days: Days | None = None
    filters: Filters | None = None
    reports: Reports | None = None
    quotes: Flag | None = None
    charts: Flag | None = None
    on: Flag | None = Field(None, description="Whether it is sent.")

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes but whether it is on."""
        return not self.model_dump(exclude={"on"}, exclude_none=True)

    def wanted(self, before: Digest, readers: Sequence[Recipient]) -> Wanted:
        """Return the digest as it is to be."""
        given = self.model_dump(exclude={"on", "recipients"}, exclude_none=True)
        kept = {name: getattr(before, name) for name in DigestIn.model_fields if name != "recipients"}
        addresses = [each.address for each in readers] if self.recipients is None else self.recipients
        return Wanted(**{**kept, **given}, addresses=addresses)


class ReaderOut(BaseModel):
    """Somebody a digest goes to."""

    address: str
    stopped_at: datetime | None = Field(description="When they ended it for themselves; null while they get it.")
    note: str = Field(description="Why staff put them back, empty when they did not.")


class DigestOut(BaseModel):
    """A digest."""

    id: str
    title: str
    language: str
    every: str
    weekday: int
    hour: int
    days: int
    filters: dict[str, str]
    reports: list[str]
    quotes: bool
    charts: bool
    on: bool
    next_at: datetime = Field(description="When it is due next, while it is on.")
    created_at: datetime
    recipients: list[ReaderOut]

    @classmethod
    def of(cls, found: Digest, next_at: datetime, readers: Sequence[Recipient]) -> DigestOut:
        """Return a digest as the API shows it."""
        same = set(cls.model_fields) - {"on", "next_at", "recipients", "reports", "filters"}
        values: dict[str, Any] = {name: getattr(found, name) for name in same}
        shown = [ReaderOut(address=each.address, stopped_at=each.stopped_at, note=each.note) for each in readers]
        lists = {"reports": list(found.reports), "filters": dict(found.filters), "recipients": shown}
        return cls(**values, **lists, on=found.is_on, next_at=next_at)


class DigestList(BaseModel):
    """All digests."""

    digests: list[DigestOut]


class EditionOut(BaseModel):
    """What was sent of a digest."""

    day: date = Field(description="The day that it is of, by the company's clocks.")
    since: date
    until: date
    state: str = Field(description="`waiting`, `made` or `failed`.")
    letters: int = Field(description="To how many it went.")
    problems: list[str] = Field(description="What is missing in it.")
    made_at: datetime | None

    @classmethod
    def of(cls, found: Edition) -> EditionOut:
        """Return an edition as the API shows it."""
        since, until = found.days
        return cls(
            day=date.fromisoformat(found.day), since=since, until=until, state=found.state, letters=found.letters,
            problems=[each.text.format(**each.values) for each in found.problems], made_at=found.made_at,
        )  # fmt: skip


class EditionList(BaseModel):
    """What was sent of a digest, the newest first."""

    editions: list[EditionOut]
