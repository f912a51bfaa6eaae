"""Which releases can work with the tables as they are."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select

from ..tables import schema_revision


def works_with(connection: Connection, revision: str) -> str:
    """Return the oldest revision whose release can work with this one, empty when nobody said so."""
    if not inspect(connection).has_table(schema_revision.name):
        return ""
    query = select(schema_revision.c.works_with).where(schema_revision.c.revision == revision)
    return connection.execute(query).scalar_one_or_none() or ""


def note(connection: Connection, revision: str, oldest: str) -> None:
    """Keep a revision's word on who can work with it."""
    known = select(schema_revision.c.revision).where(schema_revision.c.revision == revision)
    if connection.execute(known).first() is None:
        connection.execute(insert(schema_revision), {"revision": revision, "works_with": oldest})
