"""The channel `mailbox`: every message is kept instead of sent."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from feedbackhub import Channel, Data, Message, Receipt

from .drawer import Drawer
from .mail import written


class Clock(Protocol):
    """The injected clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...


class MailboxChannel(Channel):
    """Keeps what it is given; reaches everybody and no one."""

    name = "mailbox"
    reaches = ("email", "phone")
    data = Data(keeps=("name", "address"))

    def __init__(self, drawer: Drawer, clock: Clock) -> None:
        self.drawer, self.clock = drawer, clock

    def deliver(self, message: Message) -> Receipt:
        """Keep one message; its key in the mailbox becomes the receipt."""
        now = self.clock.now()
        return Receipt(self.drawer.put(written(message, now), now), "kept in the mailbox")
