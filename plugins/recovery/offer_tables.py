"""The plugin's own tables of texts, and of letters that were offered to customers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, update
from sqlalchemy.sql import Executable

from feedbackhub.columns import Moment, Structured

from .tables import metadata

__all__ = ["offer", "offers_forgotten", "text"]

text = Table(
    "plugin_recovery_text",
    metadata,
    Column("name", String(40), primary_key=True),
    # Every change makes the next number, taking one back as well: what was sent names the one it was made of.
    Column("number", Integer, primary_key=True, autoincrement=False),
    # None where a text of one's own was removed, or a shipped one is as it was shipped.
    Column("content", Structured),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(320), nullable=False),
)

offer = Table(
    "plugin_recovery_offer",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("case", String(12), nullable=False),
    Column("customer", String(12), nullable=False),
    # What it is: apology, compensation, both, follow_up or call; and how it apologises.
    Column("kind", String(12), nullable=False),
    Column("manner", String(12), nullable=False),
    # draft, approved, sent, failed, dropped, withdrawn or taken_back.
    Column("state", String(12), nullable=False),
    # The text it was made of.
    Column("text", String(40), nullable=False),
    Column("text_number", Integer, nullable=False),
    Column("language", String(20), nullable=False),
    Column("channel", String(64), nullable=False),
    # What is sent, to the letter; erased with the customer, like all that a person wrote for it.
    Column("subject", String(200), nullable=False),
    Column("words", Text, nullable=False),
    # What is given, in words for the customer, and its worth and cost for staff.
    Column("gift", Text, nullable=False),
    Column("value", String(200), nullable=False),
    Column("cost_cents", Integer),
    Column("currency", String(3), nullable=False),
    # Owed anyway: a trial does not hold it back.
    Column("owed", Boolean, nullable=False),
    Column("automatic", Boolean, nullable=False),
    # The trial whose arm it gives, empty for none.
    Column("trial", String(12), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(320), nullable=False),
    Column("approved_at", Moment),
    Column("approved_by", String(320), nullable=False),
    # When an approved one goes, and when it went to the channel: from then on nobody can take it back.
    Column("leaves_at", Moment),
    Column("handed_at", Moment),
    Column("sent_at", Moment),
    # Why it failed or ended.
    Column("reason", String(200), nullable=False),
    # Ids of what was recorded in the core.
    Column("gestures", Structured, nullable=False),
    # Counts the changes.
    Column("version", Integer, nullable=False),
    # Of no use any more; whoever still runs the version before this one writes it.
    Column("mark", String(12), nullable=False, default=""),
    Index("ix_plugin_recovery_offer_case", "case", "created_at"),
    Index("ix_plugin_recovery_offer_customer", "customer"),
    Index("ix_plugin_recovery_offer_sent", "sent_at"),
)


def offers_forgotten(cases: Sequence[str]) -> list[Executable]:
    """Return what forgets the words of all letters of some cases and stops those that have not left; counts stay."""
    mine = update(offer).where(offer.c.case.in_(cases))
    waiting = mine.where(offer.c.state.in_(("draft", "approved", "taken_back", "failed")), offer.c.handed_at.is_(None))
    return [
        waiting.values(state="withdrawn", reason="erased", leaves_at=None, version=offer.c.version + 1),
        # What it is worth repeats the words of the gift where nobody named it; what it cost stays.
        mine.values(subject="", words="", gift="", value=""),
    ]
