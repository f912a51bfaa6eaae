"""Frozen views of what is stored, for the doors: no rows and no row numbers leave the loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..contract.records import Decision
from ..machinery.links import Links
from ..store.types import AnyRow


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as outsiders may see it."""

    id: str
    survey: str
    state: str
    reason: str
    due_at: datetime
    sent_at: datetime | None
    expires_at: datetime
    link: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """A contact with its decision and first ask."""

    id: str
    source: str
    external_id: str
    resolution: int
    customer: str | None
    agent: str | None
    agent_name: str
    channel: str
    team: str
    topic: str
    product: str
    brand: str
    language: str
    segment: str
    country: str
    tags: tuple[str, ...]
    direction: str
    closed_by: str
    started_at: datetime | None
    ended_at: datetime
    reopened_at: datetime | None
    url: str
    ask: bool
    test: bool
    imported: bool
    attributes: Mapping[str, str]
    recorded_at: datetime
    decision: Decision
    policy: str
    invitation: InvitationView | None


def contact_view(row: AnyRow, links: Links, base_url: str) -> ContactView:
    """Return the view of a contact's row as the contact queries give it."""
    decision = Decision(row.outcome, row.rule, row.reason, row.facts, row.decided_at)
    return ContactView(
        id=row.public_id,
        source=row.source,
        external_id=row.external_id,
        resolution=row.resolution,
        customer=row.customer_public_id,
        agent=row.agent_public_id,
        agent_name=row.agent_name or "",
        channel=row.channel,
        team=row.team,
        topic=row.topic,
        product=row.product,
        brand=row.brand,
        language=row.language,
        segment=row.segment,
        country=row.country,
        tags=tuple(row.tags),
        direction=row.direction,
        closed_by=row.closed_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        reopened_at=row.reopened_at,
        url=row.url,
        ask=row.ask,
        test=row.test,
        imported=row.imported,
        attributes=row.attributes,
        recorded_at=row.recorded_at,
        decision=decision,
        policy=row.policy,
        invitation=_invitation(row, links, base_url),
    )


def _invitation(row: AnyRow, links: Links, base_url: str) -> InvitationView | None:
    if row.invitation_public_id is None:
        return None
    return InvitationView(
        id=row.invitation_public_id,
        survey=row.survey,
        state=row.invitation_state,
        reason=row.invitation_reason,
        due_at=row.due_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        link=survey_link(links, base_url, row.invitation_public_id),
    )


def survey_link(links: Links, base_url: str, public_id: str) -> str:
    """Return the personal link of an invitation."""
    return f"{base_url}/s/{links.token(public_id)}"
