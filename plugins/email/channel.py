"""The channel `email`: hands one mail to the server, and reads what comes back."""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Iterator
from datetime import datetime
from email.utils import parseaddr
from typing import Protocol

from feedbackhub import Channel, Data, Message, Receipt, Returned, TemporaryFailure

from .addresses import own_address, recipient
from .connections import Connections
from .inbox import unread, waiting
from .mime import sent_as, written
from .settings import Settings
from .smtp import Untouched, connect, converse
from .verdict import Reply, failure


class Clock(Protocol):
    """The injected clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...


class EmailChannel(Channel):
    """Sends through SMTP over kept connections; safe to use from several threads."""

    name = "email"
    reaches = ("email",)
    data = Data(sends=("name", "address"))

    def __init__(self, settings: Settings, clock: Clock, log: logging.Logger) -> None:
        self.settings, self.clock, self.log = settings, clock, log
        self.bounces_to = own_address(parseaddr(settings.bounces_to)[1])
        self.connections = Connections(lambda: connect(settings), settings.idle, settings.mails_per_connection)

    def deliver(self, message: Message) -> Receipt:
        """Send one mail; the server's own words become the receipt.

        Raises:
            TemporaryFailure: The server is away, says 4xx, or refuses our sign-in or sender.
            PermanentFailure: The server refuses this mail or its address for good.
        """
        to = recipient(message.to.value)
        mail = written(message, self.settings.sender, to, self.clock.now())
        _, sender = sent_as(message.brand.sender, message.brand.name, self.settings.sender)
        try:
            reply = self._offer(self.bounces_to or sender, to, mail, time.monotonic() + self.settings.patience)
        except (smtplib.SMTPException, Untouched, OSError) as error:
            said = self.settings.hide(str(error)) or type(error).__name__
            raise TemporaryFailure(f"the connection to the mail server was lost: {said}") from None
        told = reply.without(to, message.to.value)
        if not told.accepted:
            raise failure(told)
        return Receipt(told.queue_id, told.text)

    def _offer(self, sender: str, to: str, mail: bytes, deadline: float) -> Reply:
        """Offer a mail; when a kept connection turns out to be gone before it was, offer it over a new one."""
        used = 0
        try:
            with self.connections.lent() as kept:
                used = kept.uses
                reply = converse(kept.smtp, sender, to, mail, deadline)
                kept.clean = reply.accepted
                return reply
        except Untouched:
            if not used:
                raise
        with self.connections.fresh() as kept:
            reply = converse(kept.smtp, sender, to, mail, deadline)
            kept.clean = reply.accepted
            return reply

    def returned(self) -> Iterator[Returned]:
        """Yield bounces, complaints and replies; each mail is marked as read only when its successor is asked for."""
        if self.settings.imap is not None:
            yield from unread(self.settings.imap, self.log)

    def check(self) -> str:
        """Connect, secure and sign in as for a mail, look into the mailbox if there is one, and leave again.

        Raises:
            TemporaryFailure: A server is away, or refuses our sign-in.
        """
        with self.connections.fresh():
            reached = f"reached {self.settings.host}:{self.settings.at_port}"
        if self.settings.username:
            reached += ", signed in"
        return f"{reached}; {waiting(self.settings.imap)} unread in the mailbox" if self.settings.imap else reached

    def close(self) -> None:
        """Close the kept connections."""
        self.connections.close()
