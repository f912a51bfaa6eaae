"""A survey in one language, ready to be drawn."""

from __future__ import annotations

import pytest

from feedbackhub.surveys import ShownChoice, bundled, parse_survey, show
from tests.surveys.writing import EVERY_TYPE, HEAD, SCORE, survey_of

POST_CONTACT = parse_survey(bundled()["post-contact"])


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("id", "id"), ("id-ID", "id"), ("AR_eg", "ar"), ("fr", "en"), ("", "en"), (None, "en"), ("\ud800", "en")],
)
def test_the_nearest_language_is_shown(wanted: str | None, language: str) -> None:
    assert show(POST_CONTACT, wanted, {}).language == language


def test_a_regional_text_is_preferred_and_its_base_used_else() -> None:
    head = HEAD.replace("[en]", "[pt, pt-BR]").replace("Thank you", "{pt: Obrigado, pt-BR: Valeu}")
    survey = parse_survey(head + f"  - {{{SCORE}}}\n")
    assert [show(survey, tag, {}).thanks for tag in ("pt-br", "pt", "pt-PT")] == ["Valeu", "Obrigado", "Obrigado"]


def test_faces_stars_and_numbers_have_their_symbols() -> None:
    survey = survey_of(
        f"{SCORE}, maximum: 3, labels: {{1: Bad, 3: Good}}",
        "id: b, type: csat, text: x, maximum: 2, direction: lower_is_better",
        "id: c, type: rating, text: x, maximum: 3",
        "id: d, type: rating, text: x, look: numbers, minimum: 0, maximum: 2",
    )
    shown = show(survey, "en", {}).questions
    bad, between, good = shown[0].choices
    assert (bad, between, good) == (
        ShownChoice("1", "Bad", "😞"),
        ShownChoice("2", "", "😐"),
        ShownChoice("3", "Good", "😊"),
    )
    assert ["".join(choice.symbol for choice in question.choices) for question in shown[1:]] == ["😊😞", "★★★", "012"]


@pytest.mark.parametrize("maximum", range(2, 8))
def test_every_row_of_faces_has_a_face_for_each_point(maximum: int) -> None:
    choices = show(survey_of(f"{SCORE}, maximum: {maximum}"), "en", {}).questions[0].choices
    assert len({choice.symbol for choice in choices}) == maximum


def test_a_text_question_says_how_it_is_typed() -> None:
    words, phone = (q for q in show(EVERY_TYPE, "en", {}, {"score": 1}).questions if q.value == "text")
    assert (words.longest, words.format) == (50, None)
    assert phone.format is not None
    assert (phone.longest, phone.format.input_type, phone.format.autocomplete, phone.conditional, phone.visible) == (
        40, "tel", "tel", True, True,
    )  # fmt: skip


def test_an_unhappy_customer_is_thanked_in_other_words() -> None:
    happy, unhappy = (show(POST_CONTACT, "en", {}, {"satisfaction": score}).thanks for score in (5, 1))
    assert "sorry" not in happy
    assert "We are sorry that we let you down." in unhappy


def test_a_subject_is_one_line_whatever_it_is_made_of() -> None:
    text = HEAD.replace("thanks:", 'subject: "{{ customer.name }},\\n how was it?"\nthanks:') + f"  - {{{SCORE}}}\n"
    shown = show(parse_survey(text), "en", {"customer": {"name": "Ana\r\nBcc: x@y.z"}})
    assert shown.subject == "Ana Bcc: x@y.z, how was it?"


def test_without_a_subject_the_title_serves() -> None:
    assert show(survey_of(SCORE), "en", {}).subject == "A short one"


def test_earlier_answers_are_piped_into_later_questions() -> None:
    text = HEAD + f"  - {{{SCORE}}}\n  - id: why\n    type: text\n    text: Why {{{{ answers.score }}}} of 5?\n"
    assert show(parse_survey(text), "en", {}, {"score": 2}).questions[1].text == "Why 2 of 5?"
