"""Reports that are kept for a while: shown at once, made anew by one process, gone with whom they may quote."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from feedbackhub import Analysis, Hub, Identifier, Query, Refused, Report, Unavailable, hookimpl
from feedbackhub.loop import snapshots as snapshots_module
from feedbackhub.loop.core import Core
from feedbackhub.loop.housekeeping import forget_snapshots
from feedbackhub.loop.opening import open_core
from feedbackhub.loop.snapshots import Snapshots
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.containment import PluginFault
from feedbackhub.machinery.settings import Reports, Settings
from feedbackhub.office.erasing import erase_person
from feedbackhub.store.queries.snapshots import forget_all
from feedbackhub.store.tables import snapshot
from tests.loop.story import ended
from tests.reports.conftest import MARCH
from tests.reports.looking import api
from tests.reports.test_analyst import until

HOUR = timedelta(hours=1)


class Counts(Analysis):
    """Says the how-manieth report it makes, once it may."""

    name, title, lasts = "counts", "Counts", HOUR

    def __init__(self) -> None:
        self.made = 0
        self.may = threading.Event()
        self.may.set()
        self.at_each: Callable[[], object] = lambda: None
        self.stamped = ""

    @hookimpl
    def feedbackhub_analyses(self, hub: Hub) -> list[Analysis]:
        """Bring itself."""
        return [self]

    def stamp(self) -> str:
        """Return what the test says."""
        return self.stamped

    def report(self, query: Query) -> Report:
        """Say the number."""
        assert self.may.wait(30)
        self.made += 1
        self.at_each()
        return Report(f"the {self.made}.")


@pytest.fixture
def counts() -> Counts:
    """The analysis."""
    return Counts()


@pytest.fixture
def opened(settings: Settings, clock: SetClock, counts: Counts) -> Iterator[Callable[[], Core]]:
    """Open the instance as one more server process would."""
    with ExitStack() as stack:

        def open_one() -> Core:
            core = open_core(settings, clock, {"tests": counts})
            stack.callback(core.close)
            return core

        yield open_one
        counts.may.set()


@pytest.fixture
def core(opened: Callable[[], Core]) -> Core:
    """An instance with that analysis."""
    return opened()


def title(core: Core, query: Query = MARCH, patience: float | None = None, fresh: bool = False) -> str | None:
    """Return the title of what is shown."""
    found = core.analyst.report("counts", query, patience, fresh=fresh)
    return None if found is None else found.title


def settle(core: Core, counts: Counts, made: int) -> None:
    """Wait until so many were made and nobody makes another."""
    until(lambda: counts.made == made and not core.analyst.renewing("counts", MARCH))
    assert counts.made == made


def test_what_is_kept_is_shown_with_its_moment_until_it_is_old(core: Core, clock: SetClock, counts: Counts) -> None:
    first = clock.now()
    for minutes in (0, 30, 29):
        clock.move(timedelta(minutes=minutes))
        found = core.analyst.report("counts", MARCH)
        assert found is not None
        assert (found.title, found.as_of) == ("the 1.", first)
    clock.move(timedelta(minutes=1))
    assert title(core) == "the 1."
    settle(core, counts, 2)
    found = core.analyst.report("counts", MARCH)
    assert found is not None
    assert (found.title, found.as_of) == ("the 2.", clock.now())


def test_the_old_one_is_shown_while_a_newer_one_is_being_made(core: Core, clock: SetClock, counts: Counts) -> None:
    assert title(core) == "the 1."
    assert not core.analyst.renewing("counts", MARCH)
    clock.move(HOUR)
    counts.may.clear()
    assert [title(core) for _ in range(3)] == ["the 1."] * 3
    assert core.analyst.renewing("counts", MARCH)
    assert not core.analyst.renewing("counts", replace(MARCH, by="team"))
    counts.may.set()
    settle(core, counts, 2)
    assert title(core) == "the 2."


def test_a_fresh_one_can_be_asked_for(core: Core, counts: Counts) -> None:
    assert title(core) == "the 1."
    assert title(core, fresh=True) == "the 1."
    settle(core, counts, 2)
    assert title(core) == "the 2."


def test_other_systems_can_ask_for_a_fresh_one(app: Flask, core: Core, counts: Counts) -> None:
    ask, days = api(app, core), "since=2026-03-01&until=2026-03-31"
    shown = [ask(f"/reports/counts?{days}{more}").get_json()["title"] for more in ("", "&fresh=yes")]
    until(lambda: counts.made == 2)
    assert until(lambda: ask(f"/reports/counts?{days}").get_json()["title"] == "the 2.")
    assert (shown, counts.made) == (["the 1.", "the 1."], 2)


def test_who_asks_first_waits_or_comes_again(core: Core, counts: Counts) -> None:
    counts.may.clear()
    assert title(core, patience=0.05) is None
    assert core.analyst.renewing("counts", MARCH)
    counts.may.set()
    settle(core, counts, 1)
    assert title(core, patience=0.0) == "the 1."


def test_other_questions_and_other_readers_have_reports_of_their_own(core: Core) -> None:
    asked = [MARCH, replace(MARCH, by="team"), replace(MARCH, role="agent"), replace(MARCH, agent="abcdefghijkl")]
    assert [title(core, query) for query in asked * 2] == ["the 1.", "the 2.", "the 3.", "the 4."] * 2


def test_what_rests_on_changed_assumptions_is_made_anew(core: Core, counts: Counts) -> None:
    assert title(core) == "the 1."
    counts.stamped = "changed at noon"
    assert title(core) == "the 2."
    counts.stamped = ""
    assert title(core) == "the 1."


def test_a_restart_and_other_processes_find_what_is_kept(
    core: Core, opened: Callable[[], Core], clock: SetClock, counts: Counts
) -> None:
    assert title(core) == "the 1."
    assert title(opened()) == "the 1."
    other = opened()
    clock.move(HOUR)
    counts.may.clear()
    assert title(core) == "the 1."
    seen = until(lambda: Snapshots(core.store, clock).being_made("counts", core.analyst._text("", counts, MARCH)))
    assert (seen, other.analyst.renewing("counts", MARCH)) == (True, True)
    assert title(other) == "the 1."
    counts.may.set()
    settle(core, counts, 2)
    settle(other, counts, 2)
    assert (title(core), title(other), counts.made) == ("the 2.", "the 2.", 2)


def test_a_process_that_died_at_it_is_succeeded(
    core: Core, clock: SetClock, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert title(core) == "the 1."
    lost = clock.now() + timedelta(seconds=30)
    core.store.write(lambda c: c.execute(update(snapshot).values(holder="dead", held_until=lost)))
    monkeypatch.setattr(snapshots_module, "_PAUSE", 0.01)
    assert title(core, fresh=True) == "the 1."
    time.sleep(0.1)
    assert counts.made == 1
    clock.move(timedelta(seconds=31))
    settle(core, counts, 2)


def test_a_failure_leaves_what_is_kept_and_nothing_else(core: Core, clock: SetClock, counts: Counts) -> None:
    def fail() -> None:
        raise ValueError("no")

    counts.at_each = fail
    with pytest.raises(PluginFault):
        title(core)
    with core.store.read() as connection:
        assert connection.execute(select(snapshot)).all() == []
    core.analyst._jobs.clear()
    counts.at_each = lambda: None
    assert title(core) == "the 2."
    clock.move(HOUR)
    counts.at_each = fail
    assert title(core) == "the 2."
    settle(core, counts, 3)
    assert title(core) == "the 2."


def test_nothing_is_kept_of_what_was_read_before_somebody_was_erased(core: Core, counts: Counts) -> None:
    ended(core, "T-1")
    assert title(core) == "the 1."

    def erase() -> None:
        counts.at_each = lambda: None
        erase_person(core, [Identifier("email", "ann@example.org")], "tests")

    counts.at_each = erase
    # Erased while the second one is made: neither it nor the first is shown again.
    assert title(core, fresh=True) == "the 1."
    settle(core, counts, 3)
    with core.store.read() as connection:
        assert connection.scalars(select(snapshot.c.report)).all() == [
            '{"title": "the 3.", "figures": [], "charts": [], "tables": [], "notes": [], "as_of": null}'
        ]


def test_erasing_again_and_again_ends_with_a_word(core: Core, counts: Counts) -> None:
    counts.at_each = lambda: core.store.write(forget_all)
    with pytest.raises(Unavailable, match="was erased while it was made"):
        title(core)
    assert counts.made == 3


def test_old_reports_and_too_many_are_forgotten(
    core: Core, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> int:
        with core.store.read() as connection:
            return len(connection.execute(select(snapshot.c.digest)).all())

    for survey in ("a", "b", "c"):
        title(core, replace(MARCH, survey=survey))
        clock.move(timedelta(minutes=5))
    forget_snapshots(core)
    assert kept() == 3
    monkeypatch.setattr("feedbackhub.loop.housekeeping.MOST", 2)
    forget_snapshots(core)
    assert kept() == 2
    monkeypatch.setattr("feedbackhub.loop.housekeeping.MOST_CHARACTERS", 100)
    forget_snapshots(core)
    assert kept() == 1
    assert title(core, replace(MARCH, survey="c")) == "the 3."
    clock.move(timedelta(days=8))
    forget_snapshots(core)
    assert kept() == 0


def test_what_another_release_wrote_is_made_anew(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    assert title(core) == "the 1."
    core.store.write(lambda c: c.execute(update(snapshot).values(report='{"title": 5}')))
    assert title(core) == "the 2."
    monkeypatch.setattr(snapshots_module, "__version__", "99")
    assert title(core) == "the 3."


def test_a_refusal_is_told_to_who_asks(core: Core, counts: Counts) -> None:
    def refuse() -> None:
        raise Refused

    counts.at_each = refuse
    with pytest.raises(Refused):
        title(core)


def test_they_have_a_time_limit_of_their_own(settings: Settings, clock: SetClock, counts: Counts) -> None:
    limits = settings.model_copy(update={"reports": Reports(seconds=20, snapshot_seconds=0.2)})
    core = open_core(limits, clock, {"tests": counts})
    counts.may.clear()
    with pytest.raises(PluginFault, match="took longer than 0.2 s"):
        title(core)
    counts.may.set()
    core.close()
