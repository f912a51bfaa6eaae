"""Answers are found by the day of their contact without walking through all; every step only adds."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
#: The oldest revision whose release can work on this schema.
works_with = "0005"


def upgrade() -> None:
    """Add what the days of contacts are looked up by (store/tables/asking.py)."""
    op.create_index("ix_invitation_contact_at", "invitation", ["contact_at"])
