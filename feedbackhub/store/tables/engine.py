"""The event log, the outbox and the counts kept from them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ..types import Moment, RowId, Structured
from .base import metadata, refers, row_id

event = Table(
    "event",
    metadata,
    row_id(),
    Column("position", BigInteger, unique=True),
    Column("type", String(80), nullable=False),
    Column("at", Moment, nullable=False),
    Column("payload", Structured, nullable=False),
    Index(
        "ix_event_unnumbered",
        "id",
        sqlite_where=text("position IS NULL"),
        postgresql_where=text("position IS NULL"),
    ),
)

subscriber = Table(
    "subscriber",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("error", Text, nullable=False, default="", server_default=""),
    Column("updated_at", Moment, nullable=False),
    # Of one that fails, which is one whose error is not empty: a former release may have emptied that alone.
    Column("failures", Integer, nullable=False, default=0, server_default="0"),  # in a row
    Column("failing_since", Moment),
    Column("retry_at", Moment),
    Column("stuck_at", BigInteger),  # up to where the next try goes: the event it fails at, once that is known
    # Of the tallies: how often their rows were repaired beside the log.
    Column("rounds", Integer, nullable=False, default=0, server_default="0"),
)

task = Table(
    "task",
    metadata,
    row_id(),
    Column("kind", String(80), nullable=False),
    Column("lane", String(64), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("payload", JSON(none_as_null=True)),  # taken out when the task ends
    Column("dedup_key", String(200), nullable=False, unique=True),
    Column("state", String(12), nullable=False),  # due, claimed, done, parked, cancelled
    Column("priority", Integer, nullable=False, default=0),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("attempt", Integer, nullable=False, default=0),
    # The attempts before a person last asked for it: tries count anew from here, the fence never goes back.
    Column("base", Integer, nullable=False, default=0, server_default="0"),
    # The attempt that was noted as begun before anything was done; how many were lost without an outcome, and how many
    # of these had begun: their workers died of them, or with them.
    Column("begun", Integer, nullable=False, default=0, server_default="0"),
    Column("lost", Integer, nullable=False, default=0, server_default="0"),
    Column("deaths", Integer, nullable=False, default=0, server_default="0"),
    Column("last_error", Text, nullable=False, default="", server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(
        "ix_task_due",
        "lane",
        "priority",
        "due_at",
        sqlite_where=text("state = 'due'"),
        postgresql_where=text("state = 'due'"),
    ),
    Index(
        "ix_task_claimed",
        "lease_until",
        sqlite_where=text("state = 'claimed'"),
        postgresql_where=text("state = 'claimed'"),
    ),
    Index(
        "ix_task_ended",
        "ended_at",
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
    Index(
        "ix_task_parked",
        "lane",
        sqlite_where=text("state = 'parked'"),
        postgresql_where=text("state = 'parked'"),
    ),
    Index("ix_task_reference", "kind", "reference"),
)

tally = Table(
    "tally",
    metadata,
    Column("basis", String(8), primary_key=True),  # contact, answer: which date the day is
    Column("day", String(10), primary_key=True),
    Column("survey", String(64), primary_key=True),
    Column("question", String(64), primary_key=True),  # "" counts sends and answers
    Column("dimension", String(40), primary_key=True),
    Column("value", String(410), primary_key=True),
    Column("score", String(40), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Index("ix_tally_question", "dimension", "survey", "question", "basis", "day"),
)

tallied = Table(
    "tallied",
    metadata,
    Column("kind", String(12), primary_key=True),  # response, invitation
    Column("reference", RowId, primary_key=True, autoincrement=False),
    Column("cells", Structured, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("contact_id", RowId, ForeignKey("contact.id")),
    Column("created_at", Moment, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    row_id(),
    Column("source", String(80), nullable=False),
    Column("key", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    refers("invitation_id", "invitation", index=True),
    Column("fingerprint", String(64), nullable=False, default="", server_default="", index=True),
    Column("detail", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    UniqueConstraint("source", "key"),
)

import_run = Table(
    "import_run",
    metadata,
    row_id(),
    Column("kind", String(20), nullable=False),
    Column("file", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("rows_done", Integer, nullable=False),
    Column("counts", Structured, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    UniqueConstraint("kind", "file", "digest"),
)
