"""The generated company put straight into an instance's tables, and what is true of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from bench.planted_company import OPEN_FOR, Agent, Ask, Plan, agents_of, asks
from bench.targets import target_of
from feedbackhub.loop.core import Core
from feedbackhub.loop.summarise import answer_rows, summary
from feedbackhub.loop.tallies import Changes, fresh_between
from feedbackhub.office.publishing import publish_survey
from feedbackhub.store import tables
from feedbackhub.store.tables import DIMENSIONS
from feedbackhub.surveys import Survey

__all__ = ["BASE", "DEFINITION", "SURVEY", "Maker", "Planted", "Truth", "plant"]

#: Far from the rows that an instance makes itself.
BASE = 1_000_000_000
SURVEY = "planted"
DEFINITION = """
name: planted
type: post-contact
languages: [en]
title: {en: "Your contact with us"}
subject: {en: "How did we do?"}
questions:
  - {id: satisfaction, type: csat, text: {en: "How satisfied are you?"}}
  - {id: recommend, type: nps, text: {en: "Would you recommend us?"}}
  - id: solved
    type: yes-no
    role: solved
    text: {en: "Was your issue solved?"}
    options: [{value: yes, text: {en: "Yes"}}, {value: no, text: {en: "No"}}]
  - id: contacts
    type: choice
    role: contacts
    text: {en: "How many times did you contact us about it?"}
    options:
      - {value: "1", text: {en: "Once"}}
      - {value: "2", text: {en: "Twice"}}
      - {value: "3+", text: {en: "More often"}}
  - {id: comment, type: text, role: comment, text: {en: "Anything else?"}}
thanks: {en: "Thank you."}
"""
Row = tuple[Any, ...]
Rows = tuple[str, tuple[str, ...], Iterable[Row]]


@dataclass(frozen=True)
class Truth:
    """A number over some customers.

    Args:
        n: How many they are.
        nps: The score from -1 to 1.
        csat: The share of answers 4 and 5 of 5.
        solved: The share who say that it was solved.
    """

    n: int
    nps: float
    csat: float
    solved: float


@dataclass(frozen=True)
class Planted:
    """What was planted, and what is true.

    Args:
        plan: What was planted.
        survey: Name of the survey; its questions are satisfaction, recommend, solved, contacts and comment.
        since, until: First and last day.
        everybody: The numbers over all who were asked, which an analysis is to find.
        answering: Those over the ones who answered, which raw numbers show.
        agents: Public id of each agent, by name.
        odd_agent: Public id of the one agent who differs, empty when all are equal.
    """

    plan: Plan
    survey: str
    since: date
    until: date
    everybody: Truth
    answering: Truth
    agents: dict[str, str]
    odd_agent: str


def plant(core: Core, plan: Plan) -> Planted:
    """Put a company into an instance's tables, count it, and return what is true of it.

    It may stand beside what is there already, and be called again with another plan.

    Args:
        core: The instance.
        plan: What is planted.
    """
    publish_survey(core, DEFINITION, "bench")
    now = core.clock.now()
    everything = list(asks(plan, now))
    with core.store.read() as connection:
        version = core.shelf.newest(connection, SURVEY)
        last = [connection.execute(select(func.max(tables.metadata.tables[name].c.id))).scalar() for name in _IDS]
    assert version is not None
    first = max([BASE, *(found + 1 for found in last if found is not None)])
    maker = Maker(first, version.id, version.survey, now)
    with target_of(core.store.url) as target:
        for name, columns, rows in maker.tables(everything, agents_of(plan)):
            target.put(name, columns, rows)
        target.commit()
    _count(core, first, first + len(everything))
    given = [each for each in everything if each.answered_at is not None]
    agents = {each.name: maker.public("a", each.number) for each in agents_of(plan)}
    odd = maker.public("a", 0) if plan.odd_agent else ""
    since = everything[0].ended_at.date() if everything else now.date()
    return Planted(plan, SURVEY, since, now.date(), _truth(everything), _truth(given), agents, odd)


_IDS = ("person", "customer", "agent", "contact", "invitation", "response")


def _count(core: Core, first: int, end: int) -> None:
    """Count what was put in, as the subscriber would after as many events."""
    changes = Changes()
    with core.store.read() as connection:
        for kind in ("response", "invitation"):
            changes.compare(kind, fresh_between(connection, kind, first - 1, end), {})
    changes.add_up()
    core.store.write(changes.apply)


def _truth(of: Sequence[Ask]) -> Truth:
    def mean(values: Iterable[float]) -> float:
        found = list(values)
        return sum(found) / len(found) if found else 0.0

    scores = [int(each.values["recommend"]) for each in of]
    return Truth(
        len(of),
        mean((score >= 9) - (score <= 6) for score in scores),
        mean(int(each.values["satisfaction"]) >= 4 for each in of),
        mean(each.values["solved"] == "yes" for each in of),
    )


@dataclass(frozen=True)
class Maker:
    """Makes the rows.

    Args:
        first: The first row number.
        version: The survey version's.
        survey: The survey.
        now: The present moment.
    """

    first: int
    version: int
    survey: Survey
    now: datetime

    def public(self, kind: str, number: int) -> str:
        """Return a public id."""
        return f"{kind}{self.first + number}".rjust(12, "0")

    def tables(self, asked: Sequence[Ask], agents: Sequence[Agent]) -> Iterator[Rows]:
        """Yield the tables in the order in which they refer to each other."""
        homes = {each.customer: each.dimensions for each in asked}
        first, now = self.first, self.now
        yield "person", ("id", "created_at"), ((first + n, now) for n in homes)
        yield "customer", _CUSTOMER, (
            (first + n, self.public("c", n), first + n, f"Customer {n}", home["language"], home["segment"],
             home["country"], "{}", now, now)
            for n, home in homes.items()
        )  # fmt: skip
        mails = ((first + n, first + n, "email", f"planted{first + n}@example.org", now) for n in homes)
        yield "identifier", ("id", "customer_id", "kind", "value", "created_at"), mails
        yield "agent", _AGENT, (
            (first + each.number, self.public("a", each.number), "planted", str(first + each.number), each.name,
             each.team, now)
            for each in agents
        )  # fmt: skip
        yield from self.contacts(asked)
        yield "invitation", _INVITATION, map(self.invitation, asked)
        yield from self.responses([each for each in asked if each.answered_at is not None])

    def contacts(self, asked: Sequence[Ask]) -> Iterator[Rows]:
        """Yield the contacts, and those of customers who had to come again, with the decision on each."""
        again = (each for each in asked if each.returned_at is not None)
        later = [
            replace(each, number=len(asked) + at, ended_at=each.returned_at or each.ended_at)
            for at, each in enumerate(again)
        ]
        yield "contact", _CONTACT, map(self.contact, [*asked, *later])
        said = [(each, "ask", "policy", "") for each in asked]
        said += [(each, "dont_ask", "throttle", "asked already") for each in later]
        yield "decision", ("contact_id", "outcome", "rule", "reason", "policy", "facts", "decided_at"), (
            (self.first + each.number, outcome, rule, reason, "all", "{}", each.ended_at)
            for each, outcome, rule, reason in said
        )  # fmt: skip

    def contact(self, each: Ask) -> Row:
        """Return a contact."""
        key = self.first + each.number
        return (
            key, self.public("k", each.number), "planted", str(key), 1, self.first + each.customer,
            self.first + each.agent.number, *_frozen(each), "[]", "inbound", "agent", each.ended_at, "", True, "{}",
            each.ended_at,
        )  # fmt: skip

    def invitation(self, each: Ask) -> Row:
        """Return an invitation; those who kept silent until it expired are told from those who still may answer."""
        key, expires = self.first + each.number, each.ended_at + OPEN_FOR
        state = "answered" if each.answered_at is not None else "sent" if expires > self.now else "expired"
        ended = None if state == "sent" else each.answered_at or expires
        return (
            key, self.public("i", each.number), key, self.first + each.customer, self.first + each.agent.number,
            self.version, SURVEY, self.survey.type, state, '["mailbox"]', 0, 0, 0, 86_400, *_frozen(each),
            each.ended_at, each.ended_at, each.ended_at, each.ended_at, expires, ended,
        )  # fmt: skip

    def responses(self, given: Sequence[Ask]) -> Iterator[Rows]:
        """Yield the responses and their answers one by one."""
        yield "response", _RESPONSE, map(self.response, given)
        yield "answer", ("response_id", "question", "role", "value", "score"), (
            (self.first + each.number, row["question"], row["role"], _json(row["value"]), row["score"])
            for each in given
            for row in answer_rows(self.survey, each.values)
        )

    def response(self, each: Ask) -> Row:
        """Return a response."""
        key, shown = self.first + each.number, summary(self.survey, each.values)
        return (
            key, self.public("r", each.number), key, self.first + each.customer, self.version, _json(each.values), True,
            "human", "[]", 1, "page", each.dimensions["language"], *shown.values(),
            each.answered_at, each.answered_at, each.answered_at,
        )  # fmt: skip


def _frozen(each: Ask) -> tuple[str, ...]:
    return tuple(each.dimensions[name] for name in DIMENSIONS)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


_CUSTOMER = (
    "id", "public_id", "person_id", "name", "language", "segment", "country", "attributes", "created_at", "updated_at",
)  # fmt: skip
_AGENT = ("id", "public_id", "source", "external_id", "name", "team", "created_at")
_CONTACT = (
    "id", "public_id", "source", "external_id", "resolution", "customer_id", "agent_id", *DIMENSIONS, "tags",
    "direction", "closed_by", "ended_at", "url", "ask", "attributes", "recorded_at",
)  # fmt: skip
_INVITATION = (
    "id", "public_id", "contact_id", "customer_id", "agent_id", "survey_version_id", "survey", "survey_type", "state",
    "ladder", "step", "reminders", "reminder_after", "edit_window", *DIMENSIONS, "contact_at", "created_at", "due_at",
    "sent_at", "expires_at", "ended_at",
)  # fmt: skip
_RESPONSE = (
    "id", "public_id", "invitation_id", "customer_id", "survey_version_id", "answers", "complete", "confidence",
    "signs", "revision", "via", "language", "headline_question", "headline", "headline_max", "score", "low", "solved",
    "wants_call", "comment", "created_at", "changed_at", "settled_at",
)  # fmt: skip
