"""Few among many are found without walking through all: in lists, and what expires; every step only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
#: The oldest revision whose release can work on this schema.
works_with = "0005"

_FEW = {
    ("invitation", "open_expires", "expires_at"): ("state IN ('due', 'sent')",) * 2,
    ("response", "suspect", "created_at"): ("confidence = 'suspect' AND verdict = ''",) * 2,
    ("response", "judged", "created_at"): ("verdict <> ''",) * 2,
    ("response", "call", "created_at"): (
        "wants_call IS 1 AND call_settled_at IS NULL",
        "wants_call IS true AND call_settled_at IS NULL",
    ),
}


def upgrade() -> None:
    """Add the indexes (store/tables/asking.py, answering.py)."""
    op.create_index("ix_invitation_contact_at", "invitation", ["contact_at"])
    for (table, name, column), (sqlite, postgresql) in _FEW.items():
        op.create_index(
            f"ix_{table}_{name}", table, [column],
            sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgresql),
        )  # fmt: skip
