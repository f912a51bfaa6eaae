"""What the page and the submission need: one question each, and changes that nobody waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)

from ..prepared import Prepared
from ..tables import agent, answer, contact, customer, delivery, invitation, open_answer, response, revision, task
from ..types import AnyRow
from .locks import needs_locks

__all__ = [
    "add_response", "add_revision", "cancel_unsent", "change_response", "close_invitation", "hold", "page_row",
    "recent_answers", "replace_answers",
]  # fmt: skip

_STATE = (
    invitation.c.public_id,
    invitation.c.survey_version_id,
    invitation.c.state,
    invitation.c.reason,
    invitation.c.expires_at,
    invitation.c.edit_window,
    response.c.id.label("response_id"),
    response.c.answers,
    response.c.confidence,
    response.c.verdict,
    response.c.created_at.label("response_created_at"),
    open_answer.c.open_link_id,
)
_PAGE = Prepared(
    select(
        *_STATE,
        invitation.c.brand,
        invitation.c.language,
        invitation.c.contact_at,
        invitation.c.channel,
        invitation.c.topic,
        invitation.c.product,
        invitation.c.team,
        customer.c.name.label("customer_name"),
        customer.c.timezone,
        agent.c.name.label("agent_name"),
        contact.c.external_id.label("reference"),
    )
    .outerjoin(response, response.c.invitation_id == invitation.c.id)
    .outerjoin(open_answer, open_answer.c.invitation_id == invitation.c.id)
    .outerjoin(customer, customer.c.id == invitation.c.customer_id)
    .outerjoin(agent, agent.c.id == invitation.c.agent_id)
    .outerjoin(contact, contact.c.id == invitation.c.contact_id)
    .where(invitation.c.public_id == bindparam("wanted"))
)


def page_row(connection: Connection, public_id: str) -> AnyRow | None:
    """Return what the page of an invitation shows."""
    return _PAGE.first(connection, wanted=public_id)


def _held(next_id: ColumnElement[int]) -> Select[Any]:
    newest_send = select(func.max(delivery.c.sent_at, type_=delivery.c.sent_at.type))
    waiting = select(func.count()).where(delivery.c.state == "due")
    last = select(func.coalesce(func.max(revision.c.number), 0)).where(revision.c.response_id == response.c.id)
    mine = delivery.c.invitation_id == invitation.c.id
    return (
        select(
            *_STATE,
            invitation.c.id,
            invitation.c.customer_id,
            invitation.c.sent_at,
            invitation.c.imported,
            response.c.public_id.label("response_public_id"),
            response.c.settled_at,
            open_answer.c.repeated,
            contact.c.public_id.label("contact_public_id"),
            newest_send.where(mine).scalar_subquery().label("newest_send"),
            waiting.where(mine).scalar_subquery().label("unsent"),
            last.scalar_subquery().label("last_revision"),
            case((response.c.id.is_(None), next_id), else_=null()).label("next_id"),
        )
        .outerjoin(response, response.c.invitation_id == invitation.c.id)
        .outerjoin(open_answer, open_answer.c.invitation_id == invitation.c.id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .where(invitation.c.public_id == bindparam("wanted"))
    )


# Known beforehand, so that nobody has to wait for the row before those that refer to it are sent. On SQLite nobody else
# writes meanwhile.
_another = response.alias("another")
_HELD = Prepared(
    _held(literal_column("nextval(pg_get_serial_sequence('response', 'id')::regclass)", BigInteger)),
    sqlite=_held(select(func.coalesce(func.max(_another.c.id), 0) + 1).scalar_subquery()),
)
_HOLD = Prepared(select(invitation.c.id).where(invitation.c.public_id == bindparam("wanted")).with_for_update())


def hold(connection: Connection, public_id: str) -> AnyRow | None:
    """Hold an invitation until the transaction ends, and return what taking its answer depends on.

    With it come `newest_send`, how many deliveries are `unsent`, the answer's `last_revision`, and `next_id`, the
    number of the row that a first answer gets.
    """
    if needs_locks(connection):
        # A statement of its own: on PostgreSQL the rows joined to one that was waited for are those from before.
        _HOLD.later(connection, wanted=public_id)
    return _HELD.first(connection, wanted=public_id)


_RESPONSE = (
    "answers", "complete", "confidence", "signs", "revision", "via", "language", "changed_at", "headline_question",
    "headline", "headline_max", "score", "low", "solved", "wants_call", "comment", "verdict", "created_at",
    "settled_at",
)  # fmt: skip
_NEW = ("id", "public_id", "invitation_id", "customer_id", "survey_version_id")
_given: dict[str, Any] = {name: bindparam(name) for name in _RESPONSE}
_ADD_RESPONSE = Prepared(insert(response).values({**{name: bindparam(name) for name in _NEW}, **_given}))
_CHANGE_RESPONSE = Prepared(update(response).where(response.c.id == bindparam("wanted")).values(_given))


def add_response(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert a response whose row number was given by `hold`."""
    _ADD_RESPONSE.later(connection, **values)


def change_response(connection: Connection, response_id: int, values: Mapping[str, Any]) -> None:
    """Store a response's content anew."""
    _CHANGE_RESPONSE.later(connection, wanted=response_id, **values)


def _inserting(table: Any, *names: str) -> Prepared:
    return Prepared(insert(table).values({name: bindparam(name) for name in names}))


_ADD_ANSWER = _inserting(answer, "response_id", "question", "role", "value", "score")
_DROP_ANSWERS = Prepared(delete(answer).where(answer.c.response_id == bindparam("wanted")))


def replace_answers(connection: Connection, response_id: int, rows: Sequence[Mapping[str, Any]], fresh: bool) -> None:
    """Store a response's answers in place of those before."""
    if not fresh:
        _DROP_ANSWERS.later(connection, wanted=response_id)
    _ADD_ANSWER.later_many(connection, [{**row, "response_id": response_id} for row in rows])


_ADD_REVISION = _inserting(revision, "response_id", "number", "answers", "confidence", "signs", "at")


def add_revision(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep one submission as it came."""
    _ADD_REVISION.later(connection, **values)


_RECENT = Prepared(
    select(revision.c.answers)
    .where(revision.c.response_id == bindparam("response"), revision.c.at >= bindparam("since"))
    .order_by(revision.c.number)
)


def recent_answers(connection: Connection, response_id: int, since: datetime) -> list[Mapping[str, Any]]:
    """Return the answers of the submissions on a response since a moment, oldest first."""
    return [row.answers for row in _RECENT.all(connection, response=response_id, since=since)]


_CLOSE = Prepared(
    update(invitation)
    .where(invitation.c.id == bindparam("wanted"))
    .values(state="answered", ended_at=bindparam("now"), sent_at=bindparam("sent"))
)


def close_invitation(connection: Connection, invitation_id: int, now: datetime, sent_at: datetime | None) -> None:
    """Mark an invitation as answered."""
    _CLOSE.later(connection, wanted=invitation_id, now=now, sent=sent_at)


_due = delivery.c.state == "due"
_of_it = delivery.c.invitation_id == bindparam("invitation")
_CANCEL_TASKS = Prepared(
    update(task)
    .where(
        task.c.kind == bindparam("of"),
        task.c.reference.in_(select(cast(delivery.c.id, String)).where(_of_it, _due)),
        task.c.state.in_([literal_column("'due'"), literal_column("'parked'")]),
    )
    .values(state="cancelled", ended_at=bindparam("now"), payload=null())
)
_CANCEL_DELIVERIES = Prepared(update(delivery).where(_of_it, _due).values(state="cancelled", error=bindparam("why")))


def cancel_unsent(connection: Connection, invitation_id: int, kind: str, reason: str, now: datetime) -> None:
    """Cancel the deliveries of an invitation that have not begun, with their tasks of a kind."""
    _CANCEL_TASKS.later(connection, invitation=invitation_id, of=kind, now=now)
    _CANCEL_DELIVERIES.later(connection, invitation=invitation_id, why=reason)
