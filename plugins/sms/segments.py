"""What a text costs: in which alphabet it goes, in how many parts, and where it may be cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Size", "cut", "plain_signs", "size_of"]

Alphabet = Literal["GSM-7", "UCS-2"]

#: GSM 03.38: the default alphabet, and the signs that take two places because an escape stands before them.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
#: Places in a message of one part, and in each part of several, whose header takes the rest.
ROOM: dict[Alphabet, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

# Signs of word processors that would more than halve the room for everything else.
PLAIN = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "…": "...", "•": "-", "·": ".", "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\t": " ",
        "\u00ad": "", "\u200b": "", "\u2060": "", "\ufeff": "",
    }
)  # fmt: skip
# What belongs to the sign before it: joiners, variation selectors, skin tones, the frame of a keycap.
JOINED = frozenset("\u200d\ufe0e\ufe0f\u20e3") | {chr(code) for code in range(0x1F3FB, 0x1F400)}


@dataclass(frozen=True, slots=True)
class Size:
    """How a text travels.

    Args:
        alphabet: ``GSM-7``, or ``UCS-2`` when one sign is not in the former.
        places: What its signs take together.
        segments: In how many parts it is sent and paid.
        room: Places left in the last part.
    """

    alphabet: Alphabet
    places: int
    segments: int
    room: int

    def __str__(self) -> str:
        return f"{self.segments} × {self.alphabet}, {self.places} characters"


def size_of(text: str) -> Size:
    """Return what a text takes; no sign is torn between two parts."""
    alphabet: Alphabet = "GSM-7" if all(sign in BASIC or sign in EXTENDED for sign in text) else "UCS-2"
    widths = [_width(sign, alphabet) for sign in text]
    single, each = ROOM[alphabet]
    total = sum(widths)
    if total <= single:
        return Size(alphabet, total, 1, single - total)
    segments, used = 1, 0
    for width in widths:
        if used + width > each:
            segments, used = segments + 1, 0
        used += width
    return Size(alphabet, total, segments, each - used)


def _width(sign: str, alphabet: Alphabet) -> int:
    if alphabet == "GSM-7":
        return 2 if sign in EXTENDED else 1
    return 2 if ord(sign) > 0xFFFF else 1


def plain_signs(text: str) -> str:
    """Return the text with typographic signs written plainly when that lets it go in the small alphabet."""
    composed = unicodedata.normalize("NFC", text)
    plain = composed.translate(PLAIN)
    return plain if size_of(plain).alphabet == "GSM-7" else composed


def cut(text: str, end: str, segments: int) -> str:
    """Return the longest beginning of a text that fits together with an end that must not be lost.

    Args:
        text: What may be cut, at a word where there is one, never inside a letter with its marks or an emoji.
        end: What is kept whole, such as a link; it may be what makes the whole too long.
        segments: The most parts.
    """
    if size_of(text + end).segments <= segments:
        return text + end
    for start in _places_to_cut(text):
        kept = text[:start].rstrip(" ,;:-(")
        short = plain_signs(f"{kept}…{end}" if kept else end.lstrip())
        if size_of(short).segments <= segments:
            return short
    return end.lstrip()


def _places_to_cut(text: str) -> Iterator[int]:
    """Yield where a text may end, the latest first: between words, and within the only word there is."""
    whole = [
        at
        for at in range(len(text) - 1, -1, -1)
        if not _belongs(text[at]) and not _joins(text[at - 1 : at]) and not _flag_torn(text, at)
    ]
    between = [at for at in whole if at == 0 or text[at].isspace()]
    yield from between[:-1] or whole
    yield 0


def _belongs(sign: str) -> bool:
    return sign in JOINED or unicodedata.category(sign) in ("Mn", "Mc", "Me")


def _joins(sign: str) -> bool:
    """Tell whether a sign ties the next one to itself: a joiner, or an Indian letter without its vowel."""
    return sign == "\u200d" or (bool(sign) and unicodedata.combining(sign) == 9)


def _flag_torn(text: str, at: int) -> bool:
    """Tell whether a cut would stand between the two halves of a flag."""
    first = at
    while first and "\U0001f1e6" <= text[first - 1] <= "\U0001f1ff":
        first -= 1
    return "\U0001f1e6" <= text[at] <= "\U0001f1ff" and (at - first) % 2 == 1
