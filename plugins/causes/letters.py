"""Texts as words that can be compared, in any script: case, accents, marks and spellings that mean the same are alike.

Arabic: no vowel marks and no tatweel; the forms of alef, ya and ta marbuta are one letter each. Hindi: no nukta, and
one sign for a nasal vowel. Words also have forms without what these languages write in one with them (Arabic and, to,
the; Indonesian me-, di-, -nya and the like), so that a word is found in all of them.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["forms_of", "script_of", "words_of"]


def _marks() -> str:
    """Return the combining marks, which belong to the words they stand in, as ranges for a pattern."""
    codes = [code for code in range(0x300, min(0x11000, sys.maxunicode)) if unicodedata.category(chr(code))[0] == "M"]
    return "".join(f"\\u{code:04x}" for code in codes)


_WORD = re.compile(f"[\\w{_marks()}]+")
#: Marks that change no word: those of Latin, Greek and Cyrillic letters, Arabic vowels, tatweel, nukta, joiners.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u093c\u200b-\u200f\u2060'’ʼ`´]"
)
_ALIKE = str.maketrans({
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ھ": "ه",
    "ँ": "ं", "_": " ",
})  # fmt: skip
_ARABIC_FRONT = ("وال", "بال", "فال", "كال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "ك")
_FRONT = ("meng", "meny", "mem", "men", "peng", "peny", "pem", "pen", "ber", "ter", "per", "di", "me", "pe", "se", "ke")
#: The letter that an Indonesian prefix swallows: menyapu comes of sapu, memakai of pakai.
_SWALLOWED = {"meng": "k", "peng": "k", "meny": "s", "peny": "s", "mem": "p", "pem": "p", "men": "t", "pen": "t"}
_BACK = ("nya", "kan", "lah", "kah", "pun", "ku", "mu", "an", "i")
#: What is left of a word must be at least so long to be one.
_LEAST_ARABIC, _LEAST_INDONESIAN = 3, 4
#: The first letter of each block that tells a script.
_SCRIPTS = (("arabic", 0x600, 0x6FF), ("devanagari", 0x900, 0x97F), ("latin", 0x41, 0x24F))


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded so that equal words are equal texts."""
    return _WORD.findall(folded(text))


def folded(text: str) -> str:
    """Return a text with letters that mean the same made alike."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _DROPPED.sub("", plain).translate(_ALIKE))


@lru_cache(maxsize=100_000)
def forms_of(word: str) -> tuple[str, ...]:
    """Return a folded word with the forms it has without what is written in one with it; itself first."""
    if "\u0600" <= word[:1] <= "\u06ff":
        return tuple(dict.fromkeys([word, *_arabic(word)]))
    if word.isascii():
        return tuple(dict.fromkeys([word, *_indonesian(word)]))
    return (word,)


def _arabic(word: str) -> Iterator[str]:
    for front in _ARABIC_FRONT:
        # "And" and "so" stand before short words, too: not, no, what.
        least = 2 if front in "وف" else _LEAST_ARABIC
        if word.startswith(front) and len(word) - len(front) >= least:
            yield word[len(front) :]


def _indonesian(word: str) -> Iterator[str]:
    for stem in (word, *_without_front(word)):
        yield stem
        for shorter in _without_back(stem):
            yield shorter
            yield from _without_back(shorter)  # kirim-an-nya


def _without_back(word: str) -> Iterator[str]:
    for back in _BACK:
        if word.endswith(back) and len(word) - len(back) >= _LEAST_INDONESIAN:
            yield word[: -len(back)]


def _without_front(word: str) -> Iterator[str]:
    for front in _FRONT:
        left = word[len(front) :]
        if word.startswith(front) and len(left) >= _LEAST_INDONESIAN - 1:
            if front in _SWALLOWED:
                yield _SWALLOWED[front] + left
            if len(left) >= _LEAST_INDONESIAN:
                yield left


def script_of(text: str) -> str:
    """Return the script that most letters of a text are of: ``latin``, ``arabic``, ``devanagari``, or empty."""
    counts = dict.fromkeys((name for name, _, _ in _SCRIPTS), 0)
    for letter in text:
        code = ord(letter)
        for name, low, high in _SCRIPTS:
            if low <= code <= high and letter.isalpha():
                counts[name] += 1
    name = max(counts, key=lambda each: counts[each])
    return name if counts[name] else ""
