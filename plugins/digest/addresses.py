"""Addresses as somebody wrote them into a form: one spelling each, and every wrong line named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.utils import parseaddr

from email_validator import EmailNotValidError, validate_email

from feedbackhub import N_, Problem, Refused

__all__ = ["MOST", "read_addresses", "spelled"]

MOST = 200
LONGEST = 200
MOST_NAMED = 10


def spelled(text: str) -> str:
    """Return an address in the one spelling, empty when it is none; a name in front of it is left out."""
    address = parseaddr(text)[1] if "<" in text else text.strip()
    if len(address) > LONGEST or not address.isprintable():
        return ""
    try:
        # Staff may sit behind a name that only their own network knows, so nobody is asked whether it is there.
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    return found.normalized.lower()


def read_addresses(lines: Iterable[str], domains: Sequence[str] = ()) -> list[str]:
    """Return the addresses that lines hold, each once, in their order; empty lines count but say nothing.

    Args:
        lines: One address each.
        domains: Where they may be, anywhere when empty.

    Raises:
        Refused: Naming each line that holds no address, or one that mails may not go to.
    """
    found: dict[str, None] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip(" ,;\t"):
            continue
        address = spelled(line.strip(" ,;\t"))
        if not address:
            problems.append(Problem("recipients", N_("Line {n} is not a valid e-mail address."), {"n": number}))
        elif domains and not _is_within(address.rpartition("@")[2], domains):
            outside = N_("Line {n} is outside the domains that digests may go to.")
            problems.append(Problem("recipients", outside, {"n": number}))
        else:
            found[address] = None
    if not found and not problems:
        problems.append(Problem("recipients", N_("Name at least one address.")))
    if len(found) > MOST:
        problems.append(Problem("recipients", N_("At most {n} addresses."), {"n": MOST}))
    if problems:
        raise Refused(*problems[:MOST_NAMED])
    return list(found)


def _is_within(domain: str, domains: Sequence[str]) -> bool:
    return any(domain == each or domain.endswith(f".{each}") for each in domains)
