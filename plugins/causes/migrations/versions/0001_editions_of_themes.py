"""Editions of themes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feedbackhub.columns import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('plugin_causes_edition',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('themes', sa.JSON(), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
