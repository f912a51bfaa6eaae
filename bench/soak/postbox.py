"""A mail server on this machine that takes every mail and remembers which, when, and whether its thanks were read."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.processes import free_port

__all__ = ["Mail", "Postbox", "postbox"]

_LINK = re.compile(rb"https?://[^\s\"'<>)]+/s/[A-Za-z0-9_-]{24}")


@dataclass(frozen=True)
class Mail:
    """A mail that was accepted: for whom, its Message-ID and link, and when."""

    to: str
    message_id: str
    link: str
    at: float


@dataclass
class Postbox:
    """Everything that came."""

    port: int
    mails: list[Mail] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Accept a mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        head = BytesHeaderParser().parsebytes(content)
        link = _LINK.search(content.replace(b"=\r\n", b""))
        found = link[0].decode() if link else ""
        with self.lock:
            for to in envelope.rcpt_tos:
                self.mails.append(Mail(to, str(head["Message-ID"]), found, time.time()))
        return "250 2.0.0 kept"

    def copies(self) -> dict[str, list[Mail]]:
        """Return the mails of each recipient, in the order of their coming."""
        found: dict[str, list[Mail]] = defaultdict(list)
        with self.lock:
            for mail in self.mails:
                found[mail.to].append(mail)
        return found

    def twice(self) -> list[list[Mail]]:
        """Return the mails of everybody who got more than one."""
        return [mails for mails in self.copies().values() if len(mails) > 1]

    def renamed(self) -> int:
        """Return how many second copies had another Message-ID than the first."""
        return sum(len({each.message_id for each in mails}) - 1 for mails in self.copies().values())

    def per_recipient(self) -> Counter[str]:
        """Return how many mails everybody got."""
        with self.lock:
            return Counter(mail.to for mail in self.mails)


@contextmanager
def postbox() -> Iterator[Postbox]:
    """Run the server until the block ends."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # it would tell of every word that the network has altered
    box = Postbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=30)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
