"""A message as a kept mail, and a kept mail as what the pages show.

Kept mails never travel, so their header fields are plain UTF-8 on one line each: what is read is exactly what was
written, and other mail programs understand it too.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.message import Message as ParsedMail
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr, parsedate_to_datetime
from typing import Any

from feedbackhub import Identifier, Message, Picture, as_line

RECIPIENT = "X-Feedbackhub-To"
LONGEST = 1000
SHOWN_INSIDE = re.compile(r'src="cid:([A-Za-z0-9.-]{1,64})"')
SHOWN = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "Content-Language",
         "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post")  # fmt: skip


class PlainPolicy(EmailPolicy):
    """Writes our own header fields as they are."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Return the field to store; content fields stay with the standard library."""
        own = not name.lower().startswith(("content-t", "content-d", "mime-"))
        return (name, as_line(value, LONGEST)) if own else super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the field as bytes with its line end."""
        return super().fold_binary(name, value) if hasattr(value, "fold") else f"{name}: {value}\n".encode()


POLICY = PlainPolicy(utf8=True, linesep="\n", cte_type="8bit")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the pages show of a mail.

    Args:
        key: Its name in the mailbox.
        fields: Its header fields as pairs of name and value.
        text: The plain text.
        html: The HTML twin, as hostile as any mail.
    """

    key: str
    fields: dict[str, str]
    text: str = ""
    html: str = ""

    @property
    def subject(self) -> str:
        """Its subject."""
        return self.fields.get("Subject", "")

    @property
    def name(self) -> str:
        """Whom it is for, by name."""
        return parseaddr(self.fields.get("To", ""))[0]

    @property
    def address(self) -> str:
        """Whom it is for, by address."""
        return self.fields.get(RECIPIENT, "").partition(" ")[2]

    @property
    def at(self) -> datetime | None:
        """When it was kept."""
        try:
            return parsedate_to_datetime(self.fields.get("Date", ""))
        except ValueError:
            return None

    @property
    def kind(self) -> str:
        """Whether it is the first, a reminder or a fallback."""
        return self.fields.get("X-Feedbackhub-Kind", "first")

    @property
    def test(self) -> bool:
        """Whether it is a test outside all numbers."""
        return "X-Feedbackhub-Test" in self.fields

    @property
    def shown_fields(self) -> list[tuple[str, str]]:
        """The fields that a mail program would get, in the usual order."""
        return [(name, self.fields[name]) for name in SHOWN if name in self.fields]


def written(message: Message, now: datetime) -> bytes:
    """Return a message as the bytes of a mail."""
    mail = EmailMessage(policy=POLICY)
    sender_name, sender = parseaddr(message.brand.sender)
    fields = (
        (RECIPIENT, recipient_line(message.to)),
        ("From", with_name(sender_name or message.brand.name, sender)),
        ("To", with_name(message.name, message.to.value)),
        ("Reply-To", message.brand.reply_to),
        ("Subject", message.subject),
        ("Date", format_datetime(now)),
        ("Message-ID", f"<{message.id}>"),
        ("In-Reply-To", f"<{message.in_reply_to}>" if message.in_reply_to else ""),
        ("Auto-Submitted", "auto-generated"),
        ("List-Unsubscribe", f"<{message.stop_link}>" if message.stop_link else ""),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click" if message.stop_link else ""),
        ("X-Feedbackhub-Kind", message.kind),
        ("X-Feedbackhub-Test", "yes" if message.test else ""),
    )
    for name, value in fields:
        if value:
            mail[name] = value
    mail.set_content(well_formed(message.text))
    if message.html:
        mail.add_alternative(well_formed(message.html), subtype="html")
        for each in message.pictures:
            add_picture(mail, each)
    # Setting the content clears all content fields, so this one comes last.
    mail["Content-Language"] = message.language
    return mail.as_bytes()


def add_picture(mail: EmailMessage, picture: Picture) -> None:
    """Put a picture beside the HTML that shows it."""
    html = mail.get_body(("html",))
    assert html is not None, "pictures come with the HTML that shows them"
    main, _, sub = picture.media_type.partition("/")
    html.add_related(picture.body, main, sub, cid=f"<{picture.name}>")


def recipient_line(to: Identifier) -> str:
    """Return the line by which the mails to an address are found again."""
    return as_line(f"{to.kind} {to.value}", LONGEST)


def with_name(name: str, address: str) -> str:
    """Return a name and an address as in From and To; either may be missing."""
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{quoted} <{address}>" if name and address else address or quoted


def well_formed(text: str) -> str:
    """Return a text without halves of character pairs, which no encoding holds."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read(key: str, raw: bytes) -> Kept:
    """Return a kept mail with its parts."""
    mail = message_from_bytes(raw)
    return Kept(key, fields_of(mail), part(mail, "text/plain"), with_pictures(part(mail, "text/html"), mail))


def fields_of(mail: ParsedMail) -> dict[str, str]:
    """Return the header fields, their UTF-8 restored."""
    raw = {name: str(value) for name, value in mail.raw_items()}
    return {name: value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name, value in raw.items()}


def with_pictures(html: str, mail: ParsedMail) -> str:
    """Return HTML that shows the mail's own pictures without a mail program."""
    if "cid:" not in html:
        return html
    shown = {str(each["Content-ID"]).strip("<>"): each for each in mail.walk() if each["Content-ID"]}

    def inside(found: re.Match[str]) -> str:
        picture = shown.get(found[1])
        raw = picture.get_payload(decode=True) if picture is not None else None
        if picture is None or not isinstance(raw, bytes):
            return found[0]
        return f'src="data:{picture.get_content_type()};base64,{base64.b64encode(raw).decode("ascii")}"'

    return SHOWN_INSIDE.sub(inside, html)


def part(mail: ParsedMail, kind: str) -> str:
    """Return the first part of a kind as text, empty when there is none."""
    payloads = (each.get_payload(decode=True) for each in mail.walk() if each.get_content_type() == kind)
    return next((raw.decode("utf-8", "replace") for raw in payloads if isinstance(raw, bytes)), "")
