"""Tasks of plugins: run until done, parked when that is hopeless, once a slot when periodic."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from feedbackhub import NotFound, PermanentFailure, Refused, Task, TemporaryFailure
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.fence import DEADLY
from feedbackhub.loop.housekeeping import return_leases
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.task_deeds import DONE, retry_tasks
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import at_once, rows, run
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Guest, Worker, working
from tests.plugin_data.work import DAY, HOUR, MINUTE, call_off, claim, only, queued, retry, waiting


def test_a_scheduled_task_runs_when_it_is_due(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker()
    guest = working("busy", worker)
    core = open_with(guest)
    guest.hub.schedule("work", {"n": 1}, due=START + HOUR)
    run(core, clock)
    assert worker.calls == []
    run(core, clock, 2 * HOUR)
    [call] = worker.calls
    assert (call.payload, call.attempt, call.due) == ({"n": 1}, 1, START + HOUR)
    run(core, clock, DAY)
    assert len(worker.calls) == 1
    [row] = queued(core)
    assert (row.state, row.payload) == ("done", None)


def test_a_key_is_queued_once_ever(open_with: OpenWith, clock: SetClock) -> None:
    worker, other = Worker(), Worker()
    guest, stranger = working("busy", worker), working("other", other)
    core = open_with(guest, stranger)
    for _ in range(2):
        guest.hub.schedule("work", key="once")
        run(core, clock, timedelta(days=9))
    stranger.hub.schedule("work", key="once")
    run(core, clock)
    assert (len(worker.calls), len(other.calls)) == (1, 1)
    assert len(queued(core)) == 1, "the task itself is forgotten after a week, its key is not"
    assert at_once([lambda: guest.hub.schedule("work", key="twice")] * 4) == [None] * 4
    run(core, clock)
    assert len(worker.calls) == 2


def test_what_cannot_be_scheduled_is_refused(open_with: OpenWith) -> None:
    guest = working("busy", Worker())
    open_with(guest)
    refused: tuple[Callable[[], None], ...] = (
        lambda: guest.hub.schedule("nap"),
        lambda: guest.hub.schedule("work", {"at": START}),
        lambda: guest.hub.schedule("work", {"much": "x" * 70_000}),
        lambda: guest.hub.schedule("work", {"nan": float("nan")}),
        lambda: guest.hub.schedule("work", due=START.replace(tzinfo=None)),
        lambda: guest.hub.publish("response.recorded"),
        lambda: guest.hub.publish("busy"),
        lambda: guest.hub.publish("busy.x", {"at": START}),
    )
    for wrong in refused:
        with pytest.raises(Refused):
            wrong()


def test_failures_are_tried_again_after_each_span_then_parked(open_with: OpenWith, clock: SetClock) -> None:
    spans = (10 * MINUTE, HOUR)
    worker = Worker(TemporaryFailure("busy"), ValueError("oh"), TemporaryFailure("still busy"))
    guest = working("busy", worker, retries=spans)
    core = open_with(guest)
    guest.hub.schedule("work", {"n": 1})
    run(core, clock)
    assert (only(core).due_at, only(core).error, only(core).attempts) == (START + spans[0], "busy", 1)
    run(core, clock, spans[0])
    assert only(core).due_at == START + spans[0] + spans[1]
    assert only(core).error.startswith("raised ValueError in guests.py, line ")
    run(core, clock, spans[1])
    assert [call.attempt for call in worker.calls] == [1, 2, 3]
    assert [call.due for call in worker.calls] == [START] * 3
    assert (only(core).state, only(core).error) == ("parked", "still busy")
    run(core, clock, 9 * DAY)
    assert len(worker.calls) == 3
    retry(core, only(core))
    run(core, clock)
    assert (worker.calls[-1].attempt, worker.calls[-1].payload) == (1, {"n": 1})
    assert waiting(core) == []


def test_a_failure_may_ask_for_its_own_span(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker(TemporaryFailure("slow down", retry_after=3 * HOUR))
    guest = working("busy", worker)
    core = open_with(guest)
    guest.hub.schedule("work")
    run(core, clock)
    assert only(core).due_at == START + 3 * HOUR


def test_a_permanent_failure_is_parked_at_once_and_can_be_called_off(open_with: OpenWith, clock: SetClock) -> None:
    guest = working("busy", Worker(PermanentFailure("gone")))
    core = open_with(guest)
    guest.hub.schedule("work")
    run(core, clock)
    line = only(core)
    assert (line.plugin, line.kind, line.what, line.state, line.error) == ("busy", "task", "work", "parked", "gone")
    assert call_off(core, line) == DONE
    assert waiting(core) == []
    assert [row.action for row in rows(core, tables.audit)] == ["task.discarded"]
    assert call_off(core, line) == "it has ended"
    with pytest.raises(NotFound):
        retry_tasks(core, ["abcdefghijkl"], "tests")
    retry(core, line)
    assert only(core).state == "due"


def test_a_task_whose_plugin_is_gone_waits_for_it(open_with: OpenWith, clock: SetClock) -> None:
    guest = working("busy", Worker())
    open_with(guest)
    guest.hub.schedule("work")
    without = open_with()
    run(without, clock)
    assert (only(without).state, only(without).error) == ("parked", "The plugin busy is not installed.")
    bare = open_with(Guest("busy", tasks=lambda hub: []))
    retry(bare, only(bare))
    run(bare, clock)
    assert only(bare).error == "The plugin busy brings no task work."
    worker = Worker()
    back = open_with(working("busy", worker))
    retry(back, only(back))
    run(back, clock)
    assert [call.attempt for call in worker.calls] == [1]


def test_a_task_that_is_too_slow_is_given_up_and_tried_again(open_with: OpenWith, clock: SetClock) -> None:
    let_go = threading.Event()

    def hang(_: Any) -> None:
        let_go.wait(20)

    guest = Guest("slow", tasks=lambda hub: [Task("work", hang, limit=timedelta(seconds=0.2))])
    core = open_with(guest)
    guest.hub.schedule("work")
    run(core, clock)
    let_go.set()
    assert (only(core).state, only(core).error) == ("due", "took longer than 0.2 s")


def test_a_long_task_is_held_and_run_by_nobody_else(open_with: OpenWith, settings: Any) -> None:
    """The lease is one second and the task takes two: only renewing keeps the other process from running it."""
    calls: list[str] = []

    def work(_: Any) -> None:
        calls.append("begun")
        time.sleep(2)

    guests = [Guest("long", tasks=lambda hub: [Task("work", work)]) for _ in range(2)]
    cores = [open_with(guest, at=None) for guest in guests]
    for core in cores:
        object.__setattr__(core.settings.engine, "lease_seconds", 1)
    guests[0].hub.schedule("work")
    ended = threading.Event()

    def claims_again() -> None:
        while not ended.wait(0.2):
            Engine(cores[1]).drain()

    thread = threading.Thread(target=claims_again)
    thread.start()
    Engine(cores[0]).drain()
    ended.set()
    thread.join()
    assert calls == ["begun"]
    assert [row.state for row in queued(cores[0])] == ["done"]


def test_a_process_that_dies_in_the_middle_leaves_its_task_to_others(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker()
    guest = working("busy", worker)
    core = open_with(guest)
    guest.hub.schedule("work", {"n": 1})
    claim(core, "plugin:busy")
    run(core, clock)
    assert worker.calls == []
    run(core, clock, 2 * MINUTE)
    assert [(call.attempt, call.payload) for call in worker.calls] == [(2, {"n": 1})]


def test_a_task_that_kills_every_process_is_parked(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker()
    guest = working("busy", worker, retries=(MINUTE,))
    core = open_with(guest)
    guest.hub.schedule("work")
    for _ in range(core.settings.engine.max_attempts):
        claim(core, "plugin:busy")
        clock.move(10 * MINUTE)  # the more have died of it, the longer it is kept apart
        return_leases(core)
        clock.move(10 * MINUTE)
    run(core, clock)
    assert worker.calls == []
    assert (only(core).state, only(core).error) == ("parked", DEADLY)


def test_no_plugin_takes_all_hands(open_with: OpenWith) -> None:
    let_go, quick = threading.Event(), Worker()
    running: list[int] = []

    def hang(_: Any) -> None:
        running.append(1)
        let_go.wait(20)

    hog = Guest("hog", tasks=lambda hub: [Task("work", hang)])
    other = working("other", quick)
    core = open_with(hog, other, at=None)
    for _ in range(6):
        hog.hub.schedule("work")
    other.hub.schedule("work")
    engine = Engine(core)
    engine.start()
    try:
        until = time.monotonic() + 10
        while (not quick.calls or len(running) < 2) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
        assert (len(running), len(quick.calls)) == (2, 1)
    finally:
        let_go.set()
        engine.stop()
