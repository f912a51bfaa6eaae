"""The table `[plugins.asking]`."""

from __future__ import annotations

import re
import zoneinfo
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)

Closer = Literal["agent", "customer", "auto", "bot", "spam"]
Share = Annotated[float, Field(ge=0, le=1)]


def _time(value: Any) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value.replace(second=0, microsecond=0)
    found = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('must be a time of day such as "21:00"')
    return time(int(found[1]), int(found[2]))


def _zone(value: str) -> str:
    if value and value not in zoneinfo.available_timezones():
        raise ValueError('must be a time zone such as "Asia/Jakarta"')
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time)]


class Section(BaseModel):
    """A table that refuses unknown options and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SamplingSettings(Section):
    """How many of the contacts are asked about."""

    share: Share = Field(1.0, description="Share of contacts to ask about, 0 to 1; which ones never changes.")
    policies: dict[str, Share] = Field(
        {}, description="Other shares for entries of the ask policy, such as `{ chat = 0.25 }`."
    )


class QuietSettings(Section):
    """When customers are left alone; what would be due then waits until the end."""

    begin: TimeOfDay = Field(time(21), description="Begin of the quiet hours, in the customer's time zone.")
    end: TimeOfDay = Field(time(8), description="End of the quiet hours; the same as `begin`: there are none.")
    weekdays: tuple[Weekday, ...] = Field(
        WEEKDAYS, min_length=1, description="Days on which to ask, such as `[\"mon\", \"tue\"]`."
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        "", description="Time zone of customers whose own is unknown; empty: no quiet hours for them."
    )
    except_channels: tuple[str, ...] = Field(
        ("link",), description="First channels of a ladder that disturb nobody."
    )


class Settings(Section):
    """The table `[plugins.asking]`."""

    closed_by: tuple[Closer, ...] = Field(
        ("spam", "bot", "auto"), description="Ways of ending after which nobody is asked."
    )
    outbound: bool = Field(False, description="Ask after contacts that the company began.")
    too_old_days: int = Field(7, ge=0, le=3660, description="Days after its end that a contact may be asked about.")
    sampling: SamplingSettings = Field(SamplingSettings(), description="How many of the contacts are asked about.")
    quiet_hours: QuietSettings = Field(QuietSettings(), description="When customers are left alone.")
