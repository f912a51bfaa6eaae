"""What plugins do at the wish of people: changes, tasks and events in one transaction, all of them or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import Executable

from feedbackhub import Conflict, Effects, Fact, Hub, Refused, Scheduled, Task
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import prepare
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables
from feedbackhub.store.tables import contact
from tests.loop.story import at_once, rows, run
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Worker
from tests.plugin_data.tables import case_table, keeping
from tests.plugin_data.work import queued

CALL, TOLD = Scheduled("call", {"n": 1}, key="once"), Fact("cases.told", {"n": 1})


class Cases:
    """A plugin with a table and a task, and what it left behind."""

    def __init__(self, open_with: OpenWith, folder: Path) -> None:
        self.worker = Worker()
        guest = keeping(folder, "cases", tasks=lambda hub: [Task("call", self.worker.run)])
        self.core: Core = open_with(guest)
        prepare(self.core)
        self.hub: Hub = guest.hub
        self.table: Table = guest.case

    @property
    def left(self) -> tuple[list[str], int, list[str]]:
        """Names of the rows, how many tasks, and the types of own events."""
        query = select(self.table.c.name).order_by(self.table.c.id)
        names = [row["name"] for row in self.hub.tables.read(query)]
        own = [each.type for each in rows(self.core, tables.event) if each.type.startswith("cases.")]
        return names, len(queued(self.core)), own

    def renamed(self, seen: str, name: str) -> Executable:
        """Return the change that gives a row another name, if it still has the one that was seen."""
        return update(self.table).where(self.table.c.name == seen).values(name=name)


@pytest.fixture
def cases(open_with: OpenWith, tmp_path: Path) -> Cases:
    return Cases(open_with, tmp_path)


def test_changes_tasks_and_events_are_stored_together(cases: Cases, clock: SetClock) -> None:
    made = [insert(cases.table).values(name="one"), insert(cases.table).values(name="two"), delete(cases.table)]
    assert cases.hub.apply(Effects(made, [CALL], [TOLD])) == [1, 1, 2]
    assert cases.left == ([], 1, ["cases.told"])
    run(cases.core, clock)
    assert [each.payload for each in cases.worker.calls] == [{"n": 1}]
    assert cases.hub.apply(Effects(tasks=[CALL])) == []
    assert cases.left == ([], 1, ["cases.told"])


def test_work_that_is_due_rings_the_bell(cases: Cases) -> None:
    rung: list[bool] = []
    cases.core.bell.answer(lambda: rung.append(True))
    cases.hub.apply(Effects(events=[TOLD]))
    assert rung == []
    cases.hub.apply(Effects(tasks=[CALL]))
    assert rung == [True]


def test_a_statement_that_fails_leaves_nothing_and_its_task_may_come_again(cases: Cases) -> None:
    one = insert(cases.table).values(name="one")
    with pytest.raises(IntegrityError):
        cases.hub.apply(Effects([one, one], [CALL], [TOLD]))
    assert cases.left == ([], 0, [])


def test_what_fails_after_the_changes_takes_them_back(cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: Any) -> None:
        raise OSError("the machine is gone")

    one = insert(cases.table).values(name="one")
    with monkeypatch.context() as patch:
        patch.setattr("feedbackhub.loop.effects.add_fact", dies)
        with pytest.raises(OSError, match="gone"):
            cases.hub.apply(Effects([one], [CALL], [TOLD]))
    assert cases.left == ([], 0, [])
    cases.hub.apply(Effects([one], [CALL], [TOLD]))
    assert cases.left == (["one"], 1, ["cases.told"]), "the key was not spent by what was taken back"


def test_whoever_comes_second_does_nothing_at_all(cases: Cases) -> None:
    cases.hub.tables.write(insert(cases.table).values(name="seen"))
    mine = Effects([cases.renamed("seen", "mine"), insert(cases.table).values(name="step")], [CALL], [TOLD])
    assert cases.hub.apply(mine, if_touched=True) == [1, 1]
    assert cases.left == (["mine", "step"], 1, ["cases.told"])
    # A step that could not be written either is no reason for another error than the first.
    late = Effects([cases.renamed("seen", "x"), insert(cases.table).values(name="step")], [Scheduled("call")], [TOLD])
    with pytest.raises(Conflict):
        cases.hub.apply(late, if_touched=True)
    assert cases.left == (["mine", "step"], 1, ["cases.told"])
    assert cases.hub.apply(Effects([cases.renamed("seen", "late")])) == [0]


def test_of_several_at_the_same_moment_one_wins(cases: Cases) -> None:
    cases.hub.tables.write(insert(cases.table).values(name="seen"))

    def change(name: str) -> str:
        wanted = Effects([cases.renamed("seen", name)], [Scheduled("call")], [TOLD])
        try:
            cases.hub.apply(wanted, if_touched=True)
        except Conflict:
            return ""
        return name

    won = [each for each in at_once([partial(change, name) for name in "abcd"]) if each]
    assert cases.left == (won, 1, ["cases.told"])
    assert len(won) == 1


def wrong_effects(own: Table) -> Sequence[tuple[Any, bool]]:
    """Return what is refused, each beside a change that would be in order."""
    one = insert(own).values(name="one")
    return [
        (Effects([one, delete(contact)]), False),
        (Effects([one, select(own)]), False),
        (Effects([one], [Scheduled("nap")]), False),
        (Effects([one], [Scheduled("call", {"at": {1, 2}})]), False),
        (Effects([one], [CALL], [Fact("response.recorded")]), False),
        (Effects([one], [CALL], [Fact("cases.told", {"x": "y" * 70_000})]), False),
        (Effects((), [CALL], [TOLD]), True),
        ([one], False),
    ]


def test_what_a_subscriber_may_not_do_is_refused_and_nothing_done(cases: Cases) -> None:
    for effects, if_touched in wrong_effects(cases.table):
        with pytest.raises(Refused):
            cases.hub.apply(effects, if_touched=if_touched)
    with pytest.raises(Refused):
        cases.hub.apply(Effects([insert(case_table("cases")).values(name="other")]))
    assert cases.left == ([], 0, [])
