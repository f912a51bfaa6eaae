"""People's rights: a person gets a copy of everything that is known about them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.records import Identifier
from ..loop.core import Core
from ..loop.suppress import fingerprints
from ..store.queries import answers, inbound, rights, suppressions
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from .audit import record
from .whom import Whom, family_of

__all__ = ["export_person"]

Json = dict[str, Any]

_CONTACT = (
    "source", "external_id", "resolution", *DIMENSIONS, "agent_name", "tags", "direction", "closed_by", "started_at",
    "ended_at", "reopened_at", "url", "ask", "test", "imported", "attributes", "recorded_at",
)  # fmt: skip
_DECISION = ("outcome", "rule", "reason", "policy", "facts", "decided_at")
_INVITATION = (
    "survey", "version", "state", "reason", "ladder", *DIMENSIONS, "test", "imported", "created_at", "due_at",
    "sent_at", "expires_at", "ended_at",
)  # fmt: skip
_DELIVERY = (
    "kind", "channel", "address_kind", "address", "message_id", "state", "due_at", "sent_at", "delivered_at",
    "receipt", "error",
)  # fmt: skip
_RESPONSE = (
    "answers", "complete", "confidence", "signs", "verdict", "via", "language", "score", "low", "solved", "wants_call",
    "call_settled_at", "comment", "created_at", "changed_at", "settled_at",
)  # fmt: skip
_REVISION = ("number", "answers", "confidence", "signs", "at")
_GESTURE = (
    "kind", "manner", "words", "value", "cost_cents", "currency", "note", "nth", "imported", "test", "at",
    "withdrawn_at",
)  # fmt: skip
_CUSTOMER = (
    "name", "language", "timezone", "segment", "country", "attributes", "created_at", "updated_at", "erased_at",
)  # fmt: skip


def export_person(core: Core, whom: Whom, by: str) -> Json:
    """Return a copy of everything that is known about a person, ready to be written as JSON, and note who asked.

    Args:
        core: The instance.
        whom: The person, by identifiers or by a customer's public id.
        by: Who asks, for the audit log.

    Raises:
        NotFound: Nobody is known by them.
        Conflict: Several persons share these identifiers.
    """
    now = core.clock.now()
    with core.store.read() as connection:
        ids = family_of(connection, whom)
        rows = rights.customers_of(connection, ids)
        invited = rights.invitations_of(connection, ids)
        copy = {
            "exported_at": now.isoformat(),
            "customers": _customers(connection, core, rows, ids),
            "contacts": [_contact(row) for row in rights.contacts_of(connection, ids)],
            "invitations": _invitations(connection, invited, ids),
            "gestures": [_gesture(row) for row in rights.gestures_of(connection, ids)],
            "messages_received": _inbox(connection, core, invited, ids),
            "requests_received": _requests(connection, ids),
            "taken_for_one_person": _links(connection, rows),
            "looked_at": [_some(row, ("at", "action")) for row in rights.looks_at(connection, _public(rows))],
            "plugins": _plugins(core),
        }

    def note(connection: Connection) -> None:
        for each in _public(rows):
            record(connection, now, by, "customer.exported", f"customer:{each}")

    core.store.write(note)
    return copy


def _public(customers: Iterable[AnyRow]) -> list[str]:
    return [row.public_id for row in customers]


def _customers(connection: Connection, core: Core, customers: Sequence[AnyRow], ids: Sequence[int]) -> list[Json]:
    given = rights.identifiers_of(connection, ids)
    return [
        {
            "id": row.public_id,
            **_some(row, _CUSTOMER),
            "identifiers": [_identifier(connection, core, each) for each in given if each.customer_id == row.id],
        }
        for row in customers
    ]


def _identifier(connection: Connection, core: Core, row: AnyRow) -> Json:
    listed = suppressions.by_fingerprints(connection, core.links.fingerprints(row.kind, row.value))
    return {
        **_some(row, ("kind", "value", "created_at")),
        "suppressed": bool(listed),
        "suppressions": [_some(each, ("reason", "detail", "created_at")) for each in listed],
    }


def _contact(row: AnyRow) -> Json:
    decided = None if row.outcome is None else _some(row, _DECISION)
    return {"id": row.public_id, "customer": row.customer_public_id, **_some(row, _CONTACT), "decision": decided}


def _invitations(connection: Connection, invited: Sequence[AnyRow], ids: Sequence[int]) -> list[Json]:
    deliveries = _grouped(rights.deliveries_of(connection, [row.id for row in invited]), "invitation_id")
    given = rights.responses_of(connection, ids)
    names = {row.id: row.public_id for row in given}
    responses = {row.invitation_id: row for row in given}
    revisions = _grouped(rights.revisions_of(connection, list(names)), "response_id")
    each_answer = answers.answers_of(connection, list(names))

    def response(row: AnyRow | None) -> Json | None:
        if row is None:
            return None
        return {
            "id": row.public_id,
            **_some(row, _RESPONSE),
            "scores": {one.question: one.score for one in each_answer.get(row.id, []) if one.score is not None},
            "revisions": [_some(one, _REVISION) for one in revisions.get(row.id, [])],
        }

    return [
        {
            "id": row.public_id,
            "contact": row.contact_public_id,
            "after_response": names.get(row.after_response_id) if row.after_response_id else None,
            **_some(row, _INVITATION),
            "deliveries": [{"id": one.public_id, **_some(one, _DELIVERY)} for one in deliveries.get(row.id, [])],
            "response": response(responses.get(row.id)),
        }
        for row in invited
    ]


def _gesture(row: AnyRow) -> Json:
    about = {"contact": row.contact_public_id, "response": row.response_public_id}
    return {"id": row.public_id, **about, **_some(row, _GESTURE)}


def _inbox(connection: Connection, core: Core, invited: Sequence[AnyRow], ids: Sequence[int]) -> list[Json]:
    known = [Identifier(row.kind, row.value) for row in rights.identifiers_of(connection, ids)]
    names = {row.id: row.public_id for row in invited}
    items = rights.inbox_of(connection, list(names), fingerprints(core.links, known), mentioned(known))
    return [
        {**_some(row, ("source", "kind", "detail", "received_at", "raw")), "invitation": names.get(row.invitation_id)}
        for row in items
    ]


def _requests(connection: Connection, ids: Sequence[int]) -> list[Json]:
    """Return what other systems told of them, as it came."""
    numbers = [row.id for row in rights.contacts_of(connection, ids)]
    return [
        {"source": row.receiver, **_some(row, ("state", "received_at", "headers", "query", "body"))}
        for row in inbound.of_contacts(connection, numbers)
    ]


def mentioned(identifiers: Iterable[Identifier]) -> list[str]:
    """Return the identifiers that stand for one person alone wherever a message names them."""
    return [each.value for each in identifiers if each.kind in ("email", "phone")]


def _links(connection: Connection, customers: Iterable[AnyRow]) -> list[Json]:
    links = rights.links_of(connection, sorted({row.person_id for row in customers}))
    return [_some(row, ("state", "reason", "at")) for row in links]


def _plugins(core: Core) -> list[Json]:
    """Return which plugins pass personal data on, or keep some of their own."""
    found: list[Json] = []
    for name, brought in sorted(core.plugins.brought.items()):
        every = [each.data for objects in brought.objects.values() for each in objects if hasattr(each, "data")]
        sends = list(dict.fromkeys(kind for data in every for kind in data.sends))
        keeps = list(dict.fromkeys(kind for data in every for kind in data.keeps))
        if sends or keeps:
            found.append({"name": name, "sends": sends, "keeps": keeps})
    return found


def _grouped(rows: Iterable[AnyRow], by: str) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row._mapping[by], []).append(row)
    return found


def _some(row: AnyRow, names: Iterable[str]) -> Json:
    return {name: _plain(row._mapping[name]) for name in names}


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; bytes that are no text are written in base64."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
    return value
