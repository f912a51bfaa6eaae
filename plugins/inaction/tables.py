"""The plugin's own table: what was entered for each input, one row for every change."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text

from feedbackhub import Tables
from feedbackhub.columns import Moment

__all__ = ["MIGRATIONS", "TABLES", "assumption"]

MIGRATIONS = Path(__file__).parent / "migrations"
metadata = MetaData()

assumption = Table(
    "plugin_inaction_assumption",
    metadata,
    Column("name", String(40), primary_key=True),
    # Counts the changes of one input: the highest is what holds, and two people cannot both make the next one.
    Column("number", Integer, primary_key=True, autoincrement=False),
    # Whether something is entered; otherwise the default holds.
    Column("is_entered", Boolean, nullable=False),
    Column("low", Float),
    Column("likely", Float),
    Column("high", Float),
    Column("word", String(3), nullable=False),
    Column("source", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(200), nullable=False),
)

TABLES = Tables(metadata, MIGRATIONS)
