"""An experiment and an assignment as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .plan import Plan, digest_of

__all__ = ["DRAFT", "ENDED", "RUNNING", "STOPPED", "Assignment", "Experiment"]

DRAFT, RUNNING, STOPPED, ENDED = "draft", "running", "stopped", "ended"


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment.

    Args:
        id: Its public id.
        state: ``draft``, ``running``, ``stopped`` by a person, or ``ended`` by its plan.
        plan: The plan; from the start on as it was frozen.
        digest: SHA-256 of the frozen plan, empty before the start.
        created_at, created_by, started_at, started_by, ended_at, ended_by: When, and by whom.
        reason: Why it stopped or ended.
        position: The event log's end at the start; what stands before it is not of this experiment.
        is_closed: Whether nobody is taken in any more, although windows are still open.
        version: Counts the changes.
        kept: The plan as it stands in the table.
    """

    id: str
    state: str
    plan: Plan
    digest: str
    created_at: datetime
    created_by: str
    started_at: datetime | None
    started_by: str
    ended_at: datetime | None
    ended_by: str
    reason: str
    position: int | None
    is_closed: bool
    version: int
    kept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_intact(self) -> bool:
        """Whether the plan is still the one that was frozen, also if somebody changed the database by hand."""
        return not self.digest or digest_of(self.kept) == self.digest

    @property
    def name(self) -> str:
        """Its name."""
        return self.plan.name

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Experiment:
        """Return the record of a row."""
        fields = {name: row[name] for name in cls.__slots__ if name not in ("plan", "kept")}
        return cls(plan=Plan.model_validate(row["plan"]), kept=row["plan"], **fields)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One customer in one arm.

    Args:
        number: The order of assignment; times are not trusted for it.
        experiment: Id of the experiment.
        customer: The customer as they were then, never rewritten.
        case: The case that they came in with.
        response: The first answer.
        arm: The arm.
        stratum: Values of the plan's strata joined by U+001F, empty for none.
        block, place: Where the arm stood among permuted blocks, None where it was drawn by hash.
        assigned_at: When.
        reask_at: When the second ask was planned for: the same span after the case in every arm.
        window_ends_at: Until when a second answer counts.
        is_over: Whether the window was found over; that never changes again.
        invitation: The second ask, empty while there is none.
        asked_at: When it was sent.
        again: The second answer, empty while there is none; one that does not count leaves the rest empty.
        answered_at: When it came; of one that came after the window was closed, a moment after its end at least.
        score, low: How it went.
        won: Whether it counts as won back by the plan, None while there is no second answer.
        received: Kinds of gestures made between the assignment and the second answer.
    """

    number: int
    experiment: str
    customer: str
    case: str
    response: str
    arm: str
    stratum: str
    block: int | None
    place: int | None
    assigned_at: datetime
    reask_at: datetime
    window_ends_at: datetime
    is_over: bool
    invitation: str
    asked_at: datetime | None
    again: str
    answered_at: datetime | None
    score: float | None
    low: bool | None
    won: bool | None
    received: tuple[str, ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Assignment:
        """Return the record of a row."""
        fields = {name: row[name] for name in cls.__slots__ if name != "received"}
        return cls(received=tuple(row["received"]), **fields)

    def answered_within(self, days: int) -> bool:
        """Tell whether a second answer came within so many days of the second ask, which is due alike in all arms."""
        return self.answered_at is not None and self.answered_at <= self.reask_at + timedelta(days=days)

    def won_within(self, days: int) -> bool:
        """Tell whether it counts as won back within so many days; no answer is not won back."""
        return bool(self.won) and self.answered_within(days)
