"""What other systems told us, as it came: read by the engine, kept for a while, so that a mistake loses nothing."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from ..types import Moment, RowId, Structured
from .base import metadata, public_id, row_id, word

inbound = Table(
    "inbound",
    metadata,
    row_id(),
    public_id(),
    Column("receiver", String(64), nullable=False),
    Column("kind", String(8), nullable=False),  # source, channel
    Column("state", String(12), nullable=False),  # received, done, ignored, failed, discarded
    Column("delivery", String(64)),  # hash of the sender's own id of the request
    Column("headers", Structured, nullable=False),
    Column("query", Structured, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("handled_at", Moment),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Column("problems", Structured, nullable=False),  # [{field, reason}]
    Column("result", Structured, nullable=False),
    UniqueConstraint("receiver", "delivery"),
    Index("ix_inbound_receiver", "receiver", "id"),
    Index("ix_inbound_handled", "handled_at"),
    Index(
        "ix_inbound_waiting",
        "state",
        "id",
        sqlite_where=text("state IN ('received', 'failed')"),
        postgresql_where=text("state IN ('received', 'failed')"),
    ),
)

# Which contacts a request led to.
inbound_contact = Table(
    "inbound_contact",
    metadata,
    Column("inbound_id", RowId, ForeignKey("inbound.id"), primary_key=True),
    Column("contact_id", RowId, ForeignKey("contact.id"), primary_key=True, index=True),
)

# Who was ever called under a name, and the calls that were refused; of those nothing else is kept.
receiver = Table(
    "receiver",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("accepted_at", Moment),
    Column("refused", Integer, nullable=False, default=0, server_default="0"),
    Column("refused_at", Moment),
    word("refused_because"),
)
