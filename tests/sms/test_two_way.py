"""The whole way: a contact ended, a text message goes out, a reply comes back and stands on the card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feedbackhub import Identifier
from feedbackhub.loop.card import read_card
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.publishing import publish_survey
from feedbackhub.store import tables
from feedbackhub_plugins.sms.segments import size_of
from tests.loop.story import DAY, HOUR, answer, asked, ended, rows, run, with_settings
from tests.loop.suppressing import suppress_address
from tests.sms.gateway import Gateway, error

ANN = {"phone": "+14155552671", "name": "Ann", "language": "en"}
NUMBER = "+14155552671"
MINUTE = timedelta(minutes=1)


def sent_to(core: Core, clock: SetClock, customer: dict[str, Any] | None = None, **more: Any) -> str:
    """Ask somebody, let the message go out and some time pass; return the invitation's id."""
    public_id = asked(core, customer=customer or ANN, **more)
    run(core, clock, 2 * HOUR)
    clock.move(5 * MINUTE)
    return public_id


def answers(core: Core) -> dict[str, Any]:
    """Return the one response's answers."""
    (row,) = rows(core, tables.response)
    return dict(row.answers)


def kinds(core: Core) -> list[str]:
    """Return what the replies turned out to be."""
    return [row.kind for row in rows(core, tables.inbox)]


def test_a_reply_becomes_the_answer_and_stands_on_the_card(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    (sms,) = door.sent
    assert (sms.to, sms.sender) == (NUMBER, "+15005550006")
    assert door.texts(NUMBER, "4 thanks for the help") == 200
    (row,) = rows(core, tables.response)
    assert row.answers == {"satisfaction": 4, "comment": "thanks for the help"}
    assert (row.confidence, row.via, row.language, row.comment) == ("human", "reply", "en", "thanks for the help")
    (invitation,) = rows(core, tables.invitation)
    assert invitation.state == "answered"
    (kept,) = rows(core, tables.inbox)
    assert (kept.kind, kept.invitation_id, kept.detail) == ("answer", invitation.id, "4 thanks for the help")
    assert b"4+thanks+for+the+help" in kept.raw
    assert len(door.sent) == 1, "an answer needs no reply"
    (rating,) = read_card(core, [Identifier("phone", NUMBER)]).ratings
    assert (rating.value, rating.maximum, rating.comment) == (4, 5, "thanks for the help")


def test_of_an_erased_person_no_words_stay_and_no_question_goes_out(
    core: Core, clock: SetClock, door: Gateway
) -> None:
    sent_to(core, clock)
    door.say.append(error(503, 20503, "away"))
    door.texts(NUMBER, "it was terrible")
    erase_person(core, (Identifier("phone", NUMBER),), "tests")
    run(core, clock, HOUR)
    assert len(door.sent) == 1
    kept = [*rows(core, tables.inbox), *rows(core, tables.inbound), *rows(core, tables.task)]
    told = " ".join(str(row) for row in kept)
    assert ("terrible" in told, NUMBER[1:] in told) == (False, False)


def test_what_follows_a_rating_is_added_and_a_new_number_amends_it(
    core: Core, clock: SetClock, door: Gateway
) -> None:
    sent_to(core, clock)
    for words in ("4", "the courier was very kind", "but I had to wait 3 days", "2"):
        clock.move(MINUTE)
        door.texts(NUMBER, words)
    assert answers(core) == {"satisfaction": 2, "comment": "the courier was very kind\nbut I had to wait 3 days"}
    assert kinds(core) == ["answer"] * 4
    assert len(rows(core, tables.revision)) == 4


def test_an_unclear_reply_is_asked_about_once_and_its_words_are_kept_for_the_comment(
    core: Core, clock: SetClock, door: Gateway
) -> None:
    sent_to(core, clock)
    door.texts(NUMBER, "it was terrible")
    assert [each.body for each in door.sent[1:]] == ["Please reply with one number from 1 to 5."]
    assert rows(core, tables.response) == []
    clock.move(MINUTE)
    door.texts(NUMBER, "1")
    assert answers(core) == {"satisfaction": 1, "comment": "it was terrible"}
    assert len(door.sent) == 2


def test_a_second_unclear_reply_is_kept_as_a_comment_and_asked_nothing(
    core: Core, clock: SetClock, door: Gateway
) -> None:
    sent_to(core, clock)
    for words in ("4 or 5", "not sure", "my parcel is still missing"):
        clock.move(MINUTE)
        door.texts(NUMBER, words)
    assert answers(core) == {"comment": "4 or 5\nnot sure\nmy parcel is still missing"}
    assert len(door.sent) == 2


def test_a_number_off_the_scale_is_no_answer(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    door.texts(NUMBER, "7")
    assert (kinds(core), rows(core, tables.response)) == (["unclear"], [])


def test_the_question_back_is_in_the_customers_language_and_hindi_goes_as_ucs2(
    core: Core, clock: SetClock, door: Gateway
) -> None:
    sent_to(core, clock, {**ANN, "language": "hi", "phone": "+919876543210"})
    (ask,) = door.sent
    assert "आपको मिली सेवा से आप कितने संतुष्ट हैं?" in ask.body
    assert size_of(ask.body).alphabet == "UCS-2"
    assert size_of(ask.body).segments <= 4
    door.texts("+919876543210", "ठीक था")
    assert door.sent[-1].body == "कृपया 1 से 5 तक का एक ही अंक लिखकर जवाब दें।"
    clock.move(MINUTE)
    door.texts("+919876543210", "४ धन्यवाद")
    assert answers(core) == {"satisfaction": 4, "comment": "ठीक था\nधन्यवाद"}


@pytest.mark.parametrize("words", ["stop calling me, 1", "रोकें"])
def test_stop_is_a_wish_and_never_an_answer(core: Core, clock: SetClock, door: Gateway, words: str) -> None:
    sent_to(core, clock)
    door.texts(NUMBER, words)
    assert (kinds(core), rows(core, tables.response)) == (["opt_out"], [])
    (kept,) = rows(core, tables.suppression)
    assert (kept.reason, kept.fingerprint) == ("opt_out", core.links.fingerprint("phone", NUMBER))
    asked_again = ended(core, "2", ANN).contact
    assert (asked_again.invitation, asked_again.decision.rule) == (None, "suppressed")


def test_stop_counts_for_all_addresses_of_the_person_and_start_takes_it_back(
    core: Core, clock: SetClock, door: Gateway
) -> None:
    sent_to(core, clock, {**ANN, "email": "ann@example.org"})
    door.texts(NUMBER, "STOP")
    assert {row.kind for row in rows(core, tables.suppression)} == {"phone", "email"}
    door.texts(NUMBER, "Start")
    assert rows(core, tables.suppression) == []


def test_start_does_not_lift_what_was_decided_elsewhere(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    suppress_address(core, "phone", NUMBER, "staff", "boss")
    door.texts(NUMBER, "START")
    assert [row.reason for row in rows(core, tables.suppression)] == ["staff"]


def test_yes_is_no_wish_to_begin_although_the_carrier_thinks_so(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    door.texts(NUMBER, "YES", OptOutType="START")
    assert kinds(core) == ["unclear"]


def test_stop_from_somebody_unknown_is_kept_too(core: Core, door: Gateway) -> None:
    door.texts("+4915112345678", "STOP")
    (kept,) = rows(core, tables.suppression)
    assert kept.fingerprint == core.links.fingerprint("phone", "+4915112345678")


def test_a_machines_reply_is_kept_and_answers_nothing(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    door.texts(NUMBER, "Out of office until 4 March")
    assert (kinds(core), rows(core, tables.response), len(door.sent)) == (["machine"], [], 1)


def test_two_machines_do_not_write_to_each_other(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    for _ in range(3):
        clock.move(MINUTE)
        door.texts(NUMBER, "We will come back to you shortly")
    assert (kinds(core), len(door.sent)) == (["unclear", "machine", "machine"], 2)
    assert rows(core, tables.response) == []


def test_an_unclear_reply_within_seconds_of_our_message_is_a_machines(
    core: Core, clock: SetClock, door: Gateway
) -> None:
    sent_to(core, clock)
    clock.move(-5 * MINUTE + timedelta(seconds=3))
    door.texts(NUMBER, "Hello! How can we help?")
    assert kinds(core) == ["machine"]


def test_a_reply_after_the_end_is_told_so_once(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    run(core, clock, 60 * DAY)
    before = len(door.sent)
    door.texts(NUMBER, "5")
    door.texts(NUMBER, "5!")
    assert [each.body for each in door.sent[before:]] == ["Thank you for your message. The time to answer is over."]
    assert (kinds(core), rows(core, tables.response)) == (["late", "late"], [])


def test_words_after_the_edit_window_change_nothing_and_need_no_reply(
    core: Core, clock: SetClock, door: Gateway
) -> None:
    sent_to(core, clock)
    door.texts(NUMBER, "5")
    run(core, clock, 2 * DAY)
    door.texts(NUMBER, "1")
    assert (answers(core), kinds(core), len(door.sent)) == ({"satisfaction": 5}, ["answer", "reply"], 1)


def test_the_newest_open_ask_is_meant(core: Core, clock: SetClock, door: Gateway) -> None:
    first = sent_to(core, clock)
    run(core, clock, 3 * DAY)
    core = with_settings(core, ask=(AskEntry(name="default", channels=("sms",), throttle=timedelta(0)),))
    second = asked(core, "2", ANN)
    run(core, clock, 2 * HOUR)
    clock.move(MINUTE)
    door.texts(NUMBER, "5")
    states = {row.public_id: row.state for row in rows(core, tables.invitation)}
    assert (states[first], states[second]) == ("sent", "answered")


def test_a_strangers_words_answer_nothing(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    door.texts("+14155550123", "5")
    assert (kinds(core), rows(core, tables.response)) == (["reply"], [])


def test_the_same_call_again_is_read_once(core: Core, clock: SetClock, door: Gateway) -> None:
    sent_to(core, clock)
    door.texts(NUMBER, "it was bad", MessageSid="SM" + "f" * 32)
    door.texts(NUMBER, "it was bad", MessageSid="SM" + "f" * 32)
    assert (kinds(core), len(door.sent)) == (["unclear"], 2)


def test_an_answer_on_the_page_is_amended_by_a_reply(core: Core, clock: SetClock, door: Gateway) -> None:
    invitation = sent_to(core, clock)
    answer(core, invitation, {"satisfaction": "3", "solved": "yes"})
    door.texts(NUMBER, "2")
    assert answers(core) == {"satisfaction": 2, "solved": "yes"}


def test_a_yes_no_survey_takes_yes_and_thumbs(core: Core, clock: SetClock, door: Gateway) -> None:
    publish_survey(core, YES_NO, "tests")
    core = with_settings(core, ask=(AskEntry(name="default", survey="solved", channels=("sms",)),))
    sent_to(core, clock)
    assert "Reply YES or NO." in door.sent[0].body
    door.texts(NUMBER, "👎🏽 still broken")
    assert answers(core) == {"done": "no", "more": "still broken"}


YES_NO = """
name: solved
title: "Solved?"
languages: [en]
questions:
  - {id: done, type: yes-no, role: solved, text: "Was your issue solved?"}
  - {id: more, type: text, role: comment, text: "Anything else?"}
thanks: "Thank you"
"""
