"""What goes out, and what becomes of a delivery for each of the gateway's refusals and receipts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry
from feedbackhub.store import tables
from feedbackhub_plugins.sms.segments import size_of
from tests.loop.story import HOUR, asked, rows, run, with_settings
from tests.sms.gateway import OWN, TOKEN, Gateway, error

ANN = {"phone": "+14155552671", "name": "Ann", "email": "ann@example.org"}
NUMBER = "+14155552671"


def states(core: Core) -> list[tuple[str, str]]:
    """Return channel and state of every delivery."""
    return [(row.channel, row.state) for row in rows(core, tables.delivery)]


def asked_by_text(core: Core, clock: SetClock, after: timedelta = 2 * HOUR) -> str:
    """Ask Ann and let the message go out."""
    invitation = asked(core, customer=ANN)
    run(core, clock, after)
    return invitation


def test_the_message_asks_in_one_line_with_the_whole_link(core: Core, clock: SetClock, door: Gateway) -> None:
    invitation = asked_by_text(core, clock)
    (sms,) = door.sent
    link = f"https://feedback.example.org/s/{core.links.token(invitation)}"
    assert sms.body == (
        "Feedback: Hello Ann,\nHow satisfied are you with the service you received? "
        f"Reply with a number from 1 (Very dissatisfied) to 5 (Very satisfied). Or here: {link}\n"
        "To get no more messages, reply STOP."
    )
    assert str(size_of(sms.body)) == "2 × GSM-7, 245 characters"
    (row,) = rows(core, tables.delivery)
    assert (row.state, row.receipt) == ("sent", sms.sid)
    assert sms.callback == f"https://feedback.example.org/in/sms?m={row.message_id}"


def test_a_reminder_says_that_it_is_one(core: Core, clock: SetClock, door: Gateway) -> None:
    core = with_settings(core, ask=(AskEntry(name="default", channels=("sms",)),))
    asked_by_text(core, clock)
    run(core, clock, timedelta(days=4))
    assert door.sent[1].body.startswith("Feedback: Hello Ann,\nA short reminder: How satisfied are you")


@pytest.mark.parametrize(("code", "suppressed"), [(21610, "opt_out"), (21614, "bounce"), (21408, "")])
def test_a_final_refusal_takes_the_next_channel_unless_the_person_wants_none(
    core: Core, clock: SetClock, door: Gateway, code: int, suppressed: str
) -> None:
    door.say.append(error(400, code, f"Something about {NUMBER}"))
    asked_by_text(core, clock)
    first = rows(core, tables.delivery)[0]
    assert (first.state, first.error) == ("failed", f"Twilio: 400 {code} Something about …")
    assert [row.reason for row in rows(core, tables.suppression)] == ([suppressed] if suppressed else [])
    assert (("mailbox", "sent") in states(core)) == (suppressed != "opt_out")


def test_what_may_pass_is_tried_again_when_the_gateway_says(core: Core, clock: SetClock, door: Gateway) -> None:
    door.say += [error(429, 20429, "Too Many Requests", Retry_After="900"), (0, "", {})]
    asked_by_text(core, clock)
    (row,) = rows(core, tables.delivery)
    assert (row.state, row.error) == ("due", "Twilio: 429 20429 Too Many Requests")
    assert row.due_at - clock.now() >= timedelta(seconds=900)
    run(core, clock, HOUR)
    (row,) = rows(core, tables.delivery)
    assert (row.state, row.error[:37]) == ("due", "Twilio did not answer: http://127.0.0")
    run(core, clock, HOUR)
    assert (states(core), len(door.sent)) == ([("sms", "sent")], 1)


def test_an_arrived_message_is_noted_once(core: Core, clock: SetClock, door: Gateway) -> None:
    asked_by_text(core, clock)
    for status in ("queued", "sent", "delivered", "delivered"):
        assert door.reports(door.sent[0], status) == 200
    (row,) = rows(core, tables.delivery)
    assert (row.state, row.delivered_at) == ("sent", clock.now())
    assert rows(core, tables.inbox) == []


@pytest.mark.parametrize(("code", "first", "suppressed"), [(30003, "failed", []), (30005, "bounced", ["bounce"])])
def test_a_message_that_did_not_arrive_takes_the_next_channel(
    core: Core, clock: SetClock, door: Gateway, code: int, first: str, suppressed: list[str]
) -> None:
    asked_by_text(core, clock)
    door.reports(door.sent[0], "undelivered", code)
    door.reports(door.sent[0], "undelivered", code)
    assert states(core) == [("sms", first), ("mailbox", "sent")]
    assert [row.reason for row in rows(core, tables.suppression)] == suppressed


def test_a_receipt_without_our_id_is_known_by_the_gateways(core: Core, clock: SetClock, door: Gateway) -> None:
    asked_by_text(core, clock)
    door.sent[0].callback = door.webhook
    door.reports(door.sent[0], "delivered")
    assert rows(core, tables.delivery)[0].delivered_at == clock.now()


def test_a_call_with_a_wrong_signature_is_kept_nowhere(core: Core, clock: SetClock, door: Gateway) -> None:
    asked_by_text(core, clock)
    assert door.call is not None
    url = "https://feedback.example.org/in/sms"
    fields = {"From": NUMBER, "Body": "5", "MessageSid": "SM" + "0" * 32, "AccountSid": "AC" + "0a" * 16}
    assert door.call(url, fields, {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}) == 401
    assert door.call(url, fields, {}) == 401
    assert rows(core, tables.inbound) == rows(core, tables.response) == []


def test_doctor_signs_in_without_sending(core: Core, gateway: Gateway) -> None:
    assert core.plugins.channels["sms"].check() == "reached Twilio, signed in, the account is active"
    assert gateway.sent == []


def test_no_number_and_no_secret_stands_in_the_logs(
    core: Core, clock: SetClock, door: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        door.say.append(error(400, 20001, f"Something about {NUMBER} and {OWN}"))
        asked_by_text(core, clock)
        run(core, clock, HOUR)
    told = " ".join(str(record.__dict__) for record in caplog.records)
    assert (NUMBER[1:] in told, TOKEN in told) == (False, False)
