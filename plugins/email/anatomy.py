"""The parts of a mail that came in, read without trusting any of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.parser import HeaderParser
from email.utils import parseaddr
from itertools import islice

from feedbackhub import Identifier, as_line

MOST_PARTS = 50
LONGEST_DETAIL = 300
MESSAGE_ID = re.compile(r"<([^\s<>]{3,250})>")
ORIGINALS = ("message/rfc822", "message/global")
ORIGINAL_HEADERS = ("text/rfc822-headers", "message/global-headers")
PRINTED_ID = re.compile(r"^[ \t>|]*message-id:\s*<([^\s<>]{3,250})>", re.IGNORECASE | re.MULTILINE)


def field(mail: Mail, name: str) -> str:
    """Return a header field as one line of text, empty when it is missing."""
    return shown(str(mail.get(name, "")), 2000)


def shown(text: str, longest: int = LONGEST_DETAIL) -> str:
    """Return a hostile text as one printable line, cut."""
    return as_line(text, longest)


def subject(mail: Mail) -> str:
    """Return the subject in readable letters."""
    raw = field(mail, "Subject")
    try:
        return shown(str(make_header(decode_header(raw))))
    except (LookupError, ValueError, HeaderParseError):
        # A character set that nobody knows: the encoded words are better than nothing.
        return shown(raw)


def parts(mail: Mail) -> list[Mail]:
    """Return the mail's own parts; what is inside a forwarded mail is not its own."""
    return list(islice(_own_parts(mail, 4), MOST_PARTS))


def _own_parts(mail: Mail, depth: int) -> Iterator[Mail]:
    yield mail
    if depth and mail.get_content_maintype() == "multipart":
        for child in blocks(mail):
            yield from _own_parts(child, depth - 1)


def blocks(part: Mail) -> list[Mail]:
    """Return what a part holds as mails or header blocks; nothing when it is broken."""
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Mail)] if isinstance(payload, list) else []


def text_of(part: Mail, longest: int = 100_000) -> str:
    """Return a part's text, undecodable bytes replaced."""
    payload = part.get_payload(decode=True)
    return payload[:longest].decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def original(mail: Mail) -> Mail | None:
    """Return the mail, or its header, that a report sends along."""
    for part in parts(mail):
        kind = part.get_content_type()
        if kind in ORIGINALS and blocks(part):
            return blocks(part)[0]
        if kind in ORIGINAL_HEADERS:
            inner = blocks(part)
            return inner[0] if inner else HeaderParser().parsestr(text_of(part))
    return None


def first_id(text: str) -> str:
    """Return the first Message-ID in a header field, empty when there is none."""
    found = MESSAGE_ID.search(text)
    return found[1] if found else ""


def answered_id(mail: Mail) -> str:
    """Return the Message-ID that a mail answers: In-Reply-To, else the last of its References."""
    last = MESSAGE_ID.findall(field(mail, "References"))[-1:]
    return first_id(field(mail, "In-Reply-To")) or (last[0] if last else "")


def original_id(mail: Mail) -> str:
    """Return the Message-ID of the mail that a report speaks of, wherever its server wrote it."""
    inner = original(mail)
    printed = (PRINTED_ID.search(text_of(part)) for part in parts(mail) if part.get_content_maintype() == "text")
    return (
        (first_id(field(inner, "Message-ID")) if inner else "")
        or first_id(field(mail, "X-Original-Message-ID"))
        or answered_id(mail)
        or next((found[1] for found in printed if found), "")
    )


def identifier(text: str) -> Identifier | None:
    """Return the address in a field such as `rfc822; ann@example.org` or `Ann <ann@example.org>`."""
    address = parseaddr(text.rpartition(";")[2].strip())[1].casefold()
    return Identifier("email", address) if "@" in address and len(address) <= 320 else None


def fingerprint(mail: Mail, raw: bytes) -> str:
    """Return what makes a mail unique; a second copy that took another way has the same."""
    head, _, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")
    named = field(mail, "Message-ID").encode("utf-8", "replace")
    return hashlib.sha256(named + b"\0" + (body if named else head + b"\0" + body)).hexdigest()[:32]
