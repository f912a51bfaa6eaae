"""A channel that keeps what it is handed, so that a test can read it."""

from __future__ import annotations

from collections.abc import Iterable

from ..contract.hookspecs import hookimpl
from ..contract.objects import Channel
from ..contract.records import Message, Receipt, Returned

__all__ = ["Outbox"]


class Outbox(Channel):
    """Takes every message; or fails as told, then takes the next.

    Attributes:
        sent: The messages, in the order of sending.
        failures: Errors to raise instead, one for each attempt.
        came_back: What is to come back.
    """

    name = "outbox"
    reaches = ("email", "phone")

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.failures: list[Exception] = []
        self.came_back: list[Returned] = []

    def deliver(self, message: Message) -> Receipt:
        """Keep the message; raises the next of the failures."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return Receipt(f"outbox-{len(self.sent)}")

    def returned(self) -> Iterable[Returned]:
        """Yield what is to come back."""
        while self.came_back:
            yield self.came_back.pop(0)

    @hookimpl
    def feedbackhub_channels(self) -> list[Channel]:
        """Bring itself: an outbox is a plugin."""
        return [self]
