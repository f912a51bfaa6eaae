"""Experiments, assignments and refusals."""

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
    op.create_table('plugin_apology_assignment',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('experiment', sa.String(length=12), nullable=False),
    sa.Column('customer', sa.String(length=12), nullable=False),
    sa.Column('case', sa.String(length=12), nullable=False),
    sa.Column('response', sa.String(length=12), nullable=False),
    sa.Column('arm', sa.String(length=64), nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('block', sa.Integer(), nullable=True),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.Column('assigned_at', Moment(), nullable=False),
    sa.Column('reask_at', Moment(), nullable=False),
    sa.Column('window_ends_at', Moment(), nullable=False),
    sa.Column('is_over', sa.Boolean(), nullable=False),
    sa.Column('invitation', sa.String(length=12), nullable=False),
    sa.Column('asked_at', Moment(), nullable=True),
    sa.Column('again', sa.String(length=12), nullable=False),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('low', sa.Boolean(), nullable=True),
    sa.Column('won', sa.Boolean(), nullable=True),
    sa.Column('received', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('number'),
    sa.UniqueConstraint('experiment', 'customer'),
    sa.UniqueConstraint('experiment', 'stratum', 'block', 'place'),
    sqlite_autoincrement=True
    )
    op.create_index('ix_plugin_apology_assignment_case', 'plugin_apology_assignment', ['case'])
    op.create_index('ix_plugin_apology_assignment_customer', 'plugin_apology_assignment', ['customer'])
    op.create_index('ix_plugin_apology_assignment_invitation', 'plugin_apology_assignment', ['invitation'])
    op.create_index('ix_plugin_apology_assignment_response', 'plugin_apology_assignment', ['response'])
    op.create_index('ix_plugin_apology_assignment_window_ends_at', 'plugin_apology_assignment', ['window_ends_at'])

    op.create_table('plugin_apology_experiment',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.Column('started_at', Moment(), nullable=True),
    sa.Column('started_by', sa.String(length=200), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('ended_by', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_closed', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_plugin_apology_experiment_state', 'plugin_apology_experiment', ['state'])

    op.create_table('plugin_apology_refusal',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('experiment', sa.String(length=12), nullable=False),
    sa.Column('case', sa.String(length=12), nullable=False),
    sa.Column('customer', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('number'),
    sa.UniqueConstraint('experiment', 'case')
    )
