"""Assumptions on money."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feedbackhub.columns import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('plugin_recovery_assumption',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('is_entered', sa.Boolean(), nullable=False),
    sa.Column('low', sa.Float(), nullable=True),
    sa.Column('likely', sa.Float(), nullable=True),
    sa.Column('high', sa.Float(), nullable=True),
    sa.Column('word', sa.String(length=100), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('changed_by', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('name', 'number')
    )
