"""The pump: claims no more than there are hands for, the most urgent first, within limits that hold for all pumps."""

from datetime import timedelta

from feedbackhub.loop.core import Core
from feedbackhub.loop.pump import Pump
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store.queries import outbox
from tests.engine.hands import SECOND, Noting, add, claim, tasks, with_engine

FIRST, FALLBACK, REMINDER = 0, 3, 10


def test_no_more_is_claimed_than_there_are_hands_for(core: Core) -> None:
    add(core, "mail", 5)
    runner = Noting(3)
    Pump(core, runner).look()
    assert len(runner.taken) == 3
    assert [row.state for row in tasks(core)] == ["claimed"] * 3 + ["due"] * 2
    assert {(row.attempt, row.state) for row in runner.taken} == {(1, "claimed")}, "the claim is committed before"


def test_a_reminder_takes_no_hand_that_a_first_ask_could_have(core: Core, clock: SetClock) -> None:
    add(core, "mail", 5, REMINDER)
    clock.move(timedelta(hours=1))
    add(core, "mail", 1, FALLBACK)
    add(core, "sms", 2, FIRST)
    runner = Noting(4)
    Pump(core, runner).look()
    assert [(row.lane, row.priority) for row in runner.taken] == [("sms", 0), ("sms", 0), ("mail", 3), ("mail", 10)]


def test_lanes_share_the_hands_and_what_one_leaves_another_takes(core: Core) -> None:
    add(core, "mail", 10)
    add(core, "sms", 10)
    add(core, "webhook", 1)
    runner = Noting(9)
    Pump(core, runner).look()
    assert sorted(runner.lanes()) == ["mail"] * 4 + ["sms"] * 4 + ["webhook"]


def test_the_last_hand_is_not_always_the_same_lanes(core: Core) -> None:
    for lane in ("a", "b", "c"):
        add(core, lane, 5)
    runner = Noting(1)
    pump = Pump(core, runner)
    for _ in range(6):
        pump.look()
    assert sorted(runner.lanes()) == ["a", "a", "b", "b", "c", "c"]


def test_two_pumps_keep_one_rate_and_no_burst_is_larger_than_a_second(core: Core, clock: SetClock) -> None:
    core = with_engine(core, rates={"mail": 5})
    add(core, "mail", 40)
    add(core, "sms", 10)
    one, other = Noting(50), Noting(50)
    pumps = [Pump(core, one), Pump(core, other)]
    assert [pump.look() for pump in pumps] == [0.1, 0.1], "before long there is more to do"
    assert sorted(one.lanes() + other.lanes()) == ["mail"] * 5 + ["sms"] * 10
    sent = 0
    for _ in range(20):
        clock.move(SECOND / 10)
        for pump in pumps:
            pump.look()
        sent += len(one.lanes()) + len(other.lanes())
    assert sent == 10
    clock.move(timedelta(hours=1))
    pumps[1].look()
    assert len(other.lanes()) == 5


def test_a_rate_below_one_and_a_clock_that_is_set_back(core: Core, clock: SetClock) -> None:
    core = with_engine(core, rates={"mail": 0.5})
    add(core, "mail", 9)
    runner = Noting(9)
    pump = Pump(core, runner)
    pump.look()
    clock.move(timedelta(days=-1))
    add(core, "mail", 9)
    pump.look()
    clock.move(SECOND)
    pump.look()
    assert len(runner.lanes()) == 1
    clock.move(SECOND)
    pump.look()
    assert len(runner.lanes()) == 1


def test_two_pumps_keep_the_most_at_the_same_time_until_some_have_ended(core: Core) -> None:
    core = with_engine(core, concurrency={"mail": 3})
    add(core, "mail", 10)
    one, other = Noting(2), Noting(9)
    for runner in (one, other):
        Pump(core, runner).look()
    assert (len(one.taken), len(other.taken)) == (2, 1)
    ended = one.taken[0]
    core.store.write(lambda connection: outbox.finish(connection, ended.id, ended.attempt, core.clock.now()))
    Pump(core, one).look()
    assert len(one.taken) == 3


def test_who_works_elsewhere_never_holds_more_than_was_agreed(core: Core) -> None:
    add(core, "mail", 20)
    one, other = Noting(8, counts=True), Noting(8, counts=True)
    for runner in (one, other, one):
        Pump(core, runner).look()
    assert (len(one.taken), len(other.taken)) == (8, 0)


def test_what_is_not_due_yet_hides_nothing_that_is(core: Core, clock: SetClock) -> None:
    clock.move(timedelta(days=3))
    add(core, "mail", 5, FIRST)
    clock.move(timedelta(days=-3))
    add(core, "mail", 1, REMINDER)
    runner = Noting(9)
    Pump(core, runner).look()
    assert [row.priority for row in runner.taken] == [REMINDER]
    assert claim(core, "mail", 9, FIRST) == []
