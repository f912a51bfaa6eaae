"""The plan of an experiment: all that is decided before the first customer is assigned, and frozen at the start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import reduce
from math import gcd
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .scalars import INTEGRAL, Currency, Flag, Line, Name, Number, Slug

__all__ = [
    "CHECKPOINTS",
    "SEVERITY",
    "STRATA",
    "Arm",
    "Compensation",
    "Plan",
    "Who",
    "Won",
    "default_arms",
    "digest_of",
]

#: By what customers may be divided before they are assigned; the first is how bad the first answer was.
SEVERITY = "severity"
STRATA = (SEVERITY, "channel", "language", "segment", "team", "topic", "product", "brand", "country")
CHECKPOINTS = (1, 7, 30, 90)
MOST_ARMS = 6
MOST_CENTS = 10_000_000
MOST_LISTED = 50

Stratum = Literal["severity", "channel", "language", "segment", "team", "topic", "product", "brand", "country"]
Cents = Annotated[int, Field(strict=True, ge=0, le=MOST_CENTS), INTEGRAL]
#: Nearer to 0 or 1, and for smaller differences, nobody can be found enough customers.
Share = Annotated[Number, Field(ge=0.001, le=0.999)]
Score = Annotated[Number, Field(ge=0, le=100)]
Listed = Annotated[tuple[Name, ...], Field(max_length=MOST_LISTED)]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Compensation(_Frozen):
    """A fixed thing that everybody in the arm is given; it hangs on no condition, least of all on a changed rating."""

    value: Name = Field(
        description="What the customer gets, in words.", examples=["a voucher of 5 EUR"]
    )
    cost_cents: Cents = Field(description="What it costs the company, in hundredths of the currency.", examples=[500])
    currency: Currency = Field(description="Code of the currency.", examples=["EUR"])


class Arm(_Frozen):
    """One way of dealing with a customer."""

    name: Slug = Field(description="Its name, also in events.", examples=["apology"])
    apology: Annotated[Line, Field(max_length=64)] = Field(
        "", description="Name of the text of apology; empty for none.", examples=["apology"]
    )
    compensation: Compensation | None = Field(None, description="What everybody in it is given; null for nothing.")
    weight: Annotated[int, Field(strict=True, ge=1, le=20), INTEGRAL] = Field(1, description="Its share.")

    @property
    def does(self) -> tuple[str, bool, str, int]:
        """What is done in this arm, to compare it with others."""
        money = self.compensation
        return self.apology, money is not None, money.value if money else "", money.cost_cents if money else 0


class Who(_Frozen):
    """Whose cases are taken in; owed refunds, safety and legal matters never are."""

    surveys: Annotated[tuple[Slug, ...], Field(max_length=MOST_LISTED)] = Field(
        (), description="Surveys whose bad answers count; empty for all."
    )
    score_at_most: Score | None = Field(None, description="The highest first score, 0 to 100; null for any.")
    calls_too: Flag = Field(
        False, description="Whether customers who wish for a call are taken in."
    )
    exclude_topics: Listed = Field((), description="Topics that are left out.")
    exclude_tags: Listed = Field((), description="Tags of the case that leave it out.")
    exclude_segments: Listed = Field((), description="Segments that are left out.")
    exclude_words: Listed = Field((), description="Words of the comment that leave its writer out.")


class Won(_Frozen):
    """When a second answer counts as won back."""

    score_at_least: Score | None = Field(
        None, description="From which second score on, 0 to 100; null: when it is no bad answer by the survey's rule."
    )

    def holds(self, score: float | None, low: bool) -> bool:
        """Tell whether a second answer is won back; an answer without a rating is not."""
        if score is None:
            return False
        return not low if self.score_at_least is None else score >= self.score_at_least


def default_arms() -> tuple[Arm, ...]:
    """Return the arms of a new plan: nothing, apology, compensation, both; the amount is to be set."""
    money = Compensation(value="5 EUR", cost_cents=500, currency="EUR")
    return (
        Arm(name="nothing"),
        Arm(name="apology", apology="apology"),
        Arm(name="compensation", compensation=money),
        Arm(name="both", apology="apology", compensation=money),
    )


class Plan(_Frozen):
    """The plan; what it does not say is not decided later."""

    name: Name = Field(description="Its name.", examples=["Does an apology win customers back?"])
    question: Annotated[Line, Field(max_length=200)] = Field("", description="What it should answer, in a sentence.")
    arms: Annotated[tuple[Arm, ...], Field(min_length=2, max_length=MOST_ARMS)] = Field(
        default_factory=default_arms, description="The arms; the first is the one that the others are compared with."
    )
    who: Who = Field(default_factory=Who, description="Whose cases are taken in.")
    design: Literal["hash", "blocks"] = Field(
        "hash", description="How arms are drawn: by keyed hash of the customer, or in permuted blocks within strata."
    )
    strata: Annotated[tuple[Stratum, ...], Field(max_length=3)] = Field(
        (), description="What customers are divided by before they are assigned."
    )
    survey: Slug = Field("re-ask", description="The survey of the second ask.")
    reask_days: Annotated[int, Field(strict=True, ge=1, le=60), INTEGRAL] = Field(
        7, description="Days from the case to the second ask, in all arms."
    )
    window_days: Annotated[int, Field(strict=True, ge=1, le=90), INTEGRAL] = Field(
        14, description="Days from the second ask within which an answer counts."
    )
    checkpoints: Annotated[
        tuple[Annotated[int, Field(strict=True, ge=1, le=365), INTEGRAL], ...], Field(min_length=1, max_length=8)
    ] = Field(CHECKPOINTS, description="Days from the second ask up to which answers are counted besides.")
    won: Won = Field(default_factory=Won, description="When a second answer counts as won back.")
    alpha: Annotated[Number, Field(ge=0.001, le=0.2)] = Field(0.05, description="Chance of a false alarm.")
    power: Annotated[Number, Field(ge=0.5, le=0.99)] = Field(
        0.8, description="Chance of finding the effect if it is there."
    )
    baseline: Share = Field(0.2, description="Share won back in the first arm, measured or guessed.")
    effect: Share = Field(
        0.1, description="Smallest difference of shares that matters."
    )
    per_week: Annotated[Number, Field(ge=0.1, le=1_000_000)] | None = Field(
        None, description="Customers expected in a week, where the last weeks tell nothing; null to take these."
    )
    n_each: Annotated[int, Field(strict=True, ge=1, le=1_000_000), INTEGRAL] = Field(
        1000, description="Customers in an arm of the smallest weight; then no more are taken in."
    )
    stopping: Literal["e-process", "fixed"] = Field(
        "e-process", description="Decide as soon as the always-valid rule does, or once when all windows are over."
    )
    approve: Flag = Field(
        True, description="Whether a person approves each letter before it goes."
    )
    handling_cents: Cents = Field(0, description="What sending one letter costs, in hundredths of the currency.")
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = Field("", description="Currency of the handling cost.")

    @field_validator("checkpoints")
    @classmethod
    def _ascending(cls, value: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted(set(value)))

    @property
    def first(self) -> Arm:
        """The arm that the others are compared with."""
        return self.arms[0]

    @property
    def money(self) -> str:
        """The currency of all costs, empty for none."""
        return next((each.compensation.currency for each in self.arms if each.compensation), self.currency)

    def arm(self, name: str) -> Arm | None:
        """Return the arm of a name, None for none."""
        return next((each for each in self.arms if each.name == name), None)

    def weights(self) -> tuple[int, ...]:
        """Return the arms' weights without a common factor."""
        whole = reduce(gcd, (each.weight for each in self.arms))
        return tuple(each.weight // whole for each in self.arms)

    def planned(self) -> dict[str, int]:
        """Return how many customers each arm is planned to get, by name."""
        least = min(each.weight for each in self.arms)
        return {each.name: -(-self.n_each * each.weight // least) for each in self.arms}

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it is kept."""
        return self.model_dump(mode="json")


def digest_of(plan: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a plan's JSON with sorted keys and no spaces, in hexadecimal.

    Args:
        plan: The plan as it is kept: a later release may know more fields, and must find the same digest.
    """
    text = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
