"""Which tables each plugin has made, so that they can be removed when nobody knows the plugin any more."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from ..types import Moment, Structured
from .base import metadata

own_schema = Table(
    "own_schema",
    metadata,
    Column("plugin", String(64), primary_key=True),
    Column("tables", Structured, nullable=False),
    Column("at", Moment, nullable=False),
    Column("works_with", String(64)),  # the oldest revision of the plugin that can work with its tables as they are
)
