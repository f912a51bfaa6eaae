"""The conversation with the SMTP server, one step at a time."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Mapping, Sequence

from feedbackhub import TemporaryFailure, as_line

from .settings import Settings
from .verdict import Reply, Step

STEPS: tuple[Step, ...] = ("sender", "recipient", "content")
#: The replies with which a server goes on to the next step.
WANTED: Mapping[Step, tuple[int, ...]] = {"sender": (250,), "recipient": (250, 251), "content": (354,)}


class Untouched(Exception):
    """The connection was lost before the server could have seen the mail: another one may be tried at once."""


def connect(settings: Settings) -> smtplib.SMTP:
    """Open a connection, secure it and sign in.

    Raises:
        TemporaryFailure: It could not be opened; a wrong password is one too, so that nothing is lost by it.
    """
    try:
        return _signed_in(settings)
    except smtplib.SMTPAuthenticationError as error:
        said = settings.hide(as_text(error.smtp_error))
        raise TemporaryFailure(f"the mail server refuses the sign-in: {error.smtp_code} {said}") from None
    except (smtplib.SMTPException, OSError) as error:
        said = settings.hide(str(error)) or type(error).__name__
        raise TemporaryFailure(f"the mail server {settings.host}:{settings.at_port} cannot be used: {said}") from None


def _signed_in(settings: Settings) -> smtplib.SMTP:
    smtp = _opened(settings)
    try:
        if settings.security == "starttls":
            smtp.starttls(context=settings.tls())
        smtp.ehlo_or_helo_if_needed()
        if settings.username:
            smtp.login(settings.username, settings.password.get_secret_value())
    except BaseException:
        smtp.close()
        raise
    return smtp


def _opened(settings: Settings) -> smtplib.SMTP:
    name = settings.hostname or None
    if settings.security == "tls":
        return smtplib.SMTP_SSL(
            settings.host, settings.at_port, name, timeout=settings.timeout, context=settings.tls()
        )
    return smtplib.SMTP(settings.host, settings.at_port, name, timeout=settings.timeout)


def converse(smtp: smtplib.SMTP, sender: str, recipient: str, mail: bytes, deadline: float) -> Reply:
    """Offer one mail and return the server's last word; smtplib's own `sendmail` drops its receipt.

    Args:
        smtp: An open connection.
        sender: Address for the envelope, where bounces go.
        recipient: Address for the envelope.
        mail: The finished mail, with CRLF behind every line.
        deadline: Moment of the monotonic clock after which no further step is begun.

    Raises:
        ValueError: An address holds what would be another command.
        Untouched: The connection was lost before the server could have seen the mail.
        smtplib.SMTPServerDisconnected, OSError: It was lost later; whether the mail was taken is unknown.
    """
    size = f" SIZE={len(mail)}" if smtp.has_extn("size") else ""
    addresses = sender + recipient
    if not (addresses.isascii() and addresses.isprintable()):
        raise ValueError("the address cannot stand in a command")
    commands = (f"MAIL FROM:<{sender}>{size}", f"RCPT TO:<{recipient}>", "DATA")
    try:
        offer = _at_once if smtp.has_extn("pipelining") else _one_by_one
        refusal = offer(smtp, commands, deadline)
    except (smtplib.SMTPException, OSError) as error:
        raise Untouched(str(error) or type(error).__name__) from error
    if refusal is not None:
        return refusal
    hurry(smtp, deadline)
    stuffed = b"." + mail if mail.startswith(b".") else mail
    smtp.send(stuffed.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    hurry(smtp, deadline)
    code, text = smtp.getreply()
    return Reply("content", code, as_text(text))


def _one_by_one(smtp: smtplib.SMTP, commands: Sequence[str], deadline: float) -> Reply | None:
    for step, command in zip(STEPS, commands, strict=True):
        hurry(smtp, deadline)
        smtp.send(f"{command}\r\n")
        code, text = smtp.getreply()
        if code not in WANTED[step]:
            return Reply(step, code, as_text(text))
    return None


def _at_once(smtp: smtplib.SMTP, commands: Sequence[str], deadline: float) -> Reply | None:
    """Send all commands in one go (RFC 2920) and return the first refusal."""
    hurry(smtp, deadline)
    smtp.send("".join(f"{command}\r\n" for command in commands))
    refusal: Reply | None = None
    code = 0
    for step in STEPS:
        hurry(smtp, deadline)
        try:
            code, text = smtp.getreply()
        except (smtplib.SMTPException, OSError):
            if refusal is None:
                raise
            smtp.close()  # a server that says 421 leaves without answering the rest
            break
        if refusal is None and code not in WANTED[step]:
            refusal = Reply(step, code, as_text(text))
    if refusal is not None and code in WANTED["content"]:
        smtp.close()  # it waits for a mail that nobody is to get
    return refusal


def hurry(smtp: smtplib.SMTP, deadline: float) -> None:
    """Let the next step last no longer than the time that is left.

    Raises:
        TimeoutError: None is left; the work will have been taken over by another worker.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the server is too slow")
    if smtp.sock is not None:
        smtp.sock.settimeout(min(left, smtp.timeout))


def as_bytes(text: bytes | str) -> bytes:
    """Return a server's text as bytes, whichever form smtplib chose."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")


def as_text(text: bytes | str) -> str:
    """Return a server's text on one line; what it says is shown to staff, and hostile."""
    decoded = as_bytes(text).decode("utf-8", "replace")
    return as_line(decoded, 300)
