"""Collect: store an answer at once, durably, exactly one response for each invitation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..store.queries import collecting as rows
from ..store.types import AnyRow
from ..surveys import Survey
from ..surveys.answers import AnswerProblem, check_answers
from ..surveys.condition import Value
from ..surveys.scoring import headline, is_low
from . import journal
from .confidence import BURST, Evidence, is_suspect, signs
from .core import Core
from .filing import Entry, Via, file_answer
from .page import kind_of


class NotOpen(Conflict):
    """The invitation takes no answer any more.

    Args:
        kind: Which page says so: ``answered``, ``expired``, ``cancelled`` or ``stopped``.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(f"this invitation takes no answer: {kind}")
        self.kind = kind


@dataclass(frozen=True)
class Sighting:
    """What the door saw of a submission; nothing of it is stored but the signs.

    Args:
        headers: Request headers, names in lower case.
        honeypot: What stood in the field that people do not see.
        proof: The page's proof.
        page: Public id of the open link whose page it was; empty for an invitation's own.
    """

    headers: Mapping[str, str]
    honeypot: str = ""
    proof: str = ""
    page: str = ""


@dataclass(frozen=True)
class Submitted:
    """What became of a submission.

    Args:
        response: The response's public id, empty when there was nothing to store.
        revision: Which submission on this invitation it was, from 1; the highest human one is what counts.
        stored: Whether it now is the answer; a machine's never replaces a person's.
        complete: Whether nothing required is missing or wrong.
        problems: What was refused, answer by answer.
        missing: Required questions without an answer.
        low: Whether the customer is unhappy, which decides the words of thanks.
        values: The answers that were kept.
        confidence: Whether a person or, as it seems, a machine answered; empty when there was nothing to store.
        contact: The contact's public id, empty when there is none.
    """

    response: str
    revision: int
    stored: bool
    complete: bool
    problems: tuple[AnswerProblem, ...]
    missing: tuple[str, ...]
    low: bool
    values: Mapping[str, Value]
    confidence: str = ""
    contact: str = ""


def submit(
    core: Core,
    invitation: str,
    raw: Mapping[str, Any],
    via: Via = "page",
    sighting: Sighting | None = None,
    language: str = "",
) -> Submitted:
    """Store what a customer answered; whatever is good is kept even when something is missing.

    Args:
        core: The instance.
        invitation: The invitation's public id.
        raw: Answers by question as they came from a form or as JSON; through an interface they are added to those
            before, and null takes one back.
        via: The door they came through.
        sighting: What the page's door saw; None for a company's own interface, which vouches for its people.
        language: Language in which was answered.

    Raises:
        NotFound: There is no such invitation.
        NotOpen: It takes no answer any more.
        Unavailable: The storage cannot take it now; nothing was written.
    """
    given = Given(raw, via, sighting, language, core.clock.now())
    submitted = core.store.write(lambda connection: take(connection, core, invitation, given))
    noted(core, invitation, submitted, via)
    return submitted


def noted(core: Core, invitation: str, submitted: Submitted, via: str) -> None:
    """Note in the log what was taken, once it is durable."""
    if submitted.response:
        journal.answered(
            core, submitted.contact, invitation, submitted.response, via, submitted.confidence, submitted.revision
        )


@dataclass(frozen=True)
class Given:
    """A submission as its door hands it over.

    Args:
        raw: Answers by question as they came.
        via: The door they came through.
        sighting: What the page's door saw.
        language: Language in which was answered.
        now: The present moment.
    """

    raw: Mapping[str, Any]
    via: Via
    sighting: Sighting | None
    language: str
    now: datetime


def take(connection: Connection, core: Core, invitation: str, given: Given) -> Submitted:
    """Store a submission; the arguments and errors of `submit`, inside a write."""
    row = rows.hold(connection, invitation)
    if row is None:
        raise NotFound("no such invitation")
    _refuse_closed(row, given.now)
    survey = core.shelf.version(row.survey_version_id, connection).survey
    checked = check_answers(survey, _amended(given.raw, row, given.via))
    if not checked.values:
        return Submitted("", 0, False, False, checked.problems, checked.missing, False, {})
    found = _signs(connection, core, row, survey, checked.values, given)
    confidence = "suspect" if is_suspect(found) else "human"
    entry = Entry(
        survey, checked.values, checked.complete, given.via, given.language, given.now, confidence, found
    )  # fmt: skip
    kept = file_answer(connection, row, entry)
    return Submitted(
        kept.public_id, kept.revision, kept.stored, checked.complete, checked.problems, checked.missing,
        is_low(survey, checked.values), checked.values, confidence, row.contact_public_id or "",
    )  # fmt: skip


def _amended(raw: Mapping[str, Any], row: AnyRow, via: Via) -> Mapping[str, Any]:
    """Return what is to be checked: a form sends all its answers, others may add to what a person said before."""
    if via not in ("api", "reply") or row.response_id is None or row.confidence != "human":
        return raw
    return {**row.answers, **raw}


def _refuse_closed(row: AnyRow, now: datetime) -> None:
    kind = kind_of(row, now)
    if kind != "open":
        raise NotOpen(kind)


def _signs(
    connection: Connection, core: Core, row: AnyRow, survey: Survey, values: Mapping[str, Value], given: Given
) -> tuple[str, ...]:
    sighting, now = given.sighting, given.now
    if sighting is None:
        return ()
    ratings = set()
    if row.response_id is not None:
        said = [values, *rows.recent_answers(connection, row.response_id, now - BURST)]
        ratings = {first.value for each in said if (first := headline(survey, each)) is not None}
    shown = sighting.page or row.public_id
    return signs(Evidence(
        headers=sighting.headers,
        honeypot=sighting.honeypot,
        proof_age=core.links.proof_age(shown, sighting.proof, now) if sighting.proof else None,
        since_send=now - row.newest_send if row.newest_send is not None else None,
        recent_ratings=len(ratings),
        repeated=bool(row.repeated),
        open_page=bool(sighting.page),
    ))  # fmt: skip
