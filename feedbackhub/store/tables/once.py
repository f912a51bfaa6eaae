"""What plugins may cause only once, ever: keyed tasks and letters, long after the task itself is gone."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from ..types import Moment
from .base import metadata

once = Table(
    "once",
    metadata,
    Column("plugin", String(64), primary_key=True),
    Column("digest", String(64), primary_key=True),  # keyed: what a plugin takes as its key may name a person
    Column("at", Moment, nullable=False),
)
