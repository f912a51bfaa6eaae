"""The conversation with the SMTP server, one step at a time."""

from __future__ import annotations

import smtplib
import time

from feedbackhub import TemporaryFailure

from .settings import Settings
from .verdict import Reply


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
        mail: The finished mail.
        deadline: Moment of the monotonic clock after which no further step is begun.

    Raises:
        smtplib.SMTPServerDisconnected, OSError: The connection was lost; whether the mail was taken is unknown.
    """
    hurry(smtp, deadline)
    size = [f"SIZE={len(mail)}"] if smtp.has_extn("size") else []
    code, text = smtp.mail(sender, size)
    if code != 250:
        return Reply("sender", code, as_text(text))
    hurry(smtp, deadline)
    code, text = smtp.rcpt(recipient)
    if code not in (250, 251):
        return Reply("recipient", code, as_text(text))
    hurry(smtp, deadline)
    try:
        code, text = smtp.data(mail)
    except smtplib.SMTPDataError as error:
        code, text = error.smtp_code, as_bytes(error.smtp_error)
    return Reply("content", code, as_text(text))


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
    return " ".join("".join(c if c.isprintable() else " " for c in decoded).split())[:300]
