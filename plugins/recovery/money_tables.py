"""The table of assumptions on money: what was entered for each, one row for every change."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, String, Table, Text

from feedbackhub.columns import Moment

from .tables import metadata

__all__ = ["assumption"]

assumption = Table(
    "plugin_recovery_assumption",
    metadata,
    Column("name", String(40), primary_key=True),
    # Counts the changes of one assumption: the highest is what holds, and two people cannot both make the next one.
    Column("number", Integer, primary_key=True, autoincrement=False),
    # Whether something is entered; otherwise the default holds.
    Column("is_entered", Boolean, nullable=False),
    Column("low", Float),
    Column("likely", Float),
    Column("high", Float),
    Column("word", String(100), nullable=False),
    Column("source", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(200), nullable=False),
)
