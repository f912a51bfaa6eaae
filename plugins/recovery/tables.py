"""The plugin's own tables of cases: what is open, and everything that happened to it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

from feedbackhub import Tables
from feedbackhub.columns import Moment, RowId, Structured

__all__ = ["TABLES", "case", "metadata", "person", "step"]

metadata = MetaData()

case = Table(
    "plugin_recovery_case",
    metadata,
    Column("id", String(12), primary_key=True),
    # The answer that opened it: one answer has one case, ever.
    Column("response", String(12), nullable=False),
    Column("customer", String(12), nullable=False),
    Column("contact", String(12), nullable=False),
    Column("survey", String(80), nullable=False),
    Column("team", String(200), nullable=False),
    Column("dimensions", Structured, nullable=False),
    # Why it was opened: low, call, not_solved, staff.
    Column("reasons", Structured, nullable=False),
    # What makes it no matter of goodwill: owed, safety, legal.
    Column("flags", Structured, nullable=False),
    Column("tags", Structured, nullable=False),
    Column("score", Float),
    # Later bad answers of the same person that came while it was open.
    Column("joined", Structured, nullable=False),
    # open, acknowledged, waiting or closed.
    Column("state", String(12), nullable=False),
    # How it ended, empty until then.
    Column("outcome", String(20), nullable=False),
    # A member of staff by mail address; empty: everybody's.
    Column("owner", String(320), nullable=False),
    # How far it was escalated.
    Column("level", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("acknowledge_by", Moment, nullable=False),
    Column("resolve_by", Moment, nullable=False),
    Column("acknowledged_at", Moment),
    Column("closed_at", Moment),
    # When a waiting case comes back by itself.
    Column("next_at", Moment),
    # What is due next in this state; of a closed one when it was closed.
    Column("due_at", Moment, nullable=False),
    # When the watch has to look at it next, None for never.
    Column("watch_at", Moment),
    # When it was first seen to be overdue.
    Column("overdue_at", Moment),
    Column("reminders", Integer, nullable=False),
    # The case in another system that carries it, and whether that one does the reminding.
    Column("reference", String(200), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("quiet", Boolean, nullable=False),
    # What the trial has assigned, None for no trial.
    Column("trial", Structured),
    # Asking again: when it is planned, the ask, and what came back.
    Column("reask_at", Moment),
    Column("invitation", String(12), nullable=False),
    Column("again_response", String(12), nullable=False),
    Column("again_score", Float),
    Column("again_low", Boolean),
    Column("again_at", Moment),
    # What the last step replaced, so that a slip can be taken back; None for nothing to take back.
    Column("before", Structured),
    # Counts the changes.
    Column("version", Integer, nullable=False),
    # Of no use any more; whoever still runs the version before this one writes it.
    Column("mark", String(12), nullable=False, default=""),
    UniqueConstraint("response", name="uq_plugin_recovery_case_response"),
    Index("ix_plugin_recovery_case_customer", "customer"),
    Index("ix_plugin_recovery_case_opened", "opened_at", "id"),
    Index("ix_plugin_recovery_case_state", "state", "due_at", "id"),
    Index("ix_plugin_recovery_case_watch", "watch_at"),
    Index("ix_plugin_recovery_case_invitation", "invitation"),
)

step = Table(
    "plugin_recovery_step",
    metadata,
    # In the order of writing: the clock may go back, this does not.
    Column("number", RowId, primary_key=True, autoincrement=True),
    Column("case", String(12), nullable=False),
    Column("at", Moment, nullable=False),
    # Who did it: a mail address, a key of the API, or the engine.
    Column("by", String(320), nullable=False),
    Column("kind", String(20), nullable=False),
    # Words of a person; erased with the customer.
    Column("text", Text, nullable=False),
    # Names and numbers only.
    Column("detail", Structured, nullable=False),
    Index("ix_plugin_recovery_step_case", "case", "number"),
)

#: By what the people of cases are known, as keyed hashes: whoever is erased is found, and nobody can be read from it.
person = Table(
    "plugin_recovery_person",
    metadata,
    Column("case", String(12), primary_key=True),
    Column("print", String(32), primary_key=True),
    Index("ix_plugin_recovery_person_print", "print"),
)

TABLES = Tables(metadata, Path(__file__).parent / "migrations")
