"""Workers that die, come late or lose the database: each message is sent once all the same."""

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from feedbackhub import Receipt
from feedbackhub.loop.core import Core
from feedbackhub.loop.deliver import deliver
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.fence import Claim
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Engine as EngineSettings
from feedbackhub.store import tables
from feedbackhub.store.queries import claiming
from feedbackhub.store.store import Store
from tests.loop.story import HOUR, Line, asked, events, rows, run, with_settings


def states(core: Core) -> list[tuple[str, str, str]]:
    """Return what became of every delivery."""
    return [(row.kind, row.channel, row.state) for row in rows(core, tables.delivery)]


def claimed(core: Core, clock: SetClock) -> Claim:
    """Claim the one due task as a worker would."""
    now = clock.now()
    lease = now + timedelta(seconds=core.settings.engine.lease_seconds)

    def take(connection: Any) -> Any:
        claiming.return_expired(connection, now)
        return claiming.claim(connection, "mail", 0, now, lease, 1)

    (row,) = core.store.write(take)
    return Claim(row.id, row.attempt, row.lease_until)


def begun(core: Core, claim: Claim) -> None:
    """Begin a claimed task, as a worker that then dies."""
    assert core.store.write(lambda connection: claiming.begin(connection, claim.held, core.clock.now() + HOUR / 60))


def only_delivery(core: Core) -> int:
    """Return the row number of the one delivery."""
    return int(rows(core, tables.delivery)[0].id)


def test_a_worker_whose_task_was_taken_over_sends_nothing(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    clock.move(HOUR)
    late = claimed(core, clock)
    clock.move(timedelta(seconds=61))
    current = claimed(core, clock)
    deliver(core, late, only_delivery(core))
    assert mail.tried == []
    deliver(core, current, only_delivery(core))
    assert len(mail.sent) == 1


def test_a_worker_that_is_taken_over_while_it_sends_changes_nothing(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    clock.move(HOUR)
    late = claimed(core, clock)
    others: list[Claim] = []

    def slow(_: Any) -> Receipt:
        clock.move(timedelta(seconds=61))
        others.append(claimed(core, clock))
        return Receipt("late")

    mail.plan.append(slow)
    deliver(core, late, only_delivery(core))
    assert rows(core, tables.delivery)[0].state == "due"
    assert rows(core, tables.task)[0].state == "claimed"
    deliver(core, others[0], only_delivery(core))
    assert rows(core, tables.delivery)[0].receipt == "receipt 2"
    assert len({message.id for message in mail.sent}) == 1, "the second copy has the same Message-ID"
    assert events(core, "invitation.sent") == ["invitation.sent"]


def test_a_lease_that_ran_out_costs_no_second_message_while_nobody_took_over(
    core: Core, clock: SetClock, mail: Line
) -> None:
    asked(core)
    clock.move(HOUR)
    late = claimed(core, clock)

    def slow(_: Any) -> Receipt:
        clock.move(timedelta(seconds=61))
        core.store.write(lambda connection: claiming.return_expired(connection, clock.now()))
        return Receipt("slow")

    mail.plan.append(slow)
    deliver(core, late, only_delivery(core))
    assert states(core)[0] == ("first", "mail", "sent")
    run(core, clock, HOUR)
    assert len(mail.sent) == 1


def test_a_claim_that_has_waited_in_a_queue_is_renewed(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    clock.move(HOUR)
    waiting = claimed(core, clock)
    clock.move(timedelta(seconds=50))
    mail.plan.append(lambda _: Receipt(str(rows(core, tables.task)[0].lease_until)))
    deliver(core, waiting, only_delivery(core))
    assert rows(core, tables.delivery)[0].receipt == str(clock.now() + timedelta(seconds=60))


def test_a_worker_that_died_after_handing_over_is_replaced_with_the_same_message(
    core: Core, clock: SetClock, mail: Line
) -> None:
    asked(core)
    clock.move(HOUR)
    claimed(core, clock)  # and then the machine lost power
    assert run(core, clock) == 0
    assert run(core, clock, timedelta(seconds=61)) == 1
    assert len(mail.sent) == 1
    assert mail.sent[0].id == rows(core, tables.delivery)[0].message_id


def test_a_task_that_kills_its_workers_is_parked(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    clock.move(HOUR)
    for _ in range(core.settings.engine.max_attempts):
        begun(core, claimed(core, clock))
        clock.move(HOUR)
        core.store.write(lambda connection: claiming.return_expired(connection, clock.now()))
        clock.move(HOUR)
    run(core, clock)
    assert mail.tried == []
    assert rows(core, tables.task)[0].state == "parked"
    assert states(core) == [("first", "mail", "failed")]


def test_a_lane_is_claimed_up_to_a_limit_most_urgent_first(core: Core, clock: SetClock) -> None:
    for number in range(6):
        asked(core, str(number), {"email": f"{number}@example.org"})
    now = clock.move(HOUR)

    def take(limit: int) -> list[str]:
        found = core.store.write(lambda connection: claiming.claim(connection, "mail", 0, now, now + HOUR, limit))
        return [row.reference for row in found]

    first, rest = take(4), take(10)
    references = [str(row.id) for row in rows(core, tables.delivery)]
    assert (first, rest) == (references[:4], references[4:])
    assert take(10) == []
    with core.store.read() as connection:
        assert claiming.due_groups(connection, now) == []


def test_two_engines_at_once_send_each_message_once(core: Core, clock: SetClock, mail: Line) -> None:
    for number in range(20):
        asked(core, str(number), {"email": f"{number}@example.org"})
    clock.move(HOUR)
    engines = [threading.Thread(target=Engine(core).drain) for _ in range(3)]
    for each in engines:
        each.start()
    for each in engines:
        each.join()
    assert sorted(message.to.value for message in mail.sent) == sorted(f"{n}@example.org" for n in range(20))


def test_a_message_handed_over_while_the_database_is_locked_is_noted_and_not_sent_again(
    core: Core, clock: SetClock, mail: Line
) -> None:
    if not core.store.is_sqlite:
        return  # a lock on the whole database is SQLite's
    asked(core)
    clock.move(HOUR)
    impatient = replace(core, store=Store(str(core.store.url), busy_seconds=0.05))
    path = str(core.store.url.database)

    def lock_and_accept(_: Any) -> Receipt:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.5, other.close).start()  # which gives the lock back
        return Receipt("accepted")

    mail.plan.append(lock_and_accept)
    run(impatient, clock)
    impatient.store.close()
    assert rows(core, tables.delivery)[0].receipt == "accepted"
    run(core, clock, HOUR)
    assert len(mail.sent) == 1


def test_the_engine_runs_in_threads_of_its_own_until_it_is_stopped(core: Core, clock: SetClock, mail: Line) -> None:
    core = with_settings(core, engine=EngineSettings(tick_seconds=0.02))
    for number in range(6):
        asked(core, str(number), {"email": f"{number}@example.org"})
    mail.fail(SystemExit(1), RuntimeError("broken"), KeyError("broken"))
    clock.move(HOUR)
    engine = Engine(core)
    engine.start()
    try:
        wait_for(lambda: len(mail.tried) == 6)
        clock.move(HOUR)
        wait_for(lambda: len(mail.sent) == 6)
    finally:
        engine.stop()
    assert not engine.running
    assert {row.state for row in rows(core, tables.invitation)} == {"sent"}


def wait_for(done: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)
