"""What customers wrote, fit for a mail: on one line, cut, without the addresses and numbers of people."""

from __future__ import annotations

import re

__all__ = ["masked"]

LONGEST = 280
HIDDEN = "•••"
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']+\s?(?:@|\(at\)|\[at\])\s?[^\s@<>()\[\],;:\"']+\.[^\s@<>()\[\],;:\"']+")
# Digits of every script, with what people write between them; dates and amounts are shorter.
NUMBER = re.compile(r"(?<!\w)[+(]{0,2}\d(?:[\s().\-/\u00a0\u2009–]{0,2}\d){6,}")
#: Signs that turn the direction of what stands around them.
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def masked(text: str) -> str:
    """Return words of a customer on one line of limited length, with mail addresses and long numbers hidden.

    What names somebody in plain words stays: no rule finds every name.
    """
    line = " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())
    line = TURNING.sub("", line)
    hidden = NUMBER.sub(HIDDEN, EMAIL.sub(HIDDEN, line))
    return hidden if len(hidden) <= LONGEST else hidden[: LONGEST - 1].rstrip() + "…"
