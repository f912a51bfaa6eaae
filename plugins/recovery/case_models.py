"""The bodies of the API's operations on cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from .case import Case, Step
from .deeds import LONGEST_TAG, LONGEST_TEXT, MOST_TAGS, TAG

__all__ = [
    "CaseChange", "CaseDeed", "CaseDetail", "CaseEnd", "CaseIn", "CaseList", "CaseNote", "CaseOut", "CaseQuery",
    "CaseWait",
]  # fmt: skip

#: Control characters; a pattern also refuses halves of character pairs.
_ODD = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"


def _integral(value: object) -> object:
    """Take 5.0 for 5, as JSON does, which knows one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Flag = Annotated[bool, Field(strict=True)]
Public = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{12}$")]
Words = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=f"^[^{_ODD}]*$")]
Said = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=rf"^[^{_ODD}]*[^{_ODD}\s][^{_ODD}]*$")]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Owner = Annotated[str, Field(max_length=320, pattern=r"^([!-?A-~]+@[!-?A-~]+)?$")]
Tag = Annotated[str, Field(max_length=LONGEST_TAG, pattern=TAG)]
FlagName = Literal["owed", "safety", "legal"]
State = Literal["open", "acknowledged", "waiting", "closed"]
Outcome = Literal["solved", "partly", "not_solved", "unreachable", "unfounded", "duplicate"]
Url = Annotated[str, Field(max_length=2000, pattern=r"^(https?://[!-;=?-\[\]_a-z~]+)?$")]
Version = Annotated[int, Field(strict=True, ge=0), BeforeValidator(_integral)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Seen(_In):
    version: Version | None = Field(
        None, description="The case's `version` as you saw it: refused with 409 when it was changed since."
    )


class CaseIn(_In):
    """A case to be opened by hand."""

    response: Public = Field(description="The answer that it is about.")
    text: Words = Field("", description="Why it is opened.")


class CaseDeed(_Seen):
    """Something done with a case."""

    text: Words = Field("", description="A note on it.")


class CaseNote(_In):
    """A note."""

    text: Said = Field(description="The note.")


class CaseWait(CaseDeed):
    """Until when a case waits."""

    until: Annotated[AwareDatetime, Field(description="When it comes back by itself.")]


class CaseEnd(CaseDeed):
    """How a case ended."""

    outcome: Outcome = Field(description="How it ended.")


class CaseChange(_Seen):
    """What changes; what is left out stays."""

    owner: Owner | None = Field(None, description="A member of staff by mail address; empty: everybody's.")
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] | None = None
    flags: Annotated[list[FlagName], Field(max_length=3)] | None = Field(
        None, description="What makes it no matter of goodwill: such a case enters no trial."
    )
    reference: Line | None = Field(None, description="Its number in the system that carries it.")
    url: Url | None = Field(None, description="Its address there.")
    quiet: Flag | None = Field(
        None, description="Whether that system reminds people, so that this one need not; needs a reference."
    )


class CaseQuery(_In):
    """Which cases."""

    state: State | Literal[""] = Field("", description="Only those in this state.")
    owner: Owner = Field("", description="Only those of this member of staff.")
    team: Line = Field("", description="Only those of this team.")
    survey: Line = Field("", description="Only those of answers to this survey.")
    response: Public | Literal[""] = Field("", description="Only the one that this answer opened.")
    customer: Public | Literal[""] = Field("", description="Only those of this customer.")
    overdue: Literal["", "yes"] = Field("", description="`yes`: only those of which something is overdue.")
    after: Public | Literal[""] = Field("", description="`next` of the part read before; empty to begin.")
    limit: int = Field(50, ge=1, le=200)


class StepOut(BaseModel):
    """Something that happened to a case."""

    at: datetime
    by: str
    kind: str
    text: str = Field(description="Words of a person; empty for none, and once the customer was erased.")
    detail: dict[str, Any]

    @classmethod
    def of(cls, step: Step) -> StepOut:
        """Return a step as the API shows it."""
        return cls(at=step.at, by=step.by, kind=step.kind, text=step.text, detail=dict(step.detail))


class CaseOut(BaseModel):
    """A case."""

    id: str
    response: str = Field(description="The answer that opened it.")
    customer: str
    contact: str
    survey: str
    dimensions: dict[str, str]
    reasons: list[str] = Field(description="Why it was opened: `low`, `call`, `not_solved`, `staff`.")
    flags: list[str]
    tags: list[str]
    score: float | None = Field(description="The first rating from 0 to 100; it never changes.")
    joined: list[str] = Field(description="Later bad answers of the same person that came while it was open.")
    state: str
    outcome: str = Field(description="How it ended; `discarded` with its answer, `erased` with its customer.")
    owner: str = Field(description="Empty: everybody's.")
    level: int = Field(description="How far it was escalated: 0 to 2.")
    overdue: bool
    opened_at: datetime
    acknowledge_by: datetime
    resolve_by: datetime
    due_at: datetime = Field(description="What is due next; of a closed case when it was closed.")
    acknowledged_at: datetime | None
    closed_at: datetime | None
    reference: str
    url: str
    quiet: bool
    trial: dict[str, Any] | None = Field(description="What a trial has assigned; null for none.")
    reask_at: datetime | None
    invitation: str = Field(description="The second ask, empty for none.")
    again_response: str = Field(description="The second answer, empty for none.")
    again_score: float | None
    again_low: bool | None
    again_at: datetime | None
    version: int

    @classmethod
    def of(cls, case: Case, now: datetime) -> CaseOut:
        """Return a case as the API shows it."""
        return cls(**_values(cls, case, now))


class CaseDetail(CaseOut):
    """A case with everything that happened to it."""

    history: list[StepOut]

    @classmethod
    def whole(cls, case: Case, history: Sequence[Step], now: datetime) -> CaseDetail:
        """Return a case with its history."""
        return cls(**_values(cls, case, now), history=[StepOut.of(each) for each in history])


class CaseList(BaseModel):
    """A part of the list of cases, the oldest first."""

    cases: list[CaseOut]
    next: str = Field(description="What `after` takes to read on; empty at the end.")


def _values(model: type[CaseOut], case: Case, now: datetime) -> dict[str, Any]:
    names = set(model.model_fields) - {"overdue", "history"}
    values = {name: getattr(case, name) for name in names}
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    trial = dict(case.trial) if case.trial is not None else None
    return {**values, **lists, "dimensions": dict(case.dimensions), "trial": trial, "overdue": case.is_overdue(now)}
