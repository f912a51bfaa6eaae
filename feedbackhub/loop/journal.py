"""The journal: one line in the log for each step of a contact's way, all with the contact's public id.

A line is written when the step is durable. Nothing personal stands in it, other systems' words least of all: they may
quote whom they could not reach.
"""

from __future__ import annotations

import logging

from ..machinery.logs import Known, note
from ..store.types import AnyRow
from .core import Core
from .fence import Claim
from .views import ContactView

__all__ = ["answered", "contact_recorded", "delivery_ended", "letter_ended", "planned"]

log = logging.getLogger("feedbackhub.loop")
_DELIVERIES = {
    "sent": "delivery sent",
    "deferred": "delivery failed and is tried again",
    "parked": "delivery failed and is parked",
    "failed": "delivery failed for good",
    "dropped": "delivery not made",
}
_LETTERS = {outcome: text.replace("delivery", "letter") for outcome, text in _DELIVERIES.items()}


def contact_recorded(view: ContactView) -> None:
    """Note a new contact with the decision on it, and what was planned."""
    decision = view.decision
    note(log, "contact recorded", contact=view.id, decision=decision.outcome, rule=decision.rule, policy=view.policy)
    if view.invitation is not None:
        planned(view.id, view.invitation.id, view.invitation.survey)


def planned(contact: str, invitation: str, survey: str) -> None:
    """Note a new ask."""
    note(log, "invitation planned", contact=contact, invitation=invitation, survey=survey)


def delivery_ended(core: Core, row: AnyRow, claim: Claim, outcome: str, reason: str = "") -> None:
    """Note and count what became of an attempt to deliver.

    Args:
        core: The instance.
        row: The delivery as it was read for sending.
        claim: The attempt.
        outcome: ``sent``, ``deferred``, ``parked``, ``failed`` or ``dropped``.
        reason: Why it was dropped, in a word of ours.
    """
    core.sends.add("sends", row.channel, row.kind, outcome)
    note(
        log, _DELIVERIES[outcome], contact=row.contact_public_id, invitation=row.invitation_public_id,
        delivery=row.public_id, channel=Known(row.channel), kind=Known(row.kind), attempt=claim.tries, reason=reason,
    )  # fmt: skip


def letter_ended(core: Core, channel: str, plugin: str, attempt: int, outcome: str) -> None:
    """Note and count what became of an attempt to deliver a plugin's letter."""
    core.sends.add("sends", channel, "letter", outcome)
    note(log, _LETTERS[outcome], channel=Known(channel), plugin=Known(plugin), attempt=attempt)


def answered(
    core: Core, contact: str | None, invitation: str, response: str, via: str, confidence: str, revision: int
) -> None:
    """Note and count a stored submission."""
    core.counts.add("answers", via, confidence)
    note(
        log, "response stored", contact=contact, invitation=invitation, response=response, via=Known(via),
        confidence=Known(confidence), revision=revision,
    )  # fmt: skip
