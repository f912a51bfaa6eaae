"""Links for everybody who sees them, and the answers that came by them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, text

from ..types import Moment, RowId
from .base import flag, metadata, public_id, refers, row_id, word

open_link = Table(
    "open_link",
    metadata,
    row_id(),
    public_id(),
    word("title"),
    Column("survey", String(64), nullable=False),
    word("brand"),
    word("channel"),
    word("team"),
    word("language"),
    refers("agent_id", "agent"),
    Column("source", String(64), nullable=False, default="", server_default=""),  # of the tickets that answers claim
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("revoked_at", Moment),
)

open_answer = Table(
    "open_answer",
    metadata,
    Column("invitation_id", RowId, ForeignKey("invitation.id"), primary_key=True, autoincrement=False),
    refers("open_link_id", "open_link", nullable=False, index=True),
    Column("claimed_source", String(64), nullable=False, default="", server_default=""),
    word("claimed"),
    refers("claimed_contact_id", "contact", index=True),
    flag("repeated"),
    Index(
        "ix_open_answer_waiting",
        "claimed",
        "claimed_source",
        sqlite_where=text("claimed <> '' AND claimed_contact_id IS NULL"),
        postgresql_where=text("claimed <> '' AND claimed_contact_id IS NULL"),
    ),
)

# Both are emptied every day: then nobody can tell any more who came.
open_visit = Table(
    "open_visit",
    metadata,
    row_id(),
    Column("visitor", String(32), nullable=False, index=True),
    Column("page", String(32), nullable=False),
    refers("invitation_id", "invitation", nullable=False, index=True),
    Column("day", String(10), nullable=False),
)

day_salt = Table(
    "day_salt",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
)
