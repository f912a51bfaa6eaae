"""What a mail that came in means: a bounce, a complaint, an opt-out, a reply, or nothing."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message as Mail
from typing import Literal

from feedbackhub import Returned

from .anatomy import (
    answered_id,
    blocks,
    field,
    fingerprint,
    identifier,
    original,
    original_id,
    parts,
    shown,
    subject,
    text_of,
)
from .bounces import bounces, is_bounce

FEEDBACK = "message/feedback-report"
FEEDBACK_TYPE = re.compile(r"^feedback-type:\s*([a-z-]+)", re.IGNORECASE | re.MULTILINE)
FEEDBACK_RECIPIENT = re.compile(r"^(?:original-rcpt-to|removal-recipient):\s*(\S+)", re.IGNORECASE | re.MULTILINE)
BY_MACHINES = frozenset(("auto_reply", "bulk", "junk", "list"))


def meaning(raw: bytes) -> list[Returned]:
    """Return what one mail brings back, nothing for automatic answers and delay notes; never raises.

    Args:
        raw: The mail as it came, possibly cut or hostile.
    """
    try:
        mail = message_from_bytes(raw)
        return _meaning(mail, f"mail:{fingerprint(mail, raw)}", raw)
    # The standard library's parser has no list of what a hostile mail makes it raise; the mail is kept for staff.
    except Exception as error:
        detail = f"a mail that could not be read ({type(error).__name__})"
        return [Returned("reply", f"mail:{fingerprint(Mail(), raw)}", detail=detail, raw=raw)]


def _meaning(mail: Mail, key: str, raw: bytes) -> list[Returned]:
    report = next((part for part in parts(mail) if part.get_content_type() == FEEDBACK), None)
    if report is not None:
        return complaint(mail, report, key, raw)
    if is_bounce(mail):
        return bounces(mail, key, raw)
    if is_automatic(mail):
        return []
    return [Returned("reply", key, answered_id(mail), identifier(field(mail, "From")), subject(mail), raw)]


def complaint(mail: Mail, report: Mail, key: str, raw: bytes) -> list[Returned]:
    """Return a complaint that a mailbox provider forwards (RFC 5965); "this is not spam" is none."""
    said = "\n".join(str(block) for block in blocks(report)) or text_of(report)
    type_found, recipient = FEEDBACK_TYPE.search(said), FEEDBACK_RECIPIENT.search(said)
    feedback = type_found[1].lower() if type_found else "abuse"
    if feedback == "not-spam":
        return []
    inner = original(mail)
    address = identifier(recipient[1] if recipient else field(inner, "To") if inner else "")
    kind: Literal["complaint", "opt_out"] = "opt_out" if feedback.startswith("opt-out") else "complaint"
    return [Returned(kind, key, original_id(mail), address, shown(f"feedback report: {feedback}"), raw)]


def is_automatic(mail: Mail) -> bool:
    """Tell whether a machine wrote a mail: an absence note, a list, a newsletter."""
    submitted = field(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or field(mail, "Precedence").lower() in BY_MACHINES
        or any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
    )
