"""From what somebody wants to enter to an entry, or the reasons why not, by field."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...contract.errors import Problem, Refused
from ..words import N_
from .book import Entry
from .catalogue import ENDS, Assumption

__all__ = ["CODE", "LONGEST_SOURCE", "LONGEST_WORD", "MOST", "PERCENT", "Wanted", "checked", "typed", "written"]

PERCENT = 100.0
#: Beyond it numbers are no estimates any more, and sums would lose their digits.
MOST = 1e12
LONGEST_SOURCE, LONGEST_WORD = 1000, 100
NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,12})?")
#: 1.000 is a thousand to some and one to others.
AMBIGUOUS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
CODE = re.compile(r"[A-Za-z]{3}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be entered.

    Args:
        ends: The range, as far as it is given, by ``low``, ``likely``, ``high``.
        word: The word.
        source: Where it comes from.
    """

    ends: Mapping[str, float | None]
    word: str = ""
    source: str = ""


def typed(about: Assumption, form: Mapping[str, str]) -> Wanted:
    """Return what a form asks for; shares are typed as per cent.

    Raises:
        Refused: A field holds no number.
    """
    is_share = about.kind == "share"
    problems: list[Problem] = []
    ends: dict[str, float | None] = {}
    for name in about.ends:
        text = form.get(name, "").strip()
        if is_share:
            text = text.removesuffix("%").strip()
        reason = _odd(text, is_share) if text else ""
        if reason:
            problems.append(Problem(name, reason))
        elif text:
            number = float(text.replace(",", "."))
            ends[name] = number / PERCENT if is_share else number
    if problems:
        raise Refused(*problems)
    # A form has a field for it only where it is asked for, so nothing could be said beside it elsewhere.
    return Wanted(ends, form.get("word", "") if about.is_word else "", form.get("source", ""))


def written(about: Assumption, number: float) -> str:
    """Return a number as `typed` reads it back, so that a form that nobody changed can be saved.

    Args:
        about: The assumption.
        number: One end of its range.
    """
    is_share = about.kind == "share"
    shown = number * PERCENT if is_share else number
    text = f"{shown:.12g}"
    if "e" in text:
        text = f"{shown:.12f}".rstrip("0").removesuffix(".")
    return text if is_share or not AMBIGUOUS.fullmatch(text) else f"{text}0"


def _odd(text: str, is_share: bool) -> str:
    if AMBIGUOUS.fullmatch(text) and not is_share:
        return N_("could be read in two ways: write thousands without a point or comma, such as 1000")
    return "" if NUMBER.fullmatch(text) else N_("must be a number of 0 or more, such as 12.5")


def checked(about: Assumption, wanted: Wanted) -> Entry:
    """Return the entry; an end that is not given is the likeliest itself.

    Raises:
        Refused: Naming each field that is wrong.
    """
    problems = [*_range_problems(about, wanted), *_word_problems(about, wanted)]
    source = wanted.source.strip()
    if not source:
        problems.append(Problem("source", N_("must say where this comes from, even if it is a guess")))
    elif len(source) > LONGEST_SOURCE or "\0" in source:
        problems.append(Problem("source", N_("must be at most 1000 characters of text")))
    if problems:
        raise Refused(*problems)
    if about.is_word:
        word = wanted.word.strip()
        return Entry(word=word.upper() if about.kind == "code" else word, source=source)
    given = dict(wanted.ends)
    if about.kind == "span":
        given["likely"] = given["low"]
    low, likely, high = (given["likely"] if given.get(name) is None else given[name] for name in ENDS)
    return Entry(low, likely, high, "", source)


def _word_problems(about: Assumption, wanted: Wanted) -> Iterator[Problem]:
    word = wanted.word.strip()
    if not about.is_word:
        if word:
            yield Problem("word", N_("is a number and takes no word"))
    elif about.kind == "code" and not CODE.fullmatch(word):
        yield Problem("word", N_("must be a currency's code of three letters, such as EUR or IDR"))
    elif not 0 < len(word) <= LONGEST_WORD or CONTROL.search(word):
        yield Problem("word", N_("must be one line of 1 to 100 characters"))


def _range_problems(about: Assumption, wanted: Wanted) -> Iterator[Problem]:
    given = {name: value for name, value in wanted.ends.items() if value is not None}
    for name in given:
        if name not in about.ends:
            yield Problem(name, N_("has no place here"))
    for name in about.ends if about.kind == "span" else about.ends[1:2]:
        if name not in given:
            yield Problem(name, N_("must be given"))
    for name, value in given.items():
        reason = _outside(about, value)
        if reason:
            yield Problem(name, reason)
    yield from _order_problems(given)


def _outside(about: Assumption, value: float) -> str:
    least, most = 1.0 if about.from_one else 0.0, 1.0 if about.kind == "share" else MOST
    if math.isfinite(value) and least <= value <= most:
        return ""
    if about.kind == "share":
        return N_("must lie between 0 and 100 %")
    return N_("must be 1 or more") if about.from_one else N_("must be a number of 0 or more, such as 12.5")


def _order_problems(given: Mapping[str, float]) -> Iterator[Problem]:
    if "likely" not in given:
        if given.get("low", 0) > given.get("high", math.inf):
            yield Problem("high", N_("must not be below the lowest one"))
        return
    if given.get("low", given["likely"]) > given["likely"]:
        yield Problem("low", N_("must not be above the likely one"))
    if given.get("high", given["likely"]) < given["likely"]:
        yield Problem("high", N_("must not be below the likely one"))
