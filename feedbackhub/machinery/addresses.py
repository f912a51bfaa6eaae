"""One spelling per address, so that the same customer is recognised whatever form was typed."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from feedbackhub.contract.errors import Problem, Refused

__all__ = ["AddressError", "normalise"]

LONGEST = 200
# Control and format characters (Cc, Cf: NUL, CR, LF, direction overrides), surrogates, line and paragraph separators.
FORBIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
#: Addresses so plain that all that is left to judge is the end of their domain; the library takes far longer to say so.
PLAIN_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?!.*--)"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63})",
    re.ASCII | re.IGNORECASE,
)
DOUBTFUL_ENDS = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)
PHONE = re.compile(r"\+?[0-9(][0-9 ()./\-\u00a0]{2,39}")


class AddressError(Refused):
    """An address that cannot be used: which field, and why, without repeating the address."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(Problem(field, reason))
        self.field, self.reason = field, reason


def normalise(kind: str, value: str, region: str) -> str:
    """Return the one spelling of an address or external id.

    Args: kind: `email`, `phone` or the name of another kind of identifier; value: as typed or sent;
        region: two-letter country of phone numbers without a country code.
    Returns: the address in lower case, the number in E.164, or the trimmed id.
    Raises: AddressError.
    """
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise AddressError(kind, "is empty")
    if len(text) > LONGEST:
        raise AddressError(kind, f"is longer than {LONGEST} characters")
    plain = text.isascii() and text.isprintable()
    if not plain and any(unicodedata.category(letter) in FORBIDDEN for letter in text):
        raise AddressError(kind, "holds control characters")
    spell = SPELLINGS.get(kind)
    return spell(text, region) if spell else text


def spell_email(text: str, _region: str) -> str:
    """Return an e-mail address in lower case with an internationalised domain in Unicode."""
    plain = PLAIN_EMAIL.fullmatch(text)
    if plain is not None and plain[1].lower() not in DOUBTFUL_ENDS:
        return text.lower()
    return read_email(text)


def read_email(text: str) -> str:
    """Return what the library makes of an e-mail address, however odd, in lower case; raises AddressError."""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=True, test_environment=True)
    except EmailNotValidError:
        # The library's own message may repeat the address, which then lands in logs.
        raise AddressError("email", "is not a valid e-mail address") from None
    # Not casefold(): it turns the letter ß into another mailbox.
    return found.normalized.lower()


def spell_phone(text: str, region: str) -> str:
    """Return a phone number in E.164."""
    if not PHONE.fullmatch(text):
        raise AddressError("phone", "is not a phone number")
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise AddressError("phone", "is not a phone number") from None
    if not phonenumbers.is_valid_number(number):
        raise AddressError("phone", f"is not a valid number in {region} or with its country code")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


SPELLINGS = {"email": spell_email, "phone": spell_phone}
