"""Addresses and links in the ASCII forms that mail servers and header fields take."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

from email_validator import EmailNotValidError, validate_email

from feedbackhub import PermanentFailure

KEPT_IN_LINKS = "%/:?=&~+,;@!$'()*[]#"


def recipient(address: str) -> str:
    """Return an address as SMTP takes it, an internationalised domain in its ASCII form.

    Raises:
        PermanentFailure: The text is no address, or one that needs more than ASCII before the @.
    """
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise PermanentFailure("this is not a valid e-mail address", address_is_dead=True) from None
    if found.ascii_email is None:
        raise PermanentFailure("letters other than ASCII before the @ are not supported by this channel")
    return found.ascii_email


def own_address(address: str) -> str:
    """Return one of our own addresses in ASCII, empty when it cannot be sent from or replied to."""
    try:
        return recipient(address)
    except PermanentFailure:
        return ""


def ascii_link(link: str) -> str:
    """Return a web address in ASCII that can stand between angle brackets.

    Raises:
        ValueError: The text is no such address.
    """
    if not link.isprintable() or set(link) & set(' <>"'):
        raise ValueError("the link cannot stand in a header")
    if link.isascii():
        return link
    parts = urlsplit(link)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    place = f"{host}:{parts.port}" if parts.port else host
    rest = (quote(part, safe=KEPT_IN_LINKS) for part in parts[2:])
    return urlunsplit((parts.scheme, place, *rest))
