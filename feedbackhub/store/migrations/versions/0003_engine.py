"""What the engine needs on many machines: one function for each part; every step only adds."""

import sqlalchemy as sa
from alembic import op

from feedbackhub.store.types import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
#: The oldest revision whose release can work on this schema; releases before this one do not ask.
works_with = "0003"


def upgrade() -> None:
    """Add what the engine needs on many machines."""
    _schema_revisions()
    _lanes()
    _subscribers()
    _watching()
    _runners()
    _tallies()


# Which releases can work with the tables as they are (store/tables/schema.py, store/tables/own_schema.py)
def _schema_revisions() -> None:
    op.create_table(
        "schema_revision",
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.Column("works_with", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_schema_revision")),
    )
    op.add_column("own_schema", sa.Column("works_with", sa.String(length=64), nullable=True))


# How fast each lane may go, shared by all machines (store/tables/lanes.py)
def _lanes() -> None:
    op.create_table(
        "lane",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("filled_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lane")),
    )


# What became of a subscriber that fails, seen by all processes (store/tables/engine.py)
def _subscribers() -> None:
    for column in (
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failing_since", Moment()),
        sa.Column("retry_at", Moment()),
        sa.Column("stuck_at", sa.BigInteger()),
        sa.Column("rounds", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("subscriber", column)


# That engines live and what they have sent (store/tables/watching.py); tasks in trouble (store/tables/engine.py)
def _watching() -> None:
    op.create_table(
        "engine_pulse",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("runner", sa.String(length=40), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_pulse")),
    )
    op.create_table(
        "meter",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.String(length=200), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", name=op.f("pk_meter")),
    )
    op.add_column("task", sa.Column("base", sa.Integer(), nullable=False, server_default="0"))
    parked = sa.text("state = 'parked'")
    op.create_index("ix_task_parked", "task", ["lane"], sqlite_where=parked, postgresql_where=parked)


# Attempts that begun and those that were lost, and who looks after the house (store/tables/engine.py, jobs.py)
def _runners() -> None:
    for name in ("begun", "lost", "deaths"):
        op.add_column("task", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("held_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )


# Counts of one question by one dimension, whatever else is counted on those days (store/tables/engine.py)
def _tallies() -> None:
    op.create_index("ix_tally_question", "tally", ["dimension", "survey", "question", "basis", "day"])
