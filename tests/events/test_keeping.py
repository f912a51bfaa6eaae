"""Old events are removed once everybody has read them; who is gone for good does not hold the log for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedbackhub.contract.errors import Conflict
from feedbackhub.loop import tallies
from feedbackhub.loop.core import Core
from feedbackhub.loop.housekeeping import JOBS
from feedbackhub.loop.keeping import ABSENT, forget_events
from feedbackhub.loop.subscribers import Subscribers
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.event_log import Kept, kept, plan_replay
from feedbackhub.store import tables
from tests.events.log import lag_of, told
from tests.loop.story import rows
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Listener, listening

LONG = timedelta(days=401)


def read_all(core: Core, clock: SetClock) -> None:
    """Let everybody read everything."""
    while tallies.keep(core.store, clock.now()) or Subscribers(core).feed():
        pass


def positions(core: Core) -> list[int]:
    """Return the events that are kept."""
    return sorted(row.position for row in rows(core, tables.event))


def test_what_is_old_and_read_by_all_is_removed_but_for_the_newest(core: Core, clock: SetClock) -> None:
    told(core, *"abc")
    read_all(core, clock)
    assert forget_events(core) == 0
    clock.move(LONG)
    assert forget_events(core) == 2
    assert positions(core) == [3]
    told(core, "d", at=clock.now())
    assert (forget_events(core), positions(core), kept(core)) == (1, [4], Kept(4, 4))
    assert forget_events(core) == 0


def test_young_events_stay(core: Core, clock: SetClock) -> None:
    told(core, *"ab")
    clock.move(LONG)
    told(core, *"cd", at=clock.now())
    read_all(core, clock)
    JOBS["events"][1](core)
    assert positions(core) == [3, 4]


def test_they_go_in_batches(core: Core, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedbackhub.loop.keeping._BATCH", 2)
    told(core, *"abcdefg")
    read_all(core, clock)
    clock.move(LONG)
    assert (forget_events(core), positions(core)) == (6, [7])


def test_the_log_waits_for_who_has_not_read(open_with: OpenWith, clock: SetClock) -> None:
    slow = Listener("slow")
    core = open_with(listening("ears", slow))
    Subscribers(core).feed()
    told(core, *"abc")
    tallies.keep(core.store, clock.now())
    clock.move(LONG)
    assert forget_events(core) == 0
    read_all(core, clock)
    assert forget_events(core) == 2


def test_the_log_waits_for_tallies(core: Core, clock: SetClock) -> None:
    told(core, *"ab")
    tallies.keep(core.store, clock.now())
    told(core, "invitation.sent", "c")
    clock.move(LONG)
    assert (forget_events(core), positions(core)) == (2, [3, 4])


def test_a_removed_plugin_is_waited_for_a_while_only(open_with: OpenWith, clock: SetClock) -> None:
    Subscribers(open_with(listening("ears", Listener("gone")))).feed()
    core = open_with()
    clock.move(LONG - ABSENT)
    told(core, *"abc", at=clock.now() - LONG)
    read_all(core, clock)
    core.store.write(lambda c: c.execute(
        tables.subscriber.update().where(tables.subscriber.c.name == "ears:gone").values(updated_at=clock.now())
    ))  # fmt: skip
    clock.move(ABSENT - timedelta(minutes=1))
    assert forget_events(core) == 0
    clock.move(timedelta(minutes=2))
    assert forget_events(core) == 2


def test_a_new_plugin_begins_with_the_oldest_event_there_is(open_with: OpenWith, clock: SetClock) -> None:
    before = open_with()
    told(before, *"abc")
    read_all(before, clock)
    clock.move(LONG)
    forget_events(before)
    new = Listener("new")
    core = open_with(listening("ears", new))
    assert lag_of(core, "ears:new").behind == 1
    read_all(core, clock)
    assert [event.position for event in new.events] == [3]
    assert plan_replay(core, "new", None).start == 3
    with pytest.raises(Conflict, match=r"event 2 is not kept any more; the oldest is 3: say --from start"):
        plan_replay(core, "new", 2)
