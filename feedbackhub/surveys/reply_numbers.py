"""Finds the one number of a reply that can be a rating, in digits of any script, in words, or as a row of stars."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from feedbackhub.surveys.reply_words import ADVERBS, CUES, HINDI_IN_LATIN, NUMBERS, OF, POLITE, STARS, UNITS, spelt

__all__ = ["Found", "numbers_in", "starred"]

STAR_ROW = re.compile(r"(?:[⭐★🌟]\s?)+")
DIGITS = re.compile(r"\d+")
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019\u0900-\u0903\u093a-\u094f\u0951-\u0957\u200c\u200d-])*")
SLASH = re.compile(r"\s*[/⁄∕]\s*")
BETWEEN = re.compile(r"\s+(?:[^\W\d_][^\W\d_\u0900-\u094f]*[\u0900-\u094f]*\s+){1,2}")
MONEY = "$€£¥₹"
LONGEST_RATING = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A number that may be the rating.

    Args:
        value: The number.
        start: Where it begins.
        end: Where it ends, with what belongs to it, such as "/5" or "stars".
        doubtful: Whether the word before it speaks against its being a rating.
    """

    value: int
    start: int
    end: int
    doubtful: bool = False


class _Unclear(Exception):
    """There is a number that can be neither the rating nor passed over."""


def starred(text: str) -> Found | None:
    """Return how many stars a text shows, None when there are digits too, none, or several rows."""
    if DIGITS.search(text):
        return None
    rows = list(STAR_ROW.finditer(text))
    if len(rows) != 1:
        return None
    return Found(sum(not sign.isspace() for sign in rows[0][0]), rows[0].start(), rows[0].end())


def numbers_in(text: str, highest: int, language: str) -> Found | None:
    """Return the only number of a text that can be a rating; None when there is none, or more than one.

    Args:
        text: The reply.
        highest: The scale's highest point, which "of five" must name.
        language: The language that was asked in.
    """
    try:
        found = _of_scale(text, list(islice(_digits(text), 3)), highest)  # three are as unclear as many
    except _Unclear:
        return None
    if not found:
        return _word(text, highest, language)
    return found[0] if len(found) == 1 else None


def _digits(text: str) -> Iterator[Found]:
    """Yield numbers that may be ratings; those that are part of something else are passed over."""
    for run in DIGITS.finditer(text):
        start, end = run.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if _is_part_of_other(text, start, end) or len(run[0]) > LONGEST_RATING:
            continue
        if before in "-−+" and before and not text[: start - 1].rstrip()[-1:].isalnum():
            raise _Unclear  # below the scale, or a sign of agreement
        if after in ".,٫" and after and text[end + 1 : end + 2].isdigit():
            raise _Unclear  # a fraction, or two numbers
        if before in ".,٫" and before and text[start - 2 : start - 1].isdigit():
            raise _Unclear
        value = int("".join(str(unicodedata.decimal(sign)) for sign in run[0]))
        if len(run[0]) > 1 and value < 10:
            continue  # 04 is a day or a code
        following = WORD.match(text, _past_spaces(text, end))
        word = spelt(following[0]) if following else ""
        if word in UNITS and word not in STARS:
            continue
        yield Found(value, start, following.end() if following and word in STARS else end, _doubtful(text[:start]))


def _past_spaces(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\u00a0"):
        at += 1
    return at


def _is_part_of_other(text: str, start: int, end: int) -> bool:
    """Tell whether digits belong to a word, a time, an amount, an id or a share."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before.isalpha() or unicodedata.category(before or " ").startswith("M") or before in ("#", "_", "@", *MONEY):
        return True
    following = WORD.match(text, end)
    if following:
        return spelt(following[0]) not in STARS
    if after in ("%", "٪", "°", *MONEY):
        return True
    joint = re.match(r"[:.\-]\d{2}\b", text[end:])
    return bool(joint and text[end] == ":") or bool(before == ":" and text[start - 2 : start - 1].isdigit())


def _doubtful(before: str) -> bool:
    words = WORD.findall(before)
    return bool(words) and spelt(words[-1]) in ADVERBS


def _of_scale(text: str, found: list[Found], highest: int) -> list[Found]:
    """Join "4/5", "4 out of 5" and their like into one number; the scale named must be the one asked.

    Raises:
        _Unclear: Another scale is named.
    """
    if len(found) != 2:
        return found
    first, second = found
    between = text[first.end : second.start]
    if SLASH.fullmatch(between):
        rated, scale = first, second
    elif BETWEEN.fullmatch(between) and all(spelt(word) in OF for word in between.split()):
        # In Hindi the scale comes first: "5 में से 4".
        rated, scale = (second, first) if spelt("से") in map(spelt, between.split()) else (first, second)
    else:
        return found
    if scale.value != highest:
        raise _Unclear
    return [Found(rated.value, first.start, second.end, first.doubtful)]


def _word(text: str, highest: int, language: str) -> Found | None:
    """Return a number in words: the first word, set apart from what follows, or one that a rating word announces."""
    words = list(WORD.finditer(text))
    known = {**NUMBERS, **HINDI_IN_LATIN} if language.partition("-")[0] == "hi" else NUMBERS
    numbers = [at for at, word in enumerate(words) if spelt(word[0]) in known]
    if not numbers:
        return None
    at = numbers[0]
    value, end = known[spelt(words[at][0])], words[at].end()
    following = [spelt(word[0]) for word in words[at + 1 :]]
    if following[:1] and following[0] in STARS:
        end, following = words[at + 1].end(), following[1:]
    elif len(numbers) == 2 and following[: numbers[1] - at - 1] and set(following[: numbers[1] - at - 1]) <= OF:
        if known[spelt(words[numbers[1]][0])] != highest or spelt("से") in following:
            return None
        end, following = words[numbers[1]].end(), following[numbers[1] - at :]
        numbers = numbers[:1]
    if len(numbers) > 1 and numbers[1] == at + 1:
        return None
    closed = not following or text[end:].lstrip(" ")[:1] in tuple(",.;:!\n-–—،؛।") or following[0] in POLITE
    announced = at > 0 and spelt(words[at - 1][0]) in CUES
    return Found(value, words[at].start(), end) if closed and (at == 0 or announced) else None
