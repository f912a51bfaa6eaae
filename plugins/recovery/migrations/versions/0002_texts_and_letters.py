"""Texts, and letters that were offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feedbackhub.columns import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('plugin_recovery_text',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('content', sa.JSON(), nullable=True),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('changed_by', sa.String(length=320), nullable=False),
    sa.PrimaryKeyConstraint('name', 'number')
    )
    op.create_table('plugin_recovery_offer',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('case', sa.String(length=12), nullable=False),
    sa.Column('customer', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('manner', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('text', sa.String(length=40), nullable=False),
    sa.Column('text_number', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('gift', sa.Text(), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('cost_cents', sa.Integer(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('owed', sa.Boolean(), nullable=False),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('trial', sa.String(length=12), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('created_by', sa.String(length=320), nullable=False),
    sa.Column('approved_at', Moment(), nullable=True),
    sa.Column('approved_by', sa.String(length=320), nullable=False),
    sa.Column('leaves_at', Moment(), nullable=True),
    sa.Column('handed_at', Moment(), nullable=True),
    sa.Column('sent_at', Moment(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('gestures', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=12), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('plugin_recovery_offer', schema=None) as batch_op:
        batch_op.create_index('ix_plugin_recovery_offer_case', ['case', 'created_at'], unique=False)
        batch_op.create_index('ix_plugin_recovery_offer_customer', ['customer'], unique=False)
        batch_op.create_index('ix_plugin_recovery_offer_sent', ['sent_at'], unique=False)
