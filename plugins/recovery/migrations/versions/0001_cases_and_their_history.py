"""Cases and their history."""

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
    op.create_table('plugin_recovery_case',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('response', sa.String(length=12), nullable=False),
    sa.Column('customer', sa.String(length=12), nullable=False),
    sa.Column('contact', sa.String(length=12), nullable=False),
    sa.Column('survey', sa.String(length=80), nullable=False),
    sa.Column('team', sa.String(length=200), nullable=False),
    sa.Column('dimensions', sa.JSON(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('flags', sa.JSON(), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('joined', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('owner', sa.String(length=320), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('opened_at', Moment(), nullable=False),
    sa.Column('acknowledge_by', Moment(), nullable=False),
    sa.Column('resolve_by', Moment(), nullable=False),
    sa.Column('acknowledged_at', Moment(), nullable=True),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.Column('next_at', Moment(), nullable=True),
    sa.Column('due_at', Moment(), nullable=False),
    sa.Column('watch_at', Moment(), nullable=True),
    sa.Column('overdue_at', Moment(), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=2000), nullable=False),
    sa.Column('quiet', sa.Boolean(), nullable=False),
    sa.Column('trial', sa.JSON(), nullable=True),
    sa.Column('reask_at', Moment(), nullable=True),
    sa.Column('invitation', sa.String(length=12), nullable=False),
    sa.Column('again_response', sa.String(length=12), nullable=False),
    sa.Column('again_score', sa.Float(), nullable=True),
    sa.Column('again_low', sa.Boolean(), nullable=True),
    sa.Column('again_at', Moment(), nullable=True),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=12), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('response', name='uq_plugin_recovery_case_response')
    )
    with op.batch_alter_table('plugin_recovery_case', schema=None) as batch_op:
        batch_op.create_index('ix_plugin_recovery_case_customer', ['customer'], unique=False)
        batch_op.create_index('ix_plugin_recovery_case_invitation', ['invitation'], unique=False)
        batch_op.create_index('ix_plugin_recovery_case_opened', ['opened_at', 'id'], unique=False)
        batch_op.create_index('ix_plugin_recovery_case_state', ['state', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_plugin_recovery_case_watch', ['watch_at'], unique=False)

    op.create_table('plugin_recovery_step',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case', sa.String(length=12), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('by', sa.String(length=320), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    with op.batch_alter_table('plugin_recovery_step', schema=None) as batch_op:
        batch_op.create_index('ix_plugin_recovery_step_case', ['case', 'number'], unique=False)

    op.create_table('plugin_recovery_person',
    sa.Column('case', sa.String(length=12), nullable=False),
    sa.Column('print', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('case', 'print')
    )
    with op.batch_alter_table('plugin_recovery_person', schema=None) as batch_op:
        batch_op.create_index('ix_plugin_recovery_person_print', ['print'], unique=False)
