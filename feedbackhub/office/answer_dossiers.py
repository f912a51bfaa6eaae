"""One answer in full: every question in words, earlier submissions, why it is trusted or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..loop.core import Core
from ..store.queries import answer_lists as rows
from ..store.queries import answers as answer_rows
from ..store.types import AnyRow
from ..surveys import ShownQuestion, Survey, scores, show
from .audit import record
from .dossiers import GestureLine, gesture_lines
from .lists import AnswerLine, answer_line

__all__ = ["AnswerDossier", "Given", "Submission", "open_answer"]


@dataclass(frozen=True, slots=True)
class Given:
    """One question with its answer in words.

    Args:
        question: The question's text.
        words: The answer; empty when nothing was answered.
        label: What the survey calls that point of its scale, empty when it does not say.
        maximum: The last point of a scale, None for everything else.
        score: Its worth from 0 (worst) to 100 (best), None when it has none.
        own_words: Whether the customer wrote it.
    """

    question: str
    words: str
    label: str
    maximum: int | None
    score: int | None
    own_words: bool


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission: the newest human one is what counts."""

    number: int
    at: datetime
    suspect: bool
    signs: tuple[str, ...]
    given: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class AnswerDossier:
    """Everything about one answer.

    Args:
        line: What the list shows of it.
        version: Number of the survey's version.
        via: ``page``, ``api``, ``import`` or ``reply``.
        language: In which was answered.
        changed_at: When it changed last.
        contact_at: When the contact ended.
        url: Link back to the ticket.
        given: Every question with its answer.
        submissions: What was sent in, newest first.
        gestures: What was done about it.
        follows: The answer that this re-ask follows, empty for a first ask.
        later: Answers of re-asks that follow this one.
    """

    line: AnswerLine
    version: int
    via: str
    language: str
    changed_at: datetime
    contact_at: datetime
    url: str
    given: tuple[Given, ...]
    submissions: tuple[Submission, ...]
    gestures: tuple[GestureLine, ...]
    follows: str
    later: tuple[str, ...]


def open_answer(core: Core, public_id: str, language: str, viewer: str, agent: int | None = None) -> AnswerDossier:
    """Return everything about an answer, and note who looked.

    Args:
        core: The instance.
        public_id: The response's public id.
        language: The viewer's language.
        viewer: Who looks, for the audit log.
        agent: Row number of the agent whose contacts alone may be seen; None for all.

    Raises:
        NotFound: There is no such answer, or this agent may not see it.
    """
    with core.store.read() as connection:
        row = answer_rows.response_by_public_id(connection, public_id)
        if row is None or (agent is not None and row.agent_id != agent):
            raise NotFound("no such answer")
        found = _dossier(connection, core, row, language)
    now = core.clock.now()
    core.store.write(lambda c: record(c, now, viewer, "response.viewed", f"response:{public_id}"))
    return found


def _dossier(connection: Connection, core: Core, row: AnyRow, language: str) -> AnswerDossier:
    listed = rows.answer_line(connection, row.public_id)
    if listed is None:
        raise NotFound("no such answer")
    survey = core.shelf.version(row.survey_version_id).survey
    follows, later = rows.around(connection, row.id, row.after_response_id)
    return AnswerDossier(
        line=answer_line(core, listed, language),
        version=row.version,
        via=row.via,
        language=row.language,
        changed_at=row.changed_at,
        contact_at=row.contact_at,
        url=row.url or "",
        given=given(survey, row.answers, language),
        submissions=tuple(_submission(each, survey, language) for each in rows.revisions(connection, row.id)),
        gestures=gesture_lines(connection, core, None, [row.id]),
        follows=follows,
        later=tuple(later),
    )


def _submission(row: AnyRow, survey: Survey, language: str) -> Submission:
    answered = tuple(each for each in given(survey, row.answers, language) if each.words)
    return Submission(row.number, row.at, row.confidence == "suspect", tuple(row.signs), answered)


def given(survey: Survey, values: Mapping[str, Any], language: str) -> tuple[Given, ...]:
    """Return every question that was shown or answered, in words, in the nearest language there is."""
    worth = scores(survey, values)
    shown = show(survey, language, {}, values).questions
    return tuple(_given(each, values, worth) for each in shown if each.visible or each.id in values)


def _given(question: ShownQuestion, values: Mapping[str, Any], worth: Mapping[str, float]) -> Given:
    value = values.get(question.id)
    points = [int(choice.value) for choice in question.choices] if question.value == "number" else []
    score = worth.get(question.id)
    return Given(
        question=question.text,
        words=_words(question, value),
        label=_labels(question).get(str(value), "") if points else "",
        maximum=points[-1] if points else None,
        score=None if score is None else round(score),
        own_words=question.value == "text",
    )


def _words(question: ShownQuestion, value: Any) -> str:
    if value is None:
        return ""
    labels = {} if question.value == "number" else _labels(question)
    parts = [str(part) for part in (value if isinstance(value, list) else [value])]
    return ", ".join(labels.get(part) or part for part in parts)


def _labels(question: ShownQuestion) -> dict[str, str]:
    return {choice.value: choice.label for choice in question.choices}
