"""Erasing a person at plugins: asked until it is done, and nothing of the person is left meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from feedbackhub import Data, Identifier, Letter, Plugin
from feedbackhub.loop.opening import prepare
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, rotate_key
from feedbackhub.office import erasing
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.plugin_purge import purge_plugin
from feedbackhub.store import tables
from tests.loop.story import ended, rows, run
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Guest, Worker, working
from tests.plugin_data.tables import keeping
from tests.plugin_data.test_letters import Post
from tests.plugin_data.work import waiting
from tests.rights.placed import traces

ANN = Identifier("email", "ann@example.org")
SECRETS = ("ann@example.org",)


class Keeper(Plugin):
    """Erases, once it does not fail any more."""

    data = Data(keeps=("name",))

    def __init__(self, *failures: BaseException) -> None:
        self.failures = list(failures)
        self.asked: list[tuple[Identifier, ...]] = []

    def erase_person(self, identifiers: Sequence[Identifier]) -> int:
        """Fail as told, then erase."""
        self.asked.append(tuple(identifiers))
        if self.failures:
            raise self.failures.pop(0)
        return 3


def test_a_failing_plugin_is_asked_until_it_has_erased(open_with: OpenWith, clock: SetClock) -> None:
    keeper, good = Keeper(OSError("ann@example.org"), SystemExit(3), ValueError()), Keeper()
    core = open_with(Guest("bad", plugin=lambda hub: keeper), Guest("good", plugin=lambda hub: good))
    ended(core, "1")
    done = erase_person(core, [ANN], "tests")
    assert (sorted(done.failed), done.plugins["good"], len(done.customers)) == (["bad"], 3, 1)
    assert traces(core, SECRETS, core.settings.data_dir) == set(), "whom to erase is sealed"
    [line] = waiting(core)
    assert (line.plugin, line.kind, line.may_discard) == ("bad", "erasing", False)
    assert line.error.startswith("raised OSError in ")
    for _ in range(3):
        run(core, clock, timedelta(hours=7))
    assert keeper.asked == [(ANN,)] * 4
    assert (waiting(core), rows(core, tables.task, kind="erase")) == ([], [])
    assert len(good.asked) == 1


def test_an_erasing_is_owed_from_the_moment_the_core_has_erased(
    open_with: OpenWith, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Keeper()
    core = open_with(Guest("late", plugin=lambda hub: keeper))
    ended(core, "1")

    def stops(_: object) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(erasing, "sweep", stops)
    with pytest.raises(RuntimeError):
        erase_person(core, [ANN], "tests")
    assert keeper.asked == []
    run(core, clock, timedelta(minutes=5))
    assert keeper.asked == [(ANN,)]


def test_a_plugin_that_is_away_is_asked_when_it_is_back(
    open_with: OpenWith, clock: SetClock, tmp_path: Path
) -> None:
    prepare(open_with(keeping(tmp_path / "migrations", "own", plugin=lambda hub: Keeper())))
    core = open_with()
    ended(core, "1")
    done = erase_person(core, [ANN], "tests")
    assert done.failed == {"own": "is not active"}
    run(core, clock, timedelta(hours=1))
    [line] = waiting(core)
    assert line.error.startswith("The plugin own is not active;")
    rotate_key(core.settings.data_dir / KEY_FILE)
    keeper = Keeper()
    back = open_with(Guest("own", plugin=lambda hub: keeper))
    run(back, clock, timedelta(hours=7))
    assert (keeper.asked, waiting(back)) == ([(ANN,)], [])


def test_a_purge_ends_what_an_absent_plugin_owes(open_with: OpenWith, clock: SetClock, tmp_path: Path) -> None:
    prepare(open_with(keeping(tmp_path / "migrations", "own")))
    core = open_with()
    ended(core, "1")
    erase_person(core, [ANN], "tests")
    purge_plugin(core.store, core.settings.data_dir, "own", "tests", clock.now())
    assert rows(core, tables.task, kind="erase") == []


@pytest.mark.parametrize("said", [None, "3", True])
def test_a_wrong_answer_is_no_erasing(open_with: OpenWith, said: object) -> None:
    class Odd(Plugin):
        def erase_person(self, identifiers: Sequence[Identifier]) -> int:
            return said  # type: ignore[return-value]

    core = open_with(Guest("odd", plugin=lambda hub: Odd()))
    ended(core, "1")
    assert list(erase_person(core, [ANN], "tests").failed) == ["odd"]


def test_letters_to_a_person_and_tasks_that_name_them_go(open_with: OpenWith, clock: SetClock) -> None:
    post, worker = Post(), Worker()
    guest = working("busy", worker)
    core = open_with(guest, Guest("posts", channels=lambda hub: [post]))
    ended(core, "1")
    later = clock.now() + timedelta(days=1)
    guest.hub.schedule("work", {"to": "Ann@Example.org"}, due=later)
    guest.hub.schedule("work", {"n": 1}, due=later)
    guest.hub.send(Letter("post", ANN, "Sorry", "Dear Ann"))
    guest.hub.send(Letter("post", Identifier("email", "boss@example.org"), "Low", "ann@example.org", to_staff=True))
    guest.hub.send(Letter("post", Identifier("email", "carl@example.org"), "Sorry", "Dear Carl"))
    done = erase_person(core, [ANN], "tests")
    assert done.counts["plugin_work"] == 3
    assert traces(core, SECRETS) == set()
    run(core, clock, timedelta(days=2))
    assert [message.to.value for message in post.messages] == ["carl@example.org"]
    assert [call.payload for call in worker.calls] == [{"n": 1}]
