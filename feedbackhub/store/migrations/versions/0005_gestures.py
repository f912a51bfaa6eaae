"""Gestures say how, and in which words; every step only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
#: The oldest revision whose release can work on this schema.
works_with = "0004"


def upgrade() -> None:
    """Add what gestures tell beside their kind (store/tables/answering.py)."""
    op.add_column("gesture", sa.Column("manner", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("gesture", sa.Column("words", sa.Text(), nullable=False, server_default=""))
