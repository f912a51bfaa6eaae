"""`feedbackhub events` and `feedbackhub tallies`, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import text

from feedbackhub.cli import events as commands
from feedbackhub.contract.errors import Conflict, FeedbackhubError, NotFound
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.tell import number_events, publish
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.event_log import plan_replay, replay
from feedbackhub.store import tables
from feedbackhub.store.store import Store
from tests.app_fixtures import START
from tests.cli.conftest import Run, instance, run
from tests.events.log import lag_of, told
from tests.loop.story import answer, asked, rows
from tests.loop.story import run as drain
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Listener, listening

__all__ = ["instance", "run"]


@pytest.fixture
def store(instance: Run, database_url: str) -> Iterator[Store]:
    """The instance's database, with five events in it."""
    opened = Store(database_url)
    for type_ in ("response.recorded", "x.one", "x.two", "response.changed", "x.three"):
        opened.write(partial(publish, type_=type_, at=START, payload={"note": 'a"b'}))
    number_events(opened)
    yield opened
    opened.close()


def test_events_are_listed_followed_and_chosen_by_type(instance: Run, store: Store) -> None:
    listed = instance("events", "list", "--type", "x.*", "--limit", "2").output.splitlines()
    assert listed == [
        '       2  2026-03-02 09:00:00  x.one                   {"note": "a\\"b"}',
        '       3  2026-03-02 09:00:00  x.two                   {"note": "a\\"b"}',
    ]
    after = instance("events", "list", "--after", "4", "--since", "2026-03-02", "--json").output.splitlines()
    assert [json.loads(line) for line in after] == [
        {"position": 5, "type": "x.three", "at": "2026-03-02T09:00:00+00:00", "payload": {"note": 'a"b'}}
    ]
    newest = instance("events", "tail", "--limit", "2").output.splitlines()
    assert [line.split()[0] for line in newest] == ["4", "5"]
    assert instance("events", "list", "--since", "2026-03-03").output == "There are no such events.\n"


def test_following_shows_what_comes_until_it_is_stopped(
    instance: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        if pauses:
            raise KeyboardInterrupt
        pauses.append(seconds)
        store.write(partial(publish, type_="x.four", at=START, payload={}))
        number_events(store)

    monkeypatch.setattr(commands.time, "sleep", pause)
    said = instance("events", "tail", "--limit", "1", "--follow")
    assert (said.exit_code, [line.split()[3] for line in said.output.splitlines()]) == (0, ["x.three", "x.four"])


def test_who_reads_is_shown_with_what_stops_them(instance: Run, store: Store) -> None:
    store.write(lambda c: c.execute(text(
        "INSERT INTO subscriber (name, position, error, updated_at, failures, stuck_at)"
        " VALUES ('webhooks:planner', 2, 'plugin webhooks: handle planner raised KeyError', '2026-03-02 09:00', 12, 3),"
        " ('gone:ear', 5, '', '2026-03-02 09:00', 0, NULL)"
    )).rowcount)  # fmt: skip
    assert instance("events", "subscribers").output.splitlines() == [
        "Subscriber        Read  Behind  State              What stops it",
        "apology:trial     0     2       reading",
        "gone:ear          5     0       plugin gone",
        "recovery:cases    0     1       reading",
        "recovery:offers   0     1       reading",
        "tallies           0     2       reading",
        "webhooks:planner  2     3       parked at event 3  plugin webhooks: handle planner raised KeyError",
        "The log holds events 1 to 5.",
    ]
    lines = instance("events", "subscribers", "--json").output.splitlines()
    known = {line["name"]: line for line in map(json.loads, lines)}
    assert (known["webhooks:planner"]["parked"], known["webhooks:planner"]["stuck_at"]) == (True, 3)
    retried = instance("events", "retry", "webhooks").output
    assert retried.startswith("webhooks:planner is tried again at event 3. Before, it failed 12 times: plugin web")


REFUSED = {
    ("retry", "talies"): "there is no subscriber talies; did you mean tallies?",
    ("retry", "tallies"): "tallies does not fail",
    ("replay", "planer", "--from", "1"): "there is no subscriber planer; did you mean planner?",
    ("replay", "tallies", "--from", "6"): "there is no event 6 yet; the newest is 5",
    ("replay", "tallies", "--from", "3"): "tallies has read up to event 0 only; from 3 on it would miss others",
    ("replay", "tallies", "--from", "2999-01-01"): "2999-01-01 00:00 is still to come",
    ("replay", "tallies", "--from", "2026-03-03"): "nothing has happened since 2026-03-03 00:00",
}


def test_what_cannot_be_is_refused_in_one_line(instance: Run, store: Store) -> None:
    for typed, said in REFUSED.items():
        result = instance("events", *typed)
        assert (result.exit_code, result.output) == (1, f"Error: {said}\n")
    place = instance("events", "replay", "tallies", "--from", "yesterday")
    assert place.exit_code == 2
    assert place.output.splitlines()[-1].startswith("Error: Invalid value for --from: 'yesterday' is not an event's")


def test_reading_again_asks_first_where_something_may_be_sent_again(instance: Run, store: Store) -> None:
    store.write(lambda c: c.execute(tables.subscriber.insert().values(
        name="webhooks:planner", position=5, updated_at=START
    )).rowcount)  # fmt: skip
    asked_first = instance("events", "replay", "planner", "--from", "start")
    assert asked_first.exit_code == 1
    assert asked_first.output.splitlines()[0] == "webhooks:planner gets 5 events once more, from event 1 on."
    done = instance("events", "replay", "planner", "--from", "2026-03-02", "--yes")
    assert done.output == "webhooks:planner reads again from event 1 on: 5 events it had read before.\n"
    assert instance("events", "replay", "tallies", "--from", "1").exit_code == 0


def test_tallies_are_checked_and_put_right(instance: Run, store: Store) -> None:
    assert instance("tallies", "check").output.splitlines()[0].startswith("0 counts of 0 answers and sends equal")
    cell = "'contact', '2026-03-02', 'post', 'q', 'team*topic', 'a\x1fb', '5', 3"
    store.write(lambda c: c.exec_driver_sql(f"INSERT INTO tally VALUES ({cell})").rowcount)
    wrong = instance("tallies", "check")
    assert (wrong.exit_code, wrong.output.splitlines()) == (1, [
        "post, contact day 2026-03-02, q 5, team*topic 'a and b': 3 instead of 0",
        "Error: 1 counts are wrong; `feedbackhub tallies rebuild` puts them right",
    ])  # fmt: skip
    assert instance("tallies", "rebuild").output == "1 were wrong and are right now.\n"
    assert instance("tallies", "rebuild").output == "Everything was right.\n"


# Reading again


def test_a_subscriber_gets_the_events_once_more_from_any_point(open_with: OpenWith) -> None:
    listener = Listener("ear", ["a"])
    core = open_with(listening("ears", listener))
    told(core, *"ababa")
    Engine(core).drain()
    planned = plan_replay(core, "ear", 3)
    assert (planned.name, planned.start, planned.events) == ("ears:ear", 3, 2)
    replay(core, planned, "tests")
    assert lag_of(core, "ears:ear").behind == 2
    Engine(core).drain()
    assert [event.position for event in listener.events] == [1, 3, 5, 3, 5]
    [entry] = rows(core, tables.audit, action="events.replayed")
    assert (entry.subject, entry.detail) == ("subscriber:ears:ear", {"from": 3})


def test_nobody_reads_again_for_a_plugin_that_is_gone(open_with: OpenWith) -> None:
    before = open_with(listening("ears", Listener("ear")))
    told(before, *"ab")
    Engine(before).drain()
    core = open_with()
    with pytest.raises(Conflict, match="nobody reads for ears:ear: its plugin is not there or does not work"):
        plan_replay(core, "ear", None)
    with pytest.raises(NotFound):
        plan_replay(core, "nose", None)


def test_tallies_count_nothing_twice_when_read_again(core: Core, clock: SetClock) -> None:
    answer(core, asked(core))
    drain(core, clock)
    before = rows(core, tables.tally)
    replay(core, plan_replay(core, "tallies", None), "tests")
    drain(core, clock)
    assert rows(core, tables.tally) == before != []


def test_several_that_fit_are_all_named(open_with: OpenWith) -> None:
    core = open_with(listening("ears", Listener("left"), Listener("right")))
    told(core, "a")
    with pytest.raises(FeedbackhubError, match="no subscriber ears; did you mean ears:left or ears:right"):
        plan_replay(core, "ears", None)
