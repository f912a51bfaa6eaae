"""Deliveries: sent once, whatever channels, workers and databases do in between."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from feedbackhub import Identifier, PermanentFailure, Receipt, Returned, Suppressed, TemporaryFailure
from feedbackhub.loop.core import Core
from feedbackhub.loop.invite import message_domain
from feedbackhub.loop.redeliver import retry
from feedbackhub.loop.returned import store_returned
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry
from feedbackhub.machinery.settings import Engine as EngineSettings
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import ANN, DAY, HOUR, Line, answer, asked, ended, events, rows, run, with_settings

BOTH = {"email": "ann@example.org", "phone": "+14155552671", "name": "Ann"}
SECOND = timedelta(seconds=1)

FAILED = "the channel failed: raised RuntimeError in story.py, line N"


def states(core: Core) -> list[tuple[str, str, str]]:
    """Return what became of every delivery."""
    return [(row.kind, row.channel, row.state) for row in rows(core, tables.delivery)]


def asked_state(core: Core) -> str:
    """Return the state of the one invitation."""
    (row,) = rows(core, tables.invitation)
    return str(row.state)


def test_nothing_is_sent_before_it_is_due_and_then_once(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core, customer={**ANN, "language": "ar"})
    assert run(core, clock, HOUR - SECOND) == 0
    assert run(core, clock, SECOND) == 1
    assert run(core, clock) == 0
    (message,) = mail.sent
    assert (message.to, message.kind, message.language, message.direction) == (
        Identifier("email", "ann@example.org"), "first", "ar", "rtl",
    )  # fmt: skip
    delivery = rows(core, tables.delivery)[0]
    assert (delivery.state, delivery.receipt, delivery.sent_at) == ("sent", "receipt 1", START + HOUR)
    assert delivery.message_id == message.id
    assert asked_state(core) == "sent"
    assert events(core) == ["invitation.created", "contact.recorded", "invitation.sent"]


def test_one_reminder_follows_and_then_silence(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    run(core, clock, HOUR)
    assert run(core, clock, 3 * DAY - SECOND) == 0
    assert run(core, clock, SECOND) == 1
    run(core, clock, 9 * DAY)
    first, reminder = mail.sent
    assert (reminder.kind, reminder.in_reply_to, reminder.link) == ("reminder", first.id, first.link)
    assert reminder.id != first.id
    assert states(core) == [("first", "mail", "sent"), ("reminder", "mail", "sent")]
    assert events(core, "invitation.")[1:] == ["invitation.sent", "invitation.reminded"]


def test_an_answer_cancels_the_reminder(core: Core, clock: SetClock, mail: Line) -> None:
    invitation = asked(core)
    run(core, clock, HOUR)
    answer(core, invitation)
    run(core, clock, 10 * DAY)
    assert len(mail.sent) == 1
    assert states(core) == [("first", "mail", "sent"), ("reminder", "mail", "cancelled")]
    assert asked_state(core) == "answered"


def test_an_ask_expires_and_its_reminders_with_it(core: Core, clock: SetClock, mail: Line) -> None:
    entry = AskEntry(name="default", channels=("mail",), expires_after=2 * DAY, reminder_after=DAY, reminders=5)
    core = with_settings(core, ask=(entry,))
    asked(core)
    run(core, clock, HOUR)
    run(core, clock, DAY)
    assert len(mail.sent) == 2
    run(core, clock, DAY)
    assert len(mail.sent) == 2
    assert asked_state(core) == "expired"
    run(core, clock, DAY)
    assert events(core, "invitation.") == [
        "invitation.created", "invitation.sent", "invitation.reminded", "invitation.expired",
    ]  # fmt: skip


def test_a_late_engine_sends_nothing_that_has_expired(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    run(core, clock, 20 * DAY)
    assert mail.tried == []
    assert asked_state(core) == "expired"
    assert states(core) == [("first", "mail", "cancelled")]


def test_a_temporary_failure_is_tried_again_with_the_same_message(core: Core, clock: SetClock, mail: Line) -> None:
    mail.fail(TemporaryFailure("451 later"), TemporaryFailure("busy", retry_after=HOUR), RuntimeError("secret"))
    asked(core)
    run(core, clock, HOUR)
    delivery = rows(core, tables.delivery)[0]
    assert (delivery.state, delivery.error) == ("due", "451 later")
    assert START + HOUR + 30 * SECOND <= delivery.due_at <= START + HOUR + 36 * SECOND
    run(core, clock, 29 * SECOND)
    assert len(mail.tried) == 1
    run(core, clock, 7 * SECOND)
    assert len(mail.tried) == 2
    run(core, clock, HOUR - SECOND)
    assert len(mail.tried) == 2, "the other side said an hour"
    run(core, clock, SECOND)
    assert re.sub(r"\d+", "N", rows(core, tables.delivery)[0].error) == FAILED
    run(core, clock, HOUR)
    assert len(mail.sent) == 1
    assert len({message.id for message in mail.tried}) == 1
    assert states(core)[0] == ("first", "mail", "sent")
    assert rows(core, tables.delivery)[0].error == ""


@pytest.mark.parametrize("error", [TemporaryFailure("451"), RuntimeError("secret"), SystemExit(1)], ids=repr)
def test_a_delivery_is_parked_after_the_last_attempt_and_can_be_sent_by_hand(
    core: Core, clock: SetClock, mail: Line, error: BaseException
) -> None:
    core = with_settings(core, engine=EngineSettings(max_attempts=3))
    mail.fail(*[error] * 3)
    asked(core)
    for _ in range(6):
        run(core, clock, HOUR)
    assert len(mail.tried) == 3
    (task,) = rows(core, tables.task)
    assert (task.state, task.attempt) == ("parked", 3)
    assert states(core) == [("first", "mail", "failed")]
    assert events(core, "delivery.") == ["delivery.parked"]
    retry(core, rows(core, tables.delivery)[0].public_id)
    run(core, clock)
    assert len(mail.sent) == 1
    assert asked_state(core) == "sent"


def test_a_permanent_failure_takes_the_next_channel(core: Core, clock: SetClock, mail: Line, sms: Line) -> None:
    mail.fail(PermanentFailure("550 no such user", address_is_dead=True))
    asked(core, customer=BOTH)
    run(core, clock, HOUR)
    assert [message.to.value for message in sms.sent] == ["+14155552671"]
    assert sms.sent[0].kind == "fallback"
    assert states(core)[:2] == [("first", "mail", "failed"), ("fallback", "sms", "sent")]
    assert asked_state(core) == "sent"
    assert [(row.kind, row.reason) for row in rows(core, tables.suppression)] == [("email", "bounce")]
    run(core, clock, 10 * DAY)
    assert len(mail.tried) == 1
    assert [message.kind for message in sms.sent] == ["fallback", "reminder"]


def test_when_the_ladder_ends_the_ask_is_undeliverable_and_does_not_count(
    core: Core, clock: SetClock, mail: Line, sms: Line
) -> None:
    mail.fail(PermanentFailure("554 refused"))
    sms.fail(PermanentFailure("no such number"))
    asked(core, customer=BOTH)
    run(core, clock, HOUR)
    (row,) = rows(core, tables.invitation)
    assert (row.state, row.reason) == ("undeliverable", "no such number")
    assert rows(core, tables.suppression) == []
    assert asked(core, "2", BOTH)


def test_the_ladder_looks_at_the_whole_person(core: Core, clock: SetClock, mail: Line, sms: Line) -> None:
    """The phone belongs to another customer row of the same person."""
    ended(core, "1", {"phone": "+14155552671", "ids": {"crm": "1"}}, ask=False)
    ended(core, "2", {"email": "ann@example.org"}, ask=False)
    ended(core, "3", {"email": "ann@example.org", "ids": {"crm": "1"}}, ask=False)
    mail.fail(PermanentFailure("550"))
    asked(core, "4", {"email": "ann@example.org"})
    assert rows(core, tables.invitation)[0].ladder == ["mail", "sms"]
    run(core, clock, HOUR)
    assert len(sms.sent) == 1


def test_who_the_other_side_says_must_not_be_asked_is_left_alone(
    core: Core, clock: SetClock, mail: Line, sms: Line
) -> None:
    mail.fail(Suppressed("blocked by the user"))
    asked(core, customer=BOTH)
    run(core, clock, HOUR)
    assert sms.tried == []
    assert [(row.kind, row.reason) for row in rows(core, tables.suppression)] == [("email", "opt_out")]
    assert ended(core, "2", BOTH).contact.decision.rule == "suppressed"


def test_an_address_that_bounced_elsewhere_takes_the_next_channel(
    core: Core, clock: SetClock, mail: Line, sms: Line
) -> None:
    core = with_settings(core, ask=(core.settings.ask[0].model_copy(update={"throttle": timedelta(0)}),))
    asked(core, "1", BOTH)
    asked(core, "2", BOTH)
    mail.fail(PermanentFailure("550", address_is_dead=True))
    run(core, clock, HOUR)
    assert len(mail.tried) == 1
    assert len(sms.sent) == 2


def test_a_channel_that_is_missing_after_a_restart_is_waited_for(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    channels = {name: each for name, each in core.plugins.channels.items() if name != "mail"}
    run(replace(core, plugins=core.plugins.having("feedbackhub_channels", channels.items())), clock, HOUR)
    assert rows(core, tables.delivery)[0].error == "The channel mail is not active."
    run(core, clock, HOUR)
    assert len(mail.sent) == 1


@pytest.mark.parametrize("receipt", [None, Receipt("a\0b\ud800"), Receipt("x" * 5000), Receipt("", "🙂")], ids=range(4))
def test_an_odd_receipt_does_not_send_the_message_again(
    core: Core, clock: SetClock, mail: Line, receipt: Any
) -> None:
    mail.plan.append(lambda _: receipt)
    asked(core)
    for _ in range(3):
        run(core, clock, HOUR)
    assert len(mail.tried) == 1
    assert states(core)[0] == ("first", "mail", "sent")


def test_odd_words_of_a_failure_are_kept_as_far_as_they_can_be(core: Core, clock: SetClock, mail: Line) -> None:
    mail.fail(TemporaryFailure("a\0b\ud800", retry_after=timedelta(days=10_000)))
    asked(core)
    run(core, clock, HOUR)
    assert rows(core, tables.delivery)[0].error == "ab?"
    run(core, clock, DAY)
    assert len(mail.sent) == 1


def test_tests_reach_the_test_address_and_suppress_nobody(core: Core, clock: SetClock, mail: Line) -> None:
    mail.name = "email"
    channels = {**core.plugins.channels, "email": mail}
    core = replace(core, plugins=core.plugins.having("feedbackhub_channels", channels.items()))
    core = with_settings(core, test_address="qa@example.com")
    mail.fail(PermanentFailure("550", address_is_dead=True))
    asked(core, "1", test=True)
    asked(core, "2", test=True)
    run(core, clock, HOUR)
    assert [message.to.value for message in mail.tried] == ["qa@example.com"] * 2
    second = rows(core, tables.delivery)[1]
    store_returned(core, "email", Returned("bounce", "k1", second.message_id))
    store_returned(core, "email", Returned("complaint", "k2", second.message_id))
    assert rows(core, tables.suppression) == []


def test_a_link_is_handed_to_the_caller_at_once_and_never_reminded(core: Core, clock: SetClock) -> None:
    core = with_settings(core, ask=(AskEntry(name="default", channels=("link",)),))
    contact = ended(core, "1", {}).contact
    assert contact.invitation is not None
    assert contact.invitation.due_at == START
    answer(core, contact.invitation.id)
    run(core, clock)
    (row,) = rows(core, tables.invitation)
    assert (row.state, row.sent_at) == ("answered", START), "who answers was asked, or rates would exceed 100 %"
    assert len(rows(core, tables.delivery)) == 1
    assert events(core, "invitation.") == ["invitation.created", "invitation.sent"]


DOMAINS: list[tuple[str, str]] = [
    ("https://feedback.example.com/hub", "feedback.example.com"),
    ("https://bücher.example", "xn--bcher-kva.example"),
    ("http://127.0.0.1:8000", "127.0.0.1"),
    ("http://[::1]:8000", "localhost"),
    ("https://" + ".".join(["x" * 60] * 3), "localhost"),
    ("https://" + "x" * 70 + ".example", "localhost"),
]


@pytest.mark.parametrize(("url", "domain"), DOMAINS)
def test_message_ids_are_ascii_and_short_enough_to_store(url: str, domain: str) -> None:
    assert message_domain(url) == domain
