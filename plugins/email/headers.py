"""Texts as they stand in header fields: encoded, folded and on one line.

Python's own folding turns a long List-Unsubscribe address into encoded words, which no mail program opens, and puts
blanks into long names.
"""

from __future__ import annotations

from email.header import Header

from feedbackhub import as_line

LONGEST_SUBJECT = 200
LONGEST_NAME = 80
FOLD = "\r\n "


def encoded(text: str, field: str) -> str:
    """Return a text as it stands in a header: itself, or folded encoded words."""
    if text.isascii() and "=?" not in text and len(text) + len(field) < 70:
        return text
    return Header(text, "utf-8", header_name=field, maxlinelen=75).encode(linesep="\r\n")


def address_field(name: str, address: str, field: str) -> str:
    """Return a name and an address as they stand in From, To and Reply-To."""
    shown = as_line(name, LONGEST_NAME)
    if not shown:
        return address
    quoted = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    phrase = quoted if shown.isascii() and "=?" not in shown else encoded(shown, field)
    fits = len(field) + len(phrase) + len(address) < 70
    return f"{phrase}{' ' if fits else FOLD}<{address}>"
