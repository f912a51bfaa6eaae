"""Texts of people on one line: every script and emoji passes whole, nothing that ends a line or turns it passes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from feedbackhub import as_line, is_line
from feedbackhub.contract.scalars import Line, clean_text

LINE: TypeAdapter[Any] = TypeAdapter(Line)
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
#: A conjunct held apart by a joiner, a Persian plural, a family, the flag of Wales, blanks that hold, private letters.
WRITTEN = ("क्\u200dषमा", "می\u200cخواهم", "👨\u200d👩\u200d👧",
           "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", "10\u00a0000\u202f€",
           "\u200fشكرًا!\u200e", "\ue000\uf8ff", "a\u00adb", "東京\u3000支店")  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_what_people_write_is_a_line_and_stays_as_it_is(text: str) -> None:
    assert is_line(text)
    assert as_line(text) == text
    assert LINE.validate_python(text) == text


@pytest.mark.parametrize("sign", [*ENDS, *TURNS, "\t", "\x00", "\x1b", "\x7f", "\x9b", "\ud800", "\udfff"])
def test_what_ends_or_turns_a_line_is_none_and_becomes_a_blank(sign: str) -> None:
    assert not is_line(f"a{sign}b")
    assert as_line(f"{sign}a{sign}{sign}b {sign}") == "a b"


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 40))
def test_any_text_becomes_one_line_that_fits(text: str, longest: int) -> None:
    line = as_line(text, longest)
    assert is_line(line)
    assert len(line) <= longest
    assert len(line.splitlines()) <= 1
    assert line == line.strip() == as_line(line, longest)
    assert set(line) <= {*text, " ", "…"}


@given(st.text(max_size=60))
def test_a_trimmed_line_without_double_blanks_is_left_alone(text: str) -> None:
    if is_line(text) and text == text.strip() and "  " not in text:
        assert as_line(text) == text
    assert is_line(text) or not text.isprintable()


@given(st.text(max_size=60))
def test_what_is_recorded_as_a_line_can_be_filtered_by(text: str) -> None:
    try:
        kept = LINE.validate_python(text)
    except ValidationError:
        return
    assert is_line(kept)


def test_a_longer_line_is_cut_and_says_so() -> None:
    assert [as_line("ab cd", 4), as_line("ab cd", 5), as_line("abc  ", 3)] == ["ab…", "ab cd", "abc"]


def test_separators_of_lines_and_paragraphs_are_line_ends() -> None:
    assert clean_text("a\u2028b\u2029c\r\nd\re") == "a\nb\nc\nd\ne"
    with pytest.raises(ValidationError, match="must be a single line"):
        LINE.validate_python("a\u2028b")
