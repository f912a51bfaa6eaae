"""Words of comments are compared as readers would, in every script; patterns mean what the page says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub_plugins.causes.letters import forms_of, script_of, words_of
from feedbackhub_plugins.causes.patterns import BadPattern, Finder, pattern_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DON’T", "dont"), ("Café", "cafe\u0301"), ("Straße", "STRASSE"),
        ("مُتَأَخِّر", "متاخر"), ("جــــداً", "جدا"), ("إلى", "الى"), ("خدمة", "خدمه"), ("ہے".replace("ہ", "ه"), "هے"),
        ("ज़्यादा", "ज्यादा"), ("लड़का", "लडका"), ("हूँ", "हूं"), ("क़ीमत", "कीमत"),
    ],
)  # fmt: skip
def test_words_that_readers_take_for_the_same_are_the_same(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_marks_belong_to_their_words() -> None:
    assert words_of("सामान टूटा हुआ मिला!") == ["सामान", "टूटा", "हुआ", "मिला"]
    assert words_of("None, n/a - ok 😀") == ["none", "n", "a", "ok"]


@pytest.mark.parametrize(
    ("word", "stem"),
    [("والتوصيل", "توصيل"), ("بالتطبيق", "تطبيق"), ("ولم", "لم"), ("pengirimannya", "kirim"), ("dikirimkan", "kirim"),
     ("menunggu", "tunggu"), ("memukul", "pukul"), ("menyapu", "sapu"), ("bertanya", "tanya"), ("uangnya", "uang")],
)  # fmt: skip
def test_words_are_found_within_what_is_written_in_one_with_them(word: str, stem: str) -> None:
    assert stem in forms_of(word)
    assert forms_of(word)[0] == word


def test_scripts_are_told_by_most_letters() -> None:
    texts = {"latin": "Hello दोस्त", "devanagari": "नमस्ते ok", "arabic": "مرحبا", "": "123 😀 привет"}
    assert {script_of(text): text for text in texts.values()} == texts


def found(pattern: str, text: str) -> bool:
    """Tell whether a pattern is in a text."""
    return Finder({"it": [pattern_of(pattern)]}).find(text) == ["it"]


@pytest.mark.parametrize(
    ("pattern", "text", "is_there"),
    [
        ("late", "Very LATE!", True), ("late", "later", False), ("late*", "lateness", True),
        ("on hold", "I was on hold", True), ("on hold", "hold on", False), ("on hold", "on the hold", False),
        ("not ... solv*", "not really solved", True), ("not ... solv*", "solved, not", False),
        ("not … solv*", "not solved", True), ("not ... solv*", "not one two three four five solved", True),
        ("not ... solv*", "not one two three four five six solved", False),
        ("a ... b c", "a b x b c", True), ("n/a", "n/a", True), ("co-operat*", "Co operative", True),
        ("kirim*", "Pengirimannya lama", True), ("توصيل", "التوصيل سيئ", True),
    ],
)  # fmt: skip
def test_patterns_mean_what_the_page_says(pattern: str, text: str, is_there: bool) -> None:
    assert found(pattern, text) is is_there


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("", "holds no word"), ("!?", "holds no word"), ("*", "needs at least two letters before *"),
     ("a*", "needs at least two letters before *"), ("re*fund", "has a * that is not at a word's end"),
     ("... late", "must not begin or end with ..."), ("late ...", "must not begin or end with ..."),
     ("a b c d e f g", "has more than six words"), ("x" * 81, "is longer than 80 characters")],
)  # fmt: skip
def test_patterns_that_cannot_be_used_say_why(pattern: str, why: str) -> None:
    with pytest.raises(BadPattern) as refused:
        pattern_of(pattern)
    assert str(refused.value) == why


@given(st.text(max_size=100), st.text(max_size=300))
def test_any_text_may_be_a_pattern_or_is_refused(pattern: str, text: str) -> None:
    try:
        wanted = pattern_of(pattern)
    except BadPattern:
        return
    assert Finder({"it": [wanted]}).find(text) in ([], ["it"])


@given(st.lists(st.sampled_from(["uno", "dos", "tres"]), min_size=1, max_size=6))
def test_words_in_their_order_are_found(words: list[str]) -> None:
    assert found(" ".join(words), "x " + " ".join(words) + " y")
    assert found(" ... ".join(words), "x " + " z ".join(words) + " y")


def test_a_pattern_that_nearly_fits_everywhere_is_gone_through_in_small_steps() -> None:
    finder = Finder({"it": [pattern_of("aa* ... aa* ... aa* ... aa* ... aa* ... bb")]})
    assert finder.find("aaa " * 2000) == []
