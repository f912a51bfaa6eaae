"""Why an input was refused, whole and in any language."""

from __future__ import annotations

from feedbackhub import Problem, Refused

MOST = Problem("tags", "at most {n} tags", {"n": 3})
INDONESIAN = {"at most {n} tags": "paling banyak {n} tag", "must not be empty": "tidak boleh kosong"}


def translate(text: str, language: str) -> str:
    """Return a text in Indonesian, as the only language there is."""
    return INDONESIAN[text] if language == "id" else text


def test_a_problem_is_translated_before_its_gaps_are_filled() -> None:
    assert (MOST.reason, MOST.told(translate, "id")) == ("at most 3 tags", "paling banyak 3 tag")
    assert Problem("a", "keeps its {braces}").reason == "keeps its {braces}"


def test_several_problems_of_one_field_stand_behind_each_other() -> None:
    refused = Refused(MOST, Problem("", "must not be empty"), Problem("tags", "must not be empty"))
    assert refused.told(translate, "id") == {
        "tags": "paling banyak 3 tag; tidak boleh kosong", "": "tidak boleh kosong",
    }  # fmt: skip
    assert str(refused) == "tags: at most 3 tags; must not be empty; tags: must not be empty"
