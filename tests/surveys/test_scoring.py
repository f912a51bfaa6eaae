"""What answers are worth."""

from __future__ import annotations

import pytest

from feedbackhub.surveys import (
    Headline,
    Value,
    answer_with_role,
    bundled,
    comment,
    headline,
    headline_question,
    is_low,
    parse_survey,
    scores,
    solved,
    wants_call,
)
from tests.surveys.writing import EVERY_TYPE, SCORE, survey_of

LOWER = "direction: lower_is_better"
POST_CONTACT = parse_survey(bundled()["post-contact"])


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("type: csat", {1: (0, True), 2: (25, True), 3: (50, False), 4: (75, False), 5: (100, False)}),
        ("type: csat, maximum: 3", {1: (0, True), 2: (50, False), 3: (100, False)}),
        ("type: nps", {0: (0, True), 6: (60, True), 7: (70, False), 8: (80, False), 10: (100, False)}),
        ("type: ces", {1: (0, True), 4: (50, False), 7: (100, False)}),
        (f"type: ces, {LOWER}", {1: (100, False), 4: (50, False), 7: (0, True)}),
        ("type: yes-no", {"yes": (100, False), "no": (0, True)}),
        (f"type: yes-no, {LOWER}", {"yes": (0, True), "no": (100, False)}),
        ("type: choice, options: [{value: a, text: A, score: 20}, {value: b, text: B, score: 80}, {value: c, text: C}]",
         {"a": (20, True), "b": (80, False)}),
    ],
)  # fmt: skip
def test_every_scale_is_worth_0_to_100_from_worst_to_best(
    question: str, values: dict[int | str, tuple[int, bool]]
) -> None:
    survey = survey_of(f"id: a, {question}, text: x")
    found = {value: headline(survey, {"a": value}) for value in values}
    assert {value: (first.score, first.low) for value, first in found.items() if first} == values


def test_an_option_without_a_score_is_no_headline() -> None:
    survey = survey_of("id: a, type: choice, text: x, options: [{value: a, text: A, score: 1}, {value: b, text: B}]")
    assert (headline(survey, {"a": "b"}), is_low(survey, {"a": "b"})) == (None, False)


def test_the_headline_is_the_first_score_that_everybody_is_asked() -> None:
    survey = survey_of(
        "id: call, type: yes-no, role: call_back, text: Call?",
        "id: times, type: choice, role: contacts, text: x, "
        "options: [{value: a, text: A, score: 9}, {value: b, text: B, score: 1}]",
        "id: hard, type: ces, text: Hard?, show_if: {question: call, equals: yes}",
        SCORE,
    )
    assert headline(survey, {"call": "yes", "hard": 7, "score": 2}) == Headline(
        "score", "satisfaction", "csat", 2, 1, 5, "higher_is_better", 25.0, True
    )


def test_a_survey_of_words_has_no_headline() -> None:
    survey = survey_of("id: a, type: text, role: comment, text: x")
    assert (headline_question(survey), headline(survey, {"a": "hm"})) == (None, None)
    assert not is_low(survey, {"a": "hm"})


def test_scores_leave_out_what_rates_nothing() -> None:
    values: dict[str, Value] = {
        "score": 4,
        "recommend": 9,
        "times": "1",
        "why": ["slow"],
        "words": "hm",
        "solved": "no",
        "agreed": "yes",
    }
    assert scores(EVERY_TYPE, values) == {"score": 75.0, "recommend": 90.0, "solved": 0.0}


def test_a_value_off_the_scale_is_worth_nothing() -> None:
    assert scores(EVERY_TYPE, {"score": 9, "solved": "maybe"}) == {}


def test_while_the_headline_is_unanswered_any_other_score_can_be_low() -> None:
    assert is_low(POST_CONTACT, {"courtesy": 1})
    assert not is_low(POST_CONTACT, {"satisfaction": 5, "courtesy": 1})
    assert not is_low(POST_CONTACT, {})


@pytest.mark.parametrize(("values", "told"), [({"solved": "yes"}, True), ({"solved": "no"}, False), ({}, None)])
def test_whether_it_was_solved(values: dict[str, Value], told: bool | None) -> None:
    assert solved(POST_CONTACT, values) == told


def test_solved_in_part_is_neither() -> None:
    worth = {"y": 100, "part": 50, "n": 0}
    options = ", ".join(f"{{value: {value}, text: T, score: {score}}}" for value, score in worth.items())
    survey = survey_of(f"id: a, type: choice, role: solved, text: x, options: [{options}]")
    assert [solved(survey, {"a": value}) for value in worth] == [True, None, False]


def test_the_customers_own_words() -> None:
    survey = survey_of("id: a, type: text, role: comment, text: x", "id: b, type: text, role: comment, text: y")
    assert comment(survey, {"a": "One", "b": "Two"}) == "One\n\nTwo"
    assert (comment(survey, {"b": "Two"}), comment(survey, {})) == ("Two", None)


def test_whether_and_where_the_customer_wants_a_call() -> None:
    values: dict[str, Value] = {
        "satisfaction": 1,
        "call_back": "yes",
        "call_back_phone": "12345",
        "call_back_time": "evening",
    }
    assert wants_call(POST_CONTACT, values) is True
    assert wants_call(POST_CONTACT, {"call_back": "no"}) is False
    assert wants_call(POST_CONTACT, {}) is None
    assert answer_with_role(POST_CONTACT, values, "call_back_phone") == "12345"
    assert answer_with_role(POST_CONTACT, values, "call_back_time") == "evening"
    assert answer_with_role(POST_CONTACT, values, "comment") is None
