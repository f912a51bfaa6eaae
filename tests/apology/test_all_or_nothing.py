"""A machine that dies while an experiment starts or ends leaves it as it was: others never miss what it became."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from feedbackhub import Conflict
from feedbackhub.store import tables
from tests.loop.story import rows

from .conftest import World, plan

BOSS = "boss@acme.example"


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Do something on a machine that dies when the event is written."""

    def dies(*_: Any) -> None:
        raise OSError("the machine is gone")

    def do(deed: Callable[[], object]) -> None:
        with monkeypatch.context() as patch, pytest.raises(OSError, match="gone"):
            patch.setattr("feedbackhub.loop.effects.add_fact", dies)
            deed()

    return do


def test_an_experiment_starts_and_ends_with_its_event_or_not_at_all(
    world: World, dying: Callable[[Callable[[], object]], None]
) -> None:
    def told() -> list[str]:
        return [each.type for each in rows(world.core, tables.event) if each.type.startswith("apology.")]

    draft = world.book.add(plan(), BOSS)
    dying(lambda: world.book.start(draft, BOSS))
    assert (world.book.get(draft.id), told()) == (draft, [])
    running = world.book.start(draft, BOSS)
    assert (running.state, told()) == ("running", ["apology.started"])
    dying(lambda: world.book.stop(draft.id, "The shop closes.", BOSS))
    assert (world.book.get(draft.id), told()) == (running, ["apology.started"])
    stopped = world.book.stop(draft.id, "The shop closes.", BOSS)
    with pytest.raises(Conflict, match="changed the experiment meanwhile"):
        world.book.end(running, "full", "", "ended")
    assert (world.book.get(draft.id), told()) == (stopped, ["apology.started", "apology.ended"])
