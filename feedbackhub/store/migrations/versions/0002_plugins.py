"""What plugins need: one function for each part; every step only adds."""

import sqlalchemy as sa
from alembic import op

from feedbackhub.store.types import Moment, RowId, Structured

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what plugins need."""
    _tasks()
    _once()
    _own_schema()
    _plugin_calls()
    _inbound()
    _open_links()
    _open_answers()
    _exports()
    _receipts()
    _question_types()


# Tasks of plugins, letters and erasings that have to be repeated (store/tables/engine.py)
def _tasks() -> None:
    op.add_column("task", sa.Column("payload", Structured, nullable=True))


# What may happen only once, ever (store/tables/once.py)
def _once() -> None:
    op.create_table(
        "once",
        sa.Column("plugin", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("plugin", "digest", name=op.f("pk_once")),
    )


# Which tables each plugin has made (store/tables/own_schema.py)
def _own_schema() -> None:
    op.create_table(
        "own_schema",
        sa.Column("plugin", sa.String(length=64), nullable=False),
        sa.Column("tables", Structured, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("plugin", name=op.f("pk_own_schema")),
    )


# What ran in which plugin (store/tables/plugin_calls.py)
def _plugin_calls() -> None:
    op.create_table(
        "plugin_call",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("plugin", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("milliseconds", sa.Float(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_call")),
    )
    op.create_index("ix_plugin_call_plugin", "plugin_call", ["plugin", "id"])


# What other systems told us (store/tables/inbound.py)
def _inbound() -> None:
    op.create_table(
        "inbound",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("receiver", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("delivery", sa.String(length=64), nullable=True),
        sa.Column("headers", Structured, nullable=False),
        sa.Column("query", Structured, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("handled_at", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problems", Structured, nullable=False),
        sa.Column("result", Structured, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inbound_public_id")),
        sa.UniqueConstraint("receiver", "delivery", name=op.f("uq_inbound_receiver_delivery")),
    )
    op.create_index("ix_inbound_receiver", "inbound", ["receiver", "id"])
    op.create_index("ix_inbound_handled", "inbound", ["handled_at"])
    waiting = sa.text("state IN ('received', 'failed')")
    op.create_index(
        "ix_inbound_waiting", "inbound", ["state", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "inbound_contact",
        sa.Column("inbound_id", RowId, nullable=False),
        sa.Column("contact_id", RowId, nullable=False),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_inbound_contact_inbound_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_inbound_contact_contact_id")),
        sa.PrimaryKeyConstraint("inbound_id", "contact_id", name=op.f("pk_inbound_contact")),
    )
    op.create_index(op.f("ix_inbound_contact_contact_id"), "inbound_contact", ["contact_id"])
    op.create_table(
        "receiver",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused_at", Moment(), nullable=True),
        sa.Column("refused_because", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_receiver")),
    )


# Links for everybody who sees them (store/tables/open_links.py)
def _open_links() -> None:
    op.create_table(
        "open_link",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=200), server_default="", nullable=False),
        sa.Column("channel", sa.String(length=200), server_default="", nullable=False),
        sa.Column("team", sa.String(length=200), server_default="", nullable=False),
        sa.Column("language", sa.String(length=200), server_default="", nullable=False),
        sa.Column("agent_id", RowId, nullable=True),
        sa.Column("source", sa.String(length=64), server_default="", nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_open_link_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_open_link_public_id")),
    )
    op.create_table(
        "day_salt",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_salt")),
    )


# The answers that came by them, and who answers twice on one day (store/tables/open_links.py)
def _open_answers() -> None:
    op.create_table(
        "open_answer",
        sa.Column("invitation_id", RowId, autoincrement=False, nullable=False),
        sa.Column("open_link_id", RowId, nullable=False),
        sa.Column("claimed_source", sa.String(length=64), server_default="", nullable=False),
        sa.Column("claimed", sa.String(length=200), server_default="", nullable=False),
        sa.Column("claimed_contact_id", RowId, nullable=True),
        sa.Column("repeated", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_open_answer_invitation_id")),
        sa.ForeignKeyConstraint(["open_link_id"], ["open_link.id"], name=op.f("fk_open_answer_open_link_id")),
        sa.ForeignKeyConstraint(
            ["claimed_contact_id"], ["contact.id"], name=op.f("fk_open_answer_claimed_contact_id")
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_open_answer")),
    )
    op.create_index(op.f("ix_open_answer_open_link_id"), "open_answer", ["open_link_id"], unique=False)
    op.create_index(op.f("ix_open_answer_claimed_contact_id"), "open_answer", ["claimed_contact_id"], unique=False)
    op.create_index(
        "ix_open_answer_waiting",
        "open_answer",
        ["claimed", "claimed_source"],
        unique=False,
        sqlite_where=sa.text("claimed <> '' AND claimed_contact_id IS NULL"),
        postgresql_where=sa.text("claimed <> '' AND claimed_contact_id IS NULL"),
    )
    op.create_table(
        "open_visit",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("visitor", sa.String(length=32), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("invitation_id", RowId, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_open_visit_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_visit")),
    )
    op.create_index(op.f("ix_open_visit_visitor"), "open_visit", ["visitor"], unique=False)
    op.create_index(op.f("ix_open_visit_invitation_id"), "open_visit", ["invitation_id"], unique=False)


# Exports and their schedules (store/tables/exporting.py)
def _exports() -> None:
    empty = sa.text("''")
    op.create_table(
        "export_run",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("records", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("filters", Structured, nullable=False),
        sa.Column("after", sa.String(length=12), server_default=empty, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("schedule", sa.String(length=12), server_default=empty, nullable=False),
        sa.Column("asked_by", sa.String(length=200), server_default=empty, nullable=False),
        sa.Column("rows_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("file", sa.String(length=80), server_default=empty, nullable=False),
        sa.Column("cursor", sa.String(length=12), server_default=empty, nullable=False),
        sa.Column("error", sa.Text(), server_default=empty, nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_export_run_public_id")),
    )
    op.create_index("ix_export_run_state_due", "export_run", ["state", "due_at"])
    op.create_index("ix_export_run_created", "export_run", ["created_at"])
    op.create_table(
        "export_schedule",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("records", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("filters", Structured, nullable=False),
        sa.Column("every", sa.String(length=8), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=200), server_default=empty, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_schedule")),
        sa.UniqueConstraint("public_id", name=op.f("uq_export_schedule_public_id")),
    )
    op.create_index("ix_export_schedule_next", "export_schedule", ["next_at"])


# Receipts of messages, by which what comes back is known (store/tables/asking.py)
def _receipts() -> None:
    op.add_column("delivery", sa.Column("delivered_at", Moment(), nullable=True))
    named = sa.text("receipt <> ''")
    op.create_index("ix_delivery_receipt", "delivery", ["receipt"], sqlite_where=named, postgresql_where=named)


# Question types of plugins, as they were when a survey was published (store/tables/asking.py)
def _question_types() -> None:
    op.add_column("survey_version", sa.Column("types", Structured, nullable=True))
