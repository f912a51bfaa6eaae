"""The table `[plugins.recovery]`: when a case is opened, whose it is, by when what is due, and the hours that count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from .hours import DAYS, BusinessHours, Span
from .hours_read import spans_of
from .offer_settings import OfferSettings, ReaskSettings

__all__ = ["FlagSettings", "HoursSettings", "RuleSettings", "Settings", "TeamSettings"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Email = Annotated[str, Field(max_length=320, pattern=r"^$|^[^@\s]+@[^@\s]+$")]
Tag = Annotated[str, Field(min_length=1, max_length=60)]
Hours = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Spans = Annotated[tuple[Span, ...], BeforeValidator(spans_of)]
WEEKDAY = spans_of("09:00-17:00")


class HoursSettings(_Section):
    """The hours in which staff work, by the clocks of the company's time zone."""

    monday: Spans = Field(WEEKDAY, description="Spans like `09:00-12:00, 13:00-17:00`; empty for a day off.")
    tuesday: Spans = Field(WEEKDAY, description="As above.")
    wednesday: Spans = Field(WEEKDAY, description="As above.")
    thursday: Spans = Field(WEEKDAY, description="As above.")
    friday: Spans = Field(WEEKDAY, description="As above.")
    saturday: Spans = Field((), description="As above.")
    sunday: Spans = Field((), description="As above.")
    holidays: tuple[date, ...] = Field((), description="Days without business hours, such as `2026-12-25`.")

    @model_validator(mode="after")
    def _is_open(self) -> Self:
        if not any(getattr(self, day) for day in DAYS):
            raise ValueError("one day at least must have business hours")
        return self

    def calendar(self, zone: str) -> BusinessHours:
        """Return these hours by the clocks of a zone."""
        weekly = {number: getattr(self, day) for number, day in enumerate(DAYS)}
        return BusinessHours(weekly, ZoneInfo(zone), frozenset(self.holidays))


class RuleSettings(_Section):
    """When a case is opened; of several rules for the same reason the first that fits holds."""

    when: Literal["low", "call", "not_solved"] = Field(
        description="`low` for a bad answer, `call` for a wish to be called, `not_solved` for a problem left unsolved."
    )
    open: bool = Field(True, description="Whether a case is opened; `false` keeps what fits from opening one.")
    survey: str = Field("", max_length=80, description="Only for this survey; empty for all.")
    team: str = Field("", max_length=200, description="Only for contacts of this team; empty for all.")
    topic: str = Field("", max_length=200, description="Only for contacts about this topic; empty for all.")
    segment: str = Field("", max_length=200, description="Only for customers of this segment; empty for all.")
    at_most: float | None = Field(
        None, ge=0, le=100, description="Only up to this score from 0 to 100; for `low` it says what a bad answer is."
    )
    acknowledge_hours: Hours = Field(8, description="Business hours until somebody must have taken it on.")
    resolve_hours: Hours = Field(24, description="Business hours until it must be closed.")

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.acknowledge_hours > self.resolve_hours:
            raise ValueError("acknowledge_hours must not be more than resolve_hours")
        return self


class TeamSettings(_Section):
    """Whose cases of a team are."""

    owner: Email = Field("", description="Who gets its cases, by mail address; empty: all managers.")
    escalate_to: Email = Field("", description="Who is told when they are overdue; empty: all managers.")


class FlagSettings(_Section):
    """What makes a case no matter of goodwill."""

    topics: tuple[Tag, ...] = Field((), description="Topics of contacts.")
    tags: tuple[Tag, ...] = Field((), description="Tags of contacts.")
    words: tuple[Tag, ...] = Field((), description="Further words in the comment; `*` ends a beginning.")
    bundled: bool = Field(True, description="Whether the bundled words of each language count.")


class Settings(_Section):
    """Recoveries: bad answers become cases that are made good."""

    channel: str = Field(
        "email", pattern=r"^[a-z0-9][a-z0-9_-]*$", description="Channel by which staff are told of cases."
    )
    hours: HoursSettings = Field(HoursSettings(), description="Business hours.")
    rules: tuple[RuleSettings, ...] = Field(
        (
            RuleSettings(when="call", acknowledge_hours=2, resolve_hours=8),
            RuleSettings(when="low"),
            RuleSettings(when="not_solved", open=False),
        ),
        description="What opens a case. Rules of your own replace these: a wish for a call, a bad answer.",
    )
    teams: dict[str, TeamSettings] = Field({}, description="Owners by team: `[plugins.recovery.teams.Billing]`.")
    owed: FlagSettings = Field(FlagSettings(), description="What says that something is owed, such as a refund.")
    safety: FlagSettings = Field(FlagSettings(), description="What says that somebody may be in danger.")
    legal: FlagSettings = Field(FlagSettings(), description="What says that lawyers may be involved.")
    remind_hours: Hours = Field(4, description="Business hours between two reminders of one case.")
    escalate_hours: Hours = Field(8, description="Business hours after which an overdue case goes one level up.")
    longest_wait_days: int = Field(30, ge=1, le=366, description="Days that a case may wait before it comes back.")
    oldest_days: int = Field(14, ge=1, le=366, description="Answers older than this open no case.")
    offers: OfferSettings = Field(OfferSettings(), description="Apologies and compensations.")
    reask: ReaskSettings = Field(ReaskSettings(), description="Asking the customer again.")

    def rules_for(self, when: str) -> Sequence[RuleSettings]:
        """Return the rules for a reason, in their order."""
        return [rule for rule in self.rules if rule.when == when]

    def team(self, name: str) -> TeamSettings:
        """Return whose cases of a team are; of unknown teams they are everybody's."""
        return self.teams.get(name, TeamSettings())

    @property
    def named(self) -> frozenset[str]:
        """The addresses that are named for any team, of people and of whole teams; small letters."""
        given = (address.lower() for team in self.teams.values() for address in (team.owner, team.escalate_to))
        return frozenset(filter(None, given))

    @property
    def remind(self) -> timedelta:
        """The business time between two reminders."""
        return timedelta(hours=self.remind_hours)

    @property
    def escalate(self) -> timedelta:
        """The business time after which an overdue case goes one level up."""
        return timedelta(hours=self.escalate_hours)
