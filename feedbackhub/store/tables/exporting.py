"""Exports: what was asked for, how far it is, and what is written again and again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from ..types import Moment, Structured
from .base import metadata, public_id, row_id, word

export_run = Table(
    "export_run",
    metadata,
    row_id(),
    public_id(),
    Column("records", String(20), nullable=False),
    Column("format", String(64), nullable=False),
    Column("filters", Structured, nullable=False),
    Column("after", String(12), nullable=False, default="", server_default=""),
    Column("state", String(12), nullable=False),  # queued, running, done, failed, cancelled, expired
    Column("schedule", String(12), nullable=False, default="", server_default=""),
    word("asked_by"),
    Column("rows_done", Integer, nullable=False, default=0, server_default="0"),
    Column("rows_total", Integer),
    Column("bytes", BigInteger),
    Column("file", String(80), nullable=False, default="", server_default=""),
    Column("cursor", String(12), nullable=False, default="", server_default=""),
    Column("error", Text, nullable=False, default="", server_default=""),
    Column("attempt", Integer, nullable=False, default=0, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("expires_at", Moment),
    Index("ix_export_run_state_due", "state", "due_at"),
    Index("ix_export_run_created", "created_at"),
)

export_schedule = Table(
    "export_schedule",
    metadata,
    row_id(),
    public_id(),
    Column("records", String(20), nullable=False),
    Column("format", String(64), nullable=False),
    Column("filters", Structured, nullable=False),
    Column("every", String(8), nullable=False),  # day, week, month
    Column("hour", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    word("created_by"),
    Column("created_at", Moment, nullable=False),
    Index("ix_export_schedule_next", "next_at"),
)
