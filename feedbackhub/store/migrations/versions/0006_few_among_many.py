"""Lists find few answers among many without walking through all; every step only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
#: The oldest revision whose release can work on this schema.
works_with = "0005"

_FEW = {
    "suspect": ("confidence = 'suspect' AND verdict = ''",) * 2,
    "judged": ("verdict <> ''",) * 2,
    "call": ("wants_call IS 1 AND call_settled_at IS NULL", "wants_call IS true AND call_settled_at IS NULL"),
}


def upgrade() -> None:
    """Add what lists look up (store/tables/asking.py, answering.py)."""
    op.create_index("ix_invitation_contact_at", "invitation", ["contact_at"])
    for name, (sqlite, postgresql) in _FEW.items():
        op.create_index(
            f"ix_response_{name}", "response", ["created_at"],
            sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgresql),
        )  # fmt: skip
