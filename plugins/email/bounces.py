"""Reports of mails that did not arrive: RFC 3464 first, then the shapes of servers that do not keep to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.message import Message as Mail
from typing import Literal

from flufl.bounce import all_failures

from feedbackhub import Identifier, Returned

from .anatomy import blocks, field, identifier, original_id, parts, shown, subject

Kind = Literal["bounce", "soft_bounce"]
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
BASIC_CODE = re.compile(r"\b([45])\d\d\b", re.ASCII)
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
# Permanent, but about a full mailbox, the mail's size or content, or what is thought of its sender: the address lives.
LIVING = re.compile(r"5\.(2\.[23]|3\.\d+|6\.\d+|7\.\d+)")
DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery (sub)?system|mdaemon", re.IGNORECASE)


def is_bounce(mail: Mail) -> bool:
    """Tell whether a mail looks like a server's report rather than a person's words."""
    return (
        any(part.get_content_type() in STATUS_PARTS for part in parts(mail))
        or field(mail, "Return-Path") == "<>"
        or bool(field(mail, "X-Failed-Recipients"))
        or bool(DAEMON.search(field(mail, "From")))
    )


def bounces(mail: Mail, key: str, raw: bytes) -> list[Returned]:
    """Return one item for each address that a report says failed; delays and good news are none."""
    groups = list(status_groups(mail))
    found = list(declared(groups)) if groups else list(detected(mail))
    message_id = original_id(mail)
    return [
        Returned(kind, f"{key}:{number}", message_id, address, detail, raw)
        for number, (kind, address, detail) in enumerate(found)
    ]


def status_groups(mail: Mail) -> Iterator[Mail]:
    """Yield the groups of fields about one recipient each; the first group speaks of the whole mail."""
    for part in parts(mail):
        if part.get_content_type() in STATUS_PARTS:
            yield from (block for block in blocks(part) if block.get("Action") or block.get("Final-Recipient"))


def declared(groups: Sequence[Mail]) -> Iterator[tuple[Kind, Identifier | None, str]]:
    """Yield what the groups say of failed recipients."""
    for group in groups:
        # OpenSMTPD writes "error"; Exchange has been seen with a comment behind the word.
        if field(group, "Action").lower().startswith(("failed", "error")):
            said = " ".join(filter(None, (field(group, "Status"), field(group, "Diagnostic-Code"))))
            addresses = [identifier(field(group, name)) for name in ("Original-Recipient", "Final-Recipient")]
            named = [each for each in addresses if each is not None]
            yield severity(said), named[0] if named else None, shown(without(said, named))


def without(said: str, identifiers: Sequence[Identifier]) -> str:
    """Return a text with addresses left out: errors are kept longer than the people they speak of."""
    for each in identifiers:
        said = re.sub(re.escape(each.value), "…", said, flags=re.IGNORECASE)
    return said


def severity(said: str) -> Kind:
    """Return whether an address is dead by its status and the server's words; when in doubt it is not."""
    status = STATUS.search(said)
    if status:
        return "bounce" if status[1] == "5" and not LIVING.match(status[0]) else "soft_bounce"
    basic = BASIC_CODE.search(said)
    return "bounce" if basic and basic[1] == "5" else "soft_bounce"


def detected(mail: Mail) -> Iterator[tuple[Kind, Identifier | None, str]]:
    """Yield what can be recognised in a report without status fields."""
    soft, hard = all_failures(mail)
    kinds: tuple[tuple[Kind, frozenset[bytes]], ...] = (("bounce", frozenset(hard)), ("soft_bounce", frozenset(soft)))
    for kind, addresses in kinds:
        for address in sorted(addresses):
            yield kind, identifier(address.decode("ascii", "replace")), subject(mail)
