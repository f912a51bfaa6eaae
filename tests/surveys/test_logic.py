"""Which questions are shown."""

from __future__ import annotations

import pytest

from feedbackhub.surveys import Value, visible
from tests.surveys.writing import SCORE, survey_of

WHY = "id: why, type: choices, text: Why?, options: [{value: a, text: A}, {value: b, text: B}]"
SAYS = "id: says, type: text, text: More?"


@pytest.mark.parametrize(
    ("condition", "answers", "shown"),
    [
        ("{question: score, below: 3}", {"score": 2}, True),
        ("{question: score, below: 3}", {"score": 3}, False),
        ("{question: score, below: 3}", {}, False),
        ("{question: score, above: 3}", {"score": 4}, True),
        ("{question: score, at_least: 2, at_most: 3}", {"score": 3}, True),
        ("{question: score, at_least: 2, at_most: 3}", {"score": 4}, False),
        ("{question: score, equals: 3}", {"score": 3}, True),
        ("{question: score, in: [1, 5]}", {"score": 5}, True),
        ("{question: score, in: [1, 5]}", {"score": 4}, False),
        ("{question: score, answered: true}", {"score": 4}, True),
        ("{question: score, answered: true}", {}, False),
        ("{question: score, answered: false}", {}, True),
        ("{question: score, answered: false}", {"score": 4}, False),
        ("{question: why, includes: a}", {"why": ["a", "b"]}, True),
        ("{question: why, includes: a}", {"why": ["b"]}, False),
        ("{question: why, equals: a}", {"why": ["a", "b"]}, False),
        ("{question: why, equals: a}", {"why": ["a"]}, True),
        ("{question: why, in: [a]}", {"why": ["a", "b"]}, True),
        ("{question: says, answered: true}", {"says": "so"}, True),
        ("{not: {question: score, below: 3}}", {}, True),
        ("{all: [{question: score, below: 3}, {question: why, includes: a}]}", {"score": 1, "why": ["a"]}, True),
        ("{all: [{question: score, below: 3}, {question: why, includes: a}]}", {"score": 1}, False),
        ("{any: [{question: score, below: 3}, {question: why, includes: a}]}", {"score": 1}, True),
        ("{any: [{question: score, below: 3}, {question: why, includes: a}]}", {"score": 5}, False),
    ],
)
def test_a_condition_on_earlier_answers(condition: str, answers: dict[str, Value], shown: bool) -> None:
    survey = survey_of(SCORE, WHY, SAYS, f"id: last, type: nps, text: Last?, show_if: {condition}")
    assert (survey.questions[-1] in visible(survey, answers)) == shown


def test_the_answer_to_a_hidden_question_shows_nothing_further() -> None:
    survey = survey_of(
        SCORE,
        "id: call, type: yes-no, text: Call?, show_if: {question: score, below: 3}",
        "id: number, type: text, text: Number?, show_if: {question: call, equals: yes}",
    )
    assert [question.id for question in visible(survey, {"score": 5, "call": "yes"})] == ["score"]
    assert [question.id for question in visible(survey, {"score": 1, "call": "yes"})] == ["score", "call", "number"]
