"""Storing a batch of imported contacts with their answers: few statements, all in one write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.intake import CustomerData
from ..contract.records import Identifier
from ..loop import identify
from ..loop.claims import Known, join_claims
from ..loop.core import Core
from ..loop.erased import marks_of
from ..loop.summarise import answer_rows, summary
from ..machinery.links import Links, new_public_id
from ..machinery.settings import Settings
from ..store.queries import imports, people
from ..store.queries.locks import lock_keys
from ..store.tables import answer, contact, decision, invitation, response, revision
from ..store.types import AnyRow
from .import_gestures import come_with, insert_new
from .import_rows import ContactRow

__all__ = ["Memory", "Stored", "store_contacts"]

_MOST_REMEMBERED = 50_000
_REASON = "The contact was imported; imports ask nobody."


@dataclass(frozen=True)
class Memory:
    """Whom a run has met, so that nobody is looked up again for each row.

    Args:
        agents: Row numbers by source and the agent's id there.
        customers: Row numbers, and what was said of them, by source and identifiers.
    """

    agents: dict[tuple[str, str], int] = field(default_factory=dict)
    customers: dict[tuple[str, tuple[Identifier, ...]], tuple[CustomerData, int]] = field(default_factory=dict)

    def take(self, other: Memory) -> None:
        """Remember what a batch has met, once that is durable; of very many customers only the latest."""
        self.agents.update(other.agents)
        if len(self.customers) > _MOST_REMEMBERED:
            self.customers.clear()
        self.customers.update(other.customers)


@dataclass(frozen=True)
class Stored:
    """What became of a batch.

    Args:
        created: Rows that are new.
        known: Rows that were recorded before.
        answers: Answers stored, also to contacts recorded before.
        gestures: Gestures stored, likewise.
        met: Whom the run has met for the first time.
    """

    created: int = 0
    known: int = 0
    answers: int = 0
    gestures: int = 0
    met: Memory = field(default_factory=Memory)


@dataclass
class _Place:
    """Where an answer belongs: a contact's row numbers and what is frozen on it."""

    row: ContactRow
    contact_id: int
    customer_id: int | None
    agent_id: int | None
    dimensions: Mapping[str, str]


def store_contacts(
    connection: Connection, core: Core, rows: Sequence[ContactRow], known: Memory, now: datetime
) -> Stored:
    """Store a batch; rows recorded before stay as they are.

    Args:
        connection: Inside a write.
        core: The instance.
        rows: The batch.
        known: Whom this run has met before; not changed, for a write may run again.
        now: The present moment.
    """
    keys = [_key(row) for row in rows]
    identifiers = (f"{each.kind}:{each.value}" for row in rows for each in row.given)
    lock_keys(connection, [*(f"contact:{source}:{external_id}" for source, external_id in keys), *identifiers])
    before = imports.newest_contacts(connection, keys)
    erased = _erased(connection, core.links, keys)
    fresh: dict[tuple[str, str], ContactRow] = {}
    for row, key in zip(rows, keys, strict=True):
        if key not in before and key not in erased:
            fresh.setdefault(key, row)
    new = list(fresh.values())
    met = Memory(agents=_agents(connection, new, known.agents, now))
    customers = _customers(connection, core.settings, new, known, met, now)
    places = _contacts(connection, new, customers, known.agents | met.agents, now)
    late = [(row, before[key]) for row, key in zip(rows, keys, strict=True) if key in before and row.answer]
    places += _missing_answers([(row, old) for row, old in late if old.invitation_id is None])
    answers = _answers(connection, [place for place in places if place.row.answer is not None], now)
    done = [come_with(core, each.row, each.contact_id, each.customer_id, each.agent_id) for each in places[: len(new)]]
    done += [come_with(core, row, old.id, old.customer_id, old.agent_id)
             for row, key in zip(rows, keys, strict=True) if (old := before.get(key))]  # fmt: skip
    gestures = insert_new(connection, [each for each in done if each is not None], now)
    return Stored(len(new), len(rows) - len(new), answers, gestures, met)


def _key(row: ContactRow) -> tuple[str, str]:
    return row.event.source, row.event.external_id


def _erased(connection: Connection, links: Links, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the contacts of people who were erased; a file must not bring them back."""
    marks = {(source, mark): (source, key) for source, key in keys for mark in marks_of(links, source, key)}
    return {marks[found] for found in imports.newest_contacts(connection, marks)}


def _missing_answers(late: Sequence[tuple[ContactRow, AnyRow]]) -> list[_Place]:
    """Return where answers go that come after their contact; of several to one contact, the first."""
    first = {old.id: (row, old) for row, old in reversed(late)}
    names = ("channel", "team", "topic", "product", "brand", "language", "segment", "country")
    return [
        _Place(row, old.id, old.customer_id, old.agent_id, {name: old._mapping[name] for name in names})
        for row, old in first.values()
    ]


def _agents(
    connection: Connection, rows: Sequence[ContactRow], met: Mapping[tuple[str, str], int], now: datetime
) -> dict[tuple[str, str], int]:
    """Return agents met for the first time; history does not rename those that are known."""
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        agent = row.event.agent
        key = (row.event.source, agent.id) if agent else None
        if agent is None or key is None or key in met or key in found:
            continue
        known = people.agent_by_key(connection, *key)
        values = {"name": agent.name, "team": row.event.team}
        found[key] = known.id if known else people.upsert_agent(connection, *key, new_public_id(), values, now)
    return found


def _customers(
    connection: Connection, settings: Settings, rows: Sequence[ContactRow], known: Memory, met: Memory, now: datetime
) -> list[int | None]:
    """Return each row's customer; those nobody shares an identifier with are stored all at once."""
    named = [row for row in rows if row.event.customer is not None and not _is_known(row, known)]
    seen = imports.taken(connection, {each for row in named for each in row.given})
    alone = []
    for row in named:
        if not seen.intersection(row.given):
            alone.append(row)
        seen.update(row.given)
    values = [identify.new_customer(_of(row)) for row in alone]
    for row, customer_id in zip(
        alone, imports.add_customers(connection, values, [row.given for row in alone], now), strict=True
    ):
        met.customers[row.event.source, row.given] = _of(row), customer_id
    return [_customer(connection, settings, row, known, met, now) for row in rows]


def _is_known(row: ContactRow, memory: Memory) -> bool:
    """Tell whether the very same was said of a customer before."""
    found = memory.customers.get((row.event.source, row.given))
    return found is not None and found[0] == row.event.customer


def _customer(
    connection: Connection, settings: Settings, row: ContactRow, known: Memory, met: Memory, now: datetime
) -> int | None:
    if row.event.customer is None:
        return None
    for memory in (met, known):
        if _is_known(row, memory):
            return memory.customers[row.event.source, row.given][1]
    customer_id = identify.settle(connection, settings, row.event.source, _of(row), row.given, now).customer_id
    met.customers[row.event.source, row.given] = _of(row), customer_id
    return customer_id


def _of(row: ContactRow) -> CustomerData:
    if row.event.customer is None:
        raise TypeError("an anonymous contact has no customer")
    return row.event.customer


def _contacts(
    connection: Connection,
    rows: Sequence[ContactRow],
    customers: Sequence[int | None],
    agents: Mapping[tuple[str, str], int],
    now: datetime,
) -> list[_Place]:
    known = imports.dimensions_of(connection, [each for each in customers if each is not None])
    places = []
    for row, customer_id in zip(rows, customers, strict=True):
        event = row.event
        stored = known[customer_id]._mapping if customer_id is not None else {}
        frozen = {name: said or stored.get(name, "") for name, said in row.frozen.items()}
        own = {name: getattr(event, name) for name in ("channel", "team", "topic", "product", "brand")}
        agent_id = agents[event.source, event.agent.id] if event.agent else None
        places.append(_Place(row, 0, customer_id, agent_id, {**own, **frozen}))
    ids = imports.insert_many(connection, contact, [_contact_values(place, now) for place in places])
    for place, contact_id in zip(places, ids, strict=True):
        place.contact_id = contact_id
    imports.add_many(connection, decision, [_decision_values(contact_id, now) for contact_id in ids])
    imports.add_events(
        connection,
        "contact.recorded",
        now,
        ({"contact": contact_id, "resolution": 1, "asked": False, "imported": True} for contact_id in ids),
    )
    tickets = zip(rows, ids, strict=True)
    join_claims(connection, [Known(each, row.event.source, row.event.external_id) for row, each in tickets], now)
    return places


def _contact_values(place: _Place, now: datetime) -> dict[str, Any]:
    event = place.row.event
    return {
        "public_id": new_public_id(),
        "source": event.source,
        "external_id": event.external_id,
        "resolution": 1,
        "customer_id": place.customer_id,
        "agent_id": place.agent_id,
        **place.dimensions,
        "tags": list(event.tags),
        "direction": event.direction,
        "closed_by": event.closed_by,
        "started_at": event.started_at,
        "ended_at": event.ended_at,
        "url": event.url,
        "ask": False,
        "test": False,
        "imported": True,
        "attributes": dict(event.attributes),
        "recorded_at": now,
    }


def _decision_values(contact_id: int, now: datetime) -> dict[str, Any]:
    said = {"outcome": "dont_ask", "rule": "imported", "reason": _REASON, "policy": "", "facts": {}}
    return {"contact_id": contact_id, **said, "decided_at": now}


def _answers(connection: Connection, places: Sequence[_Place], now: datetime) -> int:
    """Store answers with the invitations that stand for how they were asked elsewhere."""
    asked = imports.insert_many(connection, invitation, [_invitation_values(place) for place in places])
    given = imports.insert_many(
        connection, response, [_response_values(place, one) for place, one in zip(places, asked, strict=True)]
    )
    answers, revisions, told = [], [], []
    for place, invitation_id, response_id in zip(places, asked, given, strict=True):
        found = place.row.answer
        if found is not None:
            values = dict(found.checked.values)
            answers += [{**row, "response_id": response_id} for row in answer_rows(found.version.survey, values)]
            revisions.append(
                {"response_id": response_id, "number": 1, "answers": values, "confidence": "human", "signs": [],
                 "at": found.at}
            )  # fmt: skip
        told.append({"response": response_id, "invitation": invitation_id, "revision": 1, "confidence": "human",
                     "imported": True})  # fmt: skip
    imports.add_many(connection, answer, answers)
    imports.add_many(connection, revision, revisions)
    imports.add_events(connection, "response.recorded", now, told)
    return len(given)


def _invitation_values(place: _Place) -> dict[str, Any]:
    found = place.row.answer
    if found is None:
        raise TypeError("no answer, no invitation")
    moments = dict.fromkeys(("created_at", "due_at", "expires_at", "ended_at"), found.at)
    return {
        "public_id": new_public_id(),
        "contact_id": place.contact_id,
        "customer_id": place.customer_id,
        "agent_id": place.agent_id,
        "survey_version_id": found.version.id,
        "survey": found.version.survey.name,
        "survey_type": found.version.survey.type,
        "state": "answered",
        "ladder": [],
        **place.dimensions,
        "test": False,
        "imported": True,
        "contact_at": place.row.event.ended_at,
        **moments,
    }


def _response_values(place: _Place, invitation_id: int) -> dict[str, Any]:
    found = place.row.answer
    if found is None:
        raise TypeError("no answer, no response")
    shown = summary(found.version.survey, found.checked.values)
    return {
        "public_id": new_public_id(),
        "invitation_id": invitation_id,
        "customer_id": place.customer_id,
        "survey_version_id": found.version.id,
        "answers": dict(found.checked.values),
        "complete": found.checked.complete,
        "confidence": "human",
        "signs": [],
        "revision": 1,
        "via": "import",
        "language": found.language,
        **shown,
        # An old wish to be called is history, not something to do today.
        "call_settled_at": found.at if shown["wants_call"] else None,
        "created_at": found.at,
        "changed_at": found.at,
        "settled_at": found.at,
    }
