"""What a server's answer means for the delivery: try again, give up, or give the address up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from feedbackhub import DeliveryFailure, PermanentFailure, TemporaryFailure

Step = Literal["sender", "recipient", "content"]

QUEUED = re.compile(r"(?:queued as|id=|queueid)[ :=]*([A-Za-z0-9._-]{4,100})", re.IGNORECASE)
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
# Who uses 550 for "no such mailbox" and for "I do not like you" alike says which one only in words.
ABOUT_US = re.compile(
    r"relay|spam|polic|block|blacklist|reputation|dmarc|dkim|\bspf\b|denied|sender|rate|banned|listed", re.IGNORECASE
)
NO_SUCH_ADDRESS = frozenset((550, 551, 553))
DEAD_MAILBOX = frozenset(("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"))
BAD_SENDER = frozenset(("5.1.7", "5.1.8"))


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's last word on a mail, and at which step it came."""

    step: Step
    code: int
    text: str

    @property
    def accepted(self) -> bool:
        """Whether the server took the mail over."""
        return self.step == "content" and 200 <= self.code < 300

    @property
    def queue_id(self) -> str:
        """The server's own name for an accepted mail, empty when it gives none."""
        found = QUEUED.search(self.text)
        return found[1] if found else ""

    def without(self, *addresses: str) -> Reply:
        """Return the reply with addresses left out: errors are kept longer than the people they speak of."""
        shorter = self.text
        for address in addresses:
            shorter = re.sub(re.escape(address), "…", shorter, flags=re.IGNORECASE)
        return Reply(self.step, self.code, shorter)

    @property
    def status(self) -> str:
        """The enhanced status (RFC 3463) in the text, or nothing."""
        found = ENHANCED.search(self.text[:400])
        return found[0] if found and found[1] == str(self.code)[:1] else ""


def failure(reply: Reply) -> DeliveryFailure:
    """Return the failure that an answer other than acceptance stands for."""
    reason = f"{reply.code} {reply.text}".strip()
    if reply.code < 500 or reply.code >= 600:
        return TemporaryFailure(reason)
    if reply.step == "sender" or reply.status in BAD_SENDER:
        # Ours to set right: nothing is lost while the operator does.
        return TemporaryFailure(f"the server refuses the sender: {reason}")
    return PermanentFailure(reason, address_is_dead=is_dead(reply))


def is_dead(reply: Reply) -> bool:
    """Tell whether a permanent refusal says that the address itself does not exist."""
    if reply.status:
        return reply.status in DEAD_MAILBOX
    return reply.step == "recipient" and reply.code in NO_SUCH_ADDRESS and not ABOUT_US.search(reply.text)
