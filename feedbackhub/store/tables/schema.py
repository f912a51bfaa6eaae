"""Which releases can work with the tables as they are."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from .base import metadata

#: Written by the migration that made a revision, so that a release that does not know it can tell whether to go on.
schema_revision = Table(
    "schema_revision",
    metadata,
    Column("revision", String(32), primary_key=True),
    Column("works_with", String(32), nullable=False),
)
