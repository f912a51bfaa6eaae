"""What `feedbackhub.testing` gives an author: an instance in which time stands still, an outbox that fails, a peer."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from feedbackhub import Gesture, Hub, Letter, PermanentFailure, Returned, Task, TemporaryFailure, Unreachable, hookimpl
from feedbackhub.testing import Peer, make_contact_event, make_incoming, make_message
from feedbackhub.testing.makers import START


def hubs() -> tuple[SimpleNamespace, list[Hub]]:
    """Return a plugin that keeps its hub."""
    kept: list[Hub] = []

    @hookimpl
    def feedbackhub_tasks(hub: Hub) -> list[Task]:
        kept.append(hub)
        return []

    return SimpleNamespace(feedbackhub_tasks=feedbackhub_tasks, __name__="mine"), kept


def test_time_stands_still_until_it_is_moved(feedbackhub_instance: Any) -> None:
    here = feedbackhub_instance()
    assert here.clock.now() == START
    contact = here.end_contact()
    assert (contact.ended_at, here.sent, here.clock.now()) == (START, [], START)
    here.run(timedelta(hours=2))
    assert ([message.to.value for message in here.sent], here.clock.now()) == (
        ["ann@example.com"], START + timedelta(hours=2),
    )  # fmt: skip


def test_an_outbox_fails_as_told_and_then_takes_the_next(feedbackhub_instance: Any) -> None:
    here = feedbackhub_instance()
    here.outbox.failures = [TemporaryFailure("later"), TemporaryFailure("later")]
    here.ask()
    assert here.sent == []
    for _ in range(3):
        here.run(timedelta(hours=1))
    assert [message.to.value for message in here.sent] == ["ann@example.com"]
    assert here.outbox.failures == []


def test_a_permanent_failure_of_the_outbox_ends_the_ask(feedbackhub_instance: Any) -> None:
    here = feedbackhub_instance()
    here.outbox.failures = [PermanentFailure("no such address", address_is_dead=True)]
    asked = here.ask()
    here.run(timedelta(days=1))
    assert (here.sent, here.read.invitation(asked.invitation).state) == ([], "undeliverable")


def test_what_comes_back_to_the_outbox_is_heard(feedbackhub_instance: Any) -> None:
    here = feedbackhub_instance()
    here.ask()
    here.outbox.came_back = [Returned("opt_out", key="1", receipt="outbox-1")]
    here.run(timedelta(days=40))
    with pytest.raises(AssertionError, match="opted out"):
        here.ask("2")


def test_an_answer_is_what_plugins_read(feedbackhub_instance: Any) -> None:
    here = feedbackhub_instance()
    response = here.answer(rating=2, comment="Slow.")
    assert (response.rating, response.comment, response.low, response.counted) == (2, "Slow.", True, True)
    assert here.answer(rating=5).customer != response.customer


def test_a_peer_answers_as_told_and_remembers(feedbackhub_instance: Any, feedbackhub_peer: Peer) -> None:
    plugin, kept = hubs()
    feedbackhub_instance(plugin)
    (hub,) = kept
    feedbackhub_peer.answers("POST", "/notes", {"id": 7}, status=201, headers={"X-Seen": "yes"})
    feedbackhub_peer.answers("POST", "/notes", status=503, headers={"Retry-After": "5"}, times=1)
    first = hub.http.post(f"{feedbackhub_peer.url}/notes", json={"n": 1}, token="t")
    second = hub.http.post(f"{feedbackhub_peer.url}/notes", data={"n": "2"})
    assert (first.status, first.retry_after) == (503, timedelta(seconds=5))
    assert (second.status, second.field("id"), second.headers["x-seen"]) == (201, "7", "yes")
    assert hub.http.get(f"{feedbackhub_peer.url}/elsewhere", params={"q": "a b"}).status == 404
    seen = feedbackhub_peer.seen
    assert (seen[0].json, seen[0].headers["authorization"], seen[1].form) == ({"n": 1}, "Bearer t", {"n": "2"})
    assert (seen[2].path, seen[2].query) == ("/elsewhere", {"q": "a b"})


def test_a_peer_that_takes_too_long_is_unreachable(feedbackhub_instance: Any, feedbackhub_peer: Peer) -> None:
    plugin, kept = hubs()
    feedbackhub_instance(plugin, settings={"http": {"allow": [feedbackhub_peer.place], "timeout_seconds": 0.3}})
    feedbackhub_peer.answers("GET", "*", seconds=1)
    with pytest.raises(Unreachable):
        kept[0].http.get(f"{feedbackhub_peer.url}/slow")


def test_several_instances_know_nothing_of_each_other(feedbackhub_instance: Any) -> None:
    one, other = feedbackhub_instance(), feedbackhub_instance()
    one.ask()
    assert (len(one.sent), other.sent) == (1, [])
    assert other.read.count("contacts") == 0


def test_a_browser_is_signed_in_as_somebody_of_the_role(feedbackhub_instance: Any) -> None:
    here = feedbackhub_instance()
    assert here.browser("admin").get("/plugins").status_code == 200
    assert here.browser("agent").get("/plugins").status_code == 403
    assert here.browser().get("/plugins").status_code in (302, 303)


def test_a_plugin_that_is_not_there_is_named(feedbackhub_instance: Any) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        feedbackhub_instance().state("nowhere")


def test_makers_take_what_differs() -> None:
    assert make_message(subject="Hello").subject == "Hello"
    assert make_message().choices[0].url == "https://feedback.example.com/s/AAAAAAAAAAAAAAAAAAAAAAAA?r=1"
    assert make_incoming(b"x", {"X-Key": "1"}).headers == {"x-key": "1"}
    assert make_contact_event("7", customer=None).customer is None


def test_a_plugin_makes_good_asks_again_and_tells_staff(feedbackhub_instance: Any) -> None:
    plugin, kept = hubs()
    here = feedbackhub_instance(plugin)
    unhappy, lea = here.answer(rating=1), here.hire("Lea")
    [hub] = kept
    made = hub.record_gesture(Gesture("apology", unhappy.customer, "Lea", response=unhappy.public_id, manner="plain"))
    reached = hub.reach(unhappy.customer, ["outbox"])
    hub.send(Letter("outbox", reached.address, "Sorry", "We are sorry.", about=made.id))
    hub.ask("re-ask", after=unhappy.public_id)
    here.run(timedelta(hours=2))
    second = here.answer_again(unhappy, 5)
    assert (second.after_response, second.rating) == (unhappy.public_id, 5)
    assert sorted(message.subject for message in here.sent[1:]) == ["Have we put it right?", "Sorry"]
    assert [each.payload["about"] for each in here.read.events(types=["letter.sent"])] == [made.id]
    assert ([each.id for each in here.read.gestures_of(second.customer)], here.read.staff()) == ([made.id], [lea])
    with pytest.raises(AssertionError, match="nobody was asked again"):
        here.answer_again(second)
