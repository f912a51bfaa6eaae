"""Fill an instance with many answers, straight into the tables: what is measured is measured beside a long history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select

from bench.targets import Target, target_of
from feedbackhub.loop.core import Core
from feedbackhub.loop.counted import Counted, Sum
from feedbackhub.machinery.links import is_public_id
from feedbackhub.store import tables
from feedbackhub.store.tables import DIMENSIONS

__all__ = ["BASE", "PER_CUSTOMER", "address", "fill", "fill_open", "fill_tally"]

PER_CUSTOMER = 10
CHUNK = 2_000
#: Far from the rows that other measurements make.
BASE = 1_000_000_000
DAYS = 1000
CHANNELS, TEAMS = ("email", "chat", "phone"), tuple(f"Team {n}" for n in range(8))
Row = tuple[Any, ...]
_SELDOM_READ = ("decision", "answer")
_NO_DIMENSIONS = dict.fromkeys(DIMENSIONS, "")
Told = Callable[[int], None]


@dataclass(frozen=True)
class Plan:
    """What the rows have in common.

    Args:
        now: The moment that the history ends.
        version: The survey's version.
        survey: Its name.
        question: The question that is answered.
        least: Its smallest value.
        most: Its largest one.
    """

    now: datetime
    version: int
    survey: str
    question: str
    least: int
    most: int

    def value(self, n: int, i: int) -> int:
        """Return what the n-th customer answered the i-th time."""
        return self.least + (n * 7919 + i * 104_729 + n // 13) % (self.most - self.least + 1)

    def score(self, value: int) -> int:
        """Return a value on the scale from 0 to 100."""
        return round((value - self.least) * 100 / (self.most - self.least))

    def when(self, n: int, i: int) -> datetime:
        """Return when the n-th customer was served the i-th time."""
        return self.now - timedelta(days=DAYS - DAYS // PER_CUSTOMER * i - n % 90, seconds=n % 86_399)


def fill(
    core: Core,
    responses: int,
    survey: str = "post-contact",
    first: int = 1,
    told: Told | None = None,
    lean: bool = False,
) -> int:
    """Store this many answered contacts, ten for each customer, and return how many customers that are.

    Args:
        core: The instance.
        responses: How many.
        survey: What was asked.
        first: Number of the first customer.
        told: Called now and then with how many are stored.
        lean: Whether to leave out what neither card nor analyses read: decisions, and answers one by one.
    """
    plan, customers = _plan(core, survey), responses // PER_CUSTOMER
    with target_of(core.store.url) as target:
        for start in range(first, first + customers, CHUNK):
            numbers = range(start, min(start + CHUNK, first + customers))
            for table, columns, rows in _rows(numbers, plan):
                if not (lean and table in _SELDOM_READ):
                    target.put(table, columns, rows)
            target.commit()
            if told is not None:
                told((numbers.stop - first) * PER_CUSTOMER)
        target.finish()
    return customers


def fill_open(core: Core, n: int) -> list[str]:
    """Store `n` invitations that were sent and wait for an answer, and return the paths of their links."""
    plan = _plan(core, "post-contact")
    numbers = range(1, n + 1)
    with target_of(core.store.url) as target:
        _put_open(target, numbers, plan)
        target.commit()
        target.finish()
    return [f"/s/{core.links.token(_public(f'o{number}'))}" for number in numbers]


def fill_tally(core: Core, responses: int, survey: str = "nps") -> int:
    """Store the counts of what `fill` stores, and return how many there are."""
    plan = _plan(core, survey)
    alike: Counter[tuple[str, str, str, str]] = Counter()
    for n in range(1, responses // PER_CUSTOMER + 1):
        channel, team = CHANNELS[n % 3], TEAMS[n % 8]
        for i in range(PER_CUSTOMER):
            alike[plan.when(n, i).date().isoformat(), channel, team, str(plan.value(n, i))] += 1
    counts: Counter[tuple[Any, ...]] = Counter()
    for (day, channel, team, value), n in alike.items():
        frozen = tuple({**_NO_DIMENSIONS, "channel": channel, "team": team}.values())
        both = Sum()
        both.add(Counted(survey, day, day, frozen, "answered", ((plan.question, value),)))
        both.add(Counted(survey, day, day, frozen, "sent"))
        for cell, one in both.cells():
            counts[cell] += one * n
    columns = ("basis", "day", "survey", "question", "dimension", "value", "score", "n")
    with target_of(core.store.url) as target:
        target.put("tally", columns, ((*cell, n) for cell, n in counts.items()))
        target.commit()
        target.finish()
    return len(counts)


def address(number: int) -> str:
    """Return the e-mail address of the n-th customer."""
    return f"bench{number}@example.org"


def _plan(core: Core, survey: str) -> Plan:
    newest = select(tables.survey_version.c.id).where(tables.survey_version.c.survey == survey)
    with core.store.read() as connection:
        version = connection.execute(newest.order_by(tables.survey_version.c.number.desc()).limit(1)).scalar_one()
    question, least, most = ("recommend", 0, 10) if survey == "nps" else ("satisfaction", 1, 5)
    return Plan(core.clock.now(), version, survey, question, least, most)


def _public(text: str) -> str:
    found = text.rjust(12, "0")
    if not is_public_id(found):
        raise ValueError(f"{found} is no public id")
    return found


def _rows(numbers: range, plan: Plan) -> Iterator[tuple[str, tuple[str, ...], Iterable[Row]]]:
    yield from _customers(numbers, plan.now)
    every = [(n, i, plan.when(n, i)) for n in numbers for i in range(PER_CUSTOMER)]
    yield _contacts((n, BASE + n * PER_CUSTOMER + i, at) for n, i, at in every)
    yield (
        "decision",
        ("contact_id", "outcome", "rule", "reason", "policy", "facts", "decided_at"),
        ((BASE + n * PER_CUSTOMER + i, "ask", "policy", "", "", "{}", at) for n, i, at in every),
    )
    yield _invitations(((n, BASE + n * PER_CUSTOMER + i, at) for n, i, at in every), plan, "answered")
    yield _responses(every, plan)
    yield (
        "answer",
        ("response_id", "question", "role", "value", "score"),
        (
            (BASE + n * PER_CUSTOMER + i, plan.question, "", str(value := plan.value(n, i)), plan.score(value))
            for n, i, _ in every
        ),
    )


def _customers(numbers: Iterable[int], now: datetime) -> Iterator[tuple[str, tuple[str, ...], Iterable[Row]]]:
    yield "person", ("id", "created_at"), ((BASE + n, now) for n in numbers)
    yield (
        "customer",
        ("id", "public_id", "person_id", "name", "attributes", "created_at", "updated_at"),
        ((BASE + n, _public(f"c{n}"), BASE + n, f"Customer {n}", "{}", now, now) for n in numbers),
    )
    yield (
        "identifier",
        ("id", "customer_id", "kind", "value", "created_at"),
        ((BASE + n, BASE + n, "email", address(n), now) for n in numbers),
    )


def _contacts(rows: Iterable[tuple[int, int, datetime]]) -> tuple[str, tuple[str, ...], Iterable[Row]]:
    columns = (
        "id", "public_id", "source", "external_id", "resolution", "customer_id", "channel", "team", "tags",
        "direction", "closed_by", "ended_at", "url", "ask", "attributes", "recorded_at",
    )  # fmt: skip
    return "contact", columns, (
        (
            key, _public(f"k{key}"), "bench", str(key), 1, BASE + n, CHANNELS[n % 3], TEAMS[n % 8], "[]",
            "inbound", "agent", at, "", True, "{}", at,
        )
        for n, key, at in rows
    )  # fmt: skip


def _invitations(
    rows: Iterable[tuple[int, int, datetime]], plan: Plan, state: str
) -> tuple[str, tuple[str, ...], Iterable[Row]]:
    columns = (
        "id", "public_id", "contact_id", "customer_id", "survey_version_id", "survey", "survey_type", "state", "ladder",
        "step", "reminders", "reminder_after", "edit_window", "channel", "team", "contact_at", "created_at", "due_at",
        "sent_at", "expires_at", "ended_at",
    )  # fmt: skip
    mark, window = ("i", 0) if state == "answered" else ("o", 86_400)
    return "invitation", columns, (
        (
            key, _public(f"{mark}{key if state == 'answered' else n}"), key, BASE + n, plan.version, plan.survey,
            plan.survey, state, '["mailbox"]', 0, 0, 0, window, CHANNELS[n % 3], TEAMS[n % 8], at, at, at, at,
            at + timedelta(days=30), at if state == "answered" else None,
        )
        for n, key, at in rows
    )  # fmt: skip


def _responses(every: Iterable[tuple[int, int, datetime]], plan: Plan) -> tuple[str, tuple[str, ...], Iterable[Row]]:
    columns = (
        "id", "public_id", "invitation_id", "customer_id", "survey_version_id", "answers", "complete", "confidence",
        "signs", "revision", "via", "language", "headline_question", "headline", "headline_max", "score", "low",
        "wants_call", "created_at", "changed_at", "settled_at",
    )  # fmt: skip

    def row(n: int, i: int, at: datetime) -> Row:
        key, value = BASE + n * PER_CUSTOMER + i, plan.value(n, i)
        score = plan.score(value)
        return (
            key, _public(f"r{key}"), key, BASE + n, plan.version, f'{{"{plan.question}": {value}}}', True, "human",
            "[]", 1, "page", "en", plan.question, value, plan.most, score, score < 40, False, at, at, at,
        )  # fmt: skip

    return "response", columns, (row(n, i, at) for n, i, at in every)


def _put_open(target: Target, numbers: range, plan: Plan) -> None:
    base, at = BASE // 2, plan.now - timedelta(hours=1)  # other rows than those with answers
    everybody = iter(numbers)
    while some := list(islice(everybody, CHUNK)):
        shifted = [base - BASE + n for n in some]  # so that BASE + n is a customer of its own
        customers = [("person", ("id", "created_at"), [(BASE + n, at) for n in shifted])]
        customers.append(
            (
                "customer",
                ("id", "public_id", "person_id", "name", "attributes", "created_at", "updated_at"),
                [
                    (BASE + m, _public(f"d{n}"), BASE + m, "Ann", "{}", at, at)
                    for n, m in zip(some, shifted, strict=True)
                ],
            )
        )
        for table, columns, rows in customers:
            target.put(table, columns, rows)
        keys = [(m, base + n, at) for n, m in zip(some, shifted, strict=True)]
        target.put(*_contacts(keys))
        table, columns, invitations = _invitations(keys, plan, "sent")
        named = ((row[0], _public(f"o{row[0] - base}"), *row[2:]) for row in invitations)
        target.put(table, columns, named)
