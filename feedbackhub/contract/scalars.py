"""Strict scalar types for everything that comes from outside.

pydantic alone takes ``0`` for a moment and a lone surrogate for a text; these do not.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_WITHOUT_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
_KEPT_CONTROLS = "\n\t"
#: Control characters, line and paragraph separators, direction overrides and halves of a character pair.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile("  +")
_LONGEST_LINE = 200


def clean_text(value: str) -> str:
    """Return a text in NFC without direction overrides; line ends become ``\\n``.

    Raises:
        ValueError: The text holds NUL, another control character or a lone surrogate.
    """
    if value.isascii() and value.isprintable():
        return value  # as almost all are; what follows would change nothing
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise ValueError("holds half of a character pair (a lone surrogate)")
    value = _LINE_END.sub("\n", value).translate(_WITHOUT_OVERRIDES)
    bad = next((c for c in value if unicodedata.category(c) == "Cc" and c not in _KEPT_CONTROLS), None)
    if bad is not None:
        raise ValueError(f"holds the control character U+{ord(bad):04X}")
    return unicodedata.normalize("NFC", value)


def clean_line(value: str) -> str:
    """Return a text of one line, trimmed.

    Raises:
        ValueError: As `clean_text`, or the text has several lines.
    """
    value = clean_text(value).strip()
    if "\n" in value or "\t" in value:
        raise ValueError("must be a single line")
    return value


def is_line(value: str) -> bool:
    """Tell whether a text is one line that can be kept and shown: without control characters, line ends among them.

    Letters joined by a zero-width joiner (as in Hindi and in emoji) and no-break spaces are fine, which
    `str.isprintable` refuses.
    """
    return not _NOT_IN_A_LINE.search(value)


def as_line(value: str, longest: int = _LONGEST_LINE) -> str:
    """Return a text as one trimmed line: what `is_line` refuses becomes a blank, blanks in a row become one.

    Args:
        value: Any text.
        longest: How many characters it may have; a longer one is cut and ends with ``…``.
    """
    line = _BLANKS.sub(" ", _NOT_IN_A_LINE.sub(" ", value)).strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def read_moment(value: Any) -> datetime:
    """Return an RFC 3339 text (or an aware datetime) as a moment in UTC.

    Raises:
        ValueError: Anything else, numbers and times without a zone included.
    """
    if isinstance(value, str):
        if not _RFC3339.fullmatch(value):
            raise ValueError("must be a date and time with zone, like 2026-03-01T09:30:00Z")
        try:
            value = datetime.fromisoformat(value.upper().replace(" ", "T"))
        except ValueError as error:
            raise ValueError(f"is no possible date and time ({error})") from None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("must be a date and time with zone, like 2026-03-01T09:30:00Z")
    if not 1971 <= value.year <= 2199:
        raise ValueError("must lie between the years 1971 and 2199")
    return value.astimezone(UTC)


def _only_text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value


def _fits_line(value: str) -> str:
    # Composing characters can make a text longer than it was sent.
    if len(value) > _LONGEST_LINE:
        raise ValueError(f"should have at most {_LONGEST_LINE} characters")
    return value


def _not_empty(value: str) -> str:
    if not value:
        raise ValueError("should not be empty")
    return value


Moment = Annotated[
    datetime, BeforeValidator(read_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
#: What is trimmed off a line.
_AROUND = r"[\t\n\r\u2028\u2029 ]*"
_NOT_SHOWN = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_SLUG = r"^[a-z0-9][a-z0-9_.-]{0,63}$"
_LANGUAGE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$"
_ADDRESS = r"^https?://[^\s\x00-\x1f\x7f-\x9f\"'<>\\]+$"


def _documented(pattern: str) -> Any:
    """Say in a JSON schema what a text must look like; pydantic leaves out what stands behind a validator."""
    return Field(json_schema_extra={"pattern": pattern})


#: One line that may be empty, at most 200 characters.
Line = Annotated[
    str,
    BeforeValidator(_only_text),
    StringConstraints(max_length=_LONGEST_LINE),
    AfterValidator(clean_line),
    AfterValidator(_fits_line),
    _documented(rf"^{_AROUND}[^{_NOT_SHOWN}]*{_AROUND}$"),
]
#: A non-empty key such as an external id, at most 200 characters.
Key = Annotated[
    str,
    BeforeValidator(_only_text),
    StringConstraints(min_length=1, max_length=_LONGEST_LINE),
    AfterValidator(clean_line),
    AfterValidator(_fits_line),
    AfterValidator(_not_empty),
    _documented(rf"^{_AROUND}[^{_NOT_SHOWN}]*[^{_NOT_SHOWN}\s][^{_NOT_SHOWN}]*{_AROUND}$"),
]
#: A short lower-case name such as a source, a channel or a tag group.
Slug = Annotated[
    str, BeforeValidator(_only_text), StringConstraints(pattern=_SLUG, max_length=64), _documented(_SLUG)
]
#: Free text of several lines, at most 10,000 characters.
Text = Annotated[
    str,
    BeforeValidator(_only_text),
    StringConstraints(max_length=10_000),
    AfterValidator(clean_text),
    _documented(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"),
]
#: A BCP 47 language tag.
Language = Annotated[
    str, BeforeValidator(_only_text), StringConstraints(pattern=_LANGUAGE), _documented(_LANGUAGE)
]
#: An http or https address.
WebAddress = Annotated[
    str,
    BeforeValidator(_only_text),
    StringConstraints(max_length=2000, pattern=_ADDRESS),
    AfterValidator(clean_line),
    _documented(_ADDRESS),
]
#: A public id: `ID_BYTES` random bytes in URL-safe Base64.
PublicId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{12}$", min_length=12, max_length=12)]
ID_BYTES = 9


def new_public_id() -> str:
    """Return a fresh public id: 12 URL-safe characters, not guessable."""
    return urlsafe_b64encode(secrets.token_bytes(ID_BYTES)).decode("ascii")
