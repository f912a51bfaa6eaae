"""Tallies always equal a recount, and the log hands every event over once and in order."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from feedbackhub.contract.errors import Unavailable
from feedbackhub.loop import tallies
from feedbackhub.loop.core import Core
from feedbackhub.loop.following import Follower, feed
from feedbackhub.loop.judge import judge
from feedbackhub.loop.recounting import rebuild
from feedbackhub.loop.tell import number_events, publish
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables
from feedbackhub.store.queries.tallies import clear_tally, whole_tally
from feedbackhub.store.store import Store
from feedbackhub.store.types import AnyRow
from tests.app_fixtures import START
from tests.loop.story import DAY, HOUR, answer, answer_by_machine, asked, at_once, rows, run


def counted(core: Core) -> dict[Any, int]:
    """Return all counts as kept, after checking that a recount says the same."""
    with core.store.read() as connection:
        kept, fresh = whole_tally(connection), dict(tallies.recount(connection))
    assert kept == fresh
    return kept


def whole(core: Core, score: str, basis: str = "contact") -> int:
    """Return how many invitations or responses are counted."""
    return sum(n for key, n in counted(core).items() if key[0] == basis and key[3:5] == ("", "") and key[6] == score)


def test_sends_and_answers_are_counted_by_day_and_dimension(core: Core, clock: SetClock) -> None:
    invitation = asked(core, team="Billing", topic="x" * 200, product="Ca|rd")
    run(core, clock, HOUR)
    clock.move(DAY)
    answer(core, invitation, {"satisfaction": "2"})
    run(core, clock)
    kept = counted(core)
    assert kept["contact", "2026-03-02", "post-contact", "", "", "", "sent"] == 1
    assert kept["answer", "2026-03-03", "post-contact", "satisfaction", "team", "Billing", "2"] == 1
    pair = "Billing\x1f" + "x" * 200
    assert kept["contact", "2026-03-02", "post-contact", "satisfaction", "team*topic", pair, "2"] == 1
    assert kept["answer", "2026-03-03", "post-contact", "", "product", "Ca|rd", "answered"] == 1


def test_tests_and_machines_are_outside_all_numbers(core: Core, clock: SetClock) -> None:
    answer(core, asked(core, "1", test=True))
    answer_by_machine(core, asked(core, "2"), {"satisfaction": "1"})
    run(core, clock, HOUR)
    assert (whole(core, "sent"), whole(core, "answered")) == (1, 0)
    accepted = rows(core, tables.response)[1]
    judge(core, accepted.public_id, "accepted")
    run(core, clock)
    assert whole(core, "answered") == 1
    judge(core, accepted.public_id, "")
    run(core, clock)
    assert whole(core, "answered") == 0
    assert {key[6] for key in counted(core)} == {"sent"}, "counts that fell to zero are gone"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_counts_equal_a_recount(core: Core, clock: SetClock, seed: int) -> None:
    """A random walk; the engine looks at the log only now and then."""
    chance = random.Random(seed)
    invitations: list[str] = []

    def more() -> None:
        team = chance.choice(["a", "b"])
        customer = {"email": f"{len(invitations)}@example.org"}
        invitations.append(asked(core, str(len(invitations)), customer, team=team))

    def answers() -> None:
        values = {"satisfaction": str(chance.randint(1, 5)), "solved": chance.choice(["yes", "no", ""])}
        chosen = chance.choice(invitations)
        chance.choice([answer, answer, answer_by_machine])(core, chosen, values)

    def judges() -> None:
        found = rows(core, tables.response)
        if found:
            judge(core, chance.choice(found).public_id, chance.choice(["accepted", "discarded", ""]))

    def looks() -> None:
        run(core, clock)

    more()
    for _ in range(40):
        chance.choice([more, answers, answers, answers, judges, looks])()
        clock.move(chance.random() * HOUR / 4)
    run(core, clock)
    before = counted(core)
    assert before
    assert rebuild(core.store, clock.now()) == 0
    assert counted(core) == before
    run(core, clock)
    assert counted(core) == before


def test_several_processes_count_nothing_twice(core: Core, clock: SetClock) -> None:
    invitations = [asked(core, str(n), {"email": f"{n}@example.org"}) for n in range(6)]
    run(core, clock, HOUR)
    core.store.write(lambda c: c.execute(tables.subscriber.delete()).rowcount)
    core.store.write(clear_tally)
    work: list[Callable[[], object]] = [partial(answer, core, each) for each in invitations]
    work += [partial(tallies.keep, core.store, clock.now()) for _ in range(4)]
    at_once(work)
    run(core, clock)
    assert (whole(core, "sent"), whole(core, "answered")) == (6, 6)


# The log


def told(core: Core, *types: str) -> None:
    """Append events."""
    for type_ in types:
        core.store.write(partial(publish, type_=type_, at=START, payload={"n": type_}))


class Reader:
    """A subscriber that remembers what it was handed."""

    def __init__(self, store: Store, name: str = "reader", types: Sequence[str] = ()) -> None:
        self.store, self.name, self.types = store, name, types
        self.seen: list[int] = []
        self.failing = False

    def work_out(self, _connection: Connection, batch: Sequence[AnyRow]) -> list[int]:
        """Return the positions."""
        if self.failing:
            raise ZeroDivisionError("secret")
        return [event.position for event in batch]

    def read(self, later: float = 0) -> int:
        """Take the next batch, some seconds later."""
        follower = Follower(self.name, self.types, self.work_out, lambda _, positions: self.seen.extend(positions))
        return feed(self.store, follower, START + timedelta(seconds=later))


def position(core: Core, name: str) -> tuple[int, str]:
    """Return up to where a subscriber has read, and its error."""
    (row,) = rows(core, tables.subscriber, name=name)
    return row.position, row.error


def test_a_subscriber_gets_its_events_once_and_skips_the_others(core: Core) -> None:
    told(core, "a", "b", "a", "b", "b")
    number_events(core.store)
    reader = Reader(core.store, types=["a"])
    assert (reader.read(), reader.read(), reader.seen) == (2, 0, [1, 3])
    assert position(core, "reader") == (5, "")
    told(core, "b")
    number_events(core.store)
    assert (reader.read(), position(core, "reader")) == (0, (6, ""))
    other = Reader(core.store, "other")
    assert (other.read(), other.seen) == (6, [1, 2, 3, 4, 5, 6])


def test_batches_end_where_the_next_one_begins(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedbackhub.loop.following._BATCH", 2)
    told(core, *"abababba")
    number_events(core.store)
    reader = Reader(core.store, types=["a"])
    while reader.read():
        pass
    assert (reader.seen, position(core, "reader")) == ([1, 3, 5, 8], (8, ""))


def test_a_failing_subscriber_stands_still_alone(core: Core, clock: SetClock) -> None:
    told(core, "a", "b")
    number_events(core.store)
    bad, good = Reader(core.store, "bad"), Reader(core.store, "good")
    bad.failing = True
    assert (bad.read(), good.read()) == (0, 2)
    assert (position(core, "bad"), position(core, "good")) == ((0, "ZeroDivisionError"), (2, ""))
    bad.failing = False
    assert bad.read() == 0, "it rests"
    assert (bad.read(3), bad.read(3), bad.seen, position(core, "bad")) == (1, 1, [1, 2], (2, ""))


def test_a_database_that_is_away_is_no_mistake_of_a_subscriber(core: Core) -> None:
    told(core, "a")
    core.store.close()
    if core.store.is_sqlite:
        with pytest.raises(Unavailable):
            Reader(core.store).read()


def test_a_slow_transaction_leaves_no_gap_and_loses_no_event(core: Core) -> None:
    """On PostgreSQL rows become visible in another order than they were inserted."""
    if core.store.is_sqlite:
        return  # one writer: rows are numbered as they are inserted
    reader = Reader(core.store)
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        publish(connection, "slow", START, {})
        connection.execute(text("SELECT 1"))  # what waits to be written goes with the next question
        begun.set()
        assert go_on.wait(10)

    with ThreadPoolExecutor(1) as hands:
        held = hands.submit(core.store.write, slow)
        assert begun.wait(10)
        told(core, "fast", "fast")
        assert number_events(core.store) == 2
        assert reader.read() == 2
        go_on.set()
        held.result()
    assert number_events(core.store) == 1
    assert (reader.read(), reader.seen) == (1, [1, 2, 3])
    assert [row.position for row in rows(core, tables.event)] == [3, 1, 2]


def test_many_writers_sequencers_and_readers_at_once_keep_one_order(core: Core) -> None:
    chance, stop = random.Random(1), threading.Event()
    waits = [chance.random() / 200 for _ in range(80)]
    reader = Reader(core.store, types=["even"])

    def write(number: int) -> None:
        def run(connection: Connection) -> None:
            publish(connection, "even" if number % 2 == 0 else "odd", START, {"n": number})
            if not core.store.is_sqlite:
                time.sleep(waits[number])

        core.store.write(run)

    def follow() -> None:
        while not stop.is_set():
            number_events(core.store)
            reader.read()

    with ThreadPoolExecutor(10) as hands:
        followers = [hands.submit(follow) for _ in range(2)]
        list(hands.map(write, range(80)))
        stop.set()
        for each in followers:
            each.result()
    number_events(core.store)
    reader.read()
    with core.store.read() as connection:
        found = connection.execute(select(tables.event).order_by(tables.event.c.position)).all()
    assert [row.position for row in found] == list(range(1, 81))
    assert reader.seen == [row.position for row in found if row.type == "even"]
