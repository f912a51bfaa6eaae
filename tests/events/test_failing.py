"""A failing subscriber stands at the event that it fails at, rests longer and longer, and is parked in the end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import pytest

from feedbackhub import Effects, Event
from feedbackhub.cli.events import _state
from feedbackhub.contract.errors import Conflict
from feedbackhub.loop.core import Core
from feedbackhub.loop.standing import PARKED_AFTER
from feedbackhub.loop.subscribers import Subscribers
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.containment import LIMITS
from feedbackhub.office.event_log import retry
from feedbackhub.store import tables
from tests.events.log import lag_of, told
from tests.loop.story import rows
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Listener, listening

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_fuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every try reach the plugin's code: the fuse rests by the machine's own clock."""
    monkeypatch.setattr("feedbackhub.machinery.fuse.ROW", 1000)


def failing_at(listener: Listener, type_: str) -> list[int]:
    """Let a subscriber fail whenever it is handed an event of a type, and return the sizes of its tries."""
    tries: list[int] = []

    def handle(events: Sequence[Event]) -> Effects:
        tries.append(len(events))
        if any(event.type == type_ for event in events):
            raise ZeroDivisionError("secret")
        return Effects()

    listener.answer = handle
    return tries


def drained(subscribers: Subscribers) -> None:
    """Hand out until nobody gets anything."""
    while subscribers.feed():
        pass


def test_what_comes_before_the_bad_event_is_handed_over_and_others_get_everything(open_with: OpenWith) -> None:
    bad, good = Listener("bad"), Listener("good")
    core = open_with(listening("ears", bad, good))
    told(core, *["a"] * 70, "poison", *["a"] * 30)
    tries = failing_at(bad, "poison")
    drained(Subscribers(core))
    assert [event.position for event in bad.events] == list(range(1, 71))
    assert [event.position for event in good.events] == list(range(1, 102))
    assert len(tries) < 25
    stuck = lag_of(core, "ears:bad")
    assert (stuck.position, stuck.stuck_at, stuck.behind, stuck.failures) == (70, 71, 31, 1)
    assert stuck.error.startswith("plugin ears: handle bad raised ZeroDivisionError in test_failing.py")
    assert (lag_of(core, "ears:good").behind, lag_of(core, "tallies").error) == (0, "")


def test_once_the_bad_event_is_taken_the_rest_follows_in_large_batches(open_with: OpenWith, clock: SetClock) -> None:
    bad = Listener("bad")
    core = open_with(listening("ears", bad))
    told(core, "a", "poison", *["a"] * 20)
    failing_at(bad, "poison")
    subscribers = Subscribers(core)
    drained(subscribers)
    tries = failing_at(bad, "nothing")
    clock.move(MINUTE)
    drained(subscribers)
    assert tries == [1, 20]
    assert [event.position for event in bad.events] == list(range(1, 23))
    assert (lag_of(core, "ears:bad").error, lag_of(core, "ears:bad").stuck_at) == ("", None)


def parked(core: Core, clock: SetClock, subscribers: Subscribers) -> int:
    """Let time pass until the only subscriber is parked, and return how many tries that took."""
    for n in range(1, 100):
        drained(subscribers)
        if lag_of(core, "ears:bad").parked:
            return n
        clock.move(MINUTE)
    raise AssertionError("it was never parked")


@pytest.fixture
def bad() -> Listener:
    """A subscriber that will fail."""
    return Listener("bad")


@pytest.fixture
def broken(open_with: OpenWith, bad: Listener) -> Core:
    """An instance whose subscriber fails at its only event."""
    core = open_with(listening("ears", bad))
    told(core, "poison")
    return core


def test_after_ten_failures_in_a_row_it_is_parked_and_tried_once_an_hour(
    broken: Core, bad: Listener, clock: SetClock
) -> None:
    tries, subscribers = failing_at(bad, "poison"), Subscribers(broken)
    assert parked(broken, clock, subscribers) == PARKED_AFTER == len(tries)
    assert _state(lag_of(broken, "ears:bad")) == "parked at event 1"
    for _ in range(59):
        clock.move(MINUTE)
        drained(subscribers)
    assert len(tries) == PARKED_AFTER
    clock.move(MINUTE)
    drained(subscribers)
    assert len(tries) == PARKED_AFTER + 1
    failing_at(bad, "nothing")
    clock.move(HOUR)
    drained(subscribers)
    assert (len(bad.events), lag_of(broken, "ears:bad").parked) == (1, False)


def test_a_parked_one_is_tried_once_when_a_server_starts(broken: Core, bad: Listener, clock: SetClock) -> None:
    tries, subscribers = failing_at(bad, "poison"), Subscribers(broken)
    parked(broken, clock, subscribers)
    before = len(tries)
    again = Subscribers(broken)
    drained(again)
    drained(again)
    assert len(tries) == before + 1
    failing_at(bad, "nothing")
    drained(Subscribers(broken))
    assert len(bad.events) == 1


def test_a_person_lets_it_try_again_at_once(broken: Core, bad: Listener, clock: SetClock) -> None:
    failing_at(bad, "poison")
    subscribers = Subscribers(broken)
    parked(broken, clock, subscribers)
    failing_at(bad, "nothing")
    drained(subscribers)
    assert bad.events == []
    assert retry(broken, "bad", "tests").stuck_at == 1
    drained(subscribers)
    assert len(bad.events) == 1
    with pytest.raises(Conflict, match="ears:bad does not fail"):
        retry(broken, "ears", "tests")
    [entry] = rows(broken, tables.audit, action="events.retried")
    assert (entry.actor, entry.subject, entry.detail) == ("tests", "subscriber:ears:bad", {"event": 1})


def test_another_process_leaves_it_alone_too(broken: Core, bad: Listener, open_with: OpenWith) -> None:
    other = Listener("bad")
    failing_at(bad, "poison")
    drained(Subscribers(broken))
    tries = failing_at(other, "poison")
    drained(Subscribers(open_with(listening("ears", other))))
    assert tries == []


def test_a_clock_that_is_set_back_makes_it_rest_no_longer(broken: Core, bad: Listener, clock: SetClock) -> None:
    tries, subscribers = failing_at(bad, "poison"), Subscribers(broken)
    drained(subscribers)
    clock.move(-timedelta(days=1))
    drained(subscribers)
    assert len(tries) == 2


def test_one_that_takes_too_long_gets_fewer_events_the_next_time(
    open_with: OpenWith, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Listener("slow")
    core = open_with(listening("ears", slow))
    told(core, *["a"] * 40)
    tries: list[int] = []

    def handle(events: Sequence[Event]) -> Effects:
        tries.append(len(events))
        time.sleep(0.3 if len(events) > 10 else 0)
        return Effects()

    slow.answer = handle
    monkeypatch.setitem(LIMITS, "handle", 0.1)
    subscribers = Subscribers(core)
    drained(subscribers)
    assert (tries, slow.events) == ([40], [])
    clock.move(MINUTE)
    assert subscribers.feed()
    assert tries == [40, 5]


def test_what_an_older_release_leaves_behind_is_no_failure(broken: Core, bad: Listener, clock: SetClock) -> None:
    """It empties the error alone."""
    failing_at(bad, "poison")
    parked(broken, clock, Subscribers(broken))
    broken.store.write(lambda c: c.execute(tables.subscriber.update().values(error="")))
    found = lag_of(broken, "ears:bad")
    assert (found.parked, found.failures, found.stuck_at) == (False, 0, None)
    drained(Subscribers(broken))
    assert lag_of(broken, "ears:bad").failures == 1
