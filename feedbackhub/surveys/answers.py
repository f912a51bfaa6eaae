"""Checks what came back from a form or an API against the survey: keeps what is good, names what is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from feedbackhub.surveys.condition import Value
from feedbackhub.surveys.definition import Question, Survey
from feedbackhub.surveys.logic import is_shown

UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, all but tab and newline
    "\u202a-\u202e\u2066-\u2069"  # embeddings and overrides that make a text read otherwise than it is stored
    "\ufeff\ufff9-\uffff]"
)
SURROGATE = re.compile("[\ud800-\udfff]")
MOST_UNKNOWN = 20
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")


MESSAGES: Mapping[str, str] = {
    "unknown_question": "this survey has no such question",
    "several": "only one answer is possible",
    "not_a_number": "should be a whole number",
    "out_of_range": "should be from {minimum} to {maximum}",
    "unknown_option": "is not one of the options",
    "not_text": "should be a text",
    "too_long": "should have at most {longest} characters",
    "bad_format": "does not look like a {format}",
}
"""Every code of an `AnswerProblem` with its message in English."""


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Why one answer was not kept: a stable code to translate by, and the facts that its message names."""

    question_id: str
    code: str
    facts: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The message in English."""
        return MESSAGES[self.code].format(**self.facts)


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers that may be stored, what was refused, and which required questions are still open."""

    values: dict[str, Value]
    problems: tuple[AnswerProblem, ...]
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Tell whether something was answered, nothing required is open and nothing was refused."""
        return bool(self.values) and not self.problems and not self.missing


class _Refused(Exception):
    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def check_answers(survey: Survey, raw: Mapping[str, Any]) -> Checked:
    """Check every answer by its question's type; never raises for what `raw` holds.

    Form data (strings, lists of strings) and JSON values are both understood; None, "" and [] mean unanswered. Answers
    to hidden questions are dropped silently: the customer changed an earlier answer. One bad answer loses no other.
    """
    values: dict[str, Value] = {}
    missing: list[str] = []
    problems = _unknown_questions(survey, raw)
    for question in survey.questions:
        if not is_shown(question, values):
            continue
        try:
            value = _value(question, raw.get(question.id))
        except _Refused as refused:
            problems.append(AnswerProblem(question.id, refused.code, refused.facts))
            continue
        if value is not None:
            values[question.id] = value
        if question.required and (value is None or question.kind.needed not in (None, value)):
            missing.append(question.id)
    return Checked(values, tuple(problems), tuple(missing))


def clean_answer(text: str) -> str:
    """Return the text with even line ends, composed accents, no control characters, no direction overrides.

    Control characters are taken out, not refused: a customer who pasted one must not lose what they wrote.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNWANTED.sub("", text)).strip()


def _unknown_questions(survey: Survey, raw: Mapping[str, Any]) -> list[AnswerProblem]:
    known = {question.id for question in survey.questions}
    unknown = (name for name in raw if name not in known)
    return [
        AnswerProblem(SURROGATE.sub("\ufffd", str(name))[:80], "unknown_question")
        for name in islice(unknown, MOST_UNKNOWN)
    ]


def _value(question: Question, raw: Any) -> Value | None:
    if raw is None or raw == "" or raw == []:
        return None
    if question.kind.value == "options":
        return _options(question, raw if isinstance(raw, list | tuple) else [raw])
    if isinstance(raw, list | tuple):
        if len(raw) > 1:
            raise _Refused("several")
        raw = raw[0] if raw else None
        if raw is None or raw == "":
            return None
    if question.kind.value == "number":
        return _number(question, raw)
    if question.kind.value == "option":
        return _option(question, raw)
    return _text(question, raw)


def _number(question: Question, raw: Any) -> int | None:
    number: int | None = None
    if isinstance(raw, str):
        if not raw.strip():
            return None
        number = int(raw) if WHOLE_NUMBER.fullmatch(raw.strip()) else None
    elif isinstance(raw, float) and raw.is_integer():
        number = int(raw)
    elif isinstance(raw, int) and not isinstance(raw, bool):
        number = raw
    if number is None:
        raise _Refused("not_a_number")
    points = question.points
    if number not in points:
        raise _Refused("out_of_range", minimum=points[0], maximum=points[-1])
    return number


def _option(question: Question, raw: Any) -> str:
    if not isinstance(raw, str | int):
        raise _Refused("unknown_option")
    word = str(raw).lower() if isinstance(raw, bool) else str(raw)[:100] if isinstance(raw, str) else _digits(raw)
    value = question.kind.spellings.get(word.lower(), word)
    if question.option(value) is None:
        raise _Refused("unknown_option")
    return value


def _digits(number: int) -> str:
    # Turning a very long integer into text is refused by Python itself.
    return str(number) if abs(number) < 10**9 else ""


def _options(question: Question, raw: list[Any] | tuple[Any, ...]) -> list[str] | None:
    if len(raw) > 2 * len(question.options):
        raise _Refused("unknown_option")
    picked = {_option(question, part) for part in raw if part is not None and part != ""}
    return [option.value for option in question.options if option.value in picked] or None


def _text(question: Question, raw: Any) -> str | None:
    if not isinstance(raw, str) or SURROGATE.search(raw):
        raise _Refused("not_text")
    shape, longest = question.text_format, question.longest_answer
    if len(raw) > 4 * longest:
        raise _Refused("too_long", longest=longest)
    text = clean_answer(raw)
    if len(text) > longest:
        raise _Refused("too_long", longest=longest)
    if text and shape:
        text = _typed_plainly(text) if shape.input_type == "tel" else text
        if not re.fullmatch(shape.pattern, text):
            raise _Refused("bad_format", format=question.format or question.type)
    return text or None


def _typed_plainly(text: str) -> str:
    """Numbers are pasted with invisible marks around them, and typed in the digits of many scripts."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in seen).strip()
