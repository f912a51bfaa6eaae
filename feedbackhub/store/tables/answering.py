"""What came back, and what was done about it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ..types import Moment, RowId, Structured
from .base import flag, metadata, public_id, refers, row_id, word

_SUSPECT = "confidence = 'suspect' AND verdict = ''"
_JUDGED = "verdict <> ''"

response = Table(
    "response",
    metadata,
    row_id(),
    public_id(),
    refers("invitation_id", "invitation", nullable=False),
    refers("customer_id", "customer"),
    refers("survey_version_id", "survey_version", nullable=False),
    Column("answers", Structured, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("confidence", String(12), nullable=False),  # human, suspect
    Column("signs", Structured, nullable=False),
    Column("verdict", String(12), nullable=False, default="", server_default=""),  # accepted, discarded
    Column("revision", Integer, nullable=False),
    Column("via", String(20), nullable=False),  # page, api, import, reply
    word("language"),
    # What the card and the lists show, derived from the answers when they are stored.
    Column("headline_question", String(64), nullable=False, default="", server_default=""),
    Column("headline", Integer),
    Column("headline_max", Integer),
    Column("score", Integer),  # 0 to 100, direction respected
    Column("low", Boolean, nullable=False, default=False),
    Column("solved", Boolean),
    Column("wants_call", Boolean, nullable=False, default=False),
    Column("call_settled_at", Moment),
    Column("comment", Text, nullable=False, default="", server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("settled_at", Moment),
    UniqueConstraint("invitation_id"),
    Index("ix_response_customer_created", "customer_id", "created_at"),
    Index("ix_response_created", "created_at"),
    # What waits for somebody, and what was judged: few among many, listed as their conditions are written here.
    Index("ix_response_suspect", "created_at", sqlite_where=text(_SUSPECT), postgresql_where=text(_SUSPECT)),
    Index("ix_response_judged", "created_at", sqlite_where=text(_JUDGED), postgresql_where=text(_JUDGED)),
    Index(
        "ix_response_call",
        "created_at",
        sqlite_where=text("wants_call IS 1 AND call_settled_at IS NULL"),
        postgresql_where=text("wants_call IS true AND call_settled_at IS NULL"),
    ),
)

answer = Table(
    "answer",
    metadata,
    Column("response_id", RowId, ForeignKey("response.id"), primary_key=True, autoincrement=False),
    Column("question", String(64), primary_key=True),
    Column("role", String(40), nullable=False),
    Column("value", Structured, nullable=False),
    Column("score", Integer),
)

revision = Table(
    "revision",
    metadata,
    Column("response_id", RowId, ForeignKey("response.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True),
    Column("answers", Structured, nullable=False),
    Column("confidence", String(12), nullable=False),
    Column("signs", Structured, nullable=False),
    Column("at", Moment, nullable=False),
)

gesture = Table(
    "gesture",
    metadata,
    row_id(),
    public_id(),
    refers("customer_id", "customer", nullable=False),
    refers("contact_id", "contact"),
    refers("response_id", "response"),
    refers("agent_id", "agent"),
    Column("kind", String(20), nullable=False),  # apology, compensation, call_back, or one of the settings
    Column("manner", String(12), nullable=False, default="", server_default=""),  # plain, explanation, promise
    Column("words", Text, nullable=False, default="", server_default=""),
    Column("value", String(200), nullable=False),
    Column("cost_cents", BigInteger),
    Column("currency", String(3), nullable=False),
    Column("note", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("nth", Integer, nullable=False),
    flag("imported"),
    flag("test"),
    Column("at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index("ix_gesture_contact", "contact_id"),
    Index("ix_gesture_customer_at", "customer_id", "at"),
    Index("ix_gesture_response", "response_id"),
)
