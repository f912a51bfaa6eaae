"""A case and a step of its history, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["ENGINE", "FLAGS", "OUTCOMES", "REASONS", "STATES", "UNFINISHED", "Case", "Step"]

#: What a case can be.
STATES = ("open", "acknowledged", "waiting", "closed")
UNFINISHED = STATES[:3]
#: Why a case was opened.
REASONS = ("low", "call", "not_solved", "staff")
#: What makes a case no matter of goodwill; such cases enter no trial.
FLAGS = ("owed", "safety", "legal")
#: How a case may end by somebody's decision.
OUTCOMES = ("solved", "partly", "not_solved", "unreachable", "unfounded", "duplicate")
#: Who stands in the history where nobody did it.
ENGINE = "feedbackhub"


@dataclass(frozen=True, slots=True)
class Case:
    """A bad answer that is being made good; see the columns of `tables.case`."""

    id: str
    response: str
    customer: str
    contact: str
    survey: str
    team: str
    dimensions: Mapping[str, str]
    reasons: tuple[str, ...]
    flags: tuple[str, ...]
    tags: tuple[str, ...]
    score: float | None
    joined: tuple[str, ...]
    state: str
    outcome: str
    owner: str
    level: int
    opened_at: datetime
    acknowledge_by: datetime
    resolve_by: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    next_at: datetime | None
    due_at: datetime
    watch_at: datetime | None
    overdue_at: datetime | None
    reminders: int
    reference: str
    url: str
    quiet: bool
    trial: Mapping[str, Any] | None
    reask_at: datetime | None
    invitation: str
    again_response: str
    again_score: float | None
    again_low: bool | None
    again_at: datetime | None
    before: Mapping[str, Any] | None
    version: int

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.state == "closed"

    def is_overdue(self, now: datetime) -> bool:
        """Return whether something should have been done by now."""
        return not self.is_closed and self.due_at < now


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a case.

    Args:
        number: Its place in the order of writing.
        case: The case.
        at: When, by the clock of that moment.
        by: Who did it.
        kind: What was done, like ``note`` or ``closed``.
        text: Words of a person, empty for none.
        detail: Names and numbers that belong to it.
    """

    number: int
    case: str
    at: datetime
    by: str
    kind: str
    text: str
    detail: Mapping[str, Any]
