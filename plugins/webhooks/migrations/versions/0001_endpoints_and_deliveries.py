"""Endpoints and deliveries."""

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
    op.create_table('plugin_webhooks_delivery',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('endpoint', sa.String(length=12), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('event_at', Moment(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Integer(), nullable=False),
    sa.Column('milliseconds', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('tried_at', Moment(), nullable=True),
    sa.Column('next_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('endpoint', 'position', name='uq_plugin_webhooks_delivery_event')
    )
    with op.batch_alter_table('plugin_webhooks_delivery', schema=None) as batch_op:
        batch_op.create_index('ix_plugin_webhooks_delivery_created_at', ['created_at'], unique=False)
        batch_op.create_index('ix_plugin_webhooks_delivery_status', ['endpoint', 'status'], unique=False)
        batch_op.create_index('ix_plugin_webhooks_delivery_subject', ['endpoint', 'subject'], unique=False)

    op.create_table('plugin_webhooks_endpoint',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('template', sa.JSON(), nullable=False),
    sa.Column('types', sa.JSON(), nullable=False),
    sa.Column('include', sa.JSON(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('rotated_at', Moment(), nullable=True),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('off_since', Moment(), nullable=True),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('trouble', sa.String(length=200), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', Moment(), nullable=True),
    sa.Column('rest_until', Moment(), nullable=True),
    sa.Column('is_slow', sa.Boolean(), nullable=False),
    sa.Column('succeeded_at', Moment(), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
