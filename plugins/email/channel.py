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
from .mime import build, sender_of
from .settings import Settings
from .smtp import connect, converse
from .verdict import failure


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
        self.connections = Connections(lambda: connect(settings), settings.idle, settings.mails_per_connection)

    def deliver(self, message: Message) -> Receipt:
        """Send one mail; the server's own words become the receipt.

        Raises:
            TemporaryFailure: The server is away, says 4xx, or refuses our sign-in or sender.
            PermanentFailure: The server refuses this mail or its address for good.
        """
        to = recipient(message.to.value)
        mail = build(message, self.settings.sender, to, self.clock.now()).as_bytes()
        _, sender = sender_of(message, self.settings.sender)
        bounces_to = own_address(parseaddr(self.settings.bounces_to)[1]) or sender
        deadline = time.monotonic() + self.settings.patience
        try:
            with self.connections.lent() as smtp:
                reply = converse(smtp, bounces_to, to, mail, deadline)
        except (smtplib.SMTPException, OSError) as error:
            said = self.settings.hide(str(error)) or type(error).__name__
            raise TemporaryFailure(f"the connection to the mail server was lost: {said}") from None
        told = reply.without(to, message.to.value)
        if not told.accepted:
            raise failure(told)
        return Receipt(told.queue_id, told.text)

    def returned(self) -> Iterator[Returned]:
        """Yield bounces, complaints and replies; each mail is marked as read only when its successor is asked for."""
        if self.settings.imap is not None:
            yield from unread(self.settings.imap, self.log)

    def check(self) -> str:
        """Connect, secure and sign in as for a mail, look into the mailbox if there is one, and leave again.

        Raises:
            TemporaryFailure: A server is away, or refuses our sign-in.
        """
        with self.connections.lent():
            reached = f"reached {self.settings.host}:{self.settings.at_port}"
        if self.settings.username:
            reached += ", signed in"
        return f"{reached}; {waiting(self.settings.imap)} unread in the mailbox" if self.settings.imap else reached

    def close(self) -> None:
        """Close the kept connections."""
        self.connections.close()
