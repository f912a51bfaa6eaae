"""Digests, recipients and editions."""

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
    op.create_table('plugin_digest_digest',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('every', sa.String(length=10), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('filters', sa.JSON(), nullable=False),
    sa.Column('reports', sa.JSON(), nullable=False),
    sa.Column('quotes', sa.Boolean(), nullable=False),
    sa.Column('charts', sa.Boolean(), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('since', Moment(), nullable=False),
    sa.Column('last_day', sa.String(length=10), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('created_by', sa.String(length=320), nullable=False),
    sa.Column('deleted_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('plugin_digest_edition',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('digest', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('since', sa.String(length=10), nullable=False),
    sa.Column('until', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('letters', sa.Integer(), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('made_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('plugin_digest_edition', schema=None) as batch_op:
        batch_op.create_index('ix_plugin_digest_edition_digest', ['digest', 'created_at'], unique=False)

    op.create_table('plugin_digest_recipient',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('digest', sa.String(length=12), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('added_at', Moment(), nullable=False),
    sa.Column('removed_at', Moment(), nullable=True),
    sa.Column('stopped_at', Moment(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest', 'address', name='uq_plugin_digest_recipient_address')
    )
