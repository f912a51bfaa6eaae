"""Contacts, the decision on each, and the asks that follow."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from ..types import Moment, RowId, Structured
from .base import dimensions, flag, metadata, public_id, refers, row_id, word

survey_version = Table(
    "survey_version",
    metadata,
    row_id(),
    Column("survey", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("published_by", String(200), nullable=False),
    # The rows of question types that plugins brought, so that the version can be asked and answered without them.
    Column("types", Structured),
    UniqueConstraint("survey", "number"),
)

contact = Table(
    "contact",
    metadata,
    row_id(),
    public_id(),
    Column("source", String(64), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("resolution", Integer, nullable=False),
    refers("customer_id", "customer"),
    refers("agent_id", "agent"),
    *dimensions(),
    Column("tags", Structured, nullable=False),
    word("direction"),
    word("closed_by"),
    Column("started_at", Moment),
    Column("ended_at", Moment, nullable=False),
    Column("reopened_at", Moment),
    Column("url", String(2000), nullable=False),
    Column("ask", Boolean, nullable=False),
    flag("test"),
    flag("imported"),
    Column("attributes", Structured, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    UniqueConstraint("source", "external_id", "resolution"),
    Index("ix_contact_customer_ended", "customer_id", "ended_at"),
    Index("ix_contact_ended", "ended_at"),
    Index("ix_contact_agent_ended", "agent_id", "ended_at"),
)

decision = Table(
    "decision",
    metadata,
    Column("contact_id", RowId, ForeignKey("contact.id"), primary_key=True, autoincrement=False),
    Column("outcome", String(12), nullable=False),
    Column("rule", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("policy", String(80), nullable=False),
    Column("facts", Structured, nullable=False),
    Column("decided_at", Moment, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    row_id(),
    public_id(),
    refers("contact_id", "contact"),
    refers("customer_id", "customer"),
    refers("agent_id", "agent"),
    refers("survey_version_id", "survey_version", nullable=False),
    Column("survey", String(64), nullable=False),
    Column("survey_type", String(64), nullable=False),
    Column("after_response_id", RowId),  # a response; no constraint, for the two tables would need each other
    Column("state", String(16), nullable=False),  # due, sent, answered, cancelled, expired, undeliverable
    Column("reason", Text, nullable=False, default="", server_default=""),
    Column("ladder", Structured, nullable=False),
    Column("step", Integer, nullable=False, default=0),
    Column("reminders", Integer, nullable=False, default=0),
    Column("reminder_after", Integer, nullable=False, default=0),  # seconds
    Column("edit_window", Integer, nullable=False, default=0),  # seconds
    *dimensions(),
    flag("test"),
    flag("imported"),
    Column("contact_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_invitation_contact", "contact_id"),
    Index("ix_invitation_contact_at", "contact_at"),
    Index(
        "ix_invitation_open_expires",
        "expires_at",
        sqlite_where=text("state IN ('due', 'sent')"),
        postgresql_where=text("state IN ('due', 'sent')"),
    ),
    Index(
        "ix_invitation_after_response",
        "after_response_id",
        sqlite_where=text("after_response_id IS NOT NULL"),
        postgresql_where=text("after_response_id IS NOT NULL"),
    ),
    Index("ix_invitation_customer_due", "customer_id", "due_at"),
    Index(
        "uq_invitation_first_ask",
        "contact_id",
        unique=True,
        sqlite_where=text("after_response_id IS NULL"),
        postgresql_where=text("after_response_id IS NULL"),
    ),
    Index(
        "uq_invitation_after_response",
        "after_response_id",
        unique=True,
        sqlite_where=text("after_response_id IS NOT NULL AND state NOT IN ('cancelled', 'undeliverable', 'expired')"),
        postgresql_where=text(
            "after_response_id IS NOT NULL AND state NOT IN ('cancelled', 'undeliverable', 'expired')"
        ),
    ),
)

delivery = Table(
    "delivery",
    metadata,
    row_id(),
    public_id(),
    refers("invitation_id", "invitation", nullable=False, index=True),
    Column("kind", String(12), nullable=False),  # first, reminder, fallback
    Column("channel", String(64), nullable=False),
    Column("address_kind", String(80), nullable=False),
    Column("address", String(320), nullable=False),
    Column("message_id", String(120), nullable=False, unique=True),
    Column("state", String(12), nullable=False),  # due, sending, sent, failed, cancelled, bounced
    Column("due_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("delivered_at", Moment),  # when the other side told that it arrived
    Column("receipt", Text, nullable=False, default="", server_default=""),
    Column("error", Text, nullable=False, default="", server_default=""),
    Column("created_at", Moment, nullable=False),
    Index("ix_delivery_state_due", "state", "due_at"),
    Index(
        "ix_delivery_receipt",
        "receipt",
        sqlite_where=text("receipt <> ''"),
        postgresql_where=text("receipt <> ''"),
    ),
)

suppression = Table(
    "suppression",
    metadata,
    row_id(),
    public_id(),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("kind", String(80), nullable=False),
    Column("reason", String(20), nullable=False),  # opt_out, bounce, complaint, staff
    Column("detail", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
)
