"""What ran in which plugin, as far as it is kept."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, String, Table

from ..types import Moment
from .base import metadata, row_id

plugin_call = Table(
    "plugin_call",
    metadata,
    row_id(),
    Column("plugin", String(64), nullable=False),
    Column("what", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("detail", String(500), nullable=False),
    Index("ix_plugin_call_plugin", "plugin", "id"),
)
