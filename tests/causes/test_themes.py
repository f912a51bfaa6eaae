"""Themes find what customers write about in four languages, and are checked when staff change them."""

import importlib
from collections.abc import Sequence
from dataclasses import replace

import pytest

from feedbackhub import Refused
from feedbackhub_plugins.causes.comments import Comment
from feedbackhub_plugins.causes.languages import language_of, lite_detector
from feedbackhub_plugins.causes.reading_comments import quotes_of, understood
from feedbackhub_plugins.causes.themes import LANGUAGES, SHIPPED, Spotter, Theme, checked, shipped
from tests.causes.sentences import ABOUT, NEITHER, NEVER_TUNED_TO

topics = importlib.import_module("feedbackhub_plugins.causes.topics")
SPOTTER = Spotter(shipped())


def share_found(pairs: Sequence[tuple[str, str]]) -> float:
    """Return of how many texts the theme is found."""
    return sum(theme in SPOTTER.themes_of(text) for theme, text in pairs) / len(pairs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_themes_are_found_in_texts_that_do_not_quote_the_words(language: str) -> None:
    written = [(theme, text) for theme, by in ABOUT.items() for text in by[language]]
    later = [(theme, text) for theme, given in NEVER_TUNED_TO[language].items() for text in given]
    assert share_found(written) >= 0.95
    assert share_found(later) >= 0.65


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_about_nothing_has_no_theme_and_others_are_seldom_named(language: str) -> None:
    assert [text for text in NEITHER[language] if SPOTTER.themes_of(text)] == []
    others = [set(SPOTTER.themes_of(text)) - {theme} for theme, by in ABOUT.items() for text in by[language]]
    assert sum(map(len, others)) <= 0.2 * len(others)


def test_what_is_shipped_keeps_its_own_rules() -> None:
    themes = shipped()
    assert [each.key for each in themes] == list(SHIPPED)
    assert [checked(each, ()) for each in themes] == list(themes)


def test_a_pattern_may_rule_a_theme_out_and_one_that_is_off_is_not_looked_for() -> None:
    theme = Theme("x", "Polite", {"en": ("polite", "-not ... polite")})
    assert [Spotter([theme]).themes_of(text) for text in ("polite", "not very polite")] == [["x"], []]
    assert Spotter([replace(theme, is_on=False)]).themes_of("polite") == []


def test_themes_are_kept_without_blanks_and_doubles() -> None:
    made = checked(Theme("x", "  My  क्\u200dष  👨\u200d👩\u200d👧 ", {"en": ("a  b", "a b", " "), "es": ()}), ())
    assert (made.title, made.patterns) == ("My क्\u200dष 👨\u200d👩\u200d👧", {"en": ("a b",)})


@pytest.mark.parametrize(
    ("theme", "problems"),
    [
        (Theme("x", " ", {"en": ("late",)}), [("title", "must not be empty")]),
        (Theme("x", "y" * 61, {"en": ("late",)}), [("title", "must have at most 60 characters")]),
        (Theme("x", "a\x00b", {"en": ("late",)}), [("title", "must be one line of text")]),
        (Theme("x", "pRICE", {"en": ("late",)}), [("title", "is the name of another theme")]),
        (Theme("x", "New", {}), [("patterns", "at least one word is needed")]),
        (Theme("x", "New", {"en": ("-late",)}), [("patterns", "at least one word is needed")]),
        (Theme("x", "New", {"en": ("late", "a*")}), [("en", "a*: needs at least two letters before *")]),
        (Theme("x", "New", {"en": ("a\x00b",)}), [("en", "a\x00b: must be one line of text")]),
        (Theme("x", "New", {"en": ("late", "-" + "y" * 80)}), [("en", f"-{'y' * 39}: is longer than 80 characters")]),
        (Theme("x", "New", {"klingon!": ("late",)}), [("patterns", "languages are named as in en or pt-br")]),
        (Theme("x", "New", {"en": ("late",), "EN": ()}), [("patterns", "languages are named as in en or pt-br")]),
        (Theme("x", "New", {"en": [f"w{n}" for n in range(301)]}), [("en", "there are more than 300")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_theme_is_said(theme: Theme, problems: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        checked(theme, shipped())
    assert [(each.field, each.reason) for each in refused.value.problems] == problems


def test_the_answers_language_is_believed_unless_the_letters_say_otherwise() -> None:
    detect = lite_detector()
    assert detect is not None
    said = [
        ("Very bad service", "id"), ("सामान टूटा हुआ मिला", "en"), ("لم يصل الطلب بعد", "en"), ("👍", "en"),
        ("Barang belum sampai juga ke rumah", ""), ("Good", ""), ("paisa wapas nahi mila", ""), ("", ""),
    ]  # fmt: skip
    assert [language_of(text, own, detect) for text, own in said] == ["id", "hi", "ar", "en", "id", "", "", ""]
    assert [language_of(text, own, None) for text, own in said] == ["id", "hi", "ar", "en", "", "", "", ""]


def comment(text: str, low: bool | None = None) -> Comment:
    """Return a comment."""
    return Comment(f"{abs(hash(text)) % 10**12:012}", text, 1 if low else 5, low, "en")


def test_quotes_are_the_shortest_that_say_something() -> None:
    texts = ["Refund!", "I want a refund now", "i WANT a refund, now", "My refund has not come for a month", "A refund"]
    found = understood([comment(text) for text in texts], SPOTTER, None)
    assert [each.comment.text for each in quotes_of(found)] == [
        "i WANT a refund, now", "My refund has not come for a month", "A refund",
    ]  # fmt: skip


GARDEN = ("the garden fence fell over", "garden fence colour is brown", "a new garden fence please")
MUSIC = ("the music in your shop", "loud music shop again", "shop music gives headaches")


def test_words_that_keep_company_are_found_alike_every_time() -> None:
    texts = [f"{text} number{n}" for n in range(12) for text in (*GARDEN, *MUSIC)]
    found = topics.topics_of(texts)
    assert found == topics.topics_of(texts)
    tops = [set(each.words) for each in found]
    assert any({"garden", "fence"} <= words for words in tops)
    assert any({"music", "shop"} <= words for words in tops)
    for each in found:
        kinds = {"garden" in texts[at] for at in each.members}
        assert len(kinds) == 1


@pytest.mark.parametrize("texts", [[], ["one two three"] * 59, ["ok"] * 500, [f"a{n} b{n} c{n}" for n in range(100)]])
def test_few_or_unlike_comments_have_no_topics(texts: list[str]) -> None:
    assert topics.topics_of(texts) == []


def test_comments_that_are_all_alike_are_no_trouble() -> None:
    assert len(topics.topics_of(["please open another branch"] * 100)) <= 1
