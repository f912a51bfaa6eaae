"""Gather what a decision looks at: the contact as a record, the person's past, suppressions."""

from __future__ import annotations

from collections.abc import Sequence
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


def read_situation(
    connection: Connection, core: Core, event: ContactEvent, given: Sequence[Identifier], now: datetime
) -> tuple[Situation, int | None]:
    """Return all that the guards and rules look at, and the person behind the contact if known.

    Args:
        connection: An open connection, inside the write or not.
        core: The instance.
        event: What the source says.
        given: The event's normalised identifiers.
        now: The present moment.
    """
    match = identify.find(connection, core.settings, event.source, given) if given else identify.Match()
    customer, kin, root = None, [], None
    if event.customer is not None:
        stored: tuple[Identifier, ...] = ()
        row = people.customer_row(connection, match.customer_id) if match.customer_id else None
        if match.person_id is not None:
            root = people.root_of(connection, match.person_id)
            kin = people.family_customers(connection, root)
            stored = tuple(each for _, each in people.identifiers_of(connection, kin))
        if event.test and core.settings.test_address:
            # Where the test goes, whatever the customer can be reached by.
            stored = (*stored, Identifier("email", core.settings.test_address))
        said = event.customer
        customer = Customer(
            public_id=row.public_id if row else "",
            name=said.name or (row.name if row else ""),
            language=said.language or (row.language if row else ""),
            timezone=said.timezone or (row.timezone if row else ""),
            segment=said.segment or (row.segment if row else ""),
            country=said.country.upper() or (row.country if row else ""),
            identifiers=tuple(dict.fromkeys((*given, *stored))),
            attributes={**(row.attributes if row else {}), **said.attributes},
        )
    contact = _contact(event, customer, now)
    since = now - max(_longest(core.settings), _REMEMBERED)
    asks = [] if contact.test else invitations.past_asks(connection, kin, since)
    history = History(now, tuple(PastAsk(a.survey_type, a.asked_at, a.state == "answered") for a in asks))
    suppressed = suppressed_among(connection, core.links, customer.identifiers if customer else ())
    return Situation(contact, history, core.plugins.channels, suppressed), root


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
