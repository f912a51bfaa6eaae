"""What the engine needs on many machines: one function for each part; every step only adds."""

import sqlalchemy as sa
from alembic import op

from feedbackhub.store.types import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the engine needs on many machines."""
    _lanes()


# How fast each lane may go, shared by all machines (store/tables/lanes.py)
def _lanes() -> None:
    op.create_table(
        "lane",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("filled_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lane")),
    )
