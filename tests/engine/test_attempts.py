"""Attempts: the fence only grows; what never began costs none; what kills its workers is set aside, whatever it is."""

from datetime import timedelta

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.fence import DEADLY
from feedbackhub.loop.keeper import Keeper
from feedbackhub.loop.redeliver import retry
from feedbackhub.loop.starting import claim_of, give_back, start, start_noted
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables
from feedbackhub.store.queries import claiming
from tests.engine.hands import LEASE, SECOND, add, claim, tasks, with_engine
from tests.loop.story import HOUR, Line, asked, rows


def return_expired(core: Core) -> int:
    """Return what was lost to the queue."""
    return core.store.write(lambda connection: claiming.return_expired(connection, core.clock.now()))


def test_claims_that_the_broker_lost_park_no_healthy_delivery(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    clock.move(HOUR)
    for number in range(1, 20):
        [row] = claim(core, "mail")
        assert row.attempt == number, "the fence grows all the same"
        clock.move(LEASE)
        assert return_expired(core) == 1
    Engine(core).drain()
    assert len(mail.sent) == 1


def test_what_is_given_back_is_due_at_once_and_was_no_attempt(core: Core) -> None:
    add(core, "mail")
    give_back(core, claim(core, "mail"))
    [row] = claim(core, "mail")
    assert (row.attempt, row.base, claim_of(row).tries) == (2, 1, 1)


def test_who_has_begun_gives_nothing_back(core: Core) -> None:
    add(core, "mail")
    [row] = claim(core, "mail")
    assert start_noted(core, row) is not None
    give_back(core, [row])
    assert [each.state for each in tasks(core)] == ["claimed"]


def test_a_message_that_arrives_twice_is_begun_once(core: Core) -> None:
    add(core, "mail")
    [row] = claim(core, "mail")
    assert start_noted(core, row) is not None
    assert start_noted(core, row) is None


def test_a_message_that_arrives_after_its_claim_was_given_back_is_let_alone(core: Core, clock: SetClock) -> None:
    add(core, "mail")
    [late] = claim(core, "mail")
    give_back(core, [late])
    assert start_noted(core, late) is None
    clock.move(LEASE)
    [current] = claim(core, "mail")
    assert start_noted(core, late) is None
    assert start_noted(core, current) is not None


def test_who_was_lost_before_is_noted_when_it_begins_and_each_death_makes_it_wait(core: Core, clock: SetClock) -> None:
    add(core, "mail")
    for lost, deaths in ((1, 0), (2, 1), (3, 2)):
        [row] = claim(core, "mail")
        assert start(core, row) is not None
        clock.move(LEASE)
        return_expired(core)
        [row] = tasks(core)
        assert (row.state, row.lost, row.deaths) == ("due", lost, deaths)
        assert row.due_at <= clock.now() + max(0, deaths - 1) * 30 * SECOND
        clock.move(timedelta(minutes=2))


@pytest.mark.parametrize("kind", ["settle", "letter", "erase"])
def test_what_kills_its_workers_is_parked_whatever_it_is(core: Core, kind: str) -> None:
    add(core, "core", kind=kind, deaths=core.settings.engine.max_attempts)
    Engine(core).drain()
    assert [(row.state, row.last_error) for row in tasks(core)] == [("parked", DEADLY)]


def test_a_person_who_tries_again_counts_anew_and_the_fence_goes_on(core: Core, clock: SetClock, mail: Line) -> None:
    core = with_engine(core, max_attempts=2)
    mail.fail(*[RuntimeError("broken")] * 3)
    asked(core)
    for _ in range(3):
        clock.move(HOUR)
        Engine(core).drain()
    retry(core, rows(core, tables.delivery)[0].public_id)
    Engine(core).drain()
    clock.move(HOUR)
    Engine(core).drain()
    assert (len(mail.tried), len(mail.sent)) == (4, 1)
    assert rows(core, tables.task)[0].attempt == 4


def test_who_comes_late_to_a_lane_with_a_rate_fits_into_it_once_more(core: Core, clock: SetClock) -> None:
    core = with_engine(core, rates={"mail": 2})
    add(core, "mail", 4)
    waiting = claim(core, "mail", 4)
    clock.move(10 * SECOND)
    begun = [start(core, row) for row in waiting]
    assert [each is not None for each in begun] == [True, True, False, False]
    assert [row.state for row in tasks(core)] == ["claimed", "claimed", "due", "due"]


def test_long_work_is_held_and_what_ended_is_not(core: Core, clock: SetClock) -> None:
    add(core, "mail", 2)
    kept, other = (claim_of(row) for row in claim(core, "mail", 2))
    keeper = Keeper(core)
    with keeper.holding(other):
        pass
    with keeper.holding(kept):
        assert keeper.renew() == 0, "there is time enough"
        clock.move(40 * SECOND)
        assert keeper.renew() == 1
        clock.move(40 * SECOND)
        assert return_expired(core) == 1
        assert [row.state for row in tasks(core)] == ["claimed", "due"]


def test_what_was_taken_over_is_not_held_any_more(core: Core, clock: SetClock) -> None:
    add(core, "mail")
    late = claim_of(claim(core, "mail")[0])
    keeper = Keeper(core)
    with keeper.holding(late):
        clock.move(LEASE)
        return_expired(core)
        [current] = claim(core, "mail")
        assert keeper.renew() == 0
        assert tasks(core)[0].attempt == current.attempt
        clock.move(LEASE)
        assert keeper.renew() == 0
