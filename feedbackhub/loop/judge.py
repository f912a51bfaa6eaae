"""Judge: a person accepts or discards an answer that looks like a machine's."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..store.queries import answers as rows
from ..store.queries import invitations
from ..store.types import AnyRow
from .core import Core
from .invite import cancel_unsent
from .tell import publish

Verdict = Literal["accepted", "discarded", ""]


def judge(core: Core, response: str, verdict: Verdict) -> None:
    """Accept or discard an answer, or take that back; it counts or stops counting from now on.

    Args:
        core: The instance.
        response: The response's public id.
        verdict: What a person decided; empty to take it back.

    Raises:
        NotFound: There is no such response.
    """
    now = core.clock.now()
    core.store.write(lambda connection: judge_now(connection, response, verdict, now))


def judge_now(connection: Connection, response: str, verdict: Verdict, now: datetime) -> str:
    """Accept or discard an answer inside a write and return the verdict before.

    Raises:
        NotFound: There is no such response.
    """
    row = _locked(connection, response)
    before = str(row.verdict)
    if before == verdict:
        return before
    rows.change_response(connection, row.id, {"verdict": verdict})
    if verdict == "accepted":
        invitations.change_invitation(connection, row.invitation_id, state="answered", ended_at=now)
        cancel_unsent(connection, row.invitation_id, "answered", now)
    payload = {"response": row.id, "invitation": row.invitation_id, "verdict": verdict}
    publish(connection, "response.changed", now, payload)
    return before


def _locked(connection: Connection, public_id: str) -> AnyRow:
    """Return a response as it is once nobody else can change it.

    Raises:
        NotFound: There is no such response.
    """
    row = rows.response_by_public_id(connection, public_id)
    if row is not None:
        invitations.by_public_id(connection, row.invitation_public_id, lock=True)
        row = rows.response_by_public_id(connection, public_id)
    if row is None:
        raise NotFound("no such response")
    return row


def counts(confidence: str, verdict: str, test: bool) -> bool:
    """Tell whether a response counts in the numbers."""
    if test or verdict == "discarded":
        return False
    return confidence == "human" or verdict == "accepted"
