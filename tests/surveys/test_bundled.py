"""The surveys that come along are ready to be sent, in all their languages."""

from __future__ import annotations

import re

import pytest

from feedbackhub.surveys import Value, bundled, check_answers, check_survey, headline_question, parse_survey, show

NAMES = sorted(bundled())
SCRIPTS = {"hi": r"[\u0900-\u097f]", "ar": r"[\u0600-\u06ff]"}


def test_there_are_four() -> None:
    assert NAMES == ["effort", "nps", "post-contact", "re-ask"]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_complete_in_four_languages_without_a_warning(name: str) -> None:
    check = check_survey(bundled()[name])
    assert (check.problems, check.warnings) == ((), ())
    survey = parse_survey(bundled()[name])
    assert (survey.name, survey.type) == (name, name)
    assert survey.languages == survey.complete == ("en", "id", "hi", "ar")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["id", "hi", "ar"])
def test_nothing_shown_is_left_in_english(name: str, language: str) -> None:
    survey = parse_survey(bundled()[name])
    unhappy: dict[str, Value] = {"satisfaction": 1, "ease": 1, "recommend": 1}
    for values in ({}, unhappy):
        here, english = (words(name, tongue, values) for tongue in (language, "en"))
        assert len(here) == len(english) > 7
        assert [text for text, source in zip(here, english, strict=True) if text == source or not text.strip()] == []
        assert [text for text in here if not re.search(SCRIPTS.get(language, "[a-z]"), text)] == []
    assert survey.language_for(f"{language}-XX") == language


def words(name: str, language: str, values: dict[str, Value]) -> list[str]:
    shown = show(parse_survey(bundled()[name]), language, {}, values)
    said = [shown.title, shown.subject, shown.intro, shown.thanks]
    for question in shown.questions:
        said += [question.text, *([question.help] if question.help else [])]
        said += [choice.label for choice in question.choices if choice.label]
    return said


@pytest.mark.parametrize("name", NAMES)
def test_both_ends_of_every_scale_have_words(name: str) -> None:
    for question in show(parse_survey(bundled()[name]), "en", {}).questions:
        if question.value == "number":
            assert question.choices[0].label and question.choices[-1].label
        if question.look == "faces":
            assert all(choice.label for choice in question.choices)


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("post-contact", ["satisfaction", "solved", "contacts", "courtesy", "empathy", "solution", "comment",
                          "call_back", "call_back_phone", "call_back_time"]),
        ("nps", ["loyalty", "comment"]),
        ("effort", ["effort", "reason", "comment"]),
        ("re-ask", ["satisfaction", "solved", "comment"]),
    ],
)  # fmt: skip
def test_each_asks_what_it_is_for(name: str, roles: list[str]) -> None:
    survey = parse_survey(bundled()[name])
    assert [question.role for question in survey.questions] == roles
    assert headline_question(survey) == survey.questions[0]


@pytest.mark.parametrize(
    ("answers", "offered"),
    [
        ({"satisfaction": 5, "solved": "yes"}, []),
        ({"satisfaction": 3}, []),
        ({"satisfaction": 2}, ["call_back"]),
        ({"satisfaction": 4, "solved": "no"}, ["call_back"]),
        ({"satisfaction": 1, "call_back": "yes"}, ["call_back", "call_back_phone", "call_back_time"]),
        ({"satisfaction": 1, "call_back": "no"}, ["call_back"]),
    ],
)
def test_a_call_is_offered_when_it_went_badly(answers: dict[str, Value], offered: list[str]) -> None:
    shown = show(parse_survey(bundled()["post-contact"]), "en", {}, answers)
    assert [question.id for question in shown.questions if question.conditional and question.visible] == offered


def test_one_click_is_a_complete_answer() -> None:
    for name in NAMES:
        survey = parse_survey(bundled()[name])
        first = headline_question(survey)
        assert first is not None
        assert check_answers(survey, {first.id: "1"}).complete
