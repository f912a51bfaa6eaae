"""A text as the part of a mail, in the encoding that suits it."""

from __future__ import annotations

import binascii
from dataclasses import dataclass

#: Servers cut lines behind 998 bytes; some count otherwise.
LONGEST_LINE = 900
#: Base64's lines: 57 bytes become 76 characters.
WIDTH = 76


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the fields that tell how to read it, and its ASCII text with a line end behind the last line."""

    head: str
    body: str


def part(subtype: str, text: str) -> Part:
    """Return a text as a part of a mail.

    Args:
        subtype: ``plain`` or ``html``.
        text: The text; halves of character pairs, which no encoding holds, become question marks.
    """
    raw = with_line_ends(text).encode("utf-8", "replace")
    encoding, body = encoded_body(raw)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n'
    return Part(head, body.decode("ascii"))


def with_line_ends(text: str) -> str:
    """Return a text with CRLF behind every line, as mails have it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return (lines if lines.endswith("\n") else lines + "\n").replace("\n", "\r\n")


def encoded_body(raw: bytes) -> tuple[str, bytes]:
    """Return the encoding chosen and the text in it; in each of them the result is ASCII in short lines."""
    if raw.isascii() and b"\0" not in raw and max(map(len, raw.split(b"\n"))) <= LONGEST_LINE:
        return "7bit", raw
    # Quoted-printable writes three characters for each byte beyond ASCII.
    beyond = len(raw) - len(raw.decode("ascii", "ignore"))
    if beyond * 6 < len(raw):
        return "quoted-printable", binascii.b2a_qp(raw)
    return "base64", base64_lines(raw)


def base64_lines(raw: bytes) -> bytes:
    """Return bytes in base64, in lines."""
    whole = binascii.b2a_base64(raw, newline=False)
    return b"".join([whole[at : at + WIDTH] + b"\r\n" for at in range(0, len(whole), WIDTH)])
