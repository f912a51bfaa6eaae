"""The bodies of the API's operations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from .plan import Plan
from .planner import Forecast
from .records import Experiment
from .scalars import INTEGRAL, Filled

__all__ = ["ExperimentList", "ExperimentOut", "ForecastOut", "PlannerQuery", "StartIn", "StopIn"]

#: Longer reasons belong into a document.
LONGEST_REASON = 500


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StartIn(_In):
    """Which draft is meant."""

    version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), INTEGRAL] | None = Field(
        None, description="The version that was looked at; another one is refused. Null for any."
    )


class StopIn(_In):
    """Why an experiment is stopped."""

    reason: Annotated[Filled, Field(max_length=LONGEST_REASON)] = Field(description="Shown beside its results.")


class ExperimentOut(BaseModel):
    """An experiment; how its arms fare stands in the report `apology` alone."""

    id: str
    state: Literal["draft", "running", "stopped", "ended"]
    plan: Plan
    digest: str = Field(description="SHA-256 of the frozen plan's JSON with sorted keys and no spaces.")
    intact: bool = Field(description="Whether the plan in the database is still the one that was frozen.")
    created_at: datetime
    created_by: str
    started_at: datetime | None
    started_by: str
    ended_at: datetime | None
    ended_by: str
    reason: str
    full: bool = Field(description="Whether as many customers as planned were taken in.")
    version: int
    assigned: dict[str, int] = Field(description="Customers by arm.")
    refused: dict[str, int] = Field(description="Cases that were not taken in, by reason.")

    @classmethod
    def of(cls, one: Experiment, assigned: dict[str, int], refused: dict[str, int]) -> ExperimentOut:
        """Return an experiment as the API shows it."""
        return cls(
            id=one.id, state=one.state, plan=one.plan, digest=one.digest, intact=one.is_intact,
            created_at=one.created_at, created_by=one.created_by, started_at=one.started_at,
            started_by=one.started_by, ended_at=one.ended_at, ended_by=one.ended_by, reason=one.reason,
            full=one.is_closed, version=one.version,
            assigned={arm.name: assigned.get(arm.name, 0) for arm in one.plan.arms}, refused=refused,
        )  # fmt: skip


class ExperimentLine(BaseModel):
    """An experiment in a list."""

    id: str
    name: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, one: Experiment) -> ExperimentLine:
        """Return an experiment as a line."""
        return cls(id=one.id, name=one.name, state=one.state, started_at=one.started_at, ended_at=one.ended_at)


class ExperimentList(BaseModel):
    """All experiments, newest first."""

    experiments: list[ExperimentLine]


class PlannerQuery(_In):
    """What is to be found out."""

    baseline: Annotated[float, Field(ge=0.001, le=0.999, allow_inf_nan=False)] | None = Field(
        None, description="Share won back in the first arm; left out: measured from your own second answers."
    )
    effect: Annotated[float, Field(ge=0.001, le=0.999, allow_inf_nan=False)] = Field(
        0.1, description="Smallest difference that matters."
    )
    arms: Annotated[int, Field(ge=2, le=6)] = Field(2, description="How many arms.")
    alpha: Annotated[float, Field(ge=0.001, le=0.2, allow_inf_nan=False)] = 0.05
    power: Annotated[float, Field(ge=0.5, le=0.99, allow_inf_nan=False)] = 0.8
    per_week: Annotated[float, Field(ge=0.1, le=1_000_000, allow_inf_nan=False)] | None = Field(
        None, description="Customers in a week; left out: measured over the last eight weeks."
    )


class RangeOut(BaseModel):
    """A number with its range; an open end is null."""

    value: float
    low: float
    high: float | None


class ForecastOut(BaseModel):
    """What a plan comes to."""

    baseline: float
    baseline_is_measured: bool
    n_each: int = Field(description="Customers in each arm for one look at the end.")
    n_each_looking: int = Field(description="The same when the always-valid rule looks all the time.")
    n_total: int
    per_week: RangeOut | None
    weeks: RangeOut | None = Field(description="Until the last customer is taken in; null when nothing is known.")
    days_more: int = Field(description="From then to the end of the last window.")
    answers: RangeOut | None = Field(description="Second answers to be expected; null when nothing is known.")

    @classmethod
    def of(cls, found: Forecast, baseline: float, is_measured: bool) -> ForecastOut:
        """Return a forecast as the API shows it."""
        return cls(
            baseline=baseline, baseline_is_measured=is_measured, n_each=found.n_each, n_each_looking=found.n_looking,
            n_total=found.n_total, per_week=_range(found.per_week), weeks=_range(found.weeks),
            days_more=found.days_more, answers=_range(found.answers),
        )  # fmt: skip


def _range(three: tuple[float, float, float | None] | None) -> RangeOut | None:
    if three is None:
        return None
    value, low, high = three
    return RangeOut(value=value, low=low, high=high)
