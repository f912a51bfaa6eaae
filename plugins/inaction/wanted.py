"""From what somebody wants to enter to an entry, or the reasons why not, by field."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feedbackhub import Problem, Refused
from feedbackhub.reporting import N_

from .assumptions import Assumption
from .book import Entry

__all__ = ["ENDS", "Wanted", "checked", "typed"]

ENDS = ("low", "likely", "high")
PERCENT = 100.0
#: Beyond it numbers are no estimates any more, and sums would lose their digits.
MOST = 1e12
LONGEST_SOURCE = 1000
NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,12})?")
#: 1.000 is a thousand to some and one to others.
AMBIGUOUS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
CODE = re.compile(r"[A-Za-z]{3}")
#: The least that an input can be where it is not 0.
FLOORS = {"contacts_each": 1.0}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be entered.

    Args:
        ends: The range, as far as it is given, by ``low``, ``likely``, ``high``.
        word: The currency.
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
    problems: list[Problem] = []
    ends: dict[str, float | None] = {}
    for name in ENDS:
        text = form.get(name, "").strip().removesuffix("%").strip()
        reason = _odd(text, about.kind == "share") if text else ""
        if reason:
            problems.append(Problem(name, reason))
        elif text:
            number = float(text.replace(",", "."))
            ends[name] = number / PERCENT if about.kind == "share" else number
    if problems:
        raise Refused(*problems)
    # A form has a field for it only where it is asked for, so nothing could be said beside it elsewhere.
    return Wanted(ends, form.get("word", "") if about.kind == "word" else "", form.get("source", ""))


def _odd(text: str, is_share: bool) -> str:
    if AMBIGUOUS.fullmatch(text) and not is_share:
        return N_("could be read in two ways: write thousands without a point or comma, such as 1000")
    return "" if NUMBER.fullmatch(text) else N_("must be a number of 0 or more, such as 12.5")


def checked(about: Assumption, wanted: Wanted) -> Entry:
    """Return the entry; an end that is not given is the likeliest itself.

    Raises:
        Refused: Naming each field that is wrong.
    """
    is_word = about.kind == "word"
    problems = [] if is_word else [*_range_problems(about, wanted)]
    if is_word or wanted.word:
        problems += _word_problems(wanted)
    source = wanted.source.strip()
    if not source:
        problems.append(Problem("source", N_("must say where this comes from, even if it is a guess")))
    elif len(source) > LONGEST_SOURCE or "\0" in source:
        problems.append(Problem("source", N_("must be at most 1000 characters of text")))
    if problems:
        raise Refused(*problems)
    if is_word:
        return Entry(word=wanted.word.strip().upper(), source=source)
    low, likely, high = (_end(wanted, name) for name in ENDS)
    return Entry(low, likely, high, "", source)


def _end(wanted: Wanted, name: str) -> float | None:
    given = wanted.ends.get(name)
    return wanted.ends.get("likely") if given is None else given


def _word_problems(wanted: Wanted) -> Iterator[Problem]:
    if not CODE.fullmatch(wanted.word.strip()):
        yield Problem("word", N_("must be a currency's code of three letters, such as EUR or IDR"))


def _range_problems(about: Assumption, wanted: Wanted) -> Iterator[Problem]:
    given = {name: value for name, value in wanted.ends.items() if value is not None}
    least, most = FLOORS.get(about.name, 0.0), 1.0 if about.kind == "share" else MOST
    if "likely" not in given:
        yield Problem("likely", N_("must be given"))
    for name, value in given.items():
        if not math.isfinite(value) or not least <= value <= most:
            yield Problem(name, _outside(about, least))
    if "likely" in given and given.get("low", given["likely"]) > given["likely"]:
        yield Problem("low", N_("must not be above the likely one"))
    if "likely" in given and given.get("high", given["likely"]) < given["likely"]:
        yield Problem("high", N_("must not be below the likely one"))


def _outside(about: Assumption, least: float) -> str:
    if about.kind == "share":
        return N_("must lie between 0 and 100 %")
    return N_("must be 1 or more") if least else N_("must be a number of 0 or more, such as 12.5")
