"""Events reach their endpoints, signed, once planned, with the same id at every attempt, whatever the receiver does."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from feedbackhub import Identifier
from feedbackhub.office.erasing import erase_person
from feedbackhub_plugins.webhooks.outcome import SCHEDULE
from feedbackhub_plugins.webhooks.planning import Planner
from feedbackhub_plugins.webhooks.tables import endpoint
from tests.webhooks.conftest import Here
from tests.webhooks.receiver import Receiver

FOUR_DAYS = timedelta(days=4)


def pass_days(here: Here, days: int, step: timedelta = timedelta(hours=6)) -> None:
    """Let time pass in steps, as it does where an engine runs."""
    for _ in range(int(timedelta(days=days) / step)):
        here.instance.run(step)


def test_an_answer_is_told_signed_as_a_cloud_event(here: Here, receiver: Receiver) -> None:
    here.endpoint(receiver)
    answered = here.instance.answer(rating=2, comment="Too slow")
    here.instance.run(timedelta(hours=1))
    assert receiver.accepted == ["response.recorded", "response.settled"]
    assert [each.is_genuine for each in receiver.got] == [True, True]
    first = receiver.got[0]
    assert first.body == {
        "specversion": "1.0",
        "id": first.id,
        "source": "https://feedback.example.com/",
        "type": "response.recorded",
        "time": answered.answered_at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "subject": f"response/{answered.public_id}",
        "invitationid": answered.invitation,
        "data": {
            "response": answered.public_id, "invitation": answered.invitation, "contact": answered.contact,
            "customer": answered.customer, "survey": "post-contact", "revision": 1, "confidence": "human",
            "dimensions": dict(answered.dimensions), "test": False, "rating": 2, "score": 25, "low": True,
            "counted": True, "settled": False, "language": "", "answered_at": answered.answered_at.isoformat(),
            "changed_at": answered.changed_at.isoformat(),
        },
    }  # fmt: skip


def test_the_life_of_an_invitation_shares_one_id(here: Here, receiver: Receiver) -> None:
    here.endpoint(receiver, "invitation.*", "response.*")
    answered = here.instance.answer()
    here.instance.run(timedelta(hours=1))
    assert receiver.accepted == ["invitation.created", "invitation.sent", "response.recorded", "response.settled"]
    assert {each.body["invitationid"] for each in receiver.got} == {answered.invitation}
    assert len(receiver.ids) == 4


def test_words_and_identifiers_leave_only_where_asked_for(here: Here, receivers: list[Receiver]) -> None:
    plain, full = receivers
    here.endpoint(plain, "response.settled")
    here.endpoint(full, "response.settled", include=("comment", "answers", "ticket", "customer"))
    here.instance.answer(here.instance.ask("4711"), 1, "Kanarie")
    here.instance.run(timedelta(hours=1))
    assert [word in plain.got[0].raw.decode() for word in ("Kanarie", "ann@example.com", "4711")] == [False] * 3
    data = full.got[0].body["data"]
    assert (data["comment"], data["ticket"]) == ("Kanarie", {"source": "tests", "id": "4711", "url": ""})
    assert data["person"] == {"name": "Ann", "identifiers": [{"kind": "email", "value": "ann@example.com"}]}
    assert [each["value"] for each in data["answers"]] == [1, "Kanarie"]
    assert plain.got[0].id == full.got[0].id


def test_who_was_erased_meanwhile_does_not_leave(here: Here, receiver: Receiver) -> None:
    here.endpoint(receiver, "response.settled", include=("comment", "customer"))
    receiver.will("500")
    here.instance.answer(here.instance.ask(), 1, "Kanarie")
    here.instance.run(timedelta(hours=1))
    erase_person(here.instance.core, (Identifier("email", "ann@example.com"),), "tests")
    here.instance.run(timedelta(minutes=10))
    first, second = receiver.got
    assert ("Kanarie" in first.raw.decode(), "Kanarie" in second.raw.decode()) == (True, False)
    assert ("ann@" in first.raw.decode(), "ann@" in second.raw.decode()) == (True, False)
    assert first.id == second.id


def test_attempts_follow_the_schedule_of_standard_webhooks(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.settled")
    receiver.will(*["500"] * 20)
    here.instance.answer()
    here.instance.run(timedelta(hours=1))
    for span in SCHEDULE:
        before = len(receiver.got)
        here.instance.run(span - timedelta(seconds=1))
        assert len(receiver.got) == before
        here.instance.run(timedelta(seconds=1))
    here.instance.run(FOUR_DAYS)
    [row] = here.log(made)
    assert (len(receiver.got), row.status, row.attempts) == (10, "failed", 10)
    assert row.error == "HTTP 500 Internal Server Error"
    assert [b.timestamp - a.timestamp for a, b in pairwise(receiver.got)] == [int(s.total_seconds()) for s in SCHEDULE]
    assert (len({each.id for each in receiver.got}), len({each.raw for each in receiver.got})) == (1, 1)
    assert sum(SCHEDULE, timedelta(0)) > timedelta(days=3)


@pytest.mark.parametrize("act", ["500", "404", "418", "redirect", "hang", "drip", "reset", "garbage"])
def test_whatever_goes_wrong_the_event_arrives_later_with_the_same_id(here: Here, receiver: Receiver, act: str) -> None:
    made = here.endpoint(receiver, "response.settled")
    receiver.will(act)
    here.instance.answer()
    here.instance.run(timedelta(hours=1))
    assert here.log(made)[0].status == "waiting"
    here.instance.run(timedelta(seconds=5))
    [row] = here.log(made)
    assert (row.status, row.attempts, row.answer, row.error) == ("delivered", 2, 200, "")
    assert (len(receiver.got), len({each.id for each in receiver.got}), receiver.followed) == (2, 1, 0)
    assert all(each.is_genuine for each in receiver.got)


def test_nothing_is_lost_through_a_hostile_receiver(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "*")
    acts = ("500", "reset", "redirect", "busy:20", "garbage", "404", "hang", "200", "unavailable:60", "502")
    receiver.will(*acts * 2)
    for _ in range(4):
        here.instance.answer()
    for span, times in ((timedelta(minutes=1), 20), (timedelta(minutes=20), 12), (timedelta(hours=6), 8)):
        for _ in range(times):
            here.instance.run(span)
    rows = here.log(made)
    assert {row.status for row in rows} == {"delivered"}
    assert len(receiver.ids) == len(rows)
    assert (receiver.followed, {each.is_genuine for each in receiver.got}) == (0, {True})


@pytest.mark.parametrize("act", ["busy:600", "unavailable:600"])
def test_retry_after_is_obeyed_by_everything_for_that_endpoint(here: Here, receiver: Receiver, act: str) -> None:
    here.endpoint(receiver, "response.recorded")
    receiver.will(act)
    here.instance.answer()
    assert len(receiver.got) == 1
    here.instance.run(timedelta(seconds=590))
    asked = here.instance.clock.now()
    assert (len(receiver.got), receiver.got[0].timestamp) == (1, int(asked.timestamp()) - 590)
    here.instance.run(timedelta(seconds=10))
    assert len(receiver.got) == 2


def test_an_endpoint_that_is_gone_is_disabled_with_a_reason(here: Here, receivers: list[Receiver]) -> None:
    gone, other = receivers
    made = here.endpoint(gone, "response.*")
    here.endpoint(other, "webhooks.disabled")
    gone.will("410")
    here.instance.answer()
    here.instance.run(timedelta(days=1))
    found = here.look(made)
    assert (found.is_on, found.reason, found.trouble) == (False, "gone", "HTTP 410 Gone")
    assert len(gone.got) == 1
    assert other.got[0].body["data"] == {"endpoint": made.id, "reason": "gone"}
    assert {row.status for row in here.log(made)} == {"held"}


def test_what_was_held_back_follows_when_the_endpoint_is_on_again(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.recorded")
    receiver.will("410")
    here.instance.answer()
    here.instance.run(timedelta(hours=1))
    here.service.switch(made.id, True)
    here.instance.run(timedelta(seconds=2))
    assert [row.status for row in here.log(made)] == ["delivered"]
    assert len({each.id for each in receiver.got}) == 1


def test_an_endpoint_that_fails_for_five_days_is_disabled(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.recorded")
    receiver.will(*["500"] * 1000)
    for _ in range(6):
        here.instance.answer()
        pass_days(here, 1, timedelta(hours=12))
    found = here.look(made)
    assert (found.is_on, found.reason) == (False, "failing")
    assert "Ours" in here.instance.browser("admin").get("/desk").text


def test_an_address_that_may_not_be_called_is_noted_and_tried_again(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.recorded")
    port = int(receiver.place.partition(":")[2])
    here.service.hub.tables.write(update(endpoint).values(url=f"http://127.0.0.1:{port - 1}/hook"))
    here.instance.answer()
    found = here.look(made)
    said = f"http://127.0.0.1:{port - 1}: this address may not be called; private hosts are allowed by [http] allow"
    assert (found.is_on, found.trouble, here.log(made)[0].status) == (True, said, "waiting")


def test_one_dead_receiver_does_not_starve_the_others(here: Here, receivers: list[Receiver]) -> None:
    dead, well = receivers
    here.endpoint(dead, "*")
    here.endpoint(well, "*")
    dead.will(*["500"] * 10_000)
    for _ in range(5):
        here.instance.answer()
    planned = len(well.got)
    assert {each.act for each in well.got} == {"200"}
    # Four attempts in a row were enough to leave it alone; what waits for it takes nobody's turn.
    assert len(dead.got) < planned


def test_a_batch_that_comes_again_plans_nothing_twice(here: Here, receiver: Receiver) -> None:
    here.endpoint(receiver, "response.*")
    here.instance.answer()
    planner = Planner(here.service.hub, here.service.book, here.service.log)
    again = planner.handle(here.service.hub.read.events())
    assert [event.type for event in here.service.hub.read.events(types=["response.*"])] == ["response.recorded"]
    assert again.tasks == []


def test_both_secrets_sign_for_a_day_after_a_rotation(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.recorded")
    old = receiver.secret
    here.service.rotate(made.id)
    assert here.service.secret(made.id) != old
    here.instance.answer()
    assert (receiver.got[-1].is_genuine, len(receiver.got[-1].signatures)) == (True, 2)
    receiver.secret = here.service.secret(made.id)
    here.instance.answer()
    assert receiver.got[-1].is_genuine
    here.instance.run(timedelta(hours=24))
    receiver.secret = old
    here.instance.answer()
    assert (receiver.got[-1].is_genuine, len(receiver.got[-1].signatures)) == (False, 1)


def test_a_changed_byte_does_not_verify(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.recorded")
    receiver.secret = here.service.secret(made.id).replace("whsec_", "whsec_AAAA")
    here.instance.answer()
    assert [each.is_genuine for each in receiver.got] == [False]


def test_the_log_forgets_after_its_days_what_has_ended(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.recorded")
    here.instance.answer()
    assert len(here.log(made)) == 1
    pass_days(here, 32, timedelta(days=1))
    assert here.log(made) == []
