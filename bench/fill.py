"""Fill an instance with many answers, straight into the tables: the card is measured beside a long history."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from feedbackhub.loop.core import Core
from feedbackhub.machinery.links import new_public_id
from feedbackhub.store import tables
from feedbackhub.store.tables import DIMENSIONS

PER_CUSTOMER = 10
CHUNK = 5_000


def fill(core: Core, responses: int) -> int:
    """Store this many answered contacts, ten for each customer, and return how many customers that are."""
    now = core.clock.now()
    with core.store.read() as connection:
        version = connection.execute(
            select(tables.survey_version.c.id).where(tables.survey_version.c.survey == "post-contact")
        ).scalar_one()
    customers = responses // PER_CUSTOMER
    for start in range(1, customers + 1, CHUNK):
        numbers = range(start, min(start + CHUNK, customers + 1))

        def write(connection: Connection, numbers: range = numbers) -> None:
            for table, rows in _rows(numbers, version, now):
                connection.execute(insert(table), rows)

        core.store.write(write)
    return customers


def address(number: int) -> str:
    """Return the e-mail address of the n-th customer."""
    return f"bench{number}@example.org"


def _rows(numbers: range, version: int, now: datetime) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    base = 1_000_000_000  # far from the rows that other measurements make
    yield tables.person, [{"id": base + n, "created_at": now} for n in numbers]
    yield tables.customer, [
        {"id": base + n, "public_id": new_public_id(), "person_id": base + n, "name": f"Customer {n}",
         "attributes": {}, "created_at": now, "updated_at": now}
        for n in numbers
    ]  # fmt: skip
    yield (
        tables.identifier,
        [{"customer_id": base + n, "kind": "email", "value": address(n), "created_at": now} for n in numbers],
    )
    every = [(n, i) for n in numbers for i in range(PER_CUSTOMER)]
    yield tables.contact, [_contact(base, n, i, now) for n, i in every]
    yield tables.decision, [
        {"contact_id": base + n * PER_CUSTOMER + i, "outcome": "ask", "rule": "policy", "reason": "", "policy": "",
         "facts": {}, "decided_at": now}
        for n, i in every
    ]  # fmt: skip
    yield tables.invitation, [_invitation(base, n, i, version, now) for n, i in every]
    yield tables.response, [_response(base, n, i, version, now) for n, i in every]


def _when(now: datetime, n: int, i: int) -> datetime:
    return now - timedelta(days=1000 - 90 * i, seconds=n % 86_400)


def _dimensions(n: int) -> dict[str, str]:
    return {**dict.fromkeys(DIMENSIONS, ""), "channel": ("email", "chat", "phone")[n % 3], "team": f"Team {n % 8}"}


def _contact(base: int, n: int, i: int, now: datetime) -> dict[str, Any]:
    key = base + n * PER_CUSTOMER + i
    return {
        "id": key, "public_id": new_public_id(), "source": "bench", "external_id": str(key), "resolution": 1,
        "customer_id": base + n, **_dimensions(n), "tags": [], "direction": "inbound", "closed_by": "agent",
        "ended_at": _when(now, n, i), "url": "", "ask": True, "attributes": {}, "recorded_at": _when(now, n, i),
    }  # fmt: skip


def _invitation(base: int, n: int, i: int, version: int, now: datetime) -> dict[str, Any]:
    key, at = base + n * PER_CUSTOMER + i, _when(now, n, i)
    return {
        "id": key, "public_id": new_public_id(), "contact_id": key, "customer_id": base + n,
        "survey_version_id": version, "survey": "post-contact", "survey_type": "post-contact", "state": "answered",
        "ladder": ["mailbox"], "step": 0, "reminders": 0, "reminder_after": 0, "edit_window": 0, **_dimensions(n),
        "contact_at": at, "created_at": at, "due_at": at, "sent_at": at, "expires_at": at + timedelta(days=14),
        "ended_at": at,
    }  # fmt: skip


def _response(base: int, n: int, i: int, version: int, now: datetime) -> dict[str, Any]:
    key, at, value = base + n * PER_CUSTOMER + i, _when(now, n, i), random.Random(n * 31 + i).randint(1, 5)
    return {
        "id": key, "public_id": new_public_id(), "invitation_id": key, "customer_id": base + n,
        "survey_version_id": version, "answers": {"satisfaction": value}, "complete": True, "confidence": "human",
        "signs": [], "revision": 1, "via": "page", "language": "en", "headline_question": "satisfaction",
        "headline": value, "headline_max": 5, "score": (value - 1) * 25, "low": value < 3, "wants_call": False,
        "comment": "", "created_at": at, "changed_at": at, "settled_at": at,
    }  # fmt: skip
