"""Question types that plugins bring: what is refused, and that a published survey keeps what it was written with."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.contract.questions import Offered, Question
from feedbackhub.surveys import (
    BUILTIN_TYPES,
    Survey,
    Types,
    check_answers,
    check_survey,
    frozen,
    headline,
    parse_survey,
    show,
    thawed,
    type_of,
)
from feedbackhub.surveys.patterns import flaw_in
from tests.surveys.writing import written

YES = Offered("yes", {"en": "Yes"}, 100, "👍")
NO = Offered("no", {"en": "No"}, 0)


def declared(**changes: Any) -> Question:
    """Return a sound type of two options with changes."""
    return Question(**{"name": "vote", "value": "option", "options": (YES, NO), **changes})


def types(*of: Question) -> Types:
    """Return the core's types and these."""
    return {**BUILTIN_TYPES, **{each.name: type_of("zoo", each) for each in of}}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "nps"}, "its name must be one that the core does not use"),
        ({"name": "Vote!"}, "its name must be one that the core does not use"),
        ({"looks": ("stars",)}, "stars is not a look of the core for it; it has list, buttons, menu"),
        ({"role": "happiness"}, "'happiness' is not a role; one of your own begins with x_"),
        ({"options": (YES, YES)}, "options must differ, be at least two"),
        ({"options": (YES,)}, "options must differ, be at least two"),
        ({"options": (YES, Offered("no!", {"en": "No"}))}, "option value: String should match pattern"),
        ({"options": (YES, Offered("no", {"en": "No"}, 101))}, "option score: Input should be less than or equal to"),
        ({"spellings": {"ja": "oui"}}, "a spelling stands for oui, which is no option"),
        ({"pattern": "[0-9]"}, "only texts have a pattern"),
        ({"value": "text", "options": (), "pattern": "(a+)+"}, "its pattern repeats a group that repeats inside"),
        ({"value": "number", "options": (), "minimum": 0, "maximum": 20}, "a scale begins at 0 or 1 and ends at 10"),
        ({"value": "number", "options": (), "minimum": 1, "maximum": 1}, "a scale begins at 0 or 1 and ends at 10"),
    ],
)
def test_a_type_that_cannot_be_used_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        type_of("zoo", declared(**changes))


def test_a_type_s_own_options_are_asked_checked_and_scored() -> None:
    known = types(declared(role="solved", spellings={"JA": "yes"}))
    survey = parse_survey(written("id: q, type: vote, text: Well?"), known)
    assert [(c.value, c.label, c.symbol) for c in show(survey, "en", {}).questions[0].choices] == [
        ("yes", "Yes", "👍"), ("no", "No", ""),
    ]  # fmt: skip
    checked = check_answers(survey, {"q": "ja"})
    first = headline(survey, checked.values)
    assert (checked.values, first and (first.score, first.low)) == ({"q": "yes"}, (100.0, False))


def test_new_words_keep_worth_and_picture() -> None:
    known = types(declared())
    own = "id: q, type: vote, text: Well?, options: [{value: yes, text: Aye}, {value: no, text: Nay}]"
    survey = parse_survey(written(own.replace("value: yes", "value: 'yes'").replace("value: no", "value: 'no'")), known)
    assert [(o.text.in_language("en"), o.score, o.symbol) for o in survey.questions[0].options] == [
        ("Aye", 100, "👍"), ("Nay", 0, ""),
    ]  # fmt: skip


def test_a_text_must_match_its_type_s_pattern_as_a_whole() -> None:
    known = types(Question("order", "text", pattern="[A-Z]{2}-[0-9]{4}", looks=("line",)))
    survey = parse_survey(written("id: q, type: order, text: Number?"), known)
    assert check_answers(survey, {"q": " AB-1234 "}).values == {"q": "AB-1234"}
    problem = check_answers(survey, {"q": "x AB-1234"}).problems[0]
    assert (problem.code, problem.message) == ("bad_format", "does not look like a order")
    assert check_answers(survey, {"q": "A" * 201}).problems[0].code == "too_long"


def test_without_its_plugin_a_type_is_unknown_to_new_surveys() -> None:
    found = check_survey(written("id: q, type: vote, text: Well?"))
    assert [str(problem.message) for problem in found.problems] == ["'vote' is not a question type"]


ROWS = st.builds(
    Question,
    name=st.just("vote"),
    value=st.just("option"),
    looks=st.sampled_from([(), ("buttons",), ("menu", "list")]),
    role=st.sampled_from([None, "solved", "x_own"]),
    options=st.lists(
        st.builds(
            Offered,
            value=st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True),
            text=st.fixed_dictionaries({"en": st.text(min_size=1).filter(str.strip)}),
            score=st.none() | st.floats(0, 100),
            symbol=st.text(max_size=3),
        ),
        min_size=2, max_size=5, unique_by=lambda offered: offered.value,
    ).map(tuple),
    low_below=st.floats(0, 100),
    macro=st.sampled_from(["", "vote.html"]),
)  # fmt: skip


@given(ROWS)
def test_what_is_kept_with_a_version_is_the_type_as_it_was(row: Question) -> None:
    known = types(row)
    survey = parse_survey(written("id: q, type: vote, text: Well?", "id: n, type: nps, text: x"), known)
    kept = json.loads(json.dumps(frozen(survey)))
    assert list(kept) == ["vote"]
    assert thawed(kept)["vote"] == known["vote"]


def test_a_survey_of_the_core_s_types_keeps_nothing() -> None:
    survey: Survey = parse_survey(written("id: n, type: nps, text: x"))
    assert (frozen(survey), thawed(None), thawed({})) == (None, BUILTIN_TYPES, BUILTIN_TYPES)


@pytest.mark.parametrize(
    "pattern",
    ["", "[0-9]{4}", r"[A-Z]{2}-\d+", "(?:ab|cd)?x", "(a)(b)?", r"\(+", "[(+*]{3}", "a*b*c*", "[]a]+", "(?:ab)+",
     "(?P<x>ab){2}"],
)  # fmt: skip
def test_patterns_that_end_are_taken(pattern: str) -> None:
    assert flaw_in(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a|aa)*", "((a*)b?)*", "(a{1,9}){1,9}", r"(a)\1", "(?P<x>a)(?P=x)", "(", "a*b*c*d*", "a" * 501,
     "(?:x+x+)+y", "(a?){9}", "([a-z]+){2}"],
)  # fmt: skip
def test_patterns_that_may_not_end_are_refused(pattern: str) -> None:
    assert flaw_in(pattern) != ""


@given(st.text(alphabet="ab()[]{}*+?|,12\\^$.", max_size=14), st.sampled_from("ab1"))
def test_no_pattern_that_is_taken_is_slow(pattern: str, letter: str) -> None:
    if flaw_in(pattern):
        return
    began = time.process_time()
    re.fullmatch(pattern, letter * 199 + "!")
    assert time.process_time() - began < 1
