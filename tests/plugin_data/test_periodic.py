"""Periodic tasks of plugins: once a slot, whatever machines and clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import PermanentFailure, TemporaryFailure
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.slots import first_slot, is_slot, next_slot
from feedbackhub.machinery.clock import SetClock
from tests.app_fixtures import START
from tests.loop.story import at_once, run
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Worker, working
from tests.plugin_data.work import DAY, HOUR, MINUTE, call_off, claim, only, queued


def slots(worker: Worker) -> list[datetime]:
    """Return the slots that a worker ran for."""
    return [call.due for call in worker.calls]


def test_periodic_work_runs_once_a_slot(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker()
    core = open_with(working("daily", worker, every=DAY, at=10 * HOUR))
    run(core, clock)
    assert worker.calls == []
    ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
    for _ in range(3):
        run(core, clock, HOUR)
    assert slots(worker) == [ten]
    run(core, clock, DAY)
    run(core, clock)
    assert slots(worker) == [ten, ten + DAY]


def test_missed_slots_are_made_up_for_by_one_run(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker()
    core = open_with(working("hourly", worker, every=HOUR))
    run(core, clock, MINUTE)
    after = open_with(working("hourly", worker, every=HOUR))
    run(after, clock, 50 * HOUR)
    run(after, clock)
    assert slots(worker) == [datetime(2026, 3, 2, 10, tzinfo=UTC)]
    run(after, clock, HOUR)
    assert slots(worker)[1:] == [datetime(2026, 3, 4, 12, tzinfo=UTC)]


def test_of_two_processes_one_runs_a_slot(open_with: OpenWith, clock: SetClock) -> None:
    workers = [Worker(), Worker()]
    cores = [open_with(working("hourly", worker, every=HOUR)) for worker in workers]
    at_once([Engine(core).drain for core in cores])
    for _ in range(3):
        clock.move(HOUR)
        at_once([Engine(core).drain for core in cores])
    ran = sorted(slots(workers[0]) + slots(workers[1]))
    assert ran == [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10, 11, 12)]
    assert len(queued(cores[0])) == 1


def test_a_crash_in_the_middle_repeats_the_slot(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker()
    core = open_with(working("hourly", worker, every=HOUR))
    clock.move(MINUTE)
    run(core, clock)
    clock.move(HOUR)
    claim(core, "plugin:hourly")
    run(core, clock, 5 * MINUTE)
    [call] = worker.calls
    assert (call.due, call.attempt) == (datetime(2026, 3, 2, 10, tzinfo=UTC), 2)
    run(core, clock, HOUR)
    assert (worker.calls[-1].due, worker.calls[-1].attempt) == (datetime(2026, 3, 2, 11, tzinfo=UTC), 1)


def test_a_clock_that_goes_back_neither_repeats_a_slot_nor_stops_the_work(
    open_with: OpenWith, clock: SetClock
) -> None:
    worker = Worker()
    core = open_with(working("hourly", worker, every=HOUR))
    run(core, clock)
    run(core, clock, -30 * MINUTE)
    run(core, clock, 30 * MINUTE)
    assert slots(worker) == [START]
    run(core, clock, 365 * DAY)
    clock.move(-365 * DAY)
    run(core, clock)
    run(core, clock, HOUR)
    assert slots(worker) == [START, START + HOUR, START + HOUR]


def test_periodic_work_that_fails_goes_on_with_the_next_slot(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker(TemporaryFailure("later"), PermanentFailure("never"))
    core = open_with(working("hourly", worker, every=HOUR, retries=(10 * MINUTE,)))
    run(core, clock)
    assert (only(core).kind, only(core).due_at, only(core).error) == ("periodic", START + 10 * MINUTE, "later")
    run(core, clock, 10 * MINUTE)
    assert (only(core).state, only(core).due_at, only(core).error) == ("due", START + HOUR, "never")
    run(core, clock, HOUR)
    assert only(core).error == ""
    assert [(call.due, call.attempt) for call in worker.calls] == [(START, 1), (START, 2), (START + HOUR, 1)]
    assert call_off(core, only(core)) == "periodic work comes again by itself"


def test_periodic_work_waits_for_its_plugin_and_makes_up_when_it_is_back(open_with: OpenWith, clock: SetClock) -> None:
    worker = Worker()
    run(open_with(working("hourly", worker, every=HOUR)), clock)
    without = open_with()
    run(without, clock, 2 * HOUR)
    assert only(without).state == "parked"
    run(open_with(working("hourly", worker, every=HOUR)), clock, HOUR)
    assert slots(worker) == [START, START + HOUR]


SPANS = st.timedeltas(timedelta(seconds=1), timedelta(days=40))
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(lambda span: datetime(1971, 1, 1, tzinfo=UTC) + span)


@given(MOMENTS, SPANS, st.timedeltas(timedelta(0), timedelta(days=1)))
def test_slots_are_the_same_whoever_counts_them(now: datetime, every: timedelta, at: timedelta) -> None:
    first, following = first_slot(now, every, at), next_slot(now, every, at)
    assert now <= first < now + every
    assert now < following <= now + every
    assert is_slot(first, every, at)
    assert next_slot(first, every, at) == first + every
    assert following == (first if first > now else first + every)


def test_slots_of_a_day_are_counted_from_midnight() -> None:
    assert first_slot(START, DAY) == datetime(2026, 3, 3, tzinfo=UTC)
    assert first_slot(START, 6 * HOUR, HOUR) == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert first_slot(START, 7 * DAY).weekday() == 0
