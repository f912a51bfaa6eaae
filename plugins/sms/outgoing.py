"""One text message on its way to a gateway, and the words in which gateways' refusals are passed on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from feedbackhub import HttpAnswer, Incoming, Receipt, Returned, Setup

__all__ = ["Gateway", "Outcome", "Outgoing", "told"]

Outcome = Literal["delivered", "bounce", "soft_bounce", "opt_out"]
LONG_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a gateway is told.

    Args:
        to: The number in E.164.
        sender: Who sends.
        body: The text.
        id: Our own id, the same on every try.
        callback: Address for receipts, empty for none.
    """

    to: str
    sender: str
    body: str
    id: str
    callback: str = ""


class Gateway(Protocol):
    """What a preset knows of its gateway."""

    @property
    def keeps_query(self) -> Sequence[str]:
        """Parameters of the query that reading a call needs."""
        ...

    def send(self, text: Outgoing) -> Receipt:
        """Hand one message over; raises a `DeliveryFailure`."""
        ...

    def check(self) -> str:
        """Try the way out without sending; raises a `DeliveryFailure`."""
        ...

    def verify(self, incoming: Incoming) -> None:
        """Raise `NotGenuine` unless the gateway sent this."""
        ...

    def setup(self, address: str) -> Setup:
        """Return what to set at the gateway so that it calls this address."""
        ...

    def delivery_id(self, incoming: Incoming) -> str:
        """Return by what a repeated request is known."""
        ...

    def acknowledge(self) -> tuple[bytes, str]:
        """Return body and media type that the gateway wants to hear."""
        ...

    def receive(self, incoming: Incoming) -> list[Returned]:
        """Read a request; wishes to be left alone are not looked for here."""
        ...


def told(answer: HttpAnswer, code: str, words: str) -> str:
    """Return a gateway's refusal for staff: without numbers of people, which it often repeats."""
    said = LONG_NUMBER.sub("…", " ".join(words.split()))[:300]
    return " ".join(part for part in (str(answer.status), code if code != str(answer.status) else "", said) if part)


