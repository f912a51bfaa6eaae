"""Replies in people's own words: read where they are clear, left alone where they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.surveys import Question, bundled, parse_survey
from feedbackhub.surveys.replies import Reading, comment_question, read_reply, reply_question
from feedbackhub.surveys.reply_words import NUMBERS

SURVEYS = {name: parse_survey(text) for name, text in bundled().items()}
CSAT, NPS = reply_question(SURVEYS["post-contact"]), reply_question(SURVEYS["nps"])
assert CSAT is not None
assert NPS is not None
SOLVED = SURVEYS["post-contact"].question("solved")
CONTACTS = SURVEYS["post-contact"].question("contacts")
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"]


def read(text: str, question: Question = CSAT, language: str = "en") -> int | str | None:
    """Return what a reply answers."""
    return read_reply(question, text, language).value


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("4 thanks for the help", 4, "thanks for the help"),
        ("4", 4, ""),
        (" 4. ", 4, ""),
        ("4/5", 4, ""),
        ("4 out of 5, slow", 4, "slow"),
        ("4 dari 5", 4, ""),
        ("5 में से 4", 4, ""),
        ("4 من 5", 4, ""),
        ("four", 4, ""),
        ("Four, thanks", 4, "thanks"),
        ("empat", 4, ""),
        ("lima bintang", 5, ""),
        ("चार धन्यवाद", 4, "धन्यवाद"),
        ("पांच", 5, ""),
        ("أربعة", 4, ""),
        ("اربعة شكرا", 4, "شكرا"),
        ("٤", 4, ""),
        ("۴", 4, ""),
        ("४", 4, ""),
        ("4️⃣ slow", 4, "slow"),
        ("⭐⭐⭐⭐ good", 4, "good"),
        ("5 ⭐⭐⭐⭐⭐", 5, ""),
        ("5 😊", 5, "😊"),
        ("5 👍🏽 family 👨‍👩‍👧 happy", 5, "👍🏽 family 👨‍👩‍👧 happy"),
        ("great help, 5", 5, "great help"),
        ("Terima kasih 5", 5, "Terima kasih 5"),
        ("I'd give it a 4", 4, "I'd give it a 4"),
        ("Rating: 4", 4, ""),
        ("4, order 88123", 4, "order 88123"),
        ("4 I waited 20 minutes", 4, "I waited 20 minutes"),
        ("2\nnobody called", 2, "nobody called"),
        ("(4)", 4, ""),
    ],
)
def test_a_clear_rating_is_read_and_the_rest_kept_as_words(text: str, value: int, words: str) -> None:
    reading = read_reply(CSAT, text)
    assert (reading.value, reading.words) == (value, words)


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "6", "0", "-1", "+1", "4 or 5", "4,5", "4.5", "4-5", "1 2", "5 5", "4/10", "👍", "yes", "4th",
        "$4",
        "4%", "3:30", "3 weeks I waited", "2 agents were rude", "you came at 2", "one of your agents was rude",
        "No one helped", "call me at 0812345678", "I waited two hours", "⭐⭐⭐⭐⭐⭐", "12345",
        "what does 4 mean here anyway",
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_no_answer(text: str) -> None:
    assert read_reply(CSAT, text) == Reading(None, text)


def test_a_scale_to_ten_takes_ten() -> None:
    assert [read(text, NPS) for text in ("10!", "10/10", "🔟", "ten", "0")] == [10, 10, 10, 10, 0]
    assert [read(text, NPS) for text in ("11", "9/5")] == [None, None]


def test_hindi_in_latin_letters_is_read_where_hindi_was_asked() -> None:
    assert [read("chaar", language=each) for each in ("hi", "hi-IN", "en")] == [4, 4, None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("Ya", "yes"), ("हाँ", "yes"), ("हां जी", "yes"), ("نعم", "yes"), ("👍", "yes"),
        ("yes it was, thanks", "yes"), ("no", "no"), ("Tidak, terima kasih", "no"), ("नहीं", "no"), ("لا", "no"),
        ("👎🏿", "no"), ("no, still broken", "no"), ("yes and no", None), ("👍👎", None), ("not bad", None),
        ("no problem at all", None), ("No one called", None), ("4", None), ("", None),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_in_every_language(text: str, value: str | None) -> None:
    assert SOLVED is not None
    assert read(text, SOLVED) == value


def test_an_option_is_read_by_its_words_in_any_of_its_languages() -> None:
    assert CONTACTS is not None
    assert [read(text, CONTACTS) for text in ("dua kali!", "ONCE", "3+", "twice or so")] == ["2", "1", "3+", None]


def test_the_headline_question_is_answered_and_the_first_comment_takes_the_words() -> None:
    comment = comment_question(SURVEYS["post-contact"])
    assert (CSAT.id, comment and comment.id) == ("satisfaction", "comment")


def test_what_stands_by_itself_is_sure() -> None:
    sure = ["4", "4!", "sorry, 2", "2: nobody called me back", "I meant 2", "two"]
    unsure = ["4 thanks for all the help", "3 of them were good"]
    assert [read_reply(CSAT, text).sure for text in (*sure, *unsure)] == [True] * 6 + [False] * 2


@given(st.text(max_size=200))
def test_whatever_is_written_only_the_scale_comes_out(text: str) -> None:
    for question in (CSAT, NPS):
        reading = read_reply(question, text)
        assert reading.value is None or reading.value in question.points


@given(
    st.integers(0, 10),
    st.sampled_from(DIGITS),
    st.sampled_from(["", ".", "!", " ", " - ", ": ", ", ", "\n", "/10 ", " out of 10, ", " stars, "]),
    st.sampled_from(["", "thanks", "terima kasih", "धन्यवाद", "شكرا", "the agent was kind", "😊"]),
)
def test_a_number_first_is_the_rating_in_any_digits(number: int, digits: str, mark: str, words: str) -> None:
    written = "".join(digits[int(sign)] for sign in str(number))
    glued = mark == "" and words[:1].isalpha()
    reading = read_reply(NPS, f"{written}{mark}{words}")
    assert (reading.value, reading.words) == ((None, f"{written}{mark}{words}".strip()) if glued else (number, words))


@given(st.sampled_from(sorted(NUMBERS)), st.sampled_from(["", ".", "!", " thanks", ", थैंक्स"]))
def test_a_number_word_alone_is_the_rating(word: str, rest: str) -> None:
    assert read(f"{word}{rest}", NPS) == NUMBERS[word]


BETWEEN = [" or ", " ", " and ", ", ", "-", " atau ", " या ", " أو "]


@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from(BETWEEN))
def test_two_numbers_are_never_one_rating(one: int, other: int, between: str) -> None:
    assert read(f"{one}{between}{other}") is None


@given(st.text(max_size=100), st.text(max_size=100))
def test_no_words_are_made_up(before: str, after: str) -> None:
    text = f"{before} 4 {after}"
    kept = read_reply(CSAT, text).words.replace("10 ", "")
    assert len(kept) <= 2 * len(text)
