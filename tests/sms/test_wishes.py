"""Wishes to be left alone, and replies that no person wrote."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import wish_of
from feedbackhub.contract.wishes import START, STOP, STOP_ALONE
from feedbackhub.loop.machines import machine_signs


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "Stop!", " stop. ", "stop calling me, 1", "1 stop", "१ रोकें", "BERHENTI", "Hentikan pesan ini", "रोकें",
        "إيقاف", "ايقاف", "إِيقَاف", "Don’t text me", "opt-out", "UNSUBSCRIBE", "Arrêt", "CANCEL", "end", "मत भेजो",
    ],
)  # fmt: skip
def test_a_wish_to_be_left_alone_is_understood_in_many_languages(text: str) -> None:
    assert wish_of(text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "", "4", "4 thanks", "the bus did not stop", "stopped working 1", "cancel my order 2", "no", "5 end",
        "توقف الجهاز عن العمل",
    ],
)  # fmt: skip
def test_the_same_words_within_a_sentence_are_none(text: str) -> None:
    assert wish_of(text) == ""


def test_start_takes_it_back_and_further_words_may_be_given() -> None:
    assert [wish_of(text) for text in ("START", "Unstop", "शुरू करें", "ابدأ", "start please")] == ["start"] * 4 + [""]
    assert [wish_of(text, ["Nee bedankt"], ["Ja graag"]) for text in ("nee, bedankt!", "JA GRAAG")] == ["stop", "start"]


def test_no_word_means_both() -> None:
    assert [word for word in STOP | STOP_ALONE if wish_of(word) != "stop"] == []
    assert [word for word in START if wish_of(word) != "start"] == []


@given(st.text(max_size=100), st.sampled_from(sorted(STOP)))
def test_a_plain_stop_first_counts_whatever_follows(rest: str, word: str) -> None:
    assert wish_of(f"{word}, {rest}") == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "I'm driving with Do Not Disturb While Driving turned on.", "Out of office until 4 March",
        "Pesan otomatis: kami akan segera membalas", "رد تلقائي: سأعاود الاتصال بك", "मैं अभी गाड़ी चला रहा हूँ",
        "Thank you for contacting Acme Plumbing! We are closed.", "Sorry, I can’t talk right now.",
        "This number is not monitored.", "I'll call you back",
    ],
)  # fmt: skip
def test_the_words_of_machines_are_known(text: str) -> None:
    assert machine_signs(text, None, ()) == ("automatic_words",)


@pytest.mark.parametrize(
    "text",
    [
        "The agent was out of the office every time", "I got no reply for 3 days",
        "he said I'll call you back and never did", "nobody could talk to me", "it was automatic, great",
        "thanks for your message, all is well",
    ],
)  # fmt: skip
def test_what_people_say_about_a_service_is_not_taken_for_a_machines(text: str) -> None:
    assert machine_signs(text, timedelta(minutes=1), ["hello"]) == ()


def test_what_comes_at_once_or_twice_is_a_machines() -> None:
    assert machine_signs("Hello! How can we help?", timedelta(seconds=3), ()) == ("right_after_sending",)
    assert machine_signs("We are  closed", timedelta(hours=1), ["we are closed"]) == ("same_words_again",)
