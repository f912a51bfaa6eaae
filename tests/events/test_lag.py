"""How far everybody is behind, as doctor, metrics and the staff area show it."""

from __future__ import annotations

from datetime import timedelta

from feedbackhub.loop.core import Core
from feedbackhub.loop.lag import without_position
from feedbackhub.loop.subscribers import Subscribers
from feedbackhub.loop.tell import number_events, publish
from feedbackhub.machinery.clock import SetClock
from tests.app_fixtures import START
from tests.events.log import lag_of, told
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Listener, listening


def test_only_what_a_subscriber_wants_makes_it_late(open_with: OpenWith) -> None:
    core = open_with(listening("ears", Listener("some", ["a.*"]), Listener("others", ["b"])))
    Subscribers(core).feed()
    told(core, "b")
    told(core, "a.x", "a.y", at=START + timedelta(minutes=5))
    some, others = lag_of(core, "ears:some"), lag_of(core, "ears:others")
    assert (some.behind, some.since) == (2, START + timedelta(minutes=5))
    assert (others.behind, others.since) == (1, START)
    while Subscribers(core).feed():
        pass
    assert (lag_of(core, "ears:some").behind, lag_of(core, "ears:some").since) == (0, None)


def test_far_behind_everything_counts(open_with: OpenWith) -> None:
    core = open_with(listening("ears", Listener("some", ["a"])))
    told(core, *["b"] * 501)
    assert (lag_of(core, "ears:some").behind, lag_of(core, "ears:some").since) == (501, START)


def test_nobody_is_late_for_a_plugin_that_was_removed(open_with: OpenWith) -> None:
    Subscribers(open_with(listening("ears", Listener("some")))).feed()
    core = open_with()
    told(core, "a")
    assert not lag_of(core, "ears:some").installed
    assert lag_of(core, "tallies").installed


def test_events_without_a_position_are_counted_apart(core: Core, clock: SetClock) -> None:
    core.store.write(lambda c: publish(c, "a", clock.now(), {}))
    assert without_position(core) == (0 if core.store.is_sqlite else 1)
    number_events(core.store)
    assert without_position(core) == 0
