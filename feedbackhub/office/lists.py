"""What staff list: contacts, answers, deliveries, what came back; a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from ..loop.core import Core
from ..store.queries import answer_lists as answer_rows
from ..store.queries import staff_lists as rows
from ..store.queries.answer_lists import AnswerFilter, AnswerState
from ..store.queries.paging import Place, Slice
from ..store.queries.staff_lists import ContactFilter
from ..store.types import AnyRow
from ..surveys import fill

__all__ = [
    "AT_ONCE",
    "MOST_COUNTED",
    "AnswerFilter",
    "AnswerLine",
    "AnswerState",
    "ContactFilter",
    "ContactLine",
    "Listed",
    "Place",
    "answer_line",
    "answer_values",
    "contact_values",
    "how_many_answers",
    "list_answers",
    "list_contacts",
    "listed",
    "named_agent",
    "waiting_suspects",
]

#: Lines on one page.
AT_ONCE = 50
#: Answers are counted so far for the list's heading; beyond it, they are many.
MOST_COUNTED = 10_000
T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list.

    Args:
        lines: What stands on it.
        newer: Where the page before is, None on the first.
        older: Where the page after is, None on the last.
    """

    lines: tuple[T, ...]
    newer: Place | None
    older: Place | None


def listed(found: Slice, line: Callable[[AnyRow], T]) -> Listed[T]:
    """Return a page from a query's slice; each row must have a ``public_id``."""
    keys: Sequence[str] = [row.public_id for row in found.rows]
    newer = Place(before=keys[0]) if keys and found.earlier else None
    older = Place(after=keys[-1]) if keys and found.later else None
    return Listed(tuple(line(row) for row in found.rows), newer, older)


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact in the list, with its decision."""

    id: str
    ended_at: datetime
    source: str
    external_id: str
    resolution: int
    channel: str
    team: str
    topic: str
    customer: str
    anonymous: bool
    asked: bool
    rule: str
    reason: str
    state: str
    test: bool
    imported: bool
    reopened: bool


def list_contacts(core: Core, wanted: ContactFilter, place: Place) -> Listed[ContactLine]:
    """Return a page of contacts, the newest first."""
    with core.store.read() as connection:
        return listed(rows.contacts(connection, wanted, place, AT_ONCE), _contact)


def _contact(row: AnyRow) -> ContactLine:
    return ContactLine(
        id=row.public_id,
        ended_at=row.ended_at,
        source=row.source,
        external_id=row.external_id,
        resolution=row.resolution,
        channel=row.channel,
        team=row.team,
        topic=row.topic,
        customer=row.customer_name or "",
        anonymous=row.customer_id is None,
        asked=row.outcome == "ask",
        rule=row.rule,
        reason=row.reason,
        state=row.invitation_state or "",
        test=row.test,
        imported=row.imported,
        reopened=row.reopened_at is not None,
    )


def contact_values(core: Core) -> dict[str, list[str]]:
    """Return what contacts can be filtered by: source, channel, team, rule."""
    with core.store.read() as connection:
        return rows.contact_values(connection)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer in the list; `waits` tells whether a person should judge it."""

    id: str
    at: datetime
    survey: str
    question: str
    value: int | None
    maximum: int | None
    score: int | None
    low: bool
    solved: bool | None
    open_call: bool
    comment: str
    complete: bool
    suspect: bool
    verdict: str
    signs: tuple[str, ...]
    again: bool
    channel: str
    team: str
    topic: str
    contact: str
    customer: str
    customer_name: str
    test: bool
    imported: bool
    open_link: str = ""
    open_title: str = ""
    claimed: str = ""
    claimed_source: str = ""
    claimed_contact: str = ""

    @property
    def claims(self) -> bool:
        """Whether it only says which ticket it is about."""
        return bool(self.claimed or self.claimed_contact)

    @property
    def waits(self) -> bool:
        """Whether it looks like a machine's and nobody has judged it."""
        return self.suspect and not self.verdict


def list_answers(core: Core, wanted: AnswerFilter, place: Place, language: str) -> Listed[AnswerLine]:
    """Return a page of answers, the newest first, their questions in the nearest language there is."""
    with core.store.read() as connection:
        found = answer_rows.answers(connection, wanted, place, AT_ONCE)
    return listed(found, lambda row: answer_line(core, row, language))


def answer_line(core: Core, row: AnyRow, language: str) -> AnswerLine:
    """Return an answer's line from its row, its question in the nearest language there is."""
    return AnswerLine(
        id=row.public_id,
        at=row.created_at,
        survey=row.survey,
        question=question_words(core, row.survey_version_id, row.headline_question, language),
        value=row.headline,
        maximum=row.headline_max,
        score=row.score,
        low=row.low,
        solved=row.solved,
        open_call=row.wants_call and row.call_settled_at is None,
        comment=row.comment,
        complete=row.complete,
        suspect=row.confidence == "suspect",
        verdict=row.verdict,
        signs=tuple(row.signs),
        again=row.after_response_id is not None,
        channel=row.channel,
        team=row.team,
        topic=row.topic,
        contact=row.contact_public_id or "",
        customer=row.customer_public_id or "",
        customer_name=row.customer_name or "",
        test=row.test,
        imported=row.imported,
        open_link=row.open_link or "",
        open_title=row.open_title or "",
        claimed=row.claimed or "",
        claimed_source=row.claimed_source or "",
        claimed_contact=row.claimed_contact or "",
    )


def question_words(core: Core, version_id: int, question_id: str, language: str) -> str:
    """Return a question in the survey's language nearest to the one wanted, empty when there is none."""
    survey = core.shelf.version(version_id).survey
    question = survey.question(question_id) if question_id else None
    if question is None:
        return ""
    return fill(question.text.in_language(survey.language_for(language), survey.default_language), {})


def answer_values(core: Core) -> dict[str, list[str]]:
    """Return what answers can be filtered by: surveys, and the values of each dimension."""
    with core.store.read() as connection:
        return answer_rows.answer_values(connection)


def how_many_answers(core: Core, wanted: AnswerFilter) -> int:
    """Return how many answers there are, `MOST_COUNTED` for so many and more."""
    with core.store.read() as connection:
        return answer_rows.counted_up_to(connection, wanted, MOST_COUNTED)


def named_agent(core: Core, public_id: str) -> str | None:
    """Return an agent's name, empty when it has none, None when there is no such agent."""
    with core.store.read() as connection:
        return answer_rows.agent_named(connection, public_id)


def waiting_suspects(core: Core) -> int:
    """Return how many recent answers look like a machine's and wait for a person."""
    with core.store.read() as connection:
        return answer_rows.waiting_suspects(connection)
