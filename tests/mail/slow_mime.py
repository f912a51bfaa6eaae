"""The mail as Python's own `EmailMessage` writes it: slow, and the measure for ours."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from feedbackhub import Message, as_line
from feedbackhub_plugins.email.mime import UNSAFE_LINE, fields


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
    mail["Content-Language"] = as_line(message.language, 35)
    return mail


def well_formed(text: str) -> str:
    """Return a text without halves of character pairs, which no encoding holds."""
    return text.encode("utf-8", "replace").decode("utf-8")
