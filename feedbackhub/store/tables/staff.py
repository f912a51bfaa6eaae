"""Who works here, with which key, and what they did."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from ..types import Moment, Structured
from .base import flag, metadata, public_id, refers, row_id, word

staff_user = Table(
    "staff_user",
    metadata,
    row_id(),
    public_id(),
    Column("email", String(320), nullable=False, unique=True),
    word("name"),
    Column("role", String(12), nullable=False),  # agent, manager, admin
    word("language"),
    refers("agent_id", "agent"),
    Column("password_hash", Text, nullable=False, default="", server_default=""),
    Column("secret_digest", String(64), nullable=False, default="", server_default=""),
    Column("secret_expires_at", Moment),
    flag("revoked"),
    Column("created_at", Moment, nullable=False),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("digest", String(64), primary_key=True),
    refers("user_id", "staff_user", nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    row_id(),
    public_id(),
    Column("name", String(200), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("scopes", Structured, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
)

audit = Table(
    "audit",
    metadata,
    row_id(),
    Column("at", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(80), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", Structured, nullable=False),
    Index("ix_audit_subject", "subject", "at"),
)
