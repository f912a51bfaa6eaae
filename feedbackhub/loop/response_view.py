"""A response as outsiders may see it: no row numbers leave the loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..store.types import AnyRow
from .judge import counts


@dataclass(frozen=True, slots=True)
class ResponseView:
    """One answer with what it is about; the dimensions are those frozen when it was asked for."""

    id: str
    revision: int
    survey: str
    version: int
    answers: Mapping[str, Any]
    question: str
    value: int | None
    maximum: int | None
    score: int | None
    low: bool
    solved: bool | None
    wants_call: bool
    call_settled_at: datetime | None
    comment: str
    complete: bool
    confidence: str
    signs: tuple[str, ...]
    verdict: str
    counts: bool
    via: str
    language: str
    created_at: datetime
    changed_at: datetime
    settled_at: datetime | None
    invitation: str
    reask: bool
    contact: str | None
    source: str | None
    external_id: str | None
    contact_at: datetime
    customer: str | None
    agent: str | None
    channel: str
    team: str
    topic: str
    product: str
    brand: str
    segment: str
    country: str
    test: bool
    imported: bool
    open_link: str | None
    claimed: str


def response_view(row: AnyRow) -> ResponseView:
    """Return the view of a response's row as the answer queries give it."""
    return ResponseView(
        id=row.public_id,
        revision=row.revision,
        survey=row.survey,
        version=row.version,
        answers=row.answers,
        question=row.headline_question,
        value=row.headline,
        maximum=row.headline_max,
        score=row.score,
        low=row.low,
        solved=row.solved,
        wants_call=row.wants_call,
        call_settled_at=row.call_settled_at,
        comment=row.comment,
        complete=row.complete,
        confidence=row.confidence,
        signs=tuple(row.signs),
        verdict=row.verdict,
        counts=counts(row.confidence, row.verdict, row.test),
        via=row.via,
        language=row.language,
        created_at=row.created_at,
        changed_at=row.changed_at,
        settled_at=row.settled_at,
        invitation=row.invitation_public_id,
        reask=row.after_response_id is not None,
        contact=row.contact_public_id,
        source=row.source,
        external_id=row.external_id,
        contact_at=row.contact_at,
        customer=row.customer_public_id,
        agent=row.agent_public_id,
        channel=row.channel,
        team=row.team,
        topic=row.topic,
        product=row.product,
        brand=row.brand,
        segment=row.segment,
        country=row.country,
        test=row.test,
        imported=row.imported,
        open_link=row.open_link,
        claimed=row.claimed or "",
    )
