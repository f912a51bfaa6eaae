"""What a text costs, and where it may be cut."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub_plugins.sms.segments import BASIC, EXTENDED, cut, plain_signs, size_of
from feedbackhub_plugins.sms.wording import body_of
from tests.mail.messages import LINK, MESSAGE

GSM = "".join(sorted(BASIC | EXTENDED))


@pytest.mark.parametrize(
    ("text", "alphabet", "segments"),
    [
        ("", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),  # the escape and its sign are not torn apart
        ("न" * 70, "UCS-2", 1),
        ("न" * 71, "UCS-2", 2),
        ("न" * 134, "UCS-2", 2),
        ("न" * 135, "UCS-2", 3),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 66, "UCS-2", 2),
        ("😀" * 67, "UCS-2", 3),  # 134 places, but 66 of 67 in each part
        ("a" * 69 + "ñ", "GSM-7", 1),
        ("a" * 70 + "ç", "UCS-2", 2),  # a small ç is not in the alphabet, a capital one is
    ],
)
def test_segments_are_counted_as_phones_join_them(text: str, alphabet: str, segments: int) -> None:
    assert (size_of(text).alphabet, size_of(text).segments) == (alphabet, segments)


@given(st.text(alphabet=GSM, max_size=500))
def test_what_is_in_the_small_alphabet_never_costs_more_than_its_places_need(text: str) -> None:
    size = size_of(text)
    places = len(text) + sum(sign in EXTENDED for sign in text)
    least = 1 if places <= 160 else -(-places // 153)
    assert (size.alphabet, size.places) == ("GSM-7", places)
    assert least <= size.segments <= least + 1


@given(st.text(max_size=300))
def test_more_text_never_costs_less(text: str) -> None:
    assert size_of(text).segments <= size_of(text + "a").segments <= size_of(text + "ab😀").segments


@given(st.text(max_size=300))
def test_plain_signs_never_cost_more(text: str) -> None:
    assert size_of(plain_signs(text)).segments <= size_of(unicodedata.normalize("NFC", text)).segments


def test_typographic_signs_go_plain_only_when_that_saves_the_alphabet() -> None:
    assert plain_signs("Don’t – “now”…") == "Don't - \"now\"..."
    assert plain_signs("नमस्ते – “अब”") == "नमस्ते – “अब”"


@given(st.text(max_size=200), st.integers(1, 3))
def test_a_cut_text_fits_and_keeps_its_end_whole(text: str, segments: int) -> None:
    found = cut(text, f" {LINK}", segments)
    assert found.endswith(LINK)
    assert size_of(found).segments <= segments


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("क्षि" * 40, "क्षि…"),  # no letter loses its vowel
        ("👨‍👩‍👧" * 12, "👨‍👩‍👧…"),
        ("👍🏽" * 20, "👍🏽…"),
        ("🇮🇩" * 20, "🇮🇩…"),
        ("cafe\u0301" * 20, "é…"),
    ],
)
def test_no_letter_and_no_emoji_is_torn(text: str, end: str) -> None:
    kept = unicodedata.normalize("NFC", cut(text, f" {LINK}", 1).removesuffix(f" {LINK}").replace("...", "…"))
    assert len(kept) > 1
    assert kept.endswith(end) or text.startswith("cafe")
    assert unicodedata.normalize("NFC", text).startswith(kept.removesuffix("…"))


def test_the_fullest_wording_that_fits_is_taken() -> None:
    offered = (f"{'a' * 200} {LINK}", f"{'b' * 60} {LINK}", f"c {LINK}")
    message = replace(MESSAGE, short=offered)
    assert [body_of(message, n)[0] for n in (1, 2, 3)] == ["b", "a", "a"]
    assert body_of(replace(MESSAGE, short=(f"{'word ' * 90}{LINK}",)), 1).endswith(f" word... {LINK}")


def test_a_letter_has_only_its_text() -> None:
    letter = replace(MESSAGE, text="Please reply with one number.\n", link="", short=())
    assert body_of(letter, 1) == "Please reply with one number."
    assert size_of(body_of(replace(letter, text="word " * 100), 1)).segments == 1
