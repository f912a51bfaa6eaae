"""Small surveys for the tests, written as an author would."""

from __future__ import annotations

from feedbackhub.surveys import Survey, parse_survey

HEAD = """\
name: short
title: A short one
languages: [en]
thanks: Thank you
questions:
"""


def written(*questions: str) -> str:
    """Return the YAML of a survey with these questions, each one flow mapping."""
    return HEAD + "".join(f"  - {{{question}}}\n" for question in questions)


def survey_of(*questions: str) -> Survey:
    """Return a survey with these questions."""
    return parse_survey(written(*questions))


def short(value: object) -> str:
    """Return a name for a test's parameter, however large that is."""
    return "huge" if isinstance(value, int) and abs(value) > 10**9 else ascii(value)[:40]


SCORE = "id: score, type: csat, text: How was it?"
EVERY_TYPE = survey_of(
    SCORE,
    "id: recommend, type: nps, text: Recommend?",
    "id: ease, type: ces, text: Easy?",
    "id: stars, type: rating, role: courtesy, text: Polite?, required: true",
    "id: solved, type: yes-no, role: solved, text: Solved?",
    "id: times, type: choice, role: contacts, text: x, options: [{value: 1, text: Once}, {value: more, text: More}]",
    "id: why, type: choices, role: reason, text: Why?, options: [{value: slow, text: Slow}, {value: rude, text: Rude}]",
    "id: words, type: text, role: comment, text: Say more, longest: 50",
    "id: phone, type: text, format: phone, text: Number?, role: call_back_phone, show_if: {question: score, below: 3}",
    "id: agreed, type: consent, text: May we?",
)
