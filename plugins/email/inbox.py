"""The mailbox that answers arrive in, read by IMAP."""

from __future__ import annotations

import contextlib
import imaplib
import logging
from collections.abc import Iterator

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from feedbackhub import Returned, TemporaryFailure

from .incoming import meaning
from .settings import Imap

FAULTS = (ImapToolsError, imaplib.IMAP4.error, OSError)


def unread(settings: Imap, log: logging.Logger) -> Iterator[Returned]:
    """Yield what the unseen mails bring; a mail is marked once the item after its last one is asked for.

    Raises:
        TemporaryFailure: The mailbox cannot be read; what was not marked comes again.
    """
    with faults_named(settings), signed_in(settings) as mailbox:
        for uid in mailbox.uids("UNSEEN", charset=None)[: settings.batch]:
            raw = fetched(mailbox, uid, settings.largest)
            if raw is not None:
                items = meaning(raw)
                log.info("a mail brought %s", ", ".join(item.kind for item in items) or "nothing")
                yield from items
            mark(mailbox, uid, settings.done_folder)


def waiting(settings: Imap) -> int:
    """Return how many mails wait to be read, without reading any.

    Raises:
        TemporaryFailure: The mailbox cannot be read.
    """
    with faults_named(settings), signed_in(settings) as mailbox:
        return len(mailbox.uids("UNSEEN", charset=None))


@contextlib.contextmanager
def faults_named(settings: Imap) -> Iterator[None]:
    """Say of every fault which server had it, without the password."""
    try:
        yield
    except FAULTS as error:
        said = settings.hide(str(error)) or type(error).__name__
        raise TemporaryFailure(f"the mailbox at {settings.host}:{settings.at_port} cannot be read: {said}") from None


@contextlib.contextmanager
def signed_in(settings: Imap) -> Iterator[BaseMailBox]:
    """Open the folder, and sign out at the end."""
    mailbox = connected(settings)
    try:
        mailbox.login(settings.username, settings.password.get_secret_value(), settings.folder)
        yield mailbox
    finally:
        # Everything that matters was confirmed mail by mail: a server that is gone needs no goodbye.
        with contextlib.suppress(*FAULTS):
            mailbox.logout()


def connected(settings: Imap) -> BaseMailBox:
    """Connect with the security chosen."""
    if settings.security == "tls":
        return MailBox(settings.host, settings.at_port, settings.timeout, ssl_context=settings.tls())
    if settings.security == "starttls":
        return MailBoxStartTls(settings.host, settings.at_port, settings.timeout, ssl_context=settings.tls())
    return MailBoxUnencrypted(settings.host, settings.at_port, settings.timeout)


def fetched(mailbox: BaseMailBox, uid: str, largest: int) -> bytes | None:
    """Return a mail, cut at a size, without marking it; None when it is gone."""
    _, answer = mailbox.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{largest}>)")
    return next((bytes(item[1]) for item in answer if isinstance(item, tuple)), None)


def mark(mailbox: BaseMailBox, uid: str, done_folder: str) -> None:
    """Mark a mail as seen, and move it when there is a folder for that."""
    # Not through the library's own flag(): that expunges, which would remove mails that others marked for deletion.
    status, _ = mailbox.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
    if status != "OK":
        raise imaplib.IMAP4.error("the server does not let mails be marked as seen")
    if done_folder:
        if not mailbox.folder.exists(done_folder):
            mailbox.folder.create(done_folder)
        mailbox.move(uid, done_folder)
