"""Reports that read records are kept for a while; every step only adds."""

import sqlalchemy as sa
from alembic import op

from feedbackhub.store.types import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
#: The oldest revision whose release can work on this schema.
works_with = "0003"


def upgrade() -> None:
    """Add what the analyses need (store/tables/snapshots.py)."""
    op.create_table(
        "snapshot",
        sa.Column("analysis", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("made_at", Moment(), nullable=True),
        sa.Column("holder", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("held_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("analysis", "digest", name=op.f("pk_snapshot")),
    )
    op.create_index("ix_snapshot_made", "snapshot", ["made_at"])
