"""Taking a person out of every table; what is counted stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, or_, select, update

from ..tables import (
    answer,
    contact,
    customer,
    decision,
    delivery,
    gesture,
    idempotency,
    identifier,
    inbox,
    invitation,
    person_link,
    response,
    revision,
    suppression,
    task,
)
from ..types import AnyRow

#: Why an ask was called off; any other reason is what somebody said, and may name a person.
OWN_REASONS = (
    "", "reopened", "answered", "suppressed", "bounced", "expired", "cancelled", "staff", "undeliverable", "merged",
    "the message came back",
)  # fmt: skip
ERASED = "erased"
#: What the ids of erased contacts begin with.
MARK = "erased:"


def lock_invitations(connection: Connection, customer_ids: Sequence[int]) -> list[int]:
    """Hold all invitations of these customers, so that nobody answers or sends one meanwhile; return their numbers."""
    # An answer that claims one of their tickets is theirs, though its invitation is nobody's.
    of_theirs = select(response.c.invitation_id).where(response.c.customer_id.in_(customer_ids))
    answered = list(connection.scalars(of_theirs))
    theirs = or_(invitation.c.customer_id.in_(customer_ids), invitation.c.id.in_(answered))
    query = select(invitation.c.id).where(theirs).order_by(invitation.c.id)
    return list(connection.scalars(query.with_for_update()))


def clear_customers(connection: Connection, ids: Sequence[int], now: datetime) -> list[str]:
    """Empty these customers and return the public ids of those that were not erased before."""
    fresh = select(customer.c.public_id).where(customer.c.id.in_(ids), customer.c.erased_at.is_(None))
    names = list(connection.scalars(fresh.order_by(customer.c.id)))
    empty: dict[str, Any] = dict.fromkeys(("name", "language", "timezone", "segment", "country"), "")
    values = {**empty, "attributes": {}, "updated_at": now, "erased_at": func.coalesce(customer.c.erased_at, now)}
    connection.execute(update(customer).where(customer.c.id.in_(ids)).values(values))
    return names


def remove_identifiers(connection: Connection, customer_ids: Sequence[int]) -> int:
    """Remove all identifiers of these customers and return how many."""
    return connection.execute(delete(identifier).where(identifier.c.customer_id.in_(customer_ids))).rowcount


def clear_links(connection: Connection, person_ids: Sequence[int], by: str, now: datetime) -> int:
    """Empty the merging log of these persons; nobody is to be joined with them any more."""
    theirs = or_(person_link.c.person_id.in_(person_ids), person_link.c.into_id.in_(person_ids))
    proposed = person_link.c.state == "proposed"
    refused = {"state": "refused", "decided_by": by, "at": now}
    connection.execute(update(person_link).where(theirs, proposed).values(refused))
    return connection.execute(update(person_link).where(theirs).values(reason="")).rowcount


def contacts_of(connection: Connection, customer_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return ``id, source, external_id, resolution`` of these customers' contacts, oldest first."""
    query = select(contact.c.id, contact.c.source, contact.c.external_id, contact.c.resolution)
    return connection.execute(query.where(contact.c.customer_id.in_(customer_ids)).order_by(contact.c.id)).all()


def last_resolution(connection: Connection, source: str, external_id: str) -> int:
    """Return the highest resolution under an id, 0 when there is none."""
    query = select(func.coalesce(func.max(contact.c.resolution), 0))
    theirs = and_(contact.c.source == source, contact.c.external_id == external_id)
    return int(connection.execute(query.where(theirs)).scalar_one())


def clear_contact(connection: Connection, contact_id: int, external_id: str, resolution: int) -> None:
    """Empty one contact but for its frozen dimensions."""
    values = {"external_id": external_id, "resolution": resolution, "url": "", "tags": [], "attributes": {}}
    connection.execute(update(contact).where(contact.c.id == contact_id).values(values))


def clear_decisions(connection: Connection, contact_ids: Sequence[int]) -> None:
    """Take out why it was decided; outcome and rule stay."""
    theirs = decision.c.contact_id.in_(contact_ids)
    connection.execute(update(decision).where(theirs).values(reason="", facts={}))


def remove_idempotency(connection: Connection, contact_ids: Sequence[int]) -> int:
    """Forget which requests recorded these contacts and return how many."""
    return connection.execute(delete(idempotency).where(idempotency.c.contact_id.in_(contact_ids))).rowcount


def close_invitations(connection: Connection, ids: Sequence[int], now: datetime) -> list[int]:
    """Close the links of these invitations and return the numbers of those that were still open."""
    theirs = invitation.c.id.in_(ids)
    is_open = invitation.c.state.in_(("due", "sent"))
    waiting = list(connection.scalars(select(invitation.c.id).where(theirs, is_open).order_by(invitation.c.id)))
    foreign = and_(theirs, invitation.c.reason.not_in(OWN_REASONS))
    connection.execute(update(invitation).where(foreign).values(reason=ERASED))
    stopped = {"state": "cancelled", "reason": ERASED, "ended_at": now}
    connection.execute(update(invitation).where(invitation.c.id.in_(waiting)).values(stopped))
    sooner = case((invitation.c.expires_at > now, now), else_=invitation.c.expires_at)
    closed = {"edit_window": 0, "reminders": 0, "expires_at": sooner}
    connection.execute(update(invitation).where(theirs).values(closed))
    return waiting


def clear_deliveries(connection: Connection, invitation_ids: Sequence[int]) -> list[int]:
    """Empty the deliveries of these invitations, call off what waits, and return their numbers."""
    theirs = delivery.c.invitation_id.in_(invitation_ids)
    ids = list(connection.scalars(select(delivery.c.id).where(theirs).order_by(delivery.c.id)))
    state = case((delivery.c.state.in_(("due", "sending")), "cancelled"), else_=delivery.c.state)
    connection.execute(update(delivery).where(theirs).values(address="", receipt="", error="", state=state))
    return ids


def clear_tasks(connection: Connection, kind: str, references: Sequence[str]) -> None:
    """Empty the errors of these tasks."""
    theirs = and_(task.c.kind == kind, task.c.reference.in_(references))
    connection.execute(update(task).where(theirs).values(last_error=""))


def end_tasks(connection: Connection, kind: str, references: Sequence[str], now: datetime) -> None:
    """Call off these tasks; a worker that holds one at this moment can store nothing any more."""
    theirs = and_(task.c.kind == kind, task.c.reference.in_(references))
    running = and_(theirs, task.c.state.in_(("due", "claimed", "parked")))
    connection.execute(update(task).where(running).values(state="cancelled", ended_at=now, lease_until=None))


def responses_of(connection: Connection, customer_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return ``id, survey_version_id, answers`` of these customers' responses."""
    query = select(response.c.id, response.c.survey_version_id, response.c.answers)
    return connection.execute(query.where(response.c.customer_id.in_(customer_ids)).order_by(response.c.id)).all()


def clear_responses(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Take out the words of these responses; nobody can be called any more who wished it."""
    settled = case((response.c.wants_call, func.coalesce(response.c.call_settled_at, now)), else_=None)
    connection.execute(update(response).where(response.c.id.in_(ids)).values(comment="", call_settled_at=settled))


def revisions_of(connection: Connection, response_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return ``response_id, number, answers`` of every submission on these responses."""
    query = select(revision.c.response_id, revision.c.number, revision.c.answers)
    return connection.execute(query.where(revision.c.response_id.in_(response_ids))).all()


def keep_answers(connection: Connection, response_id: int, kept: Mapping[str, Any]) -> int:
    """Store what is left of a response's answers and return how many went; what is scored never goes."""
    connection.execute(update(response).where(response.c.id == response_id).values(answers=dict(kept)))
    others = and_(answer.c.response_id == response_id, answer.c.question.not_in(list(kept)), answer.c.score.is_(None))
    return connection.execute(delete(answer).where(others)).rowcount


def keep_revision(connection: Connection, response_id: int, number: int, kept: Mapping[str, Any]) -> None:
    """Store what is left of one submission."""
    this = and_(revision.c.response_id == response_id, revision.c.number == number)
    connection.execute(update(revision).where(this).values(answers=dict(kept)))


def clear_gestures(connection: Connection, customer_ids: Sequence[int]) -> int:
    """Take out the words of gestures to these customers and return how many; kind, cost and count stay."""
    theirs = gesture.c.customer_id.in_(customer_ids)
    return connection.execute(update(gesture).where(theirs).values(note="", value="", words="")).rowcount


def clear_inbox(connection: Connection, ids: Sequence[int]) -> None:
    """Empty these items; that they came stays, so that nothing is read twice."""
    values = {"detail": "", "raw": b"", "fingerprint": ""}
    connection.execute(update(inbox).where(inbox.c.id.in_(ids)).values(values))


def clear_suppressions(connection: Connection, fingerprints: Sequence[str]) -> None:
    """Keep nothing of these entries but the keyed hash and the reason."""
    connection.execute(update(suppression).where(suppression.c.fingerprint.in_(fingerprints)).values(detail=""))
