"""Gather what a decision looks at: the contact as a record, the person's past, suppressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.intake import ContactEvent
from ..contract.records import Agent, Contact, Customer, History, Identifier, PastAsk
from ..machinery.links import Links
from ..machinery.settings import Settings
from ..store.queries import contacts, invitations, people, suppressions
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from . import identify
from .core import Core
from .guards import Situation

#: How far back rules may look, at least.
_REMEMBERED = timedelta(days=366)
_AS_RECORDED = (
    *DIMENSIONS, "source", "external_id", "direction", "closed_by", "started_at", "ended_at", "url", "ask", "test",
)  # fmt: skip


def foreseen_situation(
    connection: Connection, core: Core, event: ContactEvent, given: Sequence[Identifier], now: datetime
) -> Situation:
    """Return all that the guards and rules look at, before anything of the contact is stored.

    Args:
        connection: An open connection.
        core: The instance.
        event: What the source says.
        given: The event's normalised identifiers.
        now: The present moment.
    """
    match = identify.find(connection, core.settings, event.source, given) if given else identify.Match()
    known = _NOBODY
    if match.customer_id is not None and match.person_id is not None:
        known = _known(connection, match.customer_id, match.person_id)
    return _situation(connection, core, event, given, known, now)


def settled_situation(
    connection: Connection,
    core: Core,
    event: ContactEvent,
    given: Sequence[Identifier],
    who: identify.Settled | None,
    now: datetime,
) -> Situation:
    """Return all that the guards look at once it is settled whose contact it is.

    Args:
        connection: Inside the write.
        core: The instance.
        event: What the source says.
        given: The event's normalised identifiers.
        who: Whose contact it is, None for an anonymous one.
        now: The present moment.
    """
    # Of somebody who was not known before, nothing is known but what the event says.
    known = _NOBODY if who is None or who.fresh else _known(connection, who.customer_id, who.person_id)
    return _situation(connection, core, event, given, known, now)


@dataclass(frozen=True)
class _Known:
    """What is stored of somebody: the customer's row, all customers of the person, and their identifiers."""

    row: AnyRow | None = None
    kin: Sequence[int] = ()
    stored: tuple[Identifier, ...] = ()


_NOBODY = _Known()


def _known(connection: Connection, customer_id: int, person_id: int) -> _Known:
    kin = people.family_customers(connection, person_id)
    stored = tuple(each for _, each in people.identifiers_of(connection, kin))
    return _Known(people.customer_row(connection, customer_id), kin, stored)


def _situation(
    connection: Connection,
    core: Core,
    event: ContactEvent,
    given: Sequence[Identifier],
    known: _Known,
    now: datetime,
) -> Situation:
    customer = _customer(core, event, given, known)
    contact = _contact(event, customer, now)
    since = now - max(_longest(core.settings), _REMEMBERED)
    asks = [] if contact.test else invitations.past_asks(connection, known.kin, since)
    history = History(now, tuple(PastAsk(a.survey_type, a.asked_at, a.state == "answered") for a in asks))
    suppressed = suppressed_among(connection, core.links, customer.identifiers if customer else ())
    return Situation(contact, history, core.plugins.channels, suppressed)


def _customer(core: Core, event: ContactEvent, given: Sequence[Identifier], known: _Known) -> Customer | None:
    said, row, stored = event.customer, known.row, known.stored
    if said is None:
        return None
    if event.test and core.settings.test_address:
        # Where the test goes, whatever the customer can be reached by.
        stored = (*stored, Identifier("email", core.settings.test_address))
    return Customer(
        public_id=row.public_id if row else "",
        name=said.name or (row.name if row else ""),
        language=said.language or (row.language if row else ""),
        timezone=said.timezone or (row.timezone if row else ""),
        segment=said.segment or (row.segment if row else ""),
        country=said.country.upper() or (row.country if row else ""),
        identifiers=tuple(dict.fromkeys((*given, *stored))),
        attributes={**(row.attributes if row else {}), **said.attributes},
    )


def read_recorded(connection: Connection, core: Core, contact_id: int, now: datetime) -> Situation:
    """Return what rules look at when a customer is written to once more about a recorded contact.

    Args:
        connection: An open connection, inside the write or not.
        core: The instance.
        contact_id: Row number of the contact.
        now: The present moment.
    """
    row = contacts.contact_by_id(connection, contact_id)
    customer = _recorded_customer(connection, row)
    known = customer.identifiers if customer else ()
    agent = Agent(row.agent_public_id, row.agent_name or "", row.team) if row.agent_id is not None else None
    contact = Contact(
        public_id=row.public_id,
        resolution=row.resolution,
        customer=customer,
        agent=agent,
        tags=tuple(row.tags),
        attributes=dict(row.attributes),
        **{name: getattr(row, name) for name in _AS_RECORDED},
    )
    return Situation(contact, History(now), core.plugins.channels, suppressed_among(connection, core.links, known))


def _recorded_customer(connection: Connection, contact: AnyRow) -> Customer | None:
    if contact.customer_id is None:
        return None
    row = people.customer_row(connection, contact.customer_id)
    kin = people.family_customers(connection, people.root_of(connection, row.person_id))
    known = dict.fromkeys(each for _, each in people.identifiers_of(connection, kin))
    return Customer(
        public_id=row.public_id,
        name=row.name,
        language=row.language,
        timezone=row.timezone,
        segment=row.segment,
        country=row.country,
        identifiers=tuple(known),
        attributes=row.attributes,
    )


def suppressed_among(connection: Connection, links: Links, identifiers: Sequence[Identifier]) -> dict[Identifier, str]:
    """Return which identifiers must not be used, each with its reason."""
    prints = {print_: each for each in identifiers for print_ in links.fingerprints(each.kind, each.value)}
    if not prints:
        return {}
    return {prints[row.fingerprint]: row.reason for row in suppressions.among(connection, list(prints))}


def _longest(settings: Settings) -> timedelta:
    days = timedelta(days=max([settings.throttle.days, *settings.throttle.surveys.values()]))
    return max([days, *(entry.throttle for entry in settings.ask if entry.throttle is not None)])


def _contact(event: ContactEvent, customer: Customer | None, now: datetime) -> Contact:
    agent = Agent("", event.agent.name or event.agent.id, event.team) if event.agent else None
    return Contact(
        public_id="",
        source=event.source,
        external_id=event.external_id,
        resolution=0,
        channel=event.channel,
        ended_at=event.ended_at or now,
        started_at=event.started_at,
        customer=customer,
        agent=agent,
        team=event.team,
        topic=event.topic,
        product=event.product,
        brand=event.brand,
        language=customer.language if customer else "",
        segment=customer.segment if customer else "",
        country=customer.country if customer else "",
        tags=tuple(event.tags),
        direction=event.direction,
        closed_by=event.closed_by,
        url=event.url,
        ask=event.ask,
        test=event.test,
        attributes=dict(event.attributes),
    )
