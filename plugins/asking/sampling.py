"""Asking about some contacts only, always the same ones."""

from __future__ import annotations

import hashlib

from feedbackhub import Ask, Contact, DontAsk, History, Rule

from .settings import SamplingSettings


class Sampling(Rule):
    """Asks about a share of the contacts, chosen by a hash of what names them: reading again changes nothing."""

    name = "sampling"

    def __init__(self, settings: SamplingSettings) -> None:
        self.settings = settings

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Refuse contacts outside the sample; a larger share keeps everybody who was in a smaller one."""
        share = self.settings.policies.get(ask.policy, self.settings.share)
        if contact.test or lot(contact) < share:
            return ask
        return DontAsk(
            f"Only {share:.4g} of the contacts are asked about, and this one is not in the sample.", {"share": share}
        )


def lot(contact: Contact) -> float:
    """Return a contact's lot, at least 0 and below 1, the same every time."""
    named = "\0".join((contact.source, contact.external_id, str(contact.resolution)))
    digest = hashlib.sha256(named.encode("utf-8", "surrogatepass")).digest()
    # 53 bits are what a float holds exactly; with more the largest would round to 1.
    return (int.from_bytes(digest[:8], "big") >> 11) / (1 << 53)
