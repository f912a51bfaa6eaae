"""A new case: what an answer makes of it, whose it is, and by when what is due."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Insert, insert

from feedbackhub import Contact, Fact, Hub, NotFound, Response, new_public_id

from .case import Case
from .flagging import flags_of
from .rules import Due
from .settings import Settings
from .tables import case as cases
from .tables import person

__all__ = ["LISTS", "fact_of", "new_case", "prints_of", "rows_of"]

LISTS = ("reasons", "flags", "tags", "joined")
LONGEST_PRINT = 32


def new_case(hub: Hub, settings: Settings, response: Response, due: Due, at: datetime) -> Case:
    """Return the case that an answer opens; it is kept nowhere yet.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
        response: The answer.
        due: Why, and by when what is due.
        at: When it is opened.
    """
    hours = settings.hours.calendar(hub.timezone)
    contact = contact_of(hub, response)
    team = response.dimensions.get("team", "")
    acknowledge_by = hours.add(at, due.acknowledge)
    return Case(
        id=new_public_id(), response=response.public_id, customer=response.customer, contact=response.contact,
        survey=response.survey, team=team, dimensions=dict(response.dimensions), reasons=due.reasons,
        flags=flags_of(settings, contact, response.dimensions.get("topic", ""), response.comment), tags=(),
        score=response.score, joined=(), state="open", outcome="", owner=settings.team(team).owner.lower(), level=0,
        opened_at=at, acknowledge_by=acknowledge_by, resolve_by=hours.add(at, due.resolve), acknowledged_at=None,
        closed_at=None, next_at=None, due_at=acknowledge_by, watch_at=at, overdue_at=None, reminders=0,
        reference="", url="", quiet=False, trial=None, reask_at=None, invitation="", again_response="",
        again_score=None, again_low=None, again_at=None, before=None, version=1,
    )  # fmt: skip


def contact_of(hub: Hub, response: Response) -> Contact | None:
    """Return the contact that an answer is about, None for none."""
    try:
        return hub.read.contact(response.contact) if response.contact else None
    except NotFound:  # its records were kept for a shorter time than the answer's
        return None


def rows_of(hub: Hub, case: Case) -> list[Insert]:
    """Return the statements that keep a new case, and by what its customer is known, in hashes."""
    row = {name: list(value) if name in LISTS else value for name, value in asdict(case).items()}
    known = [insert(person).values(case=case.id, print=each) for each in prints_of(hub, case.customer)]
    return [insert(cases).values(row), *known]


def prints_of(hub: Hub, customer: str) -> Sequence[str]:
    """Return keyed hashes of everything that a customer is known by; none for a stranger or an erased one."""
    try:
        known = hub.read.customer(customer).identifiers if customer else ()
    except NotFound:
        return ()
    return sorted({print_of(hub, each.kind, each.value) for each in known})


def print_of(hub: Hub, kind: str, value: str) -> str:
    """Return the keyed hash of one identifier."""
    key = hub.secret("people")
    return hmac.new(key, f"{kind}:{value}".encode(), "sha256").hexdigest()[:LONGEST_PRINT]


def fact_of(case: Case) -> Fact:
    """Return the event that tells of a new case."""
    payload = {
        "case": case.id, "response": case.response, "customer": case.customer, "contact": case.contact,
        "survey": case.survey, "reasons": list(case.reasons), "flags": list(case.flags), "score": case.score,
        "dimensions": dict(case.dimensions),
    }  # fmt: skip
    return Fact("recovery.opened", payload)
