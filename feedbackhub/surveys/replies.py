"""What a reply in somebody's own words answers: "4 thanks for the help", "4/5", "empat", "चार", "٤", "👍".

Pure and careful: a rating is only read where no other reading is likely. What is not clear is left unread, for a polite
question back costs less than a number that nobody gave.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from feedbackhub.surveys.definition import Question, Survey
from feedbackhub.surveys.kinds import NO as NO_OPTION
from feedbackhub.surveys.kinds import YES as YES_OPTION
from feedbackhub.surveys.reply_numbers import numbers_in, starred
from feedbackhub.surveys.reply_words import CUES, NO, NO_BUT_GOOD, POLITE, YES, spelt
from feedbackhub.surveys.scoring import headline_question, is_scored

__all__ = ["Reading", "asks_yes_or_no", "comment_question", "read_reply", "reply_question"]

# What carries no words: variation selectors, the frame of a keycap, joiners, direction marks, skin tones.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\u20e3\ufeff\U0001f3fb-\U0001f3ff]")
MARKS = " \t\n,.;:!-–—=/|⭐★🌟*،؛।\ufe0e\ufe0f\u20e3"
TEN = "\U0001f51f"
GOOD, BAD = "\U0001f44d", "\U0001f44e"
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019\u0900-\u0903\u093a-\u094f\u0951-\u0957\u200c\u200d-])*")
APART = frozenset(",.;:!?\n-–—()،؛؟।|/")
FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply says.

    Args:
        value: The answer, None when there is no clear one.
        words: What it says besides, for the comment; everything when there is no answer.
        sure: Whether the answer stands by itself, so that even somebody who has answered before must mean it.
    """

    value: int | str | None
    words: str
    sure: bool = False


def reply_question(survey: Survey) -> Question | None:
    """Return the question that a reply answers, None when the survey has none that fits into one word."""
    question = headline_question(survey)
    if question is None or question.show_if is not None or not is_scored(question):
        return None
    return question if question.kind.value in ("number", "option") else None


def asks_yes_or_no(question: Question) -> bool:
    """Tell whether a question is answered by yes or no."""
    return {option.value for option in question.options} == {YES_OPTION, NO_OPTION}


def comment_question(survey: Survey) -> Question | None:
    """Return the question that takes a reply's further words: the first for a comment that everybody sees."""
    fitting = (q for q in survey.questions if q.role == "comment" and q.kind.value == "text" and q.show_if is None)
    return next((q for q in fitting if q.text_format is None), None)


def read_reply(question: Question, text: str, language: str = "en") -> Reading:
    """Return what a reply answers to a question.

    Args:
        question: What was asked.
        text: The reply as it came.
        language: The language that the question was asked in; other languages' words are understood too.
    """
    text = unicodedata.normalize("NFC", text).replace(TEN, "10 ").strip()
    places = [at for at, sign in enumerate(text) if not INVISIBLE.match(sign)]
    shown = "".join(text[at] for at in places)
    if not shown:
        return Reading(None, text)
    if question.points:
        return _number(question, _Reply(text, shown, (*places, len(text))), language)
    return _yes_or_no(shown, text) if asks_yes_or_no(question) else _option(question, shown, text)


@dataclass(frozen=True, slots=True)
class _Reply:
    """A reply as it came, without what carries no words, and where in the former each sign of the latter stands."""

    text: str
    shown: str
    places: tuple[int, ...]


def _number(question: Question, reply: _Reply, language: str) -> Reading:
    shown, text = reply.shown, reply.text
    found = starred(shown) or numbers_in(shown, question.points[-1], language)
    if found is None or found.value not in question.points:
        return Reading(None, text)
    before, after = text[: reply.places[found.start]], text[reply.places[found.end] :]
    if not _has_words(before):
        rest = after
    elif not _has_words(after) and _is_apart(before):
        rest = before
    elif _is_cued(before) or (not _has_words(after) and len(_words(shown)) < FEW_WORDS and not found.doubtful):
        # Taken out of its sentence, the number would leave a torn one behind.
        return Reading(found.value, text, sure=True)
    else:
        return Reading(None, text)
    set_apart = rest is before or INVISIBLE.sub("", after)[:1] in APART or len(_words(rest)) < FEW_WORDS
    return Reading(found.value, _trimmed(rest), sure=set_apart)


def _has_words(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _is_apart(before: str) -> bool:
    """Tell whether what stands before a last number is closed by a mark or a new line."""
    end = before.rstrip(" ")
    return end[-1:] in APART or unicodedata.category(end[-1:] or " ") == "So"


def _is_cued(before: str) -> bool:
    """Tell whether one of the last words before a number says that it is a rating."""
    return any(word in CUES for word in _words(before)[-FEW_WORDS:])


def _words(text: str) -> list[str]:
    return [spelt(word) for word in WORD.findall(text)]


def _trimmed(rest: str) -> str:
    """Return the words around a number without the marks that tied them to it, and without its stars."""
    if not _has_words(rest):
        return _symbols(rest)
    if all(word in CUES for word in _words(rest)):
        return ""
    trimmed = rest.strip(MARKS).strip()
    return trimmed if "(" in trimmed else trimmed.lstrip(")").strip()


def _symbols(rest: str) -> str:
    """Return the emoji of a rest that has no words."""
    return "".join(sign for sign in rest if unicodedata.category(sign) == "So" and sign not in "⭐★🌟")


def _yes_or_no(shown: str, text: str) -> Reading:
    words = _words(shown)
    thumbs = {sign for sign in shown if sign in (GOOD, BAD)}
    said = {YES_OPTION for word in words[:1] if word in YES} | {NO_OPTION for word in words[:1] if word in NO}
    said |= {YES_OPTION if thumb == GOOD else NO_OPTION for thumb in thumbs}
    both = {"yes", "no"} <= set(words) or {spelt("نعم"), spelt("لا")} <= set(words)
    if len(said) != 1 or both or any(word in NO_BUT_GOOD for word in words[:3]):
        return Reading(None, text)
    first = WORD.search(shown)
    if not words or words[0] not in YES | NO or first is None:
        return Reading(said.pop(), _trimmed(shown.replace(GOOD, "").replace(BAD, "")), sure=len(words) < FEW_WORDS)
    rest = shown[first.end() :]
    alone = not _has_words(rest) or rest.lstrip(" ")[:1] in APART or not POLITE.isdisjoint(words[1:2])
    if not alone and words[0] in NO:
        return Reading(None, text)  # "not bad", "no one called me"
    return Reading(said.pop(), _trimmed(rest), sure=alone)


def _option(question: Question, shown: str, text: str) -> Reading:
    wanted = " ".join(_spelt_words(shown))
    for option in question.options:
        names = [option.value, *option.text.root.values()]
        if wanted in (" ".join(_spelt_words(name)) for name in names):
            return Reading(option.value, "", sure=True)
    return Reading(None, text)


def _spelt_words(text: str) -> Iterator[str]:
    for part in text.split():
        word = spelt(part).strip(".,!?;:()\"'")
        if word:
            yield word


