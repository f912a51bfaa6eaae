"""Cases outside of experiments: what was done for the customer, as agents chose, and how a later answer went.

Two later outcomes can be looked at: the answer when somebody was asked again after a bad one; or an answer about the
same contact that was given after the gesture, such as whether a complaint is still disputed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from feedbackhub import DIMENSIONS, Filters, Hub, Query
from feedbackhub.reporting import days_of

from .tables import assignment, experiment

__all__ = ["KNOWN", "Case", "Cases", "Question", "read_cases"]

SIZE = 5000
#: What somebody is known by before anything was chosen; the agent who chose is none of it.
KNOWN = tuple(name for name in DIMENSIONS if name != "brand")
_OF_EXPERIMENT = assignment.c.experiment == experiment.c.id


@dataclass(frozen=True, slots=True)
class Question:
    """The question whose answer is the later outcome.

    Args:
        id: Its id.
        values: The values that count, as texts.
    """

    id: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Args:
        person: Whose it is; empty when nobody is known.
        gestures: What was done before the later answer, like ``apology`` or ``apology: promise``.
        outcome: Whether the later answer is one that counts, None while there is none.
        score: The first rating from 0 to 100, None for none.
        about: What else was known before, by dimension.
    """

    person: str
    gestures: frozenset[str]
    outcome: bool | None
    score: float | None
    about: tuple[str, ...]


@dataclass(slots=True)
class Cases:
    """The cases of some days.

    Args:
        cases: Those that count.
        in_trials: How many are left out since chance chose for them: they belong to an experiment.
    """

    cases: list[Case] = field(default_factory=list)
    in_trials: int = 0


@dataclass(frozen=True, slots=True)
class _Given:
    at: datetime
    name: str
    #: The answer that it was made about, which therefore came before it whatever the clock said; empty for none.
    about: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """A response with what may be needed of it."""

    id: str
    contact: str
    customer: str
    at: datetime
    score: float | None
    good: bool
    about: tuple[str, ...]


def read_cases(hub: Hub, query: Query, question: Question | None, manners: bool) -> Cases:
    """Return the cases of a query's days.

    Args:
        hub: The plugin's hub.
        query: Which days, and of whom.
        question: The question whose answer is the outcome; None for the answer when asked again.
        manners: Whether an apology's manner makes it another gesture.
    """
    given = _given(hub, manners)
    merged = hub.read.merged()
    is_drawn = _drawn(hub, merged)
    found = Cases()
    pairs = _asked_again(hub, query) if question is None else _answered(hub, query, question)
    for first, later in pairs:
        if is_drawn(first, later):
            found.in_trials += 1
            continue
        found.cases.append(_case(first, later, given(first), merged))
    return found


def _drawn(hub: Hub, merged: Mapping[str, str]) -> Callable[[_Answer, Sequence[_Answer]], bool]:
    """Return what tells whether chance chose what was done about an answer.

    It did for those who were taken into an experiment, and for their further bad answers until it ended, too: these
    get the same arm. Beside agents' choices they would say how the arms fare, as if agents had chosen.
    """
    columns = (
        assignment.c.response, assignment.c.again, assignment.c.customer, assignment.c.assigned_at,
        experiment.c.ended_at,
    )  # fmt: skip
    answers, spans = set[str](), defaultdict[str, list[tuple[datetime, datetime | None]]](list)
    for row in hub.tables.read(select(*columns).join_from(assignment, experiment, _OF_EXPERIMENT)):
        answers.update((row["response"], row["again"]))
        person = merged.get(row["customer"], row["customer"])
        spans[person].append((row["assigned_at"], row["ended_at"]))
    answers.discard("")

    def is_drawn(first: _Answer, later: Sequence[_Answer]) -> bool:
        held = spans.get(merged.get(first.customer, first.customer), ())
        return any(each.id in answers for each in (first, *later)) or any(
            since <= first.at and (until is None or first.at <= until) for since, until in held
        )

    return is_drawn


def _given(hub: Hub, manners: bool) -> Callable[[_Answer], list[_Given]]:
    """Return what tells the gestures about an answer or its contact, in the order in which they were made."""
    by_response, by_contact = defaultdict[str, list[_Given]](list), defaultdict[str, list[_Given]](list)
    columns = ("response", "contact", "at", "kind", "manner", "withdrawn_at")
    for response, contact, at, kind, manner, withdrawn in _rows(hub, "gestures", columns, Filters()):
        if withdrawn is None:
            one = _Given(at, f"{kind}: {manner}" if manners and manner else kind, response or "")
            (by_response[response] if response else by_contact[contact or ""]).append(one)
    by_contact.pop("", None)

    def of(answer: _Answer) -> list[_Given]:
        own = [*by_response.get(answer.id, ()), *by_contact.get(answer.contact, ())]
        return sorted(own, key=lambda each: each.at)

    return of


def _case(first: _Answer, later: Sequence[_Answer], given: Sequence[_Given], merged: Mapping[str, str]) -> Case:
    """Return a case: the outcome is the first later answer after the first gesture."""
    since = given[0].at if given else None
    before = {each.about for each in given}
    after = [each for each in later if since is None or (since <= each.at and each.id not in before)]
    last = after[0].at if after else None
    names = frozenset(each.name for each in given if last is None or each.at <= last)
    return Case(
        merged.get(first.customer, first.customer), names, after[0].good if after else None, first.score, first.about
    )  # fmt: skip


COLUMNS = ("id", "contact", "customer", "answered_at", "score", "low", "counted", "after_response", *KNOWN)


def _asked_again(hub: Hub, query: Query) -> Iterator[tuple[_Answer, list[_Answer]]]:
    """Yield bad first answers, each with the answers when asked again."""
    since, until = days_of(query)
    where: dict[str, Any] = {**query.where, "survey": query.survey}
    later = defaultdict[str, list[_Answer]](list)
    for row in _responses(hub, Filters(since=since), COLUMNS):
        if row["counted"] and row["after_response"] and row["score"] is not None:
            later[row["after_response"]].append(_answer(row, not row["low"]))
    for row in _responses(hub, Filters(since, until, query.basis, **where), COLUMNS):
        if row["counted"] and row["low"] and not row["after_response"]:
            yield _answer(row, good=False), sorted(later[row["id"]], key=lambda each: each.at)


def _answered(hub: Hub, query: Query, question: Question) -> Iterator[tuple[_Answer, list[_Answer]]]:
    """Yield the answers to a question, those about one contact together."""
    since, until = days_of(query)
    where: dict[str, Any] = {**query.where, "survey": query.survey}
    found = defaultdict[str, list[_Answer]](list)
    for row in _responses(hub, Filters(since, until, query.basis, **where), (*COLUMNS, "answers")):
        values = _values((row["answers"] or {}).get(question.id))
        if row["counted"] and values:
            found[row["contact"] or row["id"]].append(_answer(row, bool(values & question.values)))
    for answers in found.values():
        answers.sort(key=lambda each: each.at)
        # What the later answer itself says of the contact was not known before anything was chosen.
        first = answers[0]
        yield _Answer(first.id, first.contact, first.customer, first.at, None, first.good, first.about), answers


def _values(given: Any) -> frozenset[str]:
    if given is None:
        return frozenset()
    return frozenset(map(str, given if isinstance(given, (list, tuple)) else [given]))


def _answer(row: Mapping[str, Any], good: bool) -> _Answer:
    about = tuple(str(row[name] or "") for name in KNOWN)
    return _Answer(
        row["id"], row["contact"] or "", row["customer"] or "", row["answered_at"], row["score"], good, about
    )  # fmt: skip


def _responses(hub: Hub, filters: Filters, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    for values in _rows(hub, "responses", columns, filters):
        yield dict(zip(columns, values, strict=True))


def _rows(hub: Hub, records: Any, columns: Sequence[str], filters: Filters) -> Iterable[tuple[Any, ...]]:
    for batch in hub.read.batches(records, filters, size=SIZE, only=columns):
        yield from zip(*(batch.columns[name] for name in columns), strict=True)
