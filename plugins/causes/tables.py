"""The plugin's own table: the themes as they were after each change, so that any change can be taken back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table

from feedbackhub import Tables
from feedbackhub.columns import Moment, Structured

__all__ = ["TABLES", "edition"]

metadata = MetaData()

edition = Table(
    "plugin_causes_edition",
    metadata,
    # Editions are numbered from 1; the newest holds, and before the first one the shipped themes do.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("themes", Structured, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("what", String(20), nullable=False),
    Column("title", String(80), nullable=False),
)

TABLES = Tables(metadata, Path(__file__).parent / "migrations")
