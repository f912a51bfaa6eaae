"""Snapshots: reports that read records and are kept for a while, shared by all machines."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from ..types import Moment
from .base import metadata

snapshot = Table(
    "snapshot",
    metadata,
    Column("analysis", String(64), primary_key=True),
    Column("digest", String(64), primary_key=True),  # of what was asked for, and of all else that the report rests on
    Column("report", Text),  # none while the first one is being made
    Column("size", Integer, nullable=False, default=0, server_default="0"),
    Column("made_at", Moment),
    # Who makes a new one.
    Column("holder", String(32), nullable=False, default="", server_default=""),
    Column("held_until", Moment),
    Index("ix_snapshot_made", "made_at"),
)
