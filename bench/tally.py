"""How many events a second the tallies take in: a backlog of sends and answers, read by the subscriber alone."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from bench.instance import made
from feedbackhub.loop import tallies
from feedbackhub.loop.core import Core
from feedbackhub.machinery.links import new_public_id
from feedbackhub.store import tables

_CHUNK = 5_000
_DAYS = 30
#: How many values each frozen dimension takes.
_VALUES = {
    "channel": 4, "team": 12, "topic": 25, "product": 6, "brand": 2, "language": 4, "segment": 3, "country": 10,
}  # fmt: skip


def measure(responses: int = 20_000) -> float:
    """Return how many events a second the subscriber takes in on SQLite, each durable in its batch.

    Args:
        responses: Answers of two scored questions each; with their sends this makes twice as many events.
    """
    return _measured(responses)[0]


def _measured(responses: int) -> tuple[float, float]:
    """Return events a second, and milliseconds of processor time for each."""
    with made() as (_, core, _key):
        backlog(core, responses)
        began, busy = time.perf_counter(), time.process_time()
        events = 0
        while done := tallies.keep(core.store, core.clock.now()):
            events += done
        seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    if events != 2 * responses:
        raise RuntimeError(f"{events} events were read, not {2 * responses}")
    return events / seconds, 1000 * cpu / events


def backlog(core: Core, responses: int) -> None:
    """Store answered invitations with the events that tell of them, straight into the tables."""
    now = core.clock.now()
    with core.store.read() as connection:
        version = connection.execute(
            select(tables.survey_version.c.id).where(tables.survey_version.c.survey == "post-contact")
        ).scalar_one()
    for start in range(1, responses + 1, _CHUNK):
        numbers = range(start, min(start + _CHUNK, responses + 1))

        def write(connection: Connection, numbers: range = numbers) -> None:
            for table, rows in _rows(numbers, version, now):
                connection.execute(insert(table), rows)

        core.store.write(write)


def _rows(numbers: range, version: int, now: datetime) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    chance = random.Random(numbers.start)
    yield tables.invitation, [_invitation(n, version, now, chance) for n in numbers]
    yield tables.response, [_response(n, version, now) for n in numbers]
    yield tables.answer, [row for n in numbers for row in _answers(n, chance)]
    yield tables.event, [row for n in numbers for row in _events(n, now)]


def _when(n: int, now: datetime) -> datetime:
    """Return when the n-th was answered: they come in about the order of time."""
    return now - timedelta(days=_DAYS) + timedelta(seconds=n * 2 % (_DAYS * 86_400))


def _invitation(n: int, version: int, now: datetime, chance: random.Random) -> dict[str, Any]:
    at = _when(n, now) - timedelta(hours=chance.randint(1, 48))
    return {
        "id": n, "public_id": new_public_id(), "survey_version_id": version, "survey": "post-contact",
        "survey_type": "post-contact", "state": "answered", "ladder": ["mailbox"], "step": 0, "reminders": 0,
        "reminder_after": 0, "edit_window": 0,
        **{name: f"{name} {chance.randrange(values)}" for name, values in _VALUES.items()},
        "contact_at": at, "created_at": at, "due_at": at, "sent_at": at, "expires_at": at + timedelta(days=14),
        "ended_at": at,
    }  # fmt: skip


def _response(n: int, version: int, now: datetime) -> dict[str, Any]:
    at = _when(n, now)
    return {
        "id": n, "public_id": new_public_id(), "invitation_id": n, "survey_version_id": version, "answers": {},
        "complete": True, "confidence": "human", "signs": [], "revision": 1, "via": "page", "language": "en",
        "headline_question": "satisfaction", "headline": 4, "headline_max": 5, "score": 75, "low": False,
        "wants_call": False, "comment": "", "created_at": at, "changed_at": at, "settled_at": at,
    }  # fmt: skip


def _answers(n: int, chance: random.Random) -> list[dict[str, Any]]:
    rating, solved = chance.randint(1, 5), chance.random() < 0.8
    return [
        {"response_id": n, "question": "satisfaction", "role": "satisfaction", "value": rating,
         "score": 25 * (rating - 1)},
        {"response_id": n, "question": "solved", "role": "solved", "value": "yes" if solved else "no",
         "score": 100 if solved else 0},
    ]  # fmt: skip


def _events(n: int, now: datetime) -> list[dict[str, Any]]:
    at = _when(n, now)
    return [
        {"position": 2 * n - 1, "type": "invitation.sent", "at": at, "payload": {"invitation": n}},
        {"position": 2 * n, "type": "response.recorded", "at": at, "payload": {"response": n, "invitation": n}},
    ]


def main() -> None:
    """Print the figure for as many responses as the command line says."""
    rate, cost = _measured(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    print(f"{rate:,.0f} events/s, {cost:.3f} ms of processor time each")


if __name__ == "__main__":
    main()
