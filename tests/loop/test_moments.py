"""Every message of an ask keeps the customer's quiet hours, and goes only while it is still wanted."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from feedbackhub import Ask, Contact, DontAsk, History, Identifier, PermanentFailure, Returned
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import reopen_contact
from feedbackhub.loop.kit import link_kit
from feedbackhub.loop.merging import merge
from feedbackhub.loop.reask import reask
from feedbackhub.loop.returned import store_returned
from feedbackhub.loop.shelf import publish
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry
from feedbackhub.store import tables
from feedbackhub_plugins.asking import QuietHours
from feedbackhub_plugins.asking.settings import QuietSettings
from tests.app_fixtures import START
from tests.loop.story import (
    ANN,
    DAY,
    HOUR,
    Line,
    Says,
    answer,
    asked,
    ended,
    events,
    rows,
    run,
    with_rules,
    with_settings,
)  # fmt: skip

BOTH = {**ANN, "phone": "+14155552671", "timezone": "Asia/Jakarta"}
LATE = Says(lambda contact, history, ask: replace(ask, due_at=ask.due_at + HOUR), "late")


def quiet(core: Core, **settings: object) -> Core:
    """Return the same instance with quiet hours from 9 at night to 8 in the morning."""
    return with_rules(core, QuietHours(QuietSettings.model_validate(settings)))


def due(core: Core, kind: str) -> datetime:
    """Return when the one delivery of a kind is or was due."""
    (row,) = rows(core, tables.delivery, kind=kind)
    return cast(datetime, row.due_at)


def test_a_reminder_waits_for_a_day_on_which_people_are_asked(core: Core, clock: SetClock, mail: Line) -> None:
    # The Monday of these tests; its reminder of five days later would fall on a Saturday.
    entry = AskEntry(name="default", channels=("mail",), reminder_after=5 * DAY)
    core = quiet(with_settings(core, ask=(entry,)), weekdays=("mon", "tue", "wed", "thu", "fri"))
    asked(core, customer={**ANN, "timezone": "Asia/Jakarta"})
    run(core, clock, HOUR)
    monday_in_jakarta = datetime.fromisoformat("2026-03-09T00:00:00+07:00")
    assert due(core, "reminder") == monday_in_jakarta + 8 * HOUR
    run(core, clock, 5 * DAY)
    assert len(mail.sent) == 1


def test_a_reminder_that_would_come_after_the_end_is_not_planned(core: Core, clock: SetClock) -> None:
    entry = AskEntry(name="default", channels=("mail",), reminder_after=5 * DAY, expires_after=6 * DAY)
    core = quiet(with_settings(core, ask=(entry,)), weekdays=("mon",))
    asked(core, customer=BOTH)
    run(core, clock, HOUR)
    assert [row.kind for row in rows(core, tables.delivery)] == ["first"]


def test_what_is_late_waits_for_the_morning(core: Core, clock: SetClock, mail: Line) -> None:
    core = quiet(core)
    asked(core, customer=BOTH)
    run(core, clock, 6 * HOUR)  # a late engine: 10 at night in Jakarta
    assert mail.tried == []
    assert due(core, "first") == datetime.fromisoformat("2026-03-03T08:00:00+07:00")
    run(core, clock, 10 * HOUR)
    assert [message.kind for message in mail.sent] == ["first"]


def test_the_next_channel_waits_for_the_morning(core: Core, clock: SetClock, mail: Line, sms: Line) -> None:
    core = quiet(core, except_channels=("mail",))
    mail.fail(PermanentFailure("550 no such mailbox"))
    asked(core, customer=BOTH)
    run(core, clock, 6 * HOUR)  # a late engine: 10 at night in Jakarta
    assert (len(mail.tried), sms.tried) == (1, [])
    assert due(core, "fallback") == datetime.fromisoformat("2026-03-03T08:00:00+07:00")
    run(core, clock, 10 * HOUR)
    assert [message.kind for message in sms.sent] == ["fallback"]


def test_a_bounce_at_night_wakes_nobody_on_the_next_channel(
    core: Core, clock: SetClock, mail: Line, sms: Line
) -> None:
    core = quiet(core)
    asked(core, customer=BOTH)
    run(core, clock, HOUR)
    clock.move(8 * HOUR)
    store_returned(core, "mail", Returned("bounce", "b1", mail.sent[0].id, Identifier("email", "ann@example.org")))
    run(core, clock)
    assert sms.sent == []
    run(core, clock, 8 * HOUR)
    assert len(sms.sent) == 1


def test_a_rule_moves_each_message_once_and_vetoes_none_that_follow(core: Core, clock: SetClock, mail: Line) -> None:
    said = []

    def once(contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        said.append((contact.external_id, contact.customer.name if contact.customer else "", ask.channels))
        return DontAsk("never again") if len(said) > 1 else ask

    core = with_rules(core, Says(once, "once"), LATE)
    asked(core, "T-1")
    run(core, clock, 2 * HOUR)
    assert said == [("T-1", "Ann", ("mail",)), ("T-1", "Ann", ("mail",))]
    assert due(core, "reminder") == START + 2 * HOUR + 3 * DAY + HOUR
    run(core, clock, 3 * DAY + HOUR)
    assert [message.kind for message in mail.sent] == ["first", "reminder"]


def test_two_who_became_one_are_written_to_once(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core, "1", {"email": "ann@example.org"})
    clock.move(HOUR / 2)
    second = asked(core, "2", {"email": "ann@example.net"})
    one, other = rows(core, tables.person)
    merge(core, one.id, other.id, "lead@example.com")
    run(core, clock, HOUR / 2)
    run(core, clock, HOUR)
    assert [message.to.value for message in mail.sent] == ["ann@example.org"]
    (row,) = rows(core, tables.invitation, public_id=second)
    assert (row.state, row.reason) == ("cancelled", "merged")
    assert events(core, "invitation.")[-1] == "invitation.cancelled"


def test_two_who_became_one_long_after_are_both_asked(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core, "1", {"email": "ann@example.org"})
    run(core, clock, HOUR)
    clock.move(40 * DAY)
    asked(core, "2", {"email": "ann@example.net"})
    one, other = rows(core, tables.person)
    merge(core, one.id, other.id, "lead@example.com")
    run(core, clock, HOUR)
    assert len([message for message in mail.sent if message.kind == "first"]) == 2


def test_reopening_takes_a_waiting_second_ask_back_too(core: Core, clock: SetClock, mail: Line) -> None:
    invitation = asked(core, "1")
    run(core, clock, HOUR)
    again = reask(core, answer(core, invitation, {"satisfaction": "1"}).response, delay=DAY)
    assert reopen_contact(core, "helpdesk", "1").cancelled == 1
    run(core, clock, 3 * DAY)
    assert len(mail.sent) == 1
    (row,) = rows(core, tables.invitation, public_id=again.id)
    assert (row.state, row.reason) == ("cancelled", "reopened")


def test_an_ask_made_after_the_reopening_is_reminded_of(core: Core, clock: SetClock, mail: Line) -> None:
    invitation = asked(core, "1")
    run(core, clock, HOUR)
    response = answer(core, invitation, {"satisfaction": "1"}).response
    reopen_contact(core, "helpdesk", "1")
    clock.move(HOUR)
    ended(core, "1")
    reask(core, response)
    run(core, clock)
    run(core, clock, 3 * DAY)
    assert [message.kind for message in mail.sent] == ["first", "first", "reminder"]


def test_mails_may_name_team_and_ticket_as_pages_do(core: Core, clock: SetClock, mail: Line) -> None:
    core = with_settings(core, ask=(core.settings.ask[0].model_copy(update={"survey": "named"}),))
    core.store.write(lambda connection: publish(connection, NAMED, "tests", clock.now()))
    invitation = asked(core, "T-4711", team="Billing")
    run(core, clock, HOUR)
    assert mail.sent[0].subject == "Ticket T-4711, Billing"
    assert link_kit(core, invitation).ask.subject == mail.sent[0].subject


NAMED = """
name: named
title: Ticket
languages: [en]
subject: Ticket {{ contact.reference }}, {{ contact.team }}
questions:
  - {id: satisfaction, type: csat, text: How was it?}
thanks: Thank you.
"""
