"""Collect: store an answer at once, durably, exactly one response for each invitation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..machinery.links import new_public_id
from ..store.queries import answers as rows
from ..store.queries import invitations, outbox
from ..store.types import AnyRow
from ..surveys import Survey, visible
from ..surveys.answers import AnswerProblem, check_answers
from ..surveys.condition import Value
from ..surveys.scoring import headline, is_low
from . import journal
from .confidence import BURST, Evidence, is_suspect, signs
from .core import Core
from .invite import cancel_unsent
from .page import kind_of
from .settle import QUIET, SETTLE, settle
from .summarise import answer_rows, summary
from .tell import publish

Via = Literal["page", "api", "import", "reply"]


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
    now = core.clock.now()
    with core.store.read() as connection:
        row = invitations.by_public_id(connection, invitation)
        sent = invitations.sends_since(connection, invitation) if sighting is not None else None
    if row is None:
        raise NotFound("no such invitation")
    core.shelf.version(row.survey_version_id)  # not read for the first time inside the write
    given = Given(raw, via, sighting, language, now, sent)
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
        sent: When the newest message with this link went out, None when none did.
    """

    raw: Mapping[str, Any]
    via: Via
    sighting: Sighting | None
    language: str
    now: datetime
    sent: datetime | None = None


def take(connection: Connection, core: Core, invitation: str, given: Given) -> Submitted:
    """Store a submission; the arguments and errors of `submit`, inside a write."""
    current = invitations.by_public_id(connection, invitation, lock=True)
    if current is None:
        raise NotFound("no such invitation")
    _refuse_closed(current, given.now)
    survey = core.shelf.version(current.survey_version_id).survey
    checked = check_answers(survey, _amended(given.raw, current, given.via))
    if not checked.values:
        return Submitted("", 0, False, False, checked.problems, checked.missing, False, {})
    entry = _Entry(survey, checked.values, checked.complete, given.via, given.language, given.now)
    found = _signs(connection, core, current, entry, given.sighting, given.sent)
    confidence = "suspect" if is_suspect(found) else "human"
    public_id, revision, stored = _store(connection, current, entry, confidence, found)
    return Submitted(
        public_id, revision, stored, checked.complete, checked.problems, checked.missing,
        is_low(survey, checked.values), checked.values, confidence, current.contact_public_id or "",
    )  # fmt: skip


def _amended(raw: Mapping[str, Any], row: AnyRow, via: Via) -> Mapping[str, Any]:
    """Return what is to be checked: a form sends all its answers, others may add to what a person said before."""
    if via not in ("api", "reply") or row.response_id is None or row.confidence != "human":
        return raw
    return {**row.answers, **raw}


@dataclass(frozen=True)
class _Entry:
    survey: Survey
    values: Mapping[str, Value]
    complete: bool
    via: Via
    language: str
    now: datetime

    @property
    def finished(self) -> bool:
        """Whether every question that is shown has an answer, so that nothing more is to be waited for."""
        return self.complete and all(question.id in self.values for question in visible(self.survey, self.values))


def _refuse_closed(row: AnyRow, now: datetime) -> None:
    kind = kind_of(row, now)
    if kind != "open":
        raise NotOpen(kind)


def _signs(
    connection: Connection,
    core: Core,
    row: AnyRow,
    entry: _Entry,
    sighting: Sighting | None,
    sent: datetime | None,
) -> tuple[str, ...]:
    if sighting is None:
        return ()
    first = headline(entry.survey, entry.values)
    ratings = {first.value} if first else set()
    if row.response_id is not None:
        for earlier in rows.recent_revisions(connection, row.response_id, entry.now - BURST):
            before = headline(entry.survey, earlier.answers)
            if before is not None:
                ratings.add(before.value)
    shown = sighting.page or row.public_id
    evidence = Evidence(
        headers=sighting.headers,
        honeypot=sighting.honeypot,
        proof_age=core.links.proof_age(shown, sighting.proof, entry.now) if sighting.proof else None,
        since_send=entry.now - sent if sent is not None else None,
        recent_ratings=len(ratings),
        repeated=bool(row.repeated),
        open_page=bool(sighting.page),
    )
    return signs(evidence)


def _store(
    connection: Connection, row: AnyRow, entry: _Entry, confidence: str, found: tuple[str, ...]
) -> tuple[str, int, bool]:
    now = entry.now
    if row.response_id is None:
        response_id, public_id = _first(connection, row, entry, confidence, found)
        number, stored = 1, True
    else:
        response_id, public_id = row.response_id, row.response_public_id
        number = rows.last_revision(connection, response_id) + 1
        # A machine's answer replaces a machine's, but not one that a person has looked at and accepted.
        stored = confidence == "human" or (row.confidence == "suspect" and row.verdict != "accepted")
        if stored:
            _replace(connection, row, entry, confidence, found, number)
    submission = {"response_id": response_id, "number": number, "answers": dict(entry.values), "at": now}
    rows.add_revision(connection, {**submission, "confidence": confidence, "signs": list(found)})
    if stored:
        _tell(connection, row, response_id, number, entry, confidence)
    return public_id, number, stored


def _first(
    connection: Connection, row: AnyRow, entry: _Entry, confidence: str, found: tuple[str, ...]
) -> tuple[int, str]:
    public_id = new_public_id()
    values = {
        "public_id": public_id,
        "invitation_id": row.id,
        "customer_id": row.customer_id,
        "survey_version_id": row.survey_version_id,
        "created_at": entry.now,
        **_content(entry, confidence, found, 1),
    }
    response_id = rows.add_response(connection, values)
    rows.replace_answers(connection, response_id, answer_rows(entry.survey, entry.values), fresh=True)
    return response_id, public_id


def _replace(
    connection: Connection, row: AnyRow, entry: _Entry, confidence: str, found: tuple[str, ...], number: int
) -> None:
    content = _content(entry, confidence, found, number)
    if _is_takeover(row, confidence):
        # What was said of the machine's answer does not bind the person's, who answers now for the first time.
        content |= {"verdict": "", "created_at": entry.now, "settled_at": None}
    rows.change_response(connection, row.response_id, content)
    rows.replace_answers(connection, row.response_id, answer_rows(entry.survey, entry.values), fresh=False)


def _is_takeover(row: AnyRow, confidence: str) -> bool:
    """Tell whether a person answers where only a machine had."""
    return row.response_id is not None and row.confidence == "suspect" and confidence == "human"


def _content(entry: _Entry, confidence: str, found: tuple[str, ...], number: int) -> dict[str, Any]:
    return {
        "answers": dict(entry.values),
        "complete": entry.complete,
        "confidence": confidence,
        "signs": list(found),
        "revision": number,
        "via": entry.via,
        "language": entry.language,
        "changed_at": entry.now,
        **summary(entry.survey, entry.values),
    }


def _tell(connection: Connection, row: AnyRow, response_id: int, number: int, entry: _Entry, confidence: str) -> None:
    now = entry.now
    payload = {"response": response_id, "invitation": row.id, "revision": number, "confidence": confidence}
    first = row.response_id is None
    publish(connection, "response.recorded" if first else "response.changed", now, payload)
    if confidence == "human" and row.state != "answered":
        _close(connection, row, now)
    takeover = _is_takeover(row, confidence)
    if row.settled_at is not None and not takeover:
        return
    if entry.finished and confidence == "human":
        settle(connection, response_id, now)
        return
    outbox.add_task(
        connection,
        kind=SETTLE,
        lane="core",
        reference=str(response_id),
        dedup_key=f"{SETTLE}:{response_id}:{number}" if takeover else f"{SETTLE}:{response_id}",
        due_at=now + QUIET,
        now=now,
    )


def _close(connection: Connection, row: AnyRow, now: datetime) -> None:
    """Note that an invitation is answered; who answered a link before it was delivered has been asked all the same."""
    changes: dict[str, Any] = {"state": "answered", "ended_at": now}
    if row.sent_at is None and not row.imported and row.open_link_id is None:
        changes["sent_at"] = now
        publish(connection, "invitation.sent", now, {"invitation": row.id})
    invitations.change_invitation(connection, row.id, **changes)
    cancel_unsent(connection, row.id, "answered", now)
