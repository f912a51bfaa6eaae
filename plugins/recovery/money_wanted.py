"""From what somebody wants to enter to an entry, or the reasons why not, by field."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feedbackhub import Problem, Refused
from feedbackhub.reporting import N_

from .money_assumptions import WORDS, Assumption
from .money_book import Entry

__all__ = ["CODE", "ENDS", "LONGEST_SOURCE", "LONGEST_WORD", "MOST", "Wanted", "checked", "ends_of", "typed"]

ENDS = ("low", "likely", "high")
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


def ends_of(about: Assumption) -> tuple[str, ...]:
    """Return which ends of a range an assumption has, none for a word."""
    if about.kind in WORDS:
        return ()
    return ("low", "high") if about.kind == "span" else ENDS


def typed(about: Assumption, form: Mapping[str, str]) -> Wanted:
    """Return what a form asks for.

    Raises:
        Refused: A field holds no number.
    """
    problems: list[Problem] = []
    ends: dict[str, float | None] = {}
    for name in ends_of(about):
        text = form.get(name, "").strip()
        reason = _odd(text) if text else ""
        if reason:
            problems.append(Problem(name, reason))
        elif text:
            ends[name] = float(text.replace(",", "."))
    if problems:
        raise Refused(*problems)
    return Wanted(ends, form.get("word", "") if about.kind in WORDS else "", form.get("source", ""))


def _odd(text: str) -> str:
    if AMBIGUOUS.fullmatch(text):
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
    if about.kind in WORDS:
        word = wanted.word.strip()
        return Entry(word=word.upper() if about.kind == "code" else word, source=source)
    given = dict(wanted.ends)
    if about.kind == "span":
        given["likely"] = given["low"]
    low, likely, high = (given["likely"] if given.get(name) is None else given[name] for name in ENDS)
    return Entry(low, likely, high, "", source)


def _word_problems(about: Assumption, wanted: Wanted) -> Iterator[Problem]:
    word = wanted.word.strip()
    if about.kind not in WORDS:
        if word:
            yield Problem("word", N_("is a number and takes no word"))
    elif about.kind == "code" and not CODE.fullmatch(word):
        yield Problem("word", N_("must be a currency's code of three letters, such as EUR or IDR"))
    elif not 0 < len(word) <= LONGEST_WORD or CONTROL.search(word):
        yield Problem("word", N_("must be one line of 1 to 100 characters"))


def _range_problems(about: Assumption, wanted: Wanted) -> Iterator[Problem]:
    names = ends_of(about)
    given = {name: value for name, value in wanted.ends.items() if value is not None}
    for name in given:
        if name not in names:
            yield Problem(name, N_("has no place here"))
    for name in names if about.kind == "span" else names[1:2]:
        if name not in given:
            yield Problem(name, N_("must be given"))
    for name, value in given.items():
        if not math.isfinite(value) or not 0 <= value <= MOST:
            yield Problem(name, N_("must be a number of 0 or more, such as 12.5"))
    yield from _order_problems(given)


def _order_problems(given: Mapping[str, float]) -> Iterator[Problem]:
    if "likely" not in given:
        if given.get("low", 0) > given.get("high", math.inf):
            yield Problem("high", N_("must not be below the lowest one"))
        return
    if given.get("low", given["likely"]) > given["likely"]:
        yield Problem("low", N_("must not be above the likely one"))
    if given.get("high", given["likely"]) < given["likely"]:
        yield Problem("high", N_("must not be below the likely one"))
