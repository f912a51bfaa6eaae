"""Intake: a contact ended; record it, decide on it, and invite."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound, Problem, Refused
from ..contract.intake import ContactEvent
from ..contract.records import Contact, Identifier
from ..machinery.links import new_public_id
from ..store.queries import contacts, invitations, people
from ..store.queries.locks import lock_keys
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from . import identify, journal
from .claims import Known, join_claims
from .core import Core
from .decide import Verdict, recheck
from .differences import Difference, differences
from .erased import is_erased, latest_known
from .foresee import EARLY, dated, verdict_on
from .guards import Situation, address_for
from .invite import Target, cancel_unsent, invite
from .shelf import Version
from .situation import settled_situation
from .tell import publish
from .views import ContactView, contact_view


@dataclass(frozen=True)
class Recorded:
    """What became of a contact event.

    Args:
        contact: The contact as stored.
        created: Whether it is new.
        ignored: What a repeated event said differently; the first one stands.
    """

    contact: ContactView
    created: bool
    ignored: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Once:
    """An Idempotency-Key: who used it, which, and for which body."""

    scope: str
    key: str
    body: bytes

    @property
    def digest(self) -> str:
        """The body's hash."""
        return hashlib.sha256(self.body).hexdigest()


def record_contact(core: Core, event: ContactEvent, once: Once | None = None) -> Recorded:
    """Record an ended contact, decide on it and invite; the same contact again changes nothing.

    Args:
        core: The instance.
        event: What the source says.
        once: The caller's Idempotency-Key, if one was given.

    Raises:
        Refused: The event cannot be used; every reason is named.
        Conflict: The Idempotency-Key was used with another body.
        Unavailable: The storage cannot take it now.
    """
    now = core.clock.now()
    event = dated(event, now)
    given = identify.identifiers_in(event.customer, core.settings.default_region) if event.customer else ()
    with core.store.read() as connection:
        replayed = _replayed(connection, core, once)
        if replayed is not None:
            return replayed
        repeated = _repeated(connection, core, _latest(connection, core, event), event, given)
        if repeated is not None and once is None:
            return repeated[1]
        foreseen = verdict_on(connection, core, event, given, now)
    recorded = core.store.write(lambda connection: _write(connection, core, event, given, foreseen, once))
    if recorded.created:
        journal.contact_recorded(recorded.contact)
        asked = recorded.contact.invitation
        if asked is not None and asked.due_at <= now:
            core.bell.ring()
    return recorded


def _replayed(connection: Connection, core: Core, once: Once | None) -> Recorded | None:
    row = contacts.idempotency_row(connection, once.scope, once.key) if once is not None else None
    if once is None or row is None:
        return None
    if row.digest != once.digest:
        raise Conflict("this Idempotency-Key was used with another body")
    return Recorded(_view(core, contacts.contact_by_id(connection, row.contact_id)), created=False)


def _latest(connection: Connection, core: Core, event: ContactEvent) -> AnyRow | None:
    return latest_known(connection, core.links, event.source, event.external_id)


def _repeated(
    connection: Connection, core: Core, latest: AnyRow | None, event: ContactEvent, given: Sequence[Identifier]
) -> tuple[int, Recorded] | None:
    if latest is None or _is_next(latest, event):
        return None
    row = contacts.contact_by_id(connection, latest.id)
    if is_erased(row.external_id):
        return row.id, Recorded(_view(core, row), created=False)
    kin = _identifiers(connection, row)
    return row.id, Recorded(_view(core, row), created=False, ignored=differences(row, kin, event, given))


def _is_next(latest: AnyRow, event: ContactEvent) -> bool:
    return latest.reopened_at is not None and event.ended_at is not None and event.ended_at > latest.reopened_at


def _identifiers(connection: Connection, row: AnyRow) -> set[Identifier]:
    if row.customer_id is None:
        return set()
    return {each for _, each in people.identifiers_of(connection, [row.customer_id])}


def _view(core: Core, row: AnyRow) -> ContactView:
    return contact_view(row, core.links, core.settings.base_url(row.brand))


def _write(
    connection: Connection,
    core: Core,
    event: ContactEvent,
    given: Sequence[Identifier],
    foreseen: tuple[Verdict, Version | None],
    once: Once | None,
) -> Recorded:
    verdict, version = foreseen
    now = verdict.decision.decided_at
    keys = [f"contact:{event.source}:{event.external_id}", *(f"{i.kind}:{i.value}" for i in given)]
    lock_keys(connection, keys)
    replayed = _replayed(connection, core, once)
    if replayed is not None:
        return replayed
    # All that was looked at before may have changed while this waited for its turn.
    latest = _latest(connection, core, event)
    repeated = _repeated(connection, core, latest, event, given)
    if repeated is not None:
        _remember(connection, once, repeated[0], now)
        return repeated[1]
    who = None
    if event.customer is not None:
        who = identify.settle_held(connection, core.settings, event.source, event.customer, given, now)
    situation = settled_situation(connection, core, event, given, who, now)
    verdict = recheck(situation, verdict)
    customer_id, agent_id = who.customer_id if who else None, _agent(connection, event, now)
    contact_id, resolution = _store(connection, event, latest, situation.contact, customer_id, agent_id, now)
    store_decision(connection, contact_id, verdict)
    _invite(connection, core, contact_id, customer_id, agent_id, situation, verdict, version, now)
    payload = {"contact": contact_id, "resolution": resolution, "asked": verdict.ask is not None}
    publish(connection, "contact.recorded", now, payload)
    join_claims(connection, [Known(contact_id, event.source, event.external_id)], now)
    _remember(connection, once, contact_id, now)
    return Recorded(_view(core, contacts.contact_by_id(connection, contact_id)), created=True)


def _remember(connection: Connection, once: Once | None, contact_id: int, now: datetime) -> None:
    if once is not None:
        contacts.add_idempotency(connection, once.scope, once.key, once.digest, contact_id, now)


def _agent(connection: Connection, event: ContactEvent, now: datetime) -> int | None:
    if event.agent is None:
        return None
    values = {"name": event.agent.name, "team": event.team}
    return people.upsert_agent(connection, event.source, event.agent.id, new_public_id(), values, now)


def _store(
    connection: Connection,
    event: ContactEvent,
    latest: AnyRow | None,
    contact: Contact,
    customer_id: int | None,
    agent_id: int | None,
    now: datetime,
) -> tuple[int, int]:
    # What erasing left of an earlier one is another contact's row by now.
    resolution = latest.resolution + 1 if latest is not None and latest.external_id == event.external_id else 1
    values: dict[str, Any] = {
        "public_id": new_public_id(),
        "source": event.source,
        "external_id": event.external_id,
        "resolution": resolution,
        "customer_id": customer_id,
        "agent_id": agent_id,
        **{name: getattr(contact, name) for name in DIMENSIONS},
        "tags": list(contact.tags),
        "direction": contact.direction,
        "closed_by": contact.closed_by,
        "started_at": contact.started_at,
        "ended_at": contact.ended_at,
        "url": contact.url,
        "ask": contact.ask,
        "test": contact.test,
        "imported": False,
        "attributes": dict(contact.attributes),
        "recorded_at": now,
    }
    return contacts.add_contact(connection, values), resolution


def store_decision(connection: Connection, contact_id: int, verdict: Verdict) -> None:
    """Store the one decision on a contact."""
    decision = verdict.decision
    contacts.add_decision(
        connection,
        {
            "contact_id": contact_id,
            "outcome": decision.outcome,
            "rule": decision.rule,
            "reason": decision.reason,
            "policy": verdict.policy,
            "facts": dict(decision.facts),
            "decided_at": decision.decided_at,
        },
    )


def _invite(
    connection: Connection,
    core: Core,
    contact_id: int,
    customer_id: int | None,
    agent_id: int | None,
    situation: Situation,
    verdict: Verdict,
    version: Version | None,
    now: datetime,
) -> None:
    ask = verdict.ask
    if ask is None:
        return
    to = address_for(situation, ask.channels[0])
    if version is None or to is None:  # the guards and the policy have just seen both
        raise Conflict("the survey or the address disappeared while deciding")
    contact: Contact = situation.contact
    target = Target(
        contact_id=contact_id,
        customer_id=customer_id,
        agent_id=agent_id,
        dimensions={name: getattr(contact, name) for name in DIMENSIONS},
        contact_at=contact.ended_at,
        test=contact.test,
    )
    invite(connection, target, ask, version.id, to, core.settings.public_url, now)


@dataclass(frozen=True)
class Reopened:
    """What reopening did.

    Args:
        contact: The contact's newest resolution.
        applied: False when a later end was recorded already, or it was open.
        cancelled: How many deliveries were cancelled.
    """

    contact: ContactView
    applied: bool
    cancelled: int


def reopen_contact(core: Core, source: str, external_id: str, at: datetime | None = None) -> Reopened:
    """Note that a contact goes on: cancel what is not sent; its next end is a resolution of its own.

    Args:
        core: The instance.
        source: The contact's source.
        external_id: Its id there.
        at: When it was reopened; now when left out.

    Raises:
        NotFound: No such contact was recorded.
        Refused: The time lies in the future, where it would make every later end look like an earlier one.
    """
    now = core.clock.now()
    moment = at or now
    if moment > now + EARLY:
        raise Refused(Problem("at", "lies more than a day in the future"))

    def run(connection: Connection) -> Reopened:
        lock_keys(connection, [f"contact:{source}:{external_id}"])
        latest = latest_known(connection, core.links, source, external_id)
        if latest is None:
            raise NotFound("no such contact was recorded")
        applied = latest.reopened_at is None and moment >= latest.ended_at
        cancelled = _reopen(connection, latest, moment, now) if applied else 0
        return Reopened(_view(core, contacts.contact_by_id(connection, latest.id)), applied, cancelled)

    return core.store.write(run)


def _reopen(connection: Connection, latest: AnyRow, moment: datetime, now: datetime) -> int:
    contacts.mark_reopened(connection, latest.id, moment)
    publish(connection, "contact.reopened", now, {"contact": latest.id})
    cancelled = 0
    for asked in invitations.asks_of(connection, latest.id):
        cancelled += cancel_unsent(connection, asked.id, "reopened", now)
        if asked.state == "due":
            invitations.change_invitation(connection, asked.id, state="cancelled", reason="reopened", ended_at=now)
            publish(connection, "invitation.cancelled", now, {"invitation": asked.id})
    return cancelled


def get_contact(core: Core, public_id: str) -> ContactView:
    """Return one contact with its decision.

    Raises:
        NotFound: There is none with this id.
    """
    with core.store.read() as connection:
        row = contacts.contact_by_public_id(connection, public_id)
    if row is None:
        raise NotFound("no such contact")
    return _view(core, row)
