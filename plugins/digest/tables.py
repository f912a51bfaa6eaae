"""The plugin's own tables: digests, whom they go to, and what was made of them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, UniqueConstraint

from feedbackhub import Tables
from feedbackhub.columns import Moment, Structured

__all__ = ["TABLES", "digest", "edition", "recipient"]

metadata = MetaData()

digest = Table(
    "plugin_digest_digest",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("title", String(80), nullable=False),
    Column("language", String(10), nullable=False),
    Column("every", String(10), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    # Dimensions and the survey that it keeps to, by name.
    Column("filters", Structured, nullable=False),
    Column("reports", Structured, nullable=False),
    Column("quotes", Boolean, nullable=False),
    Column("charts", Boolean, nullable=False),
    Column("is_on", Boolean, nullable=False),
    # Slots up to here are not sent: it was made, changed or switched on then.
    Column("since", Moment, nullable=False),
    # The last day, by the company's clocks, whose mail was planned.
    Column("last_day", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(320), nullable=False),
    Column("deleted_at", Moment),
)

recipient = Table(
    "plugin_digest_recipient",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("digest", String(12), nullable=False),
    Column("address", String(320), nullable=False),
    Column("added_at", Moment, nullable=False),
    # Who ended it keeps the row when taken off the list, so that being put there again sends nothing.
    Column("removed_at", Moment),
    Column("stopped_at", Moment),
    # Why staff put somebody back who had ended it.
    Column("note", String(200), nullable=False),
    UniqueConstraint("digest", "address", name="uq_plugin_digest_recipient_address"),
)

edition = Table(
    "plugin_digest_edition",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("digest", String(12), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("day", String(10), nullable=False),
    Column("since", String(10), nullable=False),
    Column("until", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    # Whom a test goes to, empty for all others and once it was sent.
    Column("address", String(320), nullable=False),
    Column("letters", Integer, nullable=False),
    Column("problems", Structured, nullable=False),
    # What a preview shows, for an hour.
    Column("content", Structured),
    Column("created_at", Moment, nullable=False),
    Column("made_at", Moment),
    Index("ix_plugin_digest_edition_digest", "digest", "created_at"),
)

TABLES = Tables(metadata, Path(__file__).parent / "migrations")
