"""The first schema."""

import sqlalchemy as sa
from alembic import op

from feedbackhub.store.types import Moment, RowId, Structured

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    _agent()
    _api_key()
    _audit()
    _event()
    _import_run()
    _person()
    _subscriber()
    _suppression()
    _survey_version()
    _tallied()
    _tally()
    _task()
    _customer()
    _person_link()
    _staff_user()
    _contact()
    _identifier()
    _staff_session()
    _decision()
    _idempotency()
    _invitation()
    _delivery()
    _inbox()
    _response()
    _answer()
    _gesture()
    _revision()


def _agent() -> None:
    op.create_table(
        "agent",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("team", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agent_public_id")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_agent_source_external_id")),
    )


def _api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", Structured, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_key_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_key_public_id")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", Structured, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "at"], unique=False)


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("payload", Structured, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("position", name=op.f("uq_event_position")),
    )
    op.create_index(
        "ix_event_unnumbered",
        "event",
        ["id"],
        unique=False,
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )


def _import_run() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("counts", Structured, nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("kind", "file", "digest", name=op.f("uq_import_run_kind_file_digest")),
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("merged_into", RowId, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["person.id"], name=op.f("fk_person_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_merged_into"), "person", ["merged_into"], unique=False)


def _subscriber() -> None:
    op.create_table(
        "subscriber",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_subscriber")),
    )


def _suppression() -> None:
    op.create_table(
        "suppression",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_suppression_fingerprint")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suppression_public_id")),
    )


def _survey_version() -> None:
    op.create_table(
        "survey_version",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_version")),
        sa.UniqueConstraint("survey", "number", name=op.f("uq_survey_version_survey_number")),
    )


def _tallied() -> None:
    op.create_table(
        "tallied",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reference", RowId, autoincrement=False, nullable=False),
        sa.Column("cells", Structured, nullable=False),
        sa.PrimaryKeyConstraint("kind", "reference", name=op.f("pk_tallied")),
    )


def _tally() -> None:
    op.create_table(
        "tally",
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=410), nullable=False),
        sa.Column("score", sa.String(length=40), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "basis", "day", "survey", "question", "dimension", "value", "score", name=op.f("pk_tally")
        ),
    )


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("dedup_key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_task_dedup_key")),
    )
    op.create_index(
        "ix_task_claimed",
        "task",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index(
        "ix_task_due",
        "task",
        ["lane", "priority", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(
        "ix_task_ended",
        "task",
        ["ended_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index("ix_task_reference", "task", ["kind", "reference"], unique=False)


def _customer() -> None:
    op.create_table(
        "customer",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", RowId, nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("language", sa.String(length=200), server_default="", nullable=False),
        sa.Column("timezone", sa.String(length=200), server_default="", nullable=False),
        sa.Column("segment", sa.String(length=200), server_default="", nullable=False),
        sa.Column("country", sa.String(length=200), server_default="", nullable=False),
        sa.Column("attributes", Structured, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_customer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_customer_public_id")),
    )
    op.create_index(op.f("ix_customer_person_id"), "customer", ["person_id"], unique=False)


def _person_link() -> None:
    op.create_table(
        "person_link",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("person_id", RowId, nullable=False),
        sa.Column("into_id", RowId, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["into_id"], ["person.id"], name=op.f("fk_person_link_into_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_link")),
    )
    op.create_index(op.f("ix_person_link_into_id"), "person_link", ["into_id"], unique=False)
    op.create_index(op.f("ix_person_link_person_id"), "person_link", ["person_id"], unique=False)


def _staff_user() -> None:
    op.create_table(
        "staff_user",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=200), server_default="", nullable=False),
        sa.Column("agent_id", RowId, nullable=True),
        sa.Column("password_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("secret_digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("secret_expires_at", Moment(), nullable=True),
        sa.Column("revoked", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_staff_user_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_user")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_user_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_user_public_id")),
    )


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("resolution", sa.Integer(), nullable=False),
        sa.Column("customer_id", RowId, nullable=True),
        sa.Column("agent_id", RowId, nullable=True),
        sa.Column("channel", sa.String(length=200), server_default="", nullable=False),
        sa.Column("team", sa.String(length=200), server_default="", nullable=False),
        sa.Column("topic", sa.String(length=200), server_default="", nullable=False),
        sa.Column("product", sa.String(length=200), server_default="", nullable=False),
        sa.Column("brand", sa.String(length=200), server_default="", nullable=False),
        sa.Column("language", sa.String(length=200), server_default="", nullable=False),
        sa.Column("segment", sa.String(length=200), server_default="", nullable=False),
        sa.Column("country", sa.String(length=200), server_default="", nullable=False),
        sa.Column("tags", Structured, nullable=False),
        sa.Column("direction", sa.String(length=200), server_default="", nullable=False),
        sa.Column("closed_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=False),
        sa.Column("reopened_at", Moment(), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("ask", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("imported", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("attributes", Structured, nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_contact_agent_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_public_id")),
        sa.UniqueConstraint(
            "source", "external_id", "resolution", name=op.f("uq_contact_source_external_id_resolution")
        ),
    )
    op.create_index("ix_contact_agent_ended", "contact", ["agent_id", "ended_at"], unique=False)
    op.create_index("ix_contact_customer_ended", "contact", ["customer_id", "ended_at"], unique=False)
    op.create_index("ix_contact_ended", "contact", ["ended_at"], unique=False)


def _identifier() -> None:
    op.create_table(
        "identifier",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("customer_id", RowId, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("value", sa.String(length=320), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_identifier_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifier")),
        sa.UniqueConstraint("customer_id", "kind", "value", name=op.f("uq_identifier_customer_id_kind_value")),
    )
    op.create_index("ix_identifier_kind_value", "identifier", ["kind", "value"], unique=False)


def _staff_session() -> None:
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_staff_session_user_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_user_id"), "staff_session", ["user_id"], unique=False)


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("contact_id", RowId, autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("policy", sa.String(length=80), nullable=False),
        sa.Column("facts", Structured, nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_decision_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_decision")),
    )


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("contact_id", RowId, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_idempotency_contact_id")),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency")),
    )


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("contact_id", RowId, nullable=True),
        sa.Column("customer_id", RowId, nullable=True),
        sa.Column("agent_id", RowId, nullable=True),
        sa.Column("survey_version_id", RowId, nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("survey_type", sa.String(length=64), nullable=False),
        sa.Column("after_response_id", RowId, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("ladder", Structured, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminder_after", sa.Integer(), nullable=False),
        sa.Column("edit_window", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=200), server_default="", nullable=False),
        sa.Column("team", sa.String(length=200), server_default="", nullable=False),
        sa.Column("topic", sa.String(length=200), server_default="", nullable=False),
        sa.Column("product", sa.String(length=200), server_default="", nullable=False),
        sa.Column("brand", sa.String(length=200), server_default="", nullable=False),
        sa.Column("language", sa.String(length=200), server_default="", nullable=False),
        sa.Column("segment", sa.String(length=200), server_default="", nullable=False),
        sa.Column("country", sa.String(length=200), server_default="", nullable=False),
        sa.Column("test", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("imported", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("contact_at", Moment(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_invitation_agent_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_invitation_contact_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_invitation_customer_id")),
        sa.ForeignKeyConstraint(
            ["survey_version_id"], ["survey_version.id"], name=op.f("fk_invitation_survey_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
    )
    op.create_index(
        "ix_invitation_after_response",
        "invitation",
        ["after_response_id"],
        unique=False,
        sqlite_where=sa.text("after_response_id IS NOT NULL"),
        postgresql_where=sa.text("after_response_id IS NOT NULL"),
    )
    op.create_index("ix_invitation_contact", "invitation", ["contact_id"], unique=False)
    op.create_index("ix_invitation_customer_due", "invitation", ["customer_id", "due_at"], unique=False)
    op.create_index(
        "uq_invitation_after_response",
        "invitation",
        ["after_response_id"],
        unique=True,
        sqlite_where=sa.text(
            "after_response_id IS NOT NULL AND state NOT IN ('cancelled', 'undeliverable', 'expired')"
        ),
        postgresql_where=sa.text(
            "after_response_id IS NOT NULL AND state NOT IN ('cancelled', 'undeliverable', 'expired')"
        ),
    )
    op.create_index(
        "uq_invitation_first_ask",
        "invitation",
        ["contact_id"],
        unique=True,
        sqlite_where=sa.text("after_response_id IS NULL"),
        postgresql_where=sa.text("after_response_id IS NULL"),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("invitation_id", RowId, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("address_kind", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("receipt", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_delivery_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_delivery_public_id")),
    )
    op.create_index(op.f("ix_delivery_invitation_id"), "delivery", ["invitation_id"], unique=False)
    op.create_index("ix_delivery_state_due", "delivery", ["state", "due_at"], unique=False)


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("invitation_id", RowId, nullable=True),
        sa.Column("fingerprint", sa.String(length=64), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_inbox_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_inbox_source_key")),
    )
    op.create_index(op.f("ix_inbox_fingerprint"), "inbox", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_inbox_invitation_id"), "inbox", ["invitation_id"], unique=False)


def _response() -> None:
    op.create_table(
        "response",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("invitation_id", RowId, nullable=False),
        sa.Column("customer_id", RowId, nullable=True),
        sa.Column("survey_version_id", RowId, nullable=False),
        sa.Column("answers", Structured, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.String(length=12), nullable=False),
        sa.Column("signs", Structured, nullable=False),
        sa.Column("verdict", sa.String(length=12), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=200), server_default="", nullable=False),
        sa.Column("headline_question", sa.String(length=64), server_default="", nullable=False),
        sa.Column("headline", sa.Integer(), nullable=True),
        sa.Column("headline_max", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("low", sa.Boolean(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("wants_call", sa.Boolean(), nullable=False),
        sa.Column("call_settled_at", Moment(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_response_customer_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_response_invitation_id")),
        sa.ForeignKeyConstraint(
            ["survey_version_id"], ["survey_version.id"], name=op.f("fk_response_survey_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_response_invitation_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_response_public_id")),
    )
    op.create_index("ix_response_created", "response", ["created_at"], unique=False)
    op.create_index("ix_response_customer_created", "response", ["customer_id", "created_at"], unique=False)


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("response_id", RowId, autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("value", Structured, nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_answer_response_id")),
        sa.PrimaryKeyConstraint("response_id", "question", name=op.f("pk_answer")),
    )


def _gesture() -> None:
    op.create_table(
        "gesture",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("customer_id", RowId, nullable=False),
        sa.Column("contact_id", RowId, nullable=True),
        sa.Column("response_id", RowId, nullable=True),
        sa.Column("agent_id", RowId, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("test", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_gesture_agent_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_gesture_contact_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_gesture_customer_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_gesture_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gesture")),
        sa.UniqueConstraint("public_id", name=op.f("uq_gesture_public_id")),
    )
    op.create_index("ix_gesture_contact", "gesture", ["contact_id"], unique=False)
    op.create_index("ix_gesture_customer_at", "gesture", ["customer_id", "at"], unique=False)
    op.create_index("ix_gesture_response", "gesture", ["response_id"], unique=False)


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("response_id", RowId, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answers", Structured, nullable=False),
        sa.Column("confidence", sa.String(length=12), nullable=False),
        sa.Column("signs", Structured, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_revision_response_id")),
        sa.PrimaryKeyConstraint("response_id", "number", name=op.f("pk_revision")),
    )
