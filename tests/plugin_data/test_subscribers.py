"""Subscribers of plugins: every event once, in order; effects and position together; a failing one fails alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import insert, select

from feedbackhub import Effects, Event, Fact, Identifier, Scheduled, Task
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.lag import subscribers_lag
from feedbackhub.loop.opening import prepare
from feedbackhub.loop.subscribers import Subscribers
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.erasing import erase_person
from feedbackhub.store import tables
from feedbackhub.store.tables import contact
from tests.loop.story import answer, asked, at_once, ended, rows, run
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Listener, Worker, listening
from tests.plugin_data.tables import keeping
from tests.plugin_data.work import queued


def subscriber(core: Core, name: str) -> Any:
    """Return a subscriber's row."""
    [found] = rows(core, tables.subscriber, name=name)
    return found


def test_every_event_comes_once_and_in_order(open_with: OpenWith, clock: SetClock) -> None:
    listener = Listener()
    core = open_with(listening("ears", listener))
    for number in range(3):
        answer(core, asked(core, str(number), {"email": f"{number}@example.org"}))
        run(core, clock)
    run(core, clock, timedelta(hours=1))
    assert listener.heard == [row.type for row in rows(core, tables.event)]
    assert [each.position for each in listener.events] == list(range(1, len(listener.events) + 1))
    assert subscriber(core, "ears:listener").position == len(listener.events)


def test_types_choose_and_a_star_stands_for_any_ending(open_with: OpenWith, clock: SetClock) -> None:
    few, more = Listener("few", ["response.recorded"]), Listener("more", ["response.*"])
    none = Listener("none", ["x.*"])
    core = open_with(listening("ears", few, more, none))
    answer(core, asked(core))
    run(core, clock, timedelta(hours=1))
    assert few.heard == ["response.recorded"]
    assert more.heard == ["response.recorded", "response.settled"]
    assert none.heard == []


def test_a_new_subscriber_hears_the_history_unless_it_begins_now(open_with: OpenWith, clock: SetClock) -> None:
    before = open_with()
    ended(before, "1")
    run(before, clock)
    early, late = Listener("early"), Listener("late", from_now=True)
    core = open_with(listening("ears", early, late))
    run(core, clock)
    history = list(early.heard)
    assert (history[0], late.heard) == ("invitation.created", [])
    ended(core, "2", {"email": "new@example.org"})
    run(core, clock)
    assert late.heard == early.heard[len(history) :] != []


def test_events_name_public_ids_and_what_was_frozen(open_with: OpenWith, clock: SetClock) -> None:
    listener = Listener()
    guest = listening("ears", listener)
    core = open_with(guest)
    invitation = asked(core, "1", team="north")
    answer(core, invitation)
    customer = guest.hub.read.invitation(invitation).customer
    contact_id = guest.hub.read.invitation(invitation).contact
    run(core, clock)
    [response] = guest.hub.read.responses_of(customer)
    by_type = {event.type: event.payload for event in listener.events}
    around = {"contact": contact_id, "customer": customer, "test": False}
    assert by_type["contact.recorded"] == {**around, "resolution": 1, "asked": True}
    told = by_type["response.recorded"]
    assert {name: told[name] for name in around} == around
    assert (told["response"], told["invitation"], told["survey"]) == (response.public_id, invitation, "post-contact")
    assert told["dimensions"]["team"] == "north"
    assert [value for payload in by_type.values() for value in payload.values() if type(value) is int] == [1, 1]


def test_what_was_erased_is_not_named(open_with: OpenWith, clock: SetClock) -> None:
    core = open_with()
    invitation = asked(core, "1")
    answer(core, invitation)
    erase_person(core, [Identifier("email", "ann@example.org")], "tests")
    listener = Listener()
    after = open_with(listening("ears", listener))
    run(after, clock)
    by_type = {event.type: event.payload for event in listener.events}
    assert "customer" not in by_type["contact.recorded"]
    assert "customer" not in by_type["response.recorded"]
    assert len(by_type["customer.erased"]["customers"]) == 1


def test_events_are_named_in_few_statements(open_with: OpenWith, clock: SetClock) -> None:


    core = open_with()
    for number in range(20):
        answer(core, asked(core, str(number), {"email": f"{number}@example.org"}))
    run(core, clock)
    listener = Listener()
    core = open_with(listening("ears", listener))
    noted: list[str] = []
    sql_event.listen(core.store.engine, "before_cursor_execute", lambda _c, _k, statement, *_: noted.append(statement))
    subscribers = Subscribers(core)
    assert subscribers.feed()
    assert len(listener.events) == 80
    assert len([each for each in noted if each.startswith("SELECT")]) <= 12


class Case:
    """A plugin that keeps a row for every answer."""

    def __init__(self, folder: Path) -> None:
        self.worker = Worker()
        self.listener = Listener("cases", ["response.recorded"])
        self.listener.answer = self.effects
        self.guest = keeping(
            folder, "complaints",
            subscribers=lambda hub: [self.listener],
            tasks=lambda hub: [Task("call", self.worker.run)],
        )  # fmt: skip

    def effects(self, events: Sequence[Event]) -> Effects:
        """Return a row, a task and a fact for every answer."""
        names = [event.payload["response"] for event in events]
        return Effects(
            changes=[insert(self.guest.case).values(name=name) for name in names],
            tasks=[Scheduled("call", {"response": name}) for name in names],
            events=[Fact("complaints.opened", {"response": name}) for name in names],
        )

    @property
    def kept(self) -> list[str]:
        """The names of the rows."""
        return [row["name"] for row in self.guest.hub.tables.read(select(self.guest.case))]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """The plugin."""
    return Case(tmp_path)


def test_changes_tasks_and_facts_follow_together(open_with: OpenWith, case: Case, clock: SetClock) -> None:
    others = Listener(types=["complaints.*"])
    core = open_with(case.guest, listening("ears", others))
    prepare(core)
    answer(core, asked(core))
    run(core, clock)
    [name] = case.kept
    assert [call.payload for call in case.worker.calls] == [{"response": name}]
    assert [(event.type, event.payload) for event in others.events] == [("complaints.opened", {"response": name})]


def test_a_change_that_fails_takes_everything_back(open_with: OpenWith, case: Case, clock: SetClock) -> None:
    core = open_with(case.guest)
    prepare(core)
    case.listener.answer = lambda events: replace(
        case.effects(events), changes=[insert(case.guest.case).values(name=None)]
    )
    answer(core, asked(core))
    engine = Engine(core)
    engine.drain()
    assert (case.kept, case.worker.calls, rows(core, tables.event, type="complaints.opened")) == ([], [], [])
    assert subscriber(core, "complaints:cases").error == "IntegrityError"
    case.listener.answer = case.effects
    clock.move(timedelta(minutes=1))
    engine.drain()
    assert (len(case.kept), len(case.worker.calls)) == (1, 1)
    assert subscriber(core, "complaints:cases").error == ""


WRONG: dict[str, Any] = {
    "nothing": lambda events: None,
    "a foreign table": lambda events: Effects(changes=[contact.delete()]),
    "no statement": lambda events: Effects(changes=["delete from contact"]),  # type: ignore[list-item]
    "no list": lambda events: Effects(changes=5),  # type: ignore[arg-type]
    "an unknown task": lambda events: Effects(tasks=[Scheduled("nap")]),
    "no task": lambda events: Effects(tasks=["call"]),  # type: ignore[list-item]
    "no JSON": lambda events: Effects(tasks=[Scheduled("call", {"at": object()})]),
    "a naive moment": lambda events: Effects(tasks=[Scheduled("call", {}, events[0].at.replace(tzinfo=None))]),
    "another's fact": lambda events: Effects(events=[Fact("response.recorded")]),
    "no fact": lambda events: Effects(events=["complaints.opened"]),  # type: ignore[list-item]
    "an exit": lambda events: exit(3),
}


def test_a_wrong_answer_parks_that_subscriber_alone(open_with: OpenWith, tmp_path: Path, clock: SetClock) -> None:
    other, worker = Listener(), Worker()
    wrong = {name: Listener(f"wrong-{number}") for number, name in enumerate(WRONG)}
    for name, listener in wrong.items():
        listener.answer = WRONG[name]
    guest = keeping(
        tmp_path, "complaints",
        subscribers=lambda hub: list(wrong.values()),
        tasks=lambda hub: [Task("call", worker.run)],
    )  # fmt: skip
    core = open_with(guest, listening("ears", other))
    prepare(core)
    answer(core, asked(core))
    run(core, clock)
    for name, listener in wrong.items():
        found = subscriber(core, f"complaints:{listener.name}")
        assert (name, found.position) == (name, 0)
        assert (name, found.error.startswith(f"plugin complaints: handle {listener.name} ")) == (name, True)
    assert (guest.hub.tables.read(select(guest.case)), worker.calls) == ([], [])
    assert subscriber(core, "ears:listener").position == len(other.events) > 0
    assert subscriber(core, "tallies").position > 0


def test_a_failing_subscriber_is_left_alone_for_a_while_then_goes_on(open_with: OpenWith, clock: SetClock) -> None:
    listener = Listener()
    tries: list[int] = []

    def fail(events: Sequence[Event]) -> Effects:
        tries.append(len(events))
        raise RuntimeError("no")

    listener.answer = fail
    core = open_with(listening("ears", listener))
    ended(core, "1")
    engine = Engine(core)
    for _ in range(4):
        engine.drain()
    total = len(rows(core, tables.event))
    assert tries == [total, 1], "the event that it fails at is looked for"
    [stuck] = [each for each in subscribers_lag(core) if each.name == "ears:listener"]
    assert stuck.behind == len(rows(core, tables.event))
    assert stuck.error.startswith("plugin ears: handle listener raised RuntimeError in ")
    for _ in range(2):
        clock.move(timedelta(minutes=1))
        engine.drain()
    assert tries == [total, 1, 1, 1]
    listener.answer = lambda _: Effects()
    clock.move(timedelta(minutes=1))
    engine.drain()
    assert listener.heard[:2] == ["invitation.created", "contact.recorded"]


def test_of_two_processes_only_one_applies(open_with: OpenWith, tmp_path: Path, clock: SetClock) -> None:
    first = Case(tmp_path)
    core = open_with(first.guest)
    prepare(core)
    for number in range(5):
        answer(core, asked(core, str(number), {"email": f"{number}@example.org"}))
    run(open_with(), clock)
    second = Case(tmp_path / "other")
    twin = open_with(second.guest)
    gate = threading.Barrier(2, timeout=20)

    def meet(effects: Any) -> Any:
        def answer_(events: Sequence[Event]) -> Effects:
            gate.wait()
            result: Effects = effects(events)
            return result

        return answer_

    first.listener.answer, second.listener.answer = meet(first.effects), meet(second.effects)
    at_once([Subscribers(core).feed, Subscribers(twin).feed])
    assert (len(first.listener.events), len(second.listener.events)) == (5, 5)
    assert len(first.kept) == 5
    assert len(queued(core)) == 5
    assert len(rows(core, tables.event, type="complaints.opened")) == 5


def test_what_nobody_wants_is_passed_without_writing(open_with: OpenWith, clock: SetClock) -> None:
    listeners = [Listener(f"l{number}", ["never"]) for number in range(5)]
    core = open_with(listening("ears", *listeners))
    engine = Engine(core)
    engine.drain()
    ended(core, "1")
    engine.drain()
    assert subscriber(core, "ears:l0").position == 0
    assert not Subscribers(core).feed()


def test_a_hanging_subscriber_holds_nobody_up(open_with: OpenWith) -> None:
    let_go = threading.Event()
    slow, quick = Listener("slow"), Listener("quick")

    def hang(events: Sequence[Event]) -> Effects:
        let_go.wait(20)
        return Effects()

    slow.answer = hang
    core = open_with(listening("slow", slow), listening("quick", quick))
    engine = Engine(core)
    engine.start()
    ended(core, "1")
    try:
        until = time.monotonic() + 10
        while len(quick.events) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert quick.heard[:2] == ["invitation.created", "contact.recorded"]
        assert slow.events == []
    finally:
        let_go.set()
        engine.stop()
