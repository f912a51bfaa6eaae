"""Reading surveys: everything wrong is said at once, with its line, and nothing hostile gets further."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.surveys import (
    BUILTIN_TYPES,
    Problem,
    QuestionType,
    SurveyError,
    bundled,
    check_json,
    check_survey,
    parse_json,
    parse_survey,
)
from tests.surveys.writing import HEAD, SCORE, short, survey_of, written


def told(text: str) -> list[tuple[int | None, str, str]]:
    return [(problem.line, problem.path, problem.message) for problem in check_survey(text).problems]


def test_what_an_author_leaves_open_carries_the_default_of_the_type() -> None:
    question = survey_of(SCORE).questions[0]
    assert (question.role, question.look, question.minimum, question.maximum, question.direction) == (
        "satisfaction", "faces", 1, 5, "higher_is_better",
    )  # fmt: skip


def test_a_survey_without_a_type_is_of_the_type_of_its_own_name() -> None:
    assert survey_of(SCORE).type == "short"


WORD = "should be lower-case letters, digits and {}, beginning with a letter, at most 40"


def test_every_problem_is_told_at_once_with_its_line() -> None:
    text = """\
name: My Survey
title: {en: Hello, id: ""}
languages: [en, english]
thanks: Thanks
questions:
  - id: score
    typ: csat
    text: How?
  - id: 2nd
    type: npss
    text: Recommend?
    direction: down
"""
    assert told(text) == [
        (1, "name", WORD.format("hyphens")),
        (2, "title", "the text in 'id' is empty"),
        (3, "languages", "'english' is not a language code such as en or pt-BR"),
        (6, "questions[0].type", "is missing"),
        (7, "questions[0].typ", "is not a known field, did you mean 'type'?"),
        (9, "questions[1].id", WORD.format("underscores")),
        (10, "questions[1].type", "'npss' is not a question type, did you mean 'nps'?"),
        (12, "questions[1].direction", "should be 'higher_is_better' or 'lower_is_better'"),
    ]


@pytest.mark.parametrize(
    ("question", "path", "message"),
    [
        ("id: b, type: nps, text: x, maximum: 5", "", "the scale of nps is always 0 to 10"),
        ("id: b, type: csat, text: x, minimum: 1, maximum: 1", ".maximum", "should be above the minimum"),
        ("id: b, type: csat, text: x, maximum: 50", ".maximum", "should be less than or equal to 10"),
        ("id: b, type: csat, text: x, maximum: 10", ".look", "faces can show at most 7 points"),
        ("id: b, type: csat, text: x, labels: {9: Great}", ".labels.9", "9 is not on the scale"),
        ("id: b, type: csat, text: x, look: smileys", ".look",
         "'smileys' is not a look of csat; it has faces, stars, numbers"),
        ("id: b, type: csat, text: x, options: [{value: a, text: A}]", ".options",
         "a question of type csat has no options"),
        ("id: b, type: text, text: x, maximum: 5", ".maximum", "a question of type text has no scale"),
        ("id: b, type: text, text: x, format: phon", ".format",
         "'phon' is not a format of text, did you mean 'phone'?"),
        ("id: b, type: text, text: x, longest: 99999", ".longest", "should be at most 10000"),
        ("id: b, type: choice, text: x", ".options", "should hold at least two options"),
        ("id: b, type: choice, text: x, options: [{value: a, text: A}, {value: a, text: B}]", ".options[1].value",
         "'a' is the value of an earlier option too"),
        ("id: b, type: yes-no, text: x, options: [{value: maybe, text: Maybe}]", ".options",
         "the options of yes-no are always yes, no; only their texts can change"),
        ("id: b, type: csat, text: x, role: satisfacton", ".role",
         "'satisfacton' is not a role, did you mean 'satisfaction'?"),
        ("id: b, type: csat, text: x, role: vibe", ".role", "'vibe' is not a role; a role of your own begins with x_"),
        ("id: score, type: csat, text: x", ".id", "'score' is the id of an earlier question too"),
        ("id: b, type: csat, text: x, required: please", ".required", "should be a valid boolean"),
        ("id: b, type: csat, text: x, show_if: {question: scor, below: 3}", ".show_if",
         "the question 'scor' does not exist, did you mean 'score'?"),
        ("id: b, type: csat, text: x, show_if: {question: c, below: 3}", ".show_if", "the question 'c' is asked later"),
        ("id: b, type: csat, text: x, show_if: {question: b, below: 3}", ".show_if", "the question 'b' is asked later"),
        ("id: b, type: csat, text: x, show_if: {question: score}", ".show_if",
         "should say what to test: answered, equals, in, includes, below, above, at_least, at_most"),
        ("id: b, type: csat, text: x, show_if: {below: 3}", ".show_if", "names no question to test"),
        ("id: b, type: csat, text: x, show_if: {question: score, bellow: 3}", ".show_if.bellow",
         "is not a known field, did you mean 'below'?"),
        ("id: b, type: csat, text: x, show_if: {question: score, equals: 9}", ".show_if", "score is never 9"),
        ("id: b, type: csat, text: x, show_if: {question: score, equals: 1.5}", ".show_if.equals",
         "should be a whole number or a text"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_work_is_refused(question: str, path: str, message: str) -> None:
    text = written(SCORE, question, "id: c, type: nps, text: x")
    assert (7, f"questions[1]{path}", message) in told(text)


def test_questions_that_can_be_read_are_checked_even_when_others_cannot() -> None:
    text = written(
        SCORE,
        "id: broken, text: x",
        "id: a, type: csat, text: x, maximum: 9, show_if: {question: broken, equals: 7}",
        "id: score, type: nps, text: '{{ answers.broken }} {{ answers.none }}', show_if: {question: later, below: 2}",
    )
    assert told(text) == [
        (7, "questions[1].type", "is missing"),
        (8, "questions[2].look", "faces can show at most 7 points"),
        (9, "questions[3].id", "'score' is the id of an earlier question too"),
        (9, "questions[3].text", "names answers.none, which is no question asked earlier"),
        (9, "questions[3].show_if", "the question 'later' does not exist"),
    ]


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("thanks: Thank you: friend", "(a text with a colon needs quotes)"),
        ("thanks: {{ customer.name }}", "(a text with {{ … }} needs quotes)"),
        ("thanks: @home", "(a text beginning with @, ` or % needs quotes)"),
    ],
)
def test_common_slips_of_yaml_come_with_advice(line: str, advice: str) -> None:
    (number, _, message) = told(f"name: x\n{line}\n")[0]
    assert (number, message[-len(advice) :]) == (2, advice)


def test_a_role_of_the_companys_own_is_accepted() -> None:
    assert survey_of("id: a, type: rating, role: x_parking, text: Parking?").questions[0].role == "x_parking"


def test_yes_and_no_stay_words() -> None:
    survey = survey_of("id: a, type: yes-no, text: Ok?, options: [{value: yes, text: Yep}, {value: no, text: Nope}]")
    assert [(option.value, option.score) for option in survey.questions[0].options] == [("yes", 100), ("no", 0)]


def test_a_field_written_twice_is_refused_with_both_lines() -> None:
    assert told(written(SCORE) + "title: Again\n") == [(7, "title", "is written twice, first in line 2")]


def test_a_text_missing_in_an_offered_language_is_a_warning() -> None:
    text = written(SCORE).replace("[en]", "[en, hi]").replace("Thank you", "{en: Thank you}")
    assert check_survey(text).problems == ()
    assert check_survey(text).warnings == (Problem(4, "thanks", "is missing in hi"),)


@pytest.mark.parametrize("promise", ["complete: [hi]", "complete: [en, hi]"])
def test_a_text_missing_in_a_language_said_to_be_complete_is_a_problem(promise: str) -> None:
    text = written(SCORE).replace("[en]", f"[en, hi]\n{promise}").replace("Thank you", "{en: Thank you}")
    assert told(text) == [(5, "thanks", "is missing in hi")]


def test_a_text_missing_in_the_first_language_is_a_problem() -> None:
    assert told(written(SCORE).replace("Thank you", "{id: Terima kasih}")) == [(4, "thanks", "is missing in en")]


def test_a_promise_about_a_language_not_offered_is_refused() -> None:
    text = written(SCORE).replace("[en]", "[en]\ncomplete: [fr]")
    assert told(text) == [(4, "complete", "'fr' is not among the languages")]


def test_words_of_a_type_that_lack_a_language_are_told() -> None:
    text = written("id: a, type: yes-no, text: Ok?").replace("[en]", "[en, de]")
    assert [str(warning) for warning in check_survey(text).warnings] == [
        "line 6, questions[0].options[0].text: is missing in de",
        "line 6, questions[0].options[1].text: is missing in de",
    ]


def test_json_gives_the_same_survey_as_yaml() -> None:
    for text in bundled().values():
        survey = parse_survey(text)
        assert parse_json(json.loads(survey.model_dump_json())) == survey


def test_problems_in_json_have_paths_and_no_lines() -> None:
    value = {"name": "x", "title": "T", "languages": ["en"], "thanks": "t",
             "questions": [{"id": "a", "type": "csat", "text": {"en": 5}}]}  # fmt: skip
    assert check_json(value).problems == (Problem(None, "questions[0].text.en", "should be a valid string"),)


def test_a_question_type_of_ones_own_needs_only_a_row() -> None:
    thumbs = QuestionType("thumbs", "number", ("numbers",), "satisfaction", 0, 1)
    question = parse_survey(written("id: a, type: thumbs, text: Ok?"), {**BUILTIN_TYPES, "thumbs": thumbs}).questions[0]
    assert (list(question.points), question.role, question.kind) == ([0, 1], "satisfaction", thumbs)


def test_a_bomb_of_aliases_is_refused_before_it_is_built() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    assert told(bomb) == [(1, "a", "uses an anchor or alias (& or *); please write the value out")]


def test_five_thousand_questions_are_one_clear_problem() -> None:
    text = written(*(f"id: q{n}, type: nps, text: x" for n in range(5_000)))
    assert told(text) == [(5, "questions", "holds 5000 questions, at most 200 are possible")]


def test_two_hundred_questions_are_accepted() -> None:
    assert len(survey_of(*(f"id: q{n}, type: nps, text: x" for n in range(200))).questions) == 200


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x" * 262_145, None, "is larger than 256 KB"),
        ("é" * 140_000, None, "is larger than 256 KB"),
        ("", 1, "is empty"),
        ("just words", 1, "should be a map with name, title, questions …"),
        ("- a\n- b", 1, "should be a map with name, title, questions …"),
        ("[" * 200_000, 1, "is nested deeper than 16 levels"),
        ("{" * 200_000, 1, "has a key that is not a plain word (a text with {{ … }} needs quotes)"),
        ("- " * 100_000, 1, "is nested deeper than 16 levels"),
        ("a:\n" + "- 1\n" * 60_000, 40_000, "holds more than 40000 values"),
        ("a: 1\n---\nb: 2", 2, "holds more than one document"),
        ("a: !!python/object/apply:os.system [id]", 1, "uses a tag (!); please write a plain value"),
        ("a: 'never closed", 1, "is not valid YAML: found unexpected end of stream"),
        ("a: b\nc: \x00", 2, "holds the character U+0000, which cannot be seen"),
        ("a: \ud800", 1, "holds the character U+D800, which cannot be seen"),
        ("a: b\n\nc: \u202eevil", 3, "holds the character U+202E, which cannot be seen"),
    ],
    ids=short,
)
def test_a_hostile_text_is_refused_quickly(text: str, line: int | None, message: str) -> None:
    started = time.process_time()
    problems = check_survey(text).problems
    assert [(problem.line, problem.message) for problem in problems] == [(line, message)]
    assert time.process_time() - started < 2


def test_a_number_of_thousands_of_digits_is_only_a_word() -> None:
    assert told(HEAD + f"  - {{{SCORE}, maximum: {'9' * 5_000}}}\n") == [
        (6, "questions[0].maximum", "should be a valid integer")
    ]


HOSTILE: list[object] = [None, 5, "text", [], {"a": 10**400}, {"a": "\ud800"}, {"a": "\x00"}, {"\ud800": 1}]


@pytest.mark.parametrize("value", HOSTILE, ids=short)
def test_json_that_is_no_survey_is_refused(value: object) -> None:
    with pytest.raises(SurveyError):
        parse_json(value)


def test_json_nested_without_end_is_refused() -> None:
    value: object = 1
    for _ in range(100_000):
        value = [value]
    assert [problem.message for problem in check_json(value).problems] == ["is too large or nested too deeply"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.text() | st.lists(st.sampled_from("ab:-&*![]{}\"'|>#%?, \n\t{%}"), max_size=60).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    check = check_survey(text)
    assert (check.survey is None) == bool(check.problems)


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    check = check_json(value)
    assert (check.survey is None) == bool(check.problems)


FIELDS = ["id", "type", "text", "show_if", "options", "labels", "minimum", "maximum", "role", "look", "format"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON | st.sampled_from(["nps", "csat", "choice", "text"])))
def test_any_question_is_read_or_refused(question: dict[str, object]) -> None:
    value = {"name": "x", "title": "T", "languages": ["en"], "thanks": "t", "questions": [question]}
    check = check_json(value)
    assert (check.survey is None) == bool(check.problems)


@given(st.text(max_size=30), st.integers(0, 2_000))
def test_a_broken_bundled_survey_is_read_or_refused(inserted: str, place: int) -> None:
    text = bundled()["re-ask"]
    check = check_survey(text[:place] + inserted + text[place:])
    assert (check.survey is None) == bool(check.problems)
