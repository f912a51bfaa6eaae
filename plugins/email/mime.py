"""A message as the bytes of a mail.

Every header field of ours is encoded here and written as it is: Python's own folding turns a long List-Unsubscribe
address into encoded words, which no mail program opens, and puts blanks into long names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from feedbackhub import Message

from .addresses import ascii_link, own_address

LONGEST_SUBJECT = 200
LONGEST_NAME = 80
FOLD = "\r\n "
UNSAFE_LINE = re.compile(r"\r?\n(?![ \t])|\r(?!\n)")
MESSAGE_ID = re.compile(r"[^\s<>\"(),;:\\\[\]@]+@[^\s<>\"(),;:\\@]+", re.ASCII)


class VerbatimPolicy(EmailPolicy):
    """Keeps finished header fields as they are, and still refuses a line end that would begin another field."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Return the field to store; content fields stay with the standard library."""
        if name.lower().startswith(("content-t", "content-d", "mime-")):
            return super().header_store_parse(name, value)
        if UNSAFE_LINE.search(value) or not value.isascii():
            raise ValueError(f"the field {name} is not finished")
        return name, value

    def fold(self, name: str, value: Any) -> str:
        """Return the field as one text with its line end."""
        return str(super().fold(name, value)) if hasattr(value, "fold") else f"{name}: {value}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the field as bytes with its line end."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


POLICY = VerbatimPolicy(linesep="\r\n", cte_type="7bit")


def one_line(text: str, longest: int) -> str:
    """Return a text that fits a header: printable, on one line, cut."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def encoded(text: str, field: str) -> str:
    """Return a text as it stands in a header: itself, or folded encoded words."""
    if text.isascii() and "=?" not in text and len(text) + len(field) < 70:
        return text
    return Header(text, "utf-8", header_name=field, maxlinelen=75).encode(linesep="\r\n")


def address_field(name: str, address: str, field: str) -> str:
    """Return a name and an address as they stand in From, To and Reply-To."""
    shown = one_line(name, LONGEST_NAME)
    if not shown:
        return address
    quoted = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    phrase = quoted if shown.isascii() and "=?" not in shown else encoded(shown, field)
    fits = len(field) + len(phrase) + len(address) < 70
    return f"{phrase}{' ' if fits else FOLD}<{address}>"


def build(message: Message, sender: str, recipient: str, now: datetime) -> EmailMessage:
    """Return the mail: plain text and HTML, with every field that a well-behaved automatic mail carries.

    Args:
        message: What to send.
        sender: Sender of brands that name none.
        recipient: The address in its ASCII form, already checked.
        now: The moment for the Date field.
    """
    mail = EmailMessage(policy=POLICY)
    for field, value in fields(message, sender, recipient, now):
        mail[field] = value
    mail.set_content(well_formed(message.text))
    if message.html:
        mail.add_alternative(well_formed(message.html), subtype="html")
    # Setting the content clears all content fields, so this one comes last.
    mail["Content-Language"] = one_line(message.language, 35)
    return mail


def fields(message: Message, sender: str, recipient: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield the header fields in the order in which they are written."""
    name, address = sender_of(message, sender)
    yield "From", address_field(name, address, "From")
    yield "To", address_field(message.name, recipient, "To")
    reply_name, reply_address = parseaddr(message.brand.reply_to)
    if reply_to := own_address(reply_address):
        yield "Reply-To", address_field(reply_name or name, reply_to, "Reply-To")
    yield "Subject", encoded(one_line(message.subject, LONGEST_SUBJECT), "Subject")
    yield "Date", format_datetime(now)
    yield "Message-ID", f"<{checked_id(message.id)}>"
    if message.in_reply_to:
        yield "In-Reply-To", f"<{checked_id(message.in_reply_to)}>"
        yield "References", f"<{checked_id(message.in_reply_to)}>"
    yield "Auto-Submitted", "auto-generated"
    # Microsoft's servers look at this one instead, and would answer with absence notes.
    yield "X-Auto-Response-Suppress", "OOF, AutoReply"
    if message.stop_link:
        yield "List-Unsubscribe", f"<{ascii_link(message.stop_link)}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def sender_of(message: Message, sender: str) -> tuple[str, str]:
    """Return name and address to send as: the brand's, else the configured one."""
    name, address = parseaddr(message.brand.sender)
    default_name, default_address = parseaddr(sender)
    if own := own_address(address):
        return name or message.brand.name or default_name, own
    return message.brand.name or default_name, own_address(default_address)


def checked_id(message_id: str) -> str:
    """Return a Message-ID; raises ValueError for a text that is none."""
    if not MESSAGE_ID.fullmatch(message_id):
        raise ValueError("the message's id is no Message-ID")
    return message_id


def well_formed(text: str) -> str:
    """Return a text without halves of character pairs, which no encoding holds."""
    return text.encode("utf-8", "replace").decode("utf-8")
