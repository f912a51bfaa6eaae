"""Checking answers: what is good is kept, what is not is named, nothing raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.surveys import Checked, bundled, check_answers, parse_survey
from feedbackhub.surveys.answers import MESSAGES
from tests.surveys.test_parsing import JSON
from tests.surveys.writing import EVERY_TYPE, short, survey_of


def codes(checked: Checked) -> dict[str, str]:
    return {problem.question_id: problem.code for problem in checked.problems}


@pytest.mark.parametrize(
    ("question", "raw", "value"),
    [
        ("score", "4", 4),
        ("score", ["4"], 4),
        ("score", " 4 ", 4),
        ("score", 4, 4),
        ("score", 4.0, 4),
        ("recommend", "0", 0),
        ("recommend", 10, 10),
        ("solved", "yes", "yes"),
        ("solved", True, "yes"),
        ("solved", False, "no"),
        ("agreed", "on", "yes"),
        ("times", "1", "1"),
        ("times", 1, "1"),
        ("why", "slow", ["slow"]),
        ("why", ["rude", "slow", "rude", ""], ["slow", "rude"]),
        ("words", "  two\r\nlines\t! ", "two\nlines\t!"),
        ("words", "nul\x00 bell\x07 turned\u202e round\u2066", "nul bell turned round"),
        ("words", "cafe\u0301", "café"),
        ("words", "{{ 7*7 }} <b>", "{{ 7*7 }} <b>"),
    ],
)
def test_a_good_answer_from_a_form_or_an_api_is_kept(question: str, raw: Any, value: Any) -> None:
    checked = check_answers(EVERY_TYPE, {question: raw})
    assert (checked.values, checked.problems) == ({question: value}, ())


@pytest.mark.parametrize("raw", [None, "", " ", [], [""], [None]])
@pytest.mark.parametrize("question", ["score", "words"])
def test_nothing_is_no_answer(question: str, raw: Any) -> None:
    assert check_answers(EVERY_TYPE, {question: raw}) == Checked({}, (), ("stars",))


@pytest.mark.parametrize(
    ("question", "raw", "code"),
    [
        ("score", "6", "out_of_range"),
        ("score", 0, "out_of_range"),
        ("score", -1, "out_of_range"),
        ("score", "great", "not_a_number"),
        ("score", "٣", "not_a_number"),
        ("score", 4.5, "not_a_number"),
        ("score", float("nan"), "not_a_number"),
        ("score", 1e300, "out_of_range"),
        ("score", 10**5_000, "out_of_range"),
        ("score", "9" * 5_000, "not_a_number"),
        ("score", True, "not_a_number"),
        ("score", {"a": 1}, "not_a_number"),
        ("score", ["4", "5"], "several"),
        ("score", [[4]], "not_a_number"),
        ("solved", "maybe", "unknown_option"),
        ("solved", {"yes": True}, "unknown_option"),
        ("times", "2", "unknown_option"),
        ("times", 10**5_000, "unknown_option"),
        ("times", "1" * 1_000_000, "unknown_option"),
        ("why", ["slow", "unkind"], "unknown_option"),
        ("why", ["slow"] * 1_000, "unknown_option"),
        ("words", 5, "not_text"),
        ("words", "\ud800", "not_text"),
        ("words", "x" * 51, "too_long"),
        ("words", "x" * 1_000_000, "too_long"),
        ("missing", "5", "unknown_question"),
        ("\ud800", "5", "unknown_question"),
    ],
    ids=short,
)
def test_a_bad_answer_is_named_and_loses_no_other(question: str, raw: Any, code: str) -> None:
    checked = check_answers(EVERY_TYPE, {"stars": "5", question: raw})
    assert list(codes(checked).values()) == [code]
    assert (checked.values, checked.complete) == ({"stars": 5}, False)


def test_a_problem_carries_the_facts_of_its_message() -> None:
    problem = check_answers(EVERY_TYPE, {"score": "9"}).problems[0]
    assert (problem.message, problem.facts) == ("should be from 1 to 5", {"minimum": 1, "maximum": 5})


def test_every_code_has_a_message() -> None:
    raw = {
        "score": 9,
        "recommend": "x",
        "ease": ["1", "2"],
        "solved": "?",
        "words": 5,
        "phone": "?",
        "none": 1,
        "stars": 1,
    }
    problems = check_answers(EVERY_TYPE, {**raw, "score": 1}).problems
    problems += check_answers(EVERY_TYPE, {"score": 9, "words": "x" * 51}).problems
    assert {problem.code for problem in problems} == MESSAGES.keys()
    assert all(problem.message and "{" not in problem.message for problem in problems)


def test_a_missing_required_answer_never_holds_back_a_rating() -> None:
    checked = check_answers(EVERY_TYPE, {"score": "2"})
    assert (checked.values, checked.missing, checked.complete) == ({"score": 2}, ("stars",), False)


def test_with_all_that_is_required_the_answer_is_complete() -> None:
    assert check_answers(EVERY_TYPE, {"stars": "5"}).complete


def test_an_empty_form_is_not_complete() -> None:
    assert not check_answers(survey_of("id: a, type: nps, text: x"), {}).complete


def test_a_required_question_that_is_hidden_is_not_missing() -> None:
    hidden = "id: b, type: text, text: y, required: true, show_if: {question: a, below: 7}"
    survey = survey_of("id: a, type: nps, text: x", hidden)
    assert check_answers(survey, {"a": 9}).complete
    assert check_answers(survey, {"a": 3}).missing == ("b",)


def test_a_required_consent_needs_a_yes() -> None:
    survey = survey_of("id: ok, type: consent, text: May we?, required: true")
    assert (check_answers(survey, {"ok": False}).missing, check_answers(survey, {"ok": "on"}).missing) == (("ok",), ())


def test_answers_to_hidden_questions_are_dropped() -> None:
    assert check_answers(EVERY_TYPE, {"score": 5, "stars": 5, "phone": "12345"}).values == {"score": 5, "stars": 5}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+62 812-3456-789", "+62 812-3456-789"),
        ("(030) 1234 / 56 ext 7", "(030) 1234 / 56 ext 7"),
        ("\u202a+49 30 123456\u202c\u200e", "+49 30 123456"),
        ("٠٥٠ ١٢٣ ٤٥٦٧", "050 123 4567"),
        ("०९८७६५४३२१", "0987654321"),
    ],
)
def test_a_phone_number_is_kept_as_people_type_it(typed: str, kept: str) -> None:
    assert check_answers(EVERY_TYPE, {"score": 1, "phone": typed}).values["phone"] == kept


@pytest.mark.parametrize("typed", ["call me", "123", "12345 <script>", "1" * 41, "+1\n2345678"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    assert list(codes(check_answers(EVERY_TYPE, {"score": 1, "phone": typed}))) == ["phone"]


def test_a_comment_of_a_megabyte_is_refused_and_the_rating_kept() -> None:
    survey = parse_survey(bundled()["post-contact"])
    checked = check_answers(survey, {"satisfaction": "1", "comment": "é" * 1_000_000})
    assert (checked.values, codes(checked)) == ({"satisfaction": 1}, {"comment": "too_long"})


def test_a_thousand_unknown_questions_are_told_in_short() -> None:
    assert len(check_answers(EVERY_TYPE, {f"x{n}": 1 for n in range(1_000)}).problems) == 20


IDS = [question.id for question in EVERY_TYPE.questions]


@given(st.dictionaries(st.sampled_from(IDS) | st.text(), JSON))
def test_any_json_is_checked(raw: dict[str, Any]) -> None:
    checked = check_answers(EVERY_TYPE, raw)
    assert checked.values.keys() <= raw.keys()
    json.dumps(checked.values).encode()
    again = check_answers(EVERY_TYPE, checked.values)
    assert (again.values, again.problems) == (checked.values, ())


@given(st.text(max_size=60))
def test_a_cleaned_comment_can_always_be_stored(text: str) -> None:
    kept = check_answers(EVERY_TYPE, {"words": text}).values.get("words", "")
    assert isinstance(kept, str)
    assert not {chr(n) for n in (*range(9), *range(11, 32), *range(0x202A, 0x202F), *range(0x2066, 0x206A))} & set(kept)
    kept.encode()
