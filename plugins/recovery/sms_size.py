"""How many parts a text takes as a short message."""

from __future__ import annotations

__all__ = ["parts_of"]

#: GSM 03.38: the small alphabet, and the signs that take two places in it.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")


def parts_of(text: str) -> int:
    """Return in how many parts a text goes: of 160 signs, or of 70 when one is not in the small alphabet."""
    if all(sign in BASIC or sign in EXTENDED for sign in text):
        places, single, each = len(text) + sum(sign in EXTENDED for sign in text), 160, 153
    else:
        places, single, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if places <= single else -(-places // each)
