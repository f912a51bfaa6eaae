"""From a bad answer to an arm, and from there to a second answer, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from feedbackhub import Conflict, Fact
from feedbackhub.loop.collect import submit
from feedbackhub.loop.judge import judge
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.event_log import Replay, replay
from feedbackhub_plugins.apology.families import conflicts, one_each
from feedbackhub_plugins.apology.following import Following
from feedbackhub_plugins.apology.records import Experiment
from feedbackhub_plugins.apology.ripe import has_answered
from feedbackhub_plugins.apology.tables import assignment, experiment

from .conftest import World, plan

DAY = timedelta(days=1)


def test_a_bad_answer_is_assigned_once_and_told(world: World) -> None:
    one = world.started()
    found = world.assigned("ann")
    (told,) = world.events("apology.assigned")
    assert told.payload == {
        "experiment": one.id, "case": found.case, "response": found.response, "customer": found.customer,
        "arm": found.arm, "apology": "apology" if found.arm == "apology" else "", "compensation": None,
        "until": "2026-03-23T09:00:00+00:00", "reask_at": "2026-03-09T09:00:00+00:00", "survey": "re-ask",
        "approve": True, "repeat": False,
    }  # fmt: skip
    Following(world.hub).handle(world.events("recovery.opened"))
    again = Following(world.hub).handle(world.events("recovery.opened"))
    assert (again.changes, again.events) == ([], [])
    assert Following(world.hub).handle([told]).events == []
    world.book.stop(one.id, "The shop closes.", "boss@acme.example")
    # As where it was stopped while the case was being assigned: who read of the end too early hears of it again.
    ended = Fact("apology.ended", {"experiment": one.id, "state": "stopped"})
    assert Following(world.hub).handle([told]).events == [ended]


def test_a_repeated_failure_gets_the_same_arm_and_no_second_outcome(world: World) -> None:
    one = world.started()
    first = world.assigned("ann")
    world.run(40 * DAY)
    world.opened(world.bad_answer("ann", number=2))
    world.run()
    told = world.events("apology.assigned")
    assert [(each.payload["arm"], each.payload["repeat"]) for each in told] == [(first.arm, False), (first.arm, True)]
    assert told[1].payload["reask_at"] == ""
    assert (world.book.counts(one.id).total(), world.book.refusals(one.id)) == (1, {"repeat": 1})


def test_what_is_owed_and_cases_before_the_start_never_enter(world: World) -> None:
    before = world.bad_answer("early")
    world.opened(before)
    world.run()
    one = world.started()
    for number, flag in enumerate(("owed", "safety", "legal")):
        world.opened(world.bad_answer(f"ann{number}"), flags=[flag])
    world.opened(world.bad_answer("bob"), reasons=["low", "call"])
    world.opened(world.bad_answer("eve"), customer="")
    world.run()
    assert world.book.counts(one.id) == {}
    assert world.book.refusals(one.id) == {"owed": 1, "safety": 1, "legal": 1, "call": 1, "unknown": 1}


def test_the_first_experiment_holds_a_customer_until_the_window_is_over(world: World) -> None:
    first = world.started()
    world.run(timedelta(minutes=1))
    second = world.started()
    world.assigned("ann")
    assert [world.book.counts(each.id).total() for each in (first, second)] == [1, 0]
    assert world.book.refusals(second.id) == {"other": 1}
    world.run(40 * DAY)
    world.opened(world.bad_answer("ann", number=2))
    world.run()
    assert [world.book.counts(each.id).total() for each in (first, second)] == [1, 1]
    assert world.book.refusals(first.id) == {"other": 1}


def test_the_second_answer_is_followed_until_the_window_is_over(world: World) -> None:
    world.started()
    one = world.assigned("ann")
    world.run(7 * DAY)
    invitation = world.asked_again(one.response)
    world.run(timedelta(hours=2))
    assert world.now(one).invitation == invitation
    asked = world.now(one).asked_at
    assert asked is not None
    submit(world.core, invitation, {"satisfaction": 2}, via="api")
    world.run()
    assert (world.now(one).won, world.now(one).low) == (False, True)
    again = submit(world.core, invitation, {"satisfaction": 5}, via="api").response
    world.run()
    found = world.now(one)
    assert (found.again, found.score, found.won) == (again, 100.0, True)
    assert world.read.response(one.response).score == 0
    judge(world.core, again, "discarded")
    world.run()
    assert (world.now(one).won, world.now(one).again, world.now(one).answered_at) == (None, again, None)
    judge(world.core, again, "accepted")
    world.run()
    assert world.now(one).won is True


def test_what_is_no_second_answer_holds_nobody_up(world: World) -> None:
    world.started()
    one = world.assigned("ann")
    world.run(7 * DAY)
    invitation = world.asked_again(one.response)
    world.run(timedelta(hours=2))
    again = submit(world.core, invitation, {"satisfaction": 5}, via="api").response
    judge(world.core, again, "discarded")
    world.run()
    assert (world.now(one).again, world.now(one).won) == (again, None)
    judge(world.core, again, "accepted")
    world.run()
    assert world.now(one).won is True
    judge(world.core, again, "discarded")
    world.run()
    replay(world.core, Replay("apology:trial", 1, 0), "boss@acme.example")
    world.run()
    assert world.now(one).won is None
    assert world.assigned("bob").number > one.number
    assert len(world.events("apology.assigned")) == 2


def test_gestures_before_the_second_answer_are_noted(world: World) -> None:
    world.started()
    one = world.assigned("ann")
    taken_back = world.gesture(one, "call_back")
    world.run(DAY)
    world.gesture(one)
    world.run()
    assert world.now(one).received == ("call_back", "apology")
    world.hub_of("recovery").withdraw_gesture(taken_back)
    invitation = world.asked_again(one.response)
    world.run(timedelta(hours=2))
    submit(world.core, invitation, {"satisfaction": 5}, via="api")
    world.run(DAY)
    world.gesture(one, "compensation")
    world.run()
    assert world.now(one).received == ("apology",)


def test_customers_merged_afterwards_are_found_in_their_arms(world: World) -> None:
    one = world.started(design="blocks")  # of which four hold both arms
    many = [world.assigned(f"c{number}") for number in range(4)]
    arms = {each.arm: each for each in many}
    assert set(arms) == {"nothing", "apology"}
    left, right = arms["nothing"], arms["apology"]
    world.merge(left.customer, right.customer)
    merged = world.read.merged()
    (family,) = conflicts(world.book.assignments(one.id), merged)
    assert {each.number for each in family.assignments} == {left.number, right.number}
    assert len(one_each(world.book.assignments(one.id), merged)) == 2
    assert world.now(left).customer == left.customer


def test_who_was_merged_before_gets_the_familys_first_arm(world: World) -> None:
    world.started()
    first = world.assigned("ann")
    other = world.bad_answer("bob")
    world.merge(world.read.response(other).customer, first.customer)
    world.opened(other)
    world.run()
    told = world.events("apology.assigned")
    assert [each.payload["arm"] for each in told] == [first.arm, first.arm]
    assert (told[1].payload["response"], told[1].payload["repeat"]) == (other, True)


def test_counts_stay_when_a_person_is_erased(world: World) -> None:
    one = world.started()
    found = world.assigned("ann")
    erase_person(world.core, found.customer, "boss@acme.example")
    world.run()
    assert world.now(found) == found
    assert world.book.counts(one.id) == {found.arm: 1}
    world.opened(found.response, customer=found.customer)
    world.run()
    assert world.book.counts(one.id) == {found.arm: 1}


def test_a_window_that_was_over_stays_so_when_the_clock_goes_back(world: World) -> None:
    world.started(window_days=1)
    first = world.assigned("ann")
    world.run(7 * DAY)
    invitation = world.asked_again(first.response)
    world.run(2 * DAY)
    world.look()
    world.clock.move(-1.5 * DAY)
    submit(world.core, invitation, {"satisfaction": 5}, via="api")
    world.clock.move(-40 * DAY)
    second = world.assigned("bob")
    world.look()
    assert [world.now(each).is_over for each in (first, second)] == [True, False]
    late = world.now(first)
    assert (late.won, has_answered(late), late.answered_within(30)) == (True, False, True)
    assert second.number > first.number
    assert second.assigned_at < first.assigned_at


def test_an_experiment_that_is_full_ends_when_the_last_window_is_over(world: World) -> None:
    one = world.started(n_each=1, design="blocks")
    assert [world.assigned(who).place for who in ("ann", "bob")] in ([0, 1], [0, 0])
    world.opened(world.bad_answer("eve"))
    world.run()
    assert (world.book.get(one.id).is_closed, world.book.refusals(one.id)) == (True, {"full": 1})
    world.look()
    assert world.book.get(one.id).state == "running"
    world.clock.move(30 * DAY)
    world.look()
    assert world.book.get(one.id).state == "running"  # the windows are closed first, in the order of the log
    world.look()
    ended = world.book.get(one.id)
    assert (ended.state, ended.reason) == ("ended", "full")
    assert world.events("apology.ended")[0].payload == {"experiment": one.id, "state": "ended"}


def fill(world: World, one: Experiment, arm: str, n: int, won: bool) -> None:
    """Put customers into an arm whose windows are over."""
    then = world.clock.now() - 30 * DAY
    fixed = {
        "experiment": one.id, "arm": arm, "stratum": "", "assigned_at": then, "reask_at": then + DAY,
        "window_ends_at": then + 2 * DAY, "is_over": False, "invitation": "", "again": "", "received": [],
    }  # fmt: skip
    for number in range(n):
        id_ = f"{arm[:4]}{number:08}"
        answered = {"answered_at": then + DAY, "won": won, "score": 100.0 * won, "low": not won}
        world.hub.tables.write(
            insert(assignment).values({**fixed, **answered, "customer": id_, "case": id_, "response": id_})
        )


def test_the_rule_that_looks_all_the_time_ends_an_experiment_and_a_fixed_one_waits(world: World) -> None:
    looking, fixed = world.started(), world.started(stopping="fixed")
    for one in (looking, fixed):
        fill(world, one, "nothing", 20, False)
        fill(world, one, "apology", 20, True)
    world.look()
    world.look()
    ended = world.book.get(looking.id)
    assert (ended.state, ended.reason, ended.ended_by) == ("ended", "e-process", "")
    assert world.book.get(fixed.id).state == "running"
    assert all(each.is_over for each in world.book.assignments(fixed.id))


def test_a_plan_is_frozen_at_the_start(world: World) -> None:
    one = world.started()
    assert len(one.digest) == 64
    assert one.is_intact
    bent = {**one.plan.as_json(), "alpha": 0.1}
    world.hub.tables.write(update(experiment).where(experiment.c.id == one.id).values(plan=bent))
    assert not world.book.get(one.id).is_intact
    world.hub.tables.write(update(experiment).where(experiment.c.id == one.id).values(plan=one.plan.as_json()))
    with pytest.raises(Conflict, match="frozen"):
        world.book.change(one.id, plan(alpha=0.1))
    with pytest.raises(Conflict, match="only a draft"):
        world.book.remove(one.id)
    stopped = world.book.stop(one.id, "The shop closes.", "boss@acme.example")
    assert (stopped.state, stopped.reason, stopped.plan) == ("stopped", "The shop closes.", plan())
    with pytest.raises(Conflict, match="Only a running"):
        world.book.stop(one.id, "Twice.", "boss@acme.example")
    with pytest.raises(Conflict, match="frozen"):
        world.book.change(one.id, plan(alpha=0.1))
