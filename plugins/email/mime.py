"""A message as the bytes of a mail.

Python's `EmailMessage` takes two milliseconds for a mail, more than all the rest of sending it. What ours need is
little: fields that are encoded here and written as they are, and one or two texts, each in the encoding that suits it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from feedbackhub import Message, as_line

from .addresses import ascii_link, own_address
from .bodies import part, with_pictures
from .headers import LONGEST_SUBJECT, address_field, encoded

MESSAGE_ID = re.compile(r"[^\s<>\"(),;:\\\[\]@]+@[^\s<>\"(),;:\\@]+", re.ASCII)
VERSION = "MIME-Version: 1.0\r\n"
NOT_IN_A_TAG = re.compile(r"[^A-Za-z0-9-]")
UNSAFE_LINE = re.compile(r"\r?\n(?![ \t])|\r(?!\n)")


def written(message: Message, sender: str, recipient: str, now: datetime) -> bytes:
    """Return the mail: plain text and HTML, with every field that a well-behaved automatic mail carries.

    Args:
        message: What to send.
        sender: Sender of brands that name none.
        recipient: The address in its ASCII form, already checked.
        now: The moment for the Date field.

    Raises:
        ValueError: A field would begin another one, or is no Message-ID or link.
    """
    top = "".join(field_line(name, value) for name, value in fields(message, sender, recipient, now))
    spoken = f"Content-Language: {NOT_IN_A_TAG.sub('', message.language)[:35] or 'und'}\r\n"
    plain = part("plain", message.text)
    if not message.html:
        return f"{top}{VERSION}{plain.head}{spoken}\r\n{plain.body}".encode("ascii")
    # In no encoding can a line of a text begin with these, but for those sent as they are; and nobody guesses the rest.
    edge = f"=_{secrets.token_hex(12)}"
    top += f'{VERSION}Content-Type: multipart/alternative; boundary="{edge}"\r\n{spoken}\r\n'
    html = part("html", message.html)
    if message.pictures:
        html = with_pictures(html, message.pictures)
    return (
        f"{top}--{edge}\r\n{plain.head}\r\n{plain.body}\r\n--{edge}\r\n{html.head}\r\n{html.body}\r\n--{edge}--\r\n"
    ).encode("ascii")


def field_line(name: str, value: str) -> str:
    """Return a finished field; raises ValueError for one that would begin another one."""
    if not value.isascii() or UNSAFE_LINE.search(value):
        raise ValueError(f"the field {name} is not finished")
    return f"{name}: {value}\r\n"


def fields(message: Message, sender: str, recipient: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield the header fields in the order in which they are written."""
    brand = message.brand
    name, address = sent_as(brand.sender, brand.name, sender)
    yield "From", address_field(name, address, "From")
    yield "To", address_field(message.name, recipient, "To")
    if reply_to := replies_to(brand.reply_to, name):
        yield "Reply-To", reply_to
    yield "Subject", encoded(as_line(message.subject, LONGEST_SUBJECT), "Subject")
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


@lru_cache(maxsize=256)
def sent_as(brand_sender: str, brand_name: str, sender: str) -> tuple[str, str]:
    """Return name and address to send as: the brand's, else the configured one."""
    name, address = parseaddr(brand_sender)
    default_name, default_address = parseaddr(sender)
    if own := own_address(address):
        return name or brand_name or default_name, own
    return brand_name or default_name, own_address(default_address)


@lru_cache(maxsize=256)
def replies_to(reply_to: str, name: str) -> str:
    """Return the field for a brand's own address for replies, empty when it has none."""
    reply_name, reply_address = parseaddr(reply_to)
    own = own_address(reply_address)
    return address_field(reply_name or name, own, "Reply-To") if own else ""


def checked_id(message_id: str) -> str:
    """Return a Message-ID; raises ValueError for a text that is none."""
    if not MESSAGE_ID.fullmatch(message_id):
        raise ValueError("the message's id is no Message-ID")
    return message_id
