"""Plugins with tables of their own, their migrations written out to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, Text

from feedbackhub import Tables
from feedbackhub.columns import Moment, RowId, Structured
from tests.plugin_data.guests import Guest

FIRST = """
import sqlalchemy as sa
from alembic import op
from feedbackhub.columns import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "{prefix}case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(40), nullable=False, unique=True),
        sa.Column("at", Moment()),
        sa.Column("facts", sa.JSON()),
    )
{more}
"""


def case_table(plugin: str, *more: Column[Any]) -> Table:
    """Return a plugin's only table."""
    return Table(
        f"plugin_{plugin.replace('-', '_')}_case",
        MetaData(),
        Column("id", RowId, primary_key=True, autoincrement=True),
        Column("name", String(40), nullable=False, unique=True),
        Column("at", Moment),
        Column("facts", Structured),
        *more,
    )


def keeping(folder: Path, name: str, more: str = "", **brings: Any) -> Guest:
    """Return a plugin with a table ``case`` and a first migration; `more` is added to the latter."""
    table = case_table(name)
    write_first(folder, name, more)
    guest = Guest(name, tables=lambda hub: Tables(table.metadata, folder / name), **brings)
    guest.case = table  # type: ignore[attr-defined]
    return guest


def write_first(folder: Path, name: str, more: str = "") -> None:
    """Write the first migration."""
    versions = folder / name / "versions"
    versions.mkdir(parents=True)
    prefix = f"plugin_{name.replace('-', '_')}_"
    (versions / "0001_first.py").write_text(FIRST.format(prefix=prefix, more=more), "utf-8")


def with_note(table_name: str) -> str:
    """Return a second migration that adds a column."""
    return f"""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("{table_name}", sa.Column("note", sa.Text()))
"""


NOTE: Column[Any] = Column("note", Text)
