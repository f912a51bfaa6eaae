"""Translations: plural forms, fallbacks, negotiation, dates and numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from feedbackhub.machinery import i18n as words
from feedbackhub.machinery.catalogs import empty
from feedbackhub.machinery.i18n import I18n, negotiate
from feedbackhub.reporting import Words

MOMENT = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)

ARABIC = """
msgid "Hello {name}"
msgstr "\u0645\u0631\u062d\u0628\u064b\u0627 {name}"

msgid "one answer"
msgid_plural "{n} answers"
msgstr[0] "zero"
msgstr[1] "one"
msgstr[2] "two"
msgstr[3] "few {n}"
msgstr[4] "many {n}"
msgstr[5] "other {n}"
"""
INDONESIAN = """
msgid "one answer"
msgid_plural "{n} answers"
msgstr[0] "{n} jawaban"
"""
HINDI = """
msgid "one answer"
msgid_plural "{n} answers"
msgstr[0] "one {n}"
msgstr[1] "other {n}"
"""


def compiled(folder: Path, domain: str, language: str, text: str) -> None:
    """Write a compiled catalog with the plural forms that our own tool gives a language."""
    path = folder / language / "LC_MESSAGES" / f"{domain}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, read_po(StringIO(empty(language) + text), locale=language))


@pytest.fixture
def i18n(tmp_path: Path) -> I18n:
    """Give catalogs with a domain of the test's own."""
    for language, text in (("ar", ARABIC), ("id", INDONESIAN), ("hi", HINDI)):
        compiled(tmp_path, "test", language, text)
    made = I18n()
    made.add("test", tmp_path)
    return made


def test_arabic_has_six_plural_forms(i18n: I18n) -> None:
    t = i18n.translator("test", "ar")
    counts = [0, 1, 2, 3, 10, 11, 99, 100, 103]
    assert [t.plural("one answer", "{n} answers", n) for n in counts] == [
        "zero",
        "one",
        "two",
        "few 3",
        "few 10",
        "many 11",
        "many 99",
        "other 100",
        "few 103",
    ]


def test_indonesian_has_one_form_for_every_count(i18n: I18n) -> None:
    t = i18n.translator("test", "id")
    assert [t.plural("one answer", "{n} answers", n) for n in (0, 1, 2)] == ["0 jawaban", "1 jawaban", "2 jawaban"]


def test_hindi_says_nothing_in_the_singular(i18n: I18n) -> None:
    t = i18n.translator("test", "hi")
    assert [t.plural("one answer", "{n} answers", n) for n in (0, 1, 2)] == ["one 0", "one 1", "other 2"]


def test_a_missing_translation_is_the_english_text(i18n: I18n) -> None:
    t = i18n.translator("test", "id")
    assert (t("Hello {name}", name="Ana"), t("Bye"), t("")) == ("Hello Ana", "Bye", "")
    assert [t.plural("a day", "{n} days", n) for n in (1, 2)] == ["a day", "2 days"]


def test_a_regional_or_unknown_language_falls_back(i18n: I18n) -> None:
    found = [i18n.translator("test", language) for language in ("ar-EG", "ar_SA", "xx", "", "zh-Hant-TW")]
    assert [(t.language, t.direction) for t in found] == [
        ("ar", "rtl"),
        ("ar", "rtl"),
        ("en", "ltr"),
        ("en", "ltr"),
        ("en", "ltr"),
    ]


def test_html_in_a_value_stays_html_and_the_text_around_it_is_escaped(i18n: I18n) -> None:
    t = i18n.translator("test", "en")
    assert t("A < {link}", link=Markup("<b>x</b>")) == Markup("A &lt; <b>x</b>")
    mixed = t("{link} {name}", link=Markup("<br>"), name="<i>")
    assert (mixed, isinstance(mixed, Markup)) == ("<br> &lt;i&gt;", True)


def test_braces_in_a_text_without_values_and_in_values_are_kept(i18n: I18n) -> None:
    t = i18n.translator("test", "en")
    assert (t("{name}"), t("{name}", name="{x.__class__}")) == ("{name}", "{x.__class__}")


def test_two_domains_of_one_name_are_refused(i18n: I18n, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'test' exists already"):
        i18n.add("test", tmp_path)


def test_the_first_wish_that_can_be_served_wins(i18n: I18n) -> None:
    assert i18n.languages("test") == ("en", "ar", "hi", "id")
    assert i18n.negotiate("test", None, "fr", "in-ID,en;q=0.5", "ar") == "id"
    assert i18n.negotiate("test", None, "") == "en"
    assert I18n("en-GB").negotiate("staff", "xx") == "en"


@pytest.mark.parametrize(
    ("wish", "chosen"),
    [
        ("ar", "ar"),
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("fr, hi;q=0.3, ar;q=0.7", "ar"),
        ("ar;q=0, hi", "hi"),
        ("pt", "pt-BR"),
        ("pt-PT, en", "en"),
        ("PT_br", "pt-BR"),
        ("*", "en"),
        ("", "en"),
        (None, "en"),
        ("\u0627\u0631, x" * 100, "en"),
    ],
)
def test_an_accept_language_header_is_read(wish: str | None, chosen: str) -> None:
    available = ["en", "ar", "hi", "id"] + (["pt-BR"] if wish and wish.lower().startswith("pt") else [])
    expected = "en" if wish == "pt" else chosen
    assert negotiate(wish, available) == expected


@given(st.text(max_size=200))
def test_any_header_finds_a_language(wish: str) -> None:
    assert negotiate(wish, ["en", "ar"]) in {"en", "ar"}
    assert words.direction(wish) in {"ltr", "rtl"}


def test_direction_and_names_of_languages() -> None:
    assert [words.direction(language) for language in ("ar", "he", "ur", "fa", "en", "hi", "id")] == [
        *["rtl"] * 4,
        *["ltr"] * 3,
    ]
    assert [words.language_name(language) for language in ("id", "hi", "ar")] == [
        "Indonesia",
        "\u0939\u093f\u0928\u094d\u0926\u0940",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    ]
    assert words.language_name("ar", "en") == "Arabic"


def test_dates_are_of_the_reader_s_time_zone_and_language() -> None:
    assert words.format_date(MOMENT, "en", "Asia/Jakarta") == "March 2, 2026"
    assert words.format_date(date(2026, 3, 1), "id", "Asia/Jakarta") == "1 Maret 2026"
    assert words.format_time(MOMENT, "id", "Asia/Jakarta") == "03.30"
    assert words.format_datetime(MOMENT, "id", "Asia/Jakarta") == "2 Mar 2026 03.30"
    assert words.format_datetime(MOMENT, "en") == "Mar 1, 2026, 8:30\u202fPM"


def test_numbers_use_the_language_s_separators() -> None:
    assert [words.format_number(1234567.5, language) for language in ("en", "id", "hi")] == [
        "1,234,567.5",
        "1.234.567,5",
        "12,34,567.5",
    ]
    assert words.format_percent(0.25, "id") == "25%"
    assert [words.format_number(-0.05, language, "+.3f") for language in ("en", "id", "sv")] == [
        "-0.050", "-0,050", "\u22120,050",
    ]  # fmt: skip


def test_numbers_in_a_report_s_sentence_are_written_as_the_language_does() -> None:
    t = Words(SimpleNamespace(translate=lambda text, language: text), "id")  # type: ignore[arg-type]
    assert t("{n} of {all} lie {gap} higher, {p}", n=3, all=12345, gap=1.5, p="x") == "3 of 12.345 lie 1,5 higher, x"
    assert t.number(39, ".1f") == "39,0"


def test_a_plugin_speaks_its_own_words_and_falls_back_to_the_core_s(tmp_path: Path) -> None:
    i18n = I18n()
    compiled(tmp_path, "zoo", "id", 'msgid "Ape"\nmsgstr "Kera"\n')
    i18n.add_plugin("zoo", tmp_path)
    t = i18n.of_plugin("zoo", "id")
    assert [t("Ape"), t("Menu"), t("Nowhere")] == ["Kera", i18n.translator("staff", "id")("Menu"), "Nowhere"]
    assert i18n.of_plugin("zoo", "hi").language == "en"
    assert i18n.of_plugin("unknown", "id")("Menu") == t("Menu")


def test_a_plugin_may_speak_languages_that_the_core_lacks(tmp_path: Path) -> None:
    i18n = I18n()
    compiled(tmp_path, "zoo", "de", 'msgid "Ape"\nmsgstr "Affe"\n')
    i18n.add_plugin("zoo", tmp_path)
    assert (i18n.of_plugin("zoo", "de-AT")("Ape"), i18n.of_plugin("zoo", "id")("Ape")) == ("Affe", "Ape")


def test_a_plugin_s_damaged_catalog_leaves_the_core_s_words(tmp_path: Path) -> None:
    i18n = I18n()
    compiled(tmp_path, "zoo", "id", 'msgid "Ape"\nmsgstr "Kera"\n')
    (tmp_path / "id/LC_MESSAGES/zoo.mo").write_bytes(b"\xde\x12\x04\x95 damaged")
    i18n.add_plugin("zoo", tmp_path)
    assert i18n.of_plugin("zoo", "id")("Ape") == "Ape"


def test_money_is_written_as_the_language_does() -> None:
    assert words.format_money(1234.5, "EUR", "en") == "€1,234.50"
    assert words.format_money(1234.5, "IDR", "id") == "Rp1.234,50"
    assert words.format_money(1234.5, "", "id") == "1.234,50"
    assert words.format_money(1, "XTS", "en").replace("\xa0", " ") in ("XTS 1.00", "XTS1.00")
