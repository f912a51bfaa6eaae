"""A text as the part of a mail, in the encoding that suits it, and HTML together with the pictures that it shows."""

from __future__ import annotations

import binascii
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from feedbackhub import Picture

#: Servers cut lines behind 998 bytes; some count otherwise.
LONGEST_LINE = 900
#: Base64's lines: 57 bytes become 76 characters.
WIDTH = 76
#: What a picture may be called: nothing that could end its Content-ID or begin another field.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}", re.ASCII)
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})


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


def with_pictures(html: Part, pictures: Iterable[Picture]) -> Part:
    """Return HTML and the pictures that it shows by ``cid:`` as one part (RFC 2387, RFC 2392).

    Args:
        html: The HTML as a part.
        pictures: The pictures.

    Raises:
        ValueError: A picture's name or type would begin another field.
    """
    edge = f"=_{secrets.token_hex(12)}"
    shown = [html, *(picture_part(each) for each in pictures)]
    body = "".join(f"--{edge}\r\n{each.head}\r\n{each.body}\r\n" for each in shown)
    head = f'Content-Type: multipart/related; type="text/html"; boundary="{edge}"\r\n'
    return Part(head, f"{body}--{edge}--\r\n")


def picture_part(picture: Picture) -> Part:
    """Return a picture as a part that is shown in its place and offered for saving under its name."""
    if not NAME.fullmatch(picture.name) or picture.media_type not in PICTURES:
        raise ValueError("the picture's name or type cannot stand in a header")
    head = (
        f"Content-Type: {picture.media_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-ID: <{picture.name}>\r\nContent-Disposition: inline; filename="{picture.name}"\r\n'
    )
    return Part(head, base64_lines(picture.body).decode("ascii"))
