"""Replies: a customer's own words become the answer to the pending ask of that address.

A clear rating is collected like one from the page, and counts as a person's. What is not clear is asked about once,
politely; what comes after that is kept as a comment. A machine's reply is kept and asked nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from ..contract.records import Identifier, Letter
from ..store.queries import invitations, replies
from ..store.types import AnyRow
from ..surveys import Question, Survey
from ..surveys.replies import Reading, comment_question, read_reply, reply_question
from .collect import Given, Submitted, take
from .core import Core
from .letters import add_letter
from .machines import machine_signs
from .page import kind_of
from .short_texts import call_for_answer

__all__ = ["Heard", "get_ready", "hear"]

#: What a reply turned out to be: an answer or an addition to it; to be asked about; a machine's; too late; mere words.
HeardKind = Literal["answer", "unclear", "machine", "late", "reply"]
UNCLEAR: HeardKind = "unclear"
_LOOKED_AT = 20
CORE = "core"


@dataclass(frozen=True)
class Heard:
    """What became of a reply.

    Args:
        kind: What it turned out to be.
        invitation_id: Row number of the ask it belongs to, None for none.
        invitation: Its public id.
        submitted: What was stored as an answer, None for nothing.
    """

    kind: HeardKind
    invitation_id: int | None = None
    invitation: str = ""
    submitted: Submitted | None = None


@dataclass(frozen=True)
class _Reply:
    """A reply with all that it may be read against."""

    core: Core
    channel: str
    to: Identifier
    words: str
    now: datetime
    row: AnyRow
    survey: Survey
    question: Question | None
    taken: list[Submitted] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language that was asked in."""
        return self.survey.language_for(self.row.language or self.core.settings.default_language)

    @property
    def answers(self) -> dict[str, Any]:
        """What a person has answered so far."""
        return dict(self.row.answers) if self.row.response_id is not None and self.row.confidence == "human" else {}


def get_ready(core: Core, channel: str, sender: Identifier) -> None:
    """Read the surveys that a reply may answer before the write that takes it, which should not wait for them.

    Args:
        core: The instance.
        channel: The channel it came through.
        sender: Who wrote it.
    """
    with core.store.read() as connection:
        asks = replies.asks_through(connection, channel, sender, _LOOKED_AT)
        rows = [invitations.by_public_id(connection, public_id) for public_id in asks]
    for version in {row.survey_version_id for row in rows if row is not None}:
        core.shelf.version(version)


def hear(connection: Connection, core: Core, channel: str, sender: Identifier, words: str, now: datetime) -> Heard:
    """Take a reply as the answer to the newest open ask that went to its sender through this channel.

    Args:
        connection: Inside a write.
        core: The instance.
        channel: The channel it came through.
        sender: Who wrote it.
        words: What was written.
        now: The present moment.
    """
    newest: AnyRow | None = None
    for public_id in replies.asks_through(connection, channel, sender, _LOOKED_AT):
        row = invitations.by_public_id(connection, public_id, lock=True)
        if row is None:
            continue
        reply = _reply(core, channel, sender, words, now, row)
        if kind_of(row, now) == "open":
            kind = _taken(connection, reply)
            return Heard(kind, row.id, public_id, reply.taken[-1] if reply.taken else None)
        newest = newest or row
    if newest is None:
        return Heard("reply")
    return Heard(_late(connection, _reply(core, channel, sender, words, now, newest)), newest.id)


def _reply(core: Core, channel: str, to: Identifier, words: str, now: datetime, row: AnyRow) -> _Reply:
    survey = core.shelf.version(row.survey_version_id).survey
    return _Reply(core, channel, to, words, now, row, survey, reply_question(survey))


def _taken(connection: Connection, reply: _Reply) -> HeardKind:
    """Collect what a reply to an open ask answers, or ask what is meant."""
    if reply.question is None:
        return "answer" if _collect(connection, reply, None, [reply.words]) else "reply"
    reading = read_reply(reply.question, reply.words, reply.language)
    answered = reply.question.id in reply.answers
    if answered and not reading.sure:
        # Whoever has given a number and writes on is likely to explain it, whatever numbers that needs.
        reading = Reading(None, reply.words)
    unclear = replies.words_of(connection, reply.row.id, UNCLEAR)
    if not reading.sure and _signs(connection, reply, unclear):
        return "machine"
    if reading.value is not None:
        return "answer" if _collect(connection, reply, reading.value, [*unclear, reading.words]) else "reply"
    if answered or unclear:
        return "answer" if _collect(connection, reply, None, [*unclear, reply.words]) else "reply"
    _ask_back(connection, reply, reply.question)
    return UNCLEAR


def _signs(connection: Connection, reply: _Reply, unclear: Sequence[str]) -> tuple[str, ...]:
    sent = invitations.sends_since(connection, reply.row.public_id)
    return machine_signs(reply.words, reply.now - sent if sent is not None else None, unclear)


def _collect(connection: Connection, reply: _Reply, value: int | str | None, words: Sequence[str]) -> bool:
    """Store a reply as a submission of a person's and tell whether there was anything to store."""
    raw: dict[str, Any] = {}
    if reply.question is not None and value is not None:
        raw[reply.question.id] = value
    comment = comment_question(reply.survey)
    if comment is not None:
        said = _joined(reply.answers.get(comment.id), words, comment.longest_answer)
        if said and said != reply.answers.get(comment.id):
            raw[comment.id] = said
    if not raw:
        return False
    given = Given(raw, "reply", None, reply.language, reply.now)
    reply.taken.append(take(connection, reply.core, reply.row.public_id, given))
    return reply.taken[-1].stored


def _joined(before: object, words: Sequence[str], longest: int) -> str:
    """Return earlier words with the new ones below them, nothing twice, cut at the end."""
    lines = [before] if isinstance(before, str) and before else []
    for each in words:
        if each.strip() and each.strip() not in (line for text in lines for line in (text, *text.split("\n"))):
            lines.append(each.strip())
    return "\n".join(lines)[:longest]


def _ask_back(connection: Connection, reply: _Reply, question: Question) -> None:
    t = reply.core.i18n.translator("customer", reply.language)
    _say(connection, reply, "unclear", call_for_answer(question, t))


def _late(connection: Connection, reply: _Reply) -> HeardKind:
    """Say once that an ask is over to somebody who answers it; thanks after an answer need no reply."""
    if reply.row.response_id is not None or kind_of(reply.row, reply.now) != "expired" or reply.question is None:
        return "reply" if reply.row.response_id is not None else "late"
    if read_reply(reply.question, reply.words, reply.language).value is not None:
        t = reply.core.i18n.translator("customer", reply.language)
        _say(connection, reply, "closed", t("Thank you for your message. The time to answer is over."))
    return "late"


def _say(connection: Connection, reply: _Reply, what: str, text: str) -> None:
    """Send a text back, of each kind at most one for an ask."""
    letter = Letter(
        channel=reply.channel, to=reply.to, subject=reply.survey.title.in_language(reply.language), text=text,
        language=reply.language, key=f"{reply.row.public_id}:{what}", brand=reply.row.brand,
    )  # fmt: skip
    add_letter(connection, reply.core, CORE, letter, reply.now)
