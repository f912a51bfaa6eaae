"""A contact, its customer and an ask, as the core hands them to rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

from feedbackhub import Ask, Contact, Customer, History, Identifier

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HISTORY = History(NOW)
ASK = Ask(
    policy="default", survey="post-contact", survey_type="post-contact", channels=("email",), due_at=NOW,
    reminder_after=timedelta(days=3), reminders=1, expires_after=timedelta(days=14), edit_window=timedelta(hours=24),
    throttle=timedelta(days=30),
)  # fmt: skip


def customer(**values: Any) -> Customer:
    """A customer with an e-mail address."""
    return Customer("customer0001", **{"identifiers": (Identifier("email", "ana@example.com"),), **values})


def contact(**values: Any) -> Contact:
    """A contact that has just ended."""
    given = {"external_id": "T-1", "ended_at": NOW, "customer": customer(), **values}
    return Contact(public_id="contact00001", source="helpdesk", resolution=1, channel="email", **given)
