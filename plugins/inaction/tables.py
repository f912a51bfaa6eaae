"""The plugin's own table: what was entered for each input, one row for every change."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import MetaData

from feedbackhub import Tables
from feedbackhub.reporting.assumptions import assumptions_table

__all__ = ["MIGRATIONS", "TABLES", "assumption"]

MIGRATIONS = Path(__file__).parent / "migrations"
metadata = MetaData()
# The only word is a currency's code.
assumption = assumptions_table("plugin_inaction_assumption", metadata, longest_word=3)
TABLES = Tables(metadata, MIGRATIONS)
