"""Rows as the frozen records that plugins read; what was erased is absent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from ..contract.gestures import GestureRecord
from ..contract.reading import Answer, Invitation, QuestionInfo, Response, SurveyInfo
from ..contract.records import Agent, Contact, Customer, Identifier
from ..store.queries import answers as answer_rows
from ..store.queries import people
from ..store.queries import reading as rows
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from ..surveys import Survey
from ..surveys.scoring import score
from .core import Core
from .erased import is_erased
from .judge import counts
from .shelf import Version

__all__ = [
    "contact_record", "customer_records", "gesture_record", "invitation_record", "response_records", "survey_info",
]  # fmt: skip

_AS_RECORDED = (
    *DIMENSIONS, "source", "resolution", "direction", "closed_by", "started_at", "ended_at", "url", "ask", "test",
)  # fmt: skip


def customer_records(connection: Connection, found: Sequence[AnyRow]) -> list[Customer]:
    """Return customers with the identifiers of the person they are, those of the person's other rows included."""
    families = {row.id: people.family_customers(connection, people.root_of(connection, row.person_id)) for row in found}
    return [_customer(row, people.identifiers_of(connection, families[row.id])) for row in found]


def _customer(row: AnyRow, known: Iterable[tuple[int, Identifier]]) -> Customer:
    return Customer(
        public_id=row.public_id,
        name=row.name,
        language=row.language,
        timezone=row.timezone,
        segment=row.segment,
        country=row.country,
        identifiers=tuple(dict.fromkeys(each for _, each in known)),
        attributes=row.attributes,
    )


def contact_record(connection: Connection, row: AnyRow) -> Contact:
    """Return a contact with its customer and agent."""
    given = [] if row.customer_id is None else rows.customers(connection, [row.customer_id])
    customers = customer_records(connection, given)
    agent = Agent(row.agent_public_id, row.agent_name or "", row.team) if row.agent_id is not None else None
    return Contact(
        public_id=row.public_id,
        external_id="" if is_erased(row.external_id) else row.external_id,
        customer=customers[0] if customers else None,
        agent=agent,
        tags=tuple(row.tags),
        attributes=dict(row.attributes),
        **{name: getattr(row, name) for name in _AS_RECORDED},
    )


def invitation_record(row: AnyRow) -> Invitation:
    """Return an invitation with its frozen dimensions."""
    return Invitation(
        public_id=row.public_id,
        state=row.state,
        survey=row.survey,
        contact=row.contact_public_id or "",
        customer=row.customer_public_id or "",
        invited_at=row.created_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        after_response=row.after_public_id or "",
        test=row.test,
        dimensions={name: getattr(row, name) for name in DIMENSIONS},
        agent=row.agent_public_id or "",
    )


def response_records(connection: Connection, core: Core, found: Sequence[AnyRow]) -> list[Response]:
    """Return responses with their answers in the survey's order."""
    given = answer_rows.answers_of(connection, [row.id for row in found]) if found else {}
    return [_response(core, row, given.get(row.id, [])) for row in found]


def _response(core: Core, row: AnyRow, given: Sequence[AnyRow]) -> Response:
    survey = core.shelf.version(row.survey_version_id).survey
    frozen = {name: getattr(row, "asked_language" if name == "language" else name) for name in DIMENSIONS}
    return Response(
        public_id=row.public_id,
        invitation=row.invitation_public_id,
        contact=row.contact_public_id or "",
        customer="" if row.erased_at is not None else row.customer_public_id or "",
        survey=row.survey,
        answered_at=row.created_at,
        changed_at=row.changed_at,
        settled=row.settled_at is not None,
        counted=counts(row.confidence, row.verdict, row.test),
        rating=row.headline,
        score=row.score,
        low=row.low,
        comment=row.comment,
        language=row.language,
        answers=_answers(survey, given),
        dimensions=frozen,
        after_response=row.after_public_id or "",
        test=row.test,
    )


def _answers(survey: Survey, given: Sequence[AnyRow]) -> tuple[Answer, ...]:
    places = {question.id: place for place, question in enumerate(survey.questions)}
    types = {question.id: question.type for question in survey.questions}
    ordered = sorted(given, key=lambda row: places.get(row.question, len(places)))
    return tuple(Answer(row.question, row.role, types.get(row.question, ""), row.value, row.score) for row in ordered)


def survey_info(version: Version, wanted: str = "") -> SurveyInfo:
    """Return a survey with its questions, in the nearest language there is; its own first one when none is wanted."""
    survey = version.survey
    language = survey.language_for(wanted or None)
    questions = tuple(
        QuestionInfo(
            id=each.id,
            type=each.type,
            role=each.role or "",
            text=each.text.in_language(language, survey.default_language),
            minimum=each.minimum,
            maximum=each.maximum,
            direction=each.direction,
            options=tuple(option.value for option in each.options),
            worths=tuple(score(each, option.value) for option in each.options),
            labels=tuple(option.text.in_language(language, survey.default_language) for option in each.options),
        )
        for each in survey.questions
    )
    title = survey.title.in_language(language, survey.default_language)
    return SurveyInfo(survey.name, survey.type, title, version.number, questions)


def gesture_record(row: AnyRow) -> GestureRecord:
    """Return a gesture with the public ids of what it was about."""
    return GestureRecord(
        id=row.public_id,
        kind=row.kind,
        at=row.at,
        by=row.by,
        manner=row.manner,
        words=row.words,
        value=row.value,
        cost_cents=row.cost_cents,
        currency=row.currency,
        note=row.note,
        nth=row.nth,
        contact=row.contact or "",
        response=row.response or "",
        imported=row.imported,
        withdrawn=row.withdrawn_at is not None,
    )
