"""File: put a checked answer where it belongs and tell what it changes, all inside one write and nothing waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from ..machinery.links import new_public_id
from ..store.queries import collecting as rows
from ..store.queries import outbox
from ..store.types import AnyRow
from ..surveys import Survey, visible
from ..surveys.condition import Value
from .invite import DELIVER
from .settle import QUIET, SETTLE
from .summarise import answer_rows, summary
from .tell import publish

__all__ = ["Entry", "Filed", "Via", "file_answer"]

Via = Literal["page", "api", "import", "reply"]


@dataclass(frozen=True)
class Entry:
    """A checked answer.

    Args:
        survey: What was asked.
        values: The answers that are kept.
        complete: Whether nothing required is missing or wrong.
        via: The door it came through.
        language: Language in which was answered.
        now: The present moment.
        confidence: Whether a person answered, as it seems: ``human`` or ``suspect``.
        signs: Why not.
    """

    survey: Survey
    values: Mapping[str, Value]
    complete: bool
    via: Via
    language: str
    now: datetime
    confidence: str
    signs: tuple[str, ...]

    @property
    def human(self) -> bool:
        """Whether a person answered, as it seems."""
        return self.confidence == "human"

    @property
    def settles(self) -> bool:
        """Whether a person has answered every question that is shown, so that nothing more is to be waited for."""
        return (
            self.human
            and self.complete
            and all(question.id in self.values for question in visible(self.survey, self.values))
        )


@dataclass(frozen=True)
class Filed:
    """What became of an answer.

    Args:
        public_id: The response's public id.
        revision: Which submission on this invitation it was, from 1.
        stored: Whether it now is the answer.
    """

    public_id: str
    revision: int
    stored: bool


def file_answer(connection: Connection, row: AnyRow, entry: Entry) -> Filed:
    """Store an answer as the response of its invitation, or keep it beside the one that counts.

    Args:
        connection: Inside a write.
        row: The invitation, held by `collecting.hold`.
        entry: The answer.
    """
    first = row.response_id is None
    response_id: int = row.next_id if first else row.response_id
    public_id: str = new_public_id() if first else row.response_public_id
    number: int = 1 if first else row.last_revision + 1
    # A machine's answer replaces a machine's, but not one that a person has looked at and accepted.
    stored = first or entry.human or (row.confidence == "suspect" and row.verdict != "accepted")
    if first:
        _add(connection, row, response_id, public_id, entry)
    elif stored:
        _replace(connection, row, entry, number)
    rows.add_revision(connection, {
        "response_id": response_id, "number": number, "answers": dict(entry.values), "at": entry.now,
        "confidence": entry.confidence, "signs": list(entry.signs),
    })  # fmt: skip
    if stored:
        _tell(connection, row, response_id, number, entry)
    return Filed(public_id, number, stored)


def _add(connection: Connection, row: AnyRow, response_id: int, public_id: str, entry: Entry) -> None:
    rows.add_response(connection, {
        "id": response_id, "public_id": public_id, "invitation_id": row.id, "customer_id": row.customer_id,
        "survey_version_id": row.survey_version_id, **_content(entry, 1), **_fresh(entry),
    })  # fmt: skip
    rows.replace_answers(connection, response_id, answer_rows(entry.survey, entry.values), fresh=True)


def _replace(connection: Connection, row: AnyRow, entry: Entry, number: int) -> None:
    settled = row.settled_at or (entry.now if entry.settles else None)
    kept = {"verdict": row.verdict, "created_at": row.response_created_at, "settled_at": settled}
    # What was said of the machine's answer does not bind the person's, who answers now for the first time.
    standing = _fresh(entry) if _is_takeover(row, entry) else kept
    rows.change_response(connection, row.response_id, {**_content(entry, number), **standing})
    rows.replace_answers(connection, row.response_id, answer_rows(entry.survey, entry.values), fresh=False)


def _is_takeover(row: AnyRow, entry: Entry) -> bool:
    """Tell whether a person answers where only a machine had."""
    return row.response_id is not None and row.confidence == "suspect" and entry.human


def _fresh(entry: Entry) -> dict[str, Any]:
    return {"verdict": "", "created_at": entry.now, "settled_at": entry.now if entry.settles else None}


def _content(entry: Entry, number: int) -> dict[str, Any]:
    return {
        "answers": dict(entry.values),
        "complete": entry.complete,
        "confidence": entry.confidence,
        "signs": list(entry.signs),
        "revision": number,
        "via": entry.via,
        "language": entry.language,
        "changed_at": entry.now,
        **summary(entry.survey, entry.values),
    }


def _tell(connection: Connection, row: AnyRow, response_id: int, number: int, entry: Entry) -> None:
    now, first = entry.now, row.response_id is None
    payload = {"response": response_id, "invitation": row.id, "revision": number, "confidence": entry.confidence}
    publish(connection, "response.recorded" if first else "response.changed", now, payload)
    if entry.human and row.state != "answered":
        _close(connection, row, now)
    takeover = _is_takeover(row, entry)
    if row.settled_at is not None and not takeover:
        return
    if entry.settles:
        publish(connection, "response.settled", now, {"response": response_id, "invitation": row.id})
        return
    key = f"{SETTLE}:{response_id}:{number}" if takeover else f"{SETTLE}:{response_id}"
    outbox.add_task(
        connection, kind=SETTLE, lane="core", reference=str(response_id), dedup_key=key, due_at=now + QUIET, now=now
    )


def _close(connection: Connection, row: AnyRow, now: datetime) -> None:
    """Note that an invitation is answered; who answered a link before it was delivered has been asked all the same."""
    unannounced = row.sent_at is None and not row.imported and row.open_link_id is None
    if unannounced:
        publish(connection, "invitation.sent", now, {"invitation": row.id})
    rows.close_invitation(connection, row.id, now, now if unannounced else row.sent_at)
    if row.unsent:
        rows.cancel_unsent(connection, row.id, DELIVER, "answered", now)
