"""Exports in words: record sets, states and spans, to be translated where they are shown."""

from __future__ import annotations

from ..machinery.i18n import N_

__all__ = ["EVERY", "KINDS", "RECORD_NAMES", "STATES"]

RECORD_NAMES = {
    "responses": N_("Responses"),
    "contacts": N_("Contacts"),
    "invitations": N_("Invitations"),
    "decisions": N_("Decisions"),
    "deliveries": N_("Deliveries"),
    "gestures": N_("Gestures"),
}

#: State of a run: its words and the colour of its badge.
STATES = {
    "queued": (N_("Waiting"), "info"),
    "running": (N_("Being written"), "info"),
    "done": (N_("Ready"), "good"),
    "failed": (N_("Failed"), "bad"),
    "cancelled": (N_("Called off"), "plain"),
    "expired": (N_("File removed"), "plain"),
}

EVERY = {"day": N_("Every day"), "week": N_("Every Monday"), "month": N_("On the first of every month")}

KINDS = {
    "text": N_("text"),
    "integer": N_("whole number"),
    "number": N_("number"),
    "moment": N_("moment in UTC"),
    "flag": N_("yes or no"),
    "list": N_("list of texts"),
    "json": N_("JSON"),
}
