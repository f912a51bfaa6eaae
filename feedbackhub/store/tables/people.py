"""Who is served and who serves."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text, UniqueConstraint

from ..types import Moment, Structured
from .base import metadata, public_id, refers, row_id, word

person = Table(
    "person",
    metadata,
    row_id(),
    refers("merged_into", "person", index=True),
    Column("created_at", Moment, nullable=False),
)

customer = Table(
    "customer",
    metadata,
    row_id(),
    public_id(),
    refers("person_id", "person", nullable=False, index=True),
    word("name"),
    word("language"),
    word("timezone"),
    word("segment"),
    word("country"),
    Column("attributes", Structured, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("erased_at", Moment),
)

identifier = Table(
    "identifier",
    metadata,
    row_id(),
    refers("customer_id", "customer", nullable=False),
    Column("kind", String(80), nullable=False),
    Column("value", String(320), nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("customer_id", "kind", "value"),
    Index("ix_identifier_kind_value", "kind", "value"),
)

person_link = Table(
    "person_link",
    metadata,
    row_id(),
    refers("person_id", "person", nullable=False, index=True),
    refers("into_id", "person", nullable=False, index=True),
    Column("state", String(12), nullable=False),  # proposed, merged, undone, refused
    Column("reason", Text, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
)

agent = Table(
    "agent",
    metadata,
    row_id(),
    public_id(),
    Column("source", String(64), nullable=False),
    Column("external_id", String(200), nullable=False),
    word("name"),
    word("team"),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("source", "external_id"),
)
