"""Jobs: when each is due next and who runs it now, so that of all machines one does."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from ..types import Moment
from .base import metadata

job = Table(
    "job",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("holder", String(32), nullable=False),
    Column("held_until", Moment),
)
