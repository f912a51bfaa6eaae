"""The plugin's own tables: endpoints, and one row for each event and endpoint; nothing personal."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

from feedbackhub import Tables
from feedbackhub.columns import Moment, Structured

__all__ = ["MIGRATIONS", "TABLES", "delivery", "endpoint"]

MIGRATIONS = Path(__file__).parent / "migrations"
metadata = MetaData()

endpoint = Table(
    "plugin_webhooks_endpoint",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("title", String(80), nullable=False),
    # A place that events go to, or the template and credentials of a helpdesk that notes go to.
    Column("url", Text, nullable=False),
    Column("template", Structured, nullable=False),
    Column("types", Structured, nullable=False),
    Column("include", Structured, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("rotated_at", Moment),
    Column("is_on", Boolean, nullable=False),
    Column("off_since", Moment),
    Column("reason", String(20), nullable=False),
    Column("trouble", String(200), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("rest_until", Moment),
    Column("is_slow", Boolean, nullable=False),
    Column("succeeded_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
)

delivery = Table(
    "plugin_webhooks_delivery",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("endpoint", String(12), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("type", String(80), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("event_at", Moment, nullable=False),
    # Counts replays and retries by hand, so that a task of an earlier round does nothing.
    Column("round", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("answer", Integer, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("error", String(200), nullable=False),
    # What a note said, as a keyed hash: the next note says something only when that has changed.
    Column("digest", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("tried_at", Moment),
    Column("next_at", Moment),
    UniqueConstraint("endpoint", "position", name="uq_plugin_webhooks_delivery_event"),
    Index("ix_plugin_webhooks_delivery_status", "endpoint", "status"),
    Index("ix_plugin_webhooks_delivery_subject", "endpoint", "subject"),
    Index("ix_plugin_webhooks_delivery_created_at", "created_at"),
)

TABLES = Tables(metadata, MIGRATIONS)
