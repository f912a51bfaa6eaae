"""Reading the inbox: contacts and decisions come of it once, and what fails waits until a person has mended it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from feedbackhub import Conflict, NotFound, PermanentFailure, TemporaryFailure
from feedbackhub.loop.engine import Engine
from feedbackhub.office.audit import entries
from feedbackhub.office.requests import discard, retry, retry_failed
from feedbackhub.store import tables
from tests.inbound.conftest import DONE, Door
from tests.inbound.senders import Helpdesk, raising


def test_a_request_becomes_a_contact_with_a_decision_and_an_ask(door: Door) -> None:
    public_id = door.call().json["id"]  # type: ignore[index]
    door.run()
    row = door.row
    assert (row.public_id, row.state, row.attempts, row.problems, row.result) == (
        public_id, "done", 1, [], {"created": 1},
    )  # fmt: skip
    [contact], [decision] = door.table(tables.contact), door.table(tables.decision)
    assert (contact.source, contact.external_id, contact.team) == ("helpdesk", "7", "Billing")
    assert (decision.contact_id, decision.outcome) == (contact.id, "ask")
    assert [(each.inbound_id, each.contact_id) for each in door.table(tables.inbound_contact)] == [(row.id, contact.id)]
    assert len(door.table(tables.invitation)) == 1


def test_several_contacts_may_come_in_one_request(door: Door) -> None:
    door.call([DONE | {"ticket": n, "customer": n, "email": f"c{n}@example.org"} for n in range(3)])
    door.run()
    assert (door.row.result, len(door.table(tables.contact))) == ({"created": 3}, 3)


def test_the_same_told_twice_changes_nothing(door: Door) -> None:
    door.call()
    door.call()
    door.run()
    assert [(row.state, row.result) for row in door.rows] == [("done", {"created": 1}), ("done", {})]
    assert len(door.table(tables.contact)) == len(door.table(tables.decision)) == 1
    assert len(door.table(tables.inbound_contact)) == 2


def test_without_a_time_of_its_own_a_contact_ended_when_it_was_told(door: Door, helpdesk: Helpdesk) -> None:
    told = door.clock.now()
    helpdesk.enriching = raising(TemporaryFailure("busy"))
    door.call()
    door.run()
    door.clock.move(timedelta(hours=5))
    door.run()
    assert door.table(tables.contact)[0].ended_at == told


def test_what_cannot_be_read_waits_and_becomes_one_contact_once_the_mapping_is_mended(
    door: Door, helpdesk: Helpdesk
) -> None:
    helpdesk.email_field = "requester"
    door.call()
    door.run()
    row = door.row
    assert (row.state, row.problems) == ("failed", [{"field": "requester", "reason": "is missing"}])
    door.clock.move(timedelta(days=20))
    door.run()
    assert (door.row.state, door.table(tables.contact)) == ("failed", [])
    helpdesk.email_field = "email"
    for _ in range(2):  # an impatient person
        retry(door.core, row.public_id, "tests")
    door.run()
    assert (door.row.state, door.row.problems, door.row.attempts) == ("done", [], 2)
    assert len(door.table(tables.contact)) == len(door.table(tables.decision)) == 1


def test_what_a_model_refuses_is_named_by_field(door: Door) -> None:
    door.call(DONE | {"email": "two\nlines"})
    door.run()
    assert door.row.problems == [{"field": "email", "reason": "must be a single line"}]


def test_what_intake_refuses_is_named_by_field(door: Door) -> None:
    door.call(DONE | {"email": "nobody"})
    door.run()
    assert [each["field"] for each in door.row.problems] == ["customer.email"]


def test_a_number_that_is_none_is_left_out_while_there_is_a_mail_address(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.phone = "+15551234567"
    door.call()
    door.run()
    assert (door.row.state, [row.kind for row in door.table(tables.identifier)]) == ("done", ["email", "id:helpdesk"])


def test_what_was_good_in_a_request_stays_while_the_rest_waits(door: Door) -> None:
    good, bad = DONE, DONE | {"ticket": 8, "customer": 42, "email": "nobody"}
    door.call([good, bad])
    door.run()
    row = door.row
    assert (row.state, row.result, len(door.table(tables.inbound_contact))) == ("failed", {"created": 1}, 1)
    retry(door.core, row.public_id, "tests")
    door.run()
    assert (door.row.state, len(door.table(tables.contact))) == ("failed", 1)


def test_a_source_that_raises_fails_the_request_without_quoting_it(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.parsing = raising(KeyError("ann@example.org"))
    door.call()
    door.run()
    [problem] = door.row.problems
    assert (door.row.state, problem["field"]) == ("failed", "")
    assert problem["reason"].startswith("plugin desk: parse helpdesk raised KeyError in ")
    assert "ann@" not in problem["reason"]


def test_a_source_that_returns_something_else_fails_the_request(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.parse = lambda incoming: ["contact"]  # type: ignore[method-assign, list-item]
    door.call()
    door.run()
    assert door.row.problems == [{"field": "", "reason": "plugin desk: parse helpdesk returned a str"}]


def test_a_look_up_that_fails_for_a_while_is_tried_again_later(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.enriching = raising(TemporaryFailure("busy", timedelta(minutes=9)))
    door.call()
    door.run()
    assert (door.row.state, door.row.result) == ("received", {"waits": "busy"})
    door.clock.move(timedelta(minutes=8))
    door.run()
    assert door.row.state == "received"
    door.clock.move(timedelta(minutes=2))
    door.run()
    assert (door.row.state, door.row.attempts, door.row.result) == ("done", 2, {"created": 1})


def test_a_look_up_that_fails_for_too_long_waits_for_a_person(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.enriching = raising(*[TemporaryFailure("busy")] * 100)
    door.call()
    for _ in range(door.core.settings.engine.max_attempts):
        door.run()
        door.clock.move(timedelta(hours=3))
    assert (door.row.state, door.row.problems) == ("failed", [{"field": "", "reason": "busy"}])
    assert [task.state for task in door.tasks] == ["done"]


def test_a_look_up_that_cannot_succeed_waits_for_a_person_at_once(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.enriching = raising(PermanentFailure("no such ticket"))
    door.call()
    door.run()
    assert (door.row.state, door.row.problems) == ("failed", [{"field": "", "reason": "no such ticket"}])


def test_what_does_not_matter_is_noted_as_such(door: Door) -> None:
    door.call({"status": "open"})
    door.run()
    assert (door.row.state, door.row.result) == ("ignored", {"ignored": ["the ticket is open"]})


def test_reopening_calls_off_what_was_not_sent(door: Door) -> None:
    door.call()
    door.run()
    door.clock.move(timedelta(minutes=5))
    door.call({"status": "reopened", "ticket": 7})
    door.run()
    assert (door.rows[1].state, door.rows[1].result) == ("done", {"reopened": 1})
    [contact] = door.table(tables.contact)
    assert (contact.reopened_at, door.table(tables.invitation)[0].state) == (door.clock.now(), "cancelled")


def test_reopening_what_was_never_recorded_is_ignored(door: Door) -> None:
    door.call({"status": "reopened", "ticket": 7})
    door.run()
    assert door.row.result == {"ignored": ["reopens a contact that was never recorded"]}


def test_a_reopening_that_is_read_before_its_contact_waits_for_it(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.enriching = raising(TemporaryFailure("busy", timedelta(seconds=5)))
    door.call()
    door.clock.move(timedelta(seconds=1))
    door.call({"status": "reopened", "ticket": 7})
    door.run()
    assert [row.state for row in door.rows] == ["received", "received"]
    door.clock.move(timedelta(seconds=30))
    door.run()
    door.clock.move(timedelta(seconds=30))
    door.run()
    assert [row.state for row in door.rows] == ["done", "done"]
    assert door.table(tables.invitation)[0].state == "cancelled"


def test_a_reopening_waits_for_a_person_when_its_contact_does(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.email_field = "requester"
    door.call()
    door.clock.move(timedelta(seconds=1))
    door.call({"status": "reopened", "ticket": 7})
    door.run()
    assert [row.state for row in door.rows] == ["failed", "failed"]
    helpdesk.email_field = "email"
    assert retry_failed(door.core, "tests", "helpdesk") == 2
    door.run()
    assert [row.state for row in door.rows] == ["done", "done"]
    assert door.table(tables.invitation)[0].state == "cancelled"


def test_while_a_source_is_not_active_its_requests_wait(door: Door) -> None:
    door.call()
    away = replace(door.core, plugins=door.core.plugins.having("feedbackhub_sources", ()))
    Engine(away).drain()
    assert (door.row.state, door.row.result) == ("received", {"waits": "helpdesk is not active"})
    door.clock.move(timedelta(minutes=5))
    door.run()
    assert door.row.state == "done"


def test_what_comes_back_to_a_channel_is_kept_beside_it_and_nowhere_else(door: Door) -> None:
    for body in (b"17", b"17", b"seventeen"):
        door.call(body, at="/in/gateway")
    door.run()
    assert [(row.state, row.result, row.body) for row in door.rows] == [
        ("done", {"returned": 1}, b""), ("done", {"returned": 1}, b""), ("failed", {}, b"seventeen"),
    ]  # fmt: skip
    assert [(item.source, item.kind, item.raw) for item in door.table(tables.inbox)] == [("gateway", "reply", b"17")]


def test_a_worker_that_dies_while_reading_gives_up_in_the_end(door: Door) -> None:
    door.call()
    attempts = door.core.settings.engine.max_attempts
    door.core.store.write(lambda c: c.execute(update(tables.task).values(attempt=attempts)).rowcount)
    door.run()
    assert door.row.problems == [{"field": "", "reason": "no attempt to read it came to an end"}]


def test_what_was_discarded_is_not_read_until_somebody_wants_it_after_all(door: Door) -> None:
    public_id = door.call().json["id"]  # type: ignore[index]
    discard(door.core, public_id, "tests")
    door.run()
    assert (door.row.state, door.table(tables.contact)) == ("discarded", [])
    retry(door.core, public_id, "tests")
    door.run()
    assert door.row.state == "done"
    for deed in (retry, discard):
        with pytest.raises(Conflict):
            deed(door.core, public_id, "tests")
        with pytest.raises(NotFound):
            deed(door.core, "abcdefghijkl", "tests")


def test_who_retried_and_discarded_is_in_the_audit_log(door: Door) -> None:
    public_id = door.call().json["id"]  # type: ignore[index]
    discard(door.core, public_id, "ann")
    retry(door.core, public_id, "bo")
    found = [(each.actor, each.action) for each in entries(door.core.store, f"request:{public_id}")]
    assert found == [("bo", "request.retried"), ("ann", "request.discarded")]
