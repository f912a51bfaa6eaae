"""What plugins need: one function for each part; every step only adds."""

import sqlalchemy as sa
from alembic import op

from feedbackhub.store.types import Moment, Structured

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what plugins need."""
    _tasks()
    _once()


# Tasks of plugins, letters and erasings that have to be repeated (store/tables/engine.py)
def _tasks() -> None:
    op.add_column("task", sa.Column("payload", Structured, nullable=True))


# What may happen only once, ever (store/tables/once.py)
def _once() -> None:
    op.create_table(
        "once",
        sa.Column("plugin", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("plugin", "digest", name=op.f("pk_once")),
    )
