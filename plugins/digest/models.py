"""The bodies of the API's operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .book import Digest
from .history import Edition
from .readers import Recipient
from .wanted import Wanted

__all__ = ["DigestChange", "DigestIn", "DigestList", "DigestOut", "EditionList", "EditionOut", "ReaderOut"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DigestIn(_In):
    """A digest to be made."""

    title: str = Field(description="Its name, such as that of the department.")
    recipients: list[str] = Field([], description="Addresses that it goes to.", max_length=1000)
    language: str = Field("en", description="Language of the mail: en, id, hi or ar.")
    every: str = Field("weekly", description="`daily`, `weekly` or `monthly`, then on the first day.")
    weekday: int = Field(0, description="For weekly ones: 0 for Monday to 6 for Sunday.")
    hour: int = Field(8, description="The hour by the clocks of the company's time zone.")
    days: int = Field(0, description="How many days it is about: 7, 30, 90, or 0 for those since the last mail.")
    filters: dict[str, str] = Field({}, description="A survey, and values of dimensions, as reports take them.")
    reports: list[str] = Field(description="Names of the reports in it.", max_length=100)
    quotes: bool = Field(True, description="Whether customers are quoted.")
    charts: bool = Field(True, description="Whether charts stand in it.")

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        return Wanted(**self.model_dump(exclude={"recipients"}), addresses=self.recipients)


class DigestChange(_In):
    """What changes; what is left out stays."""

    title: str | None = None
    recipients: list[str] | None = Field(None, max_length=1000)
    language: str | None = None
    every: str | None = None
    weekday: int | None = None
    hour: int | None = None
    days: int | None = None
    filters: dict[str, str] | None = None
    reports: list[str] | None = Field(None, max_length=100)
    quotes: bool | None = None
    charts: bool | None = None
    on: bool | None = Field(None, description="Whether it is sent.")

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
