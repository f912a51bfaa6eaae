"""The plugin's own tables: experiments, who was assigned to which arm, and who was not taken in and why.

No personal data: customers, cases and answers stand here by their public ids only.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text, UniqueConstraint

from feedbackhub import Tables
from feedbackhub.columns import Moment, RowId, Structured

__all__ = ["MIGRATIONS", "TABLES", "assignment", "experiment", "refusal"]

MIGRATIONS = Path(__file__).parent / "migrations"
metadata = MetaData()

experiment = Table(
    "plugin_apology_experiment",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("name", String(80), nullable=False),
    # draft | running | stopped | ended
    Column("state", String(10), nullable=False, index=True),
    # As it may still be changed while it is a draft; from the start on as it was frozen.
    Column("plan", Structured, nullable=False),
    # SHA-256 of the frozen plan, empty before the start.
    Column("digest", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("started_at", Moment),
    Column("started_by", String(200), nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", String(200), nullable=False),
    # Why it stopped or ended: of a person in their words, else the rule's name.
    Column("reason", Text, nullable=False),
    # The event log's end at the start: what stands before it is not of this experiment, whatever clocks say.
    Column("position", RowId),
    # No more customers are taken in, but windows of those taken in are still open.
    Column("is_closed", Boolean, nullable=False),
    # Counts changes, so that two people cannot overwrite each other.
    Column("version", Integer, nullable=False),
)

assignment = Table(
    "plugin_apology_assignment",
    metadata,
    # The order of assignment: clocks may go back, numbers do not.
    Column("number", RowId, primary_key=True, autoincrement=True),
    Column("experiment", String(12), nullable=False),
    # The customer as the case named them; never rewritten, not even when customers are merged.
    Column("customer", String(12), nullable=False, index=True),
    Column("case", String(12), nullable=False, index=True),
    Column("response", String(12), nullable=False, index=True),
    Column("arm", String(64), nullable=False),
    # Values of the plan's strata joined by U+001F, empty for none.
    Column("stratum", String(400), nullable=False),
    # Which permuted block of the stratum, and which place in it; None where arms are drawn by hash.
    Column("block", Integer),
    Column("place", Integer),
    Column("assigned_at", Moment, nullable=False),
    # When the second ask is due: the same span after the case in all arms; the window counts from here.
    Column("reask_at", Moment, nullable=False),
    Column("window_ends_at", Moment, nullable=False, index=True),
    # Set once when an event of the log closed the window: a clock that goes back opens none again.
    Column("is_over", Boolean, nullable=False),
    # The second ask, empty while there is none.
    Column("invitation", String(12), nullable=False, index=True),
    Column("asked_at", Moment),
    # The second answer, also while it does not count: the first one stands in the core and is never overwritten.
    Column("again", String(12), nullable=False),
    Column("answered_at", Moment),
    Column("score", Float),
    Column("low", Boolean),
    # Whether the second answer counts as won back by the plan; None while there is none.
    Column("won", Boolean),
    # Kinds of gestures made between the assignment and the second answer, in their order.
    Column("received", Structured, nullable=False),
    UniqueConstraint("experiment", "customer"),
    UniqueConstraint("experiment", "stratum", "block", "place"),
    sqlite_autoincrement=True,
)

refusal = Table(
    "plugin_apology_refusal",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=True),
    Column("experiment", String(12), nullable=False),
    Column("case", String(12), nullable=False),
    Column("customer", String(12), nullable=False),
    # A word such as owed, safety, topic; see eligibility.py.
    Column("reason", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("experiment", "case"),
)

TABLES = Tables(metadata, MIGRATIONS)
