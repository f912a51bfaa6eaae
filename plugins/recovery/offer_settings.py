"""The tables `[plugins.recovery.offers]` and `[plugins.recovery.reask]`: what reaches the customer, and when."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["AutomaticOffer", "OfferSettings", "ReaskSettings"]

NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"
Channel = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class AutomaticOffer(BaseModel):
    """Which cases get a letter by themselves; the first that fits counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(pattern=NAME, description="Name of the text that is sent.", examples=["apology"])
    surveys: tuple[str, ...] = Field((), description="Surveys whose answers get it; empty: all.")
    at_most: float = Field(
        100, ge=0, le=100, description="Only answers of at most this many points, from 0 (worst) to 100 (best)."
    )
    approve: bool = Field(True, description="Whether a person must approve each letter; else it leaves by itself.")


class OfferSettings(BaseModel):
    """How letters are sent that make a bad answer good."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: tuple[Channel, ...] = Field(
        (), description="Channels to write by, first choice first; empty: all that reach customers."
    )
    minutes_to_take_back: int = Field(
        5, ge=0, le=1440, description="Minutes in which an approved letter can be taken back, before it leaves."
    )
    sms_parts: int = Field(3, ge=1, le=10, description="The most parts of a short message that a letter may take.")
    automatic: tuple[AutomaticOffer, ...] = Field(
        (), description="Which cases get a letter by themselves, and which text; empty: none."
    )
    minutes_before_automatic: int = Field(
        15, ge=1, le=1440, description="Minutes that such a letter waits, so that a trial can have its say first."
    )


class ReaskSettings(BaseModel):
    """When customers are asked again after a case was closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = Field(True, description="Whether customers are asked again at all; a trial asks anyhow.")
    days_after_closing: int = Field(3, ge=0, le=90, description="Days between closing a case and asking again.")
    survey: str = Field("re-ask", min_length=1, max_length=80, description="The survey they are asked with.")
    days_between: int = Field(
        30, ge=0, le=365, description="Days in which one person is asked again only once, whatever the cases."
    )
