"""A machine that dies while somebody works on a case leaves the case as it was, or everything that follows, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest

from feedbackhub import Conflict, Hub, Scheduled
from feedbackhub.loop.core import Core
from feedbackhub.store import tables
from feedbackhub_plugins.recovery.asking_again import AskingAgain
from feedbackhub_plugins.recovery.book import Case, Cases
from feedbackhub_plugins.recovery.deeds import Deeds
from feedbackhub_plugins.recovery.letters import LEAVE
from feedbackhub_plugins.recovery.offer_settings import ReaskSettings
from feedbackhub_plugins.recovery.offers import Offers
from feedbackhub_plugins.recovery.settings import Settings
from tests.loop.story import rows

from .rows import START, hub_of, put

ANN = "ann@example.com"
Dying = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Dying:
    """Let the machine die at a step of the core's: ``with dying("add_fact"):``."""

    def dies(*_: Any) -> None:
        raise OSError("the machine is gone")

    @contextmanager
    def during(step: str) -> Iterator[None]:
        with monkeypatch.context() as patch, pytest.raises(OSError, match="gone"):
            patch.setattr(f"feedbackhub.loop.effects.{step}", dies)
            yield

    return during


def told(core: Core) -> list[str]:
    """Return what others learned."""
    return [each.type for each in rows(core, tables.event) if each.type.startswith("recovery.")]


def queued(core: Core, task: str) -> int:
    """Return how often a task was queued."""
    return len(rows(core, tables.task, kind="plugin", reference=f"recovery:{task}"))


def kinds(hub: Hub, case: Case) -> list[str]:
    return [each.kind for each in Cases(hub).history(case.id)]


def test_a_case_is_closed_with_the_event_that_plans_to_ask_again_or_not_at_all(core: Core, dying: Dying) -> None:
    hub = hub_of(core)
    deeds, case = Deeds(hub, Settings()), put(hub, "case-0000001")
    with dying("add_fact"):
        deeds.close(case, ANN, "solved")
    assert (deeds.cases.get(case.id), kinds(hub, case), told(core)) == (case, [], [])
    closed = deeds.close(case, ANN, "solved")
    assert (closed.state, kinds(hub, case), told(core)) == ("closed", ["closed"], ["recovery.closed"])
    with dying("add_fact"):
        deeds.undo(closed, ANN)
    assert (deeds.cases.get(case.id), kinds(hub, case)) == (closed, ["closed"])
    with pytest.raises(Conflict):
        deeds.reopen(case, ANN)
    with pytest.raises(Conflict, match="changed meanwhile"):
        deeds.close(case, "bob@example.com", "unfounded")
    assert (deeds.cases.get(case.id), kinds(hub, case), told(core)) == (closed, ["closed"], ["recovery.closed"])


def test_asking_again_is_planned_with_its_task_or_not_at_all(core: Core, dying: Dying) -> None:
    hub = hub_of(core)
    case, asking = put(hub, "case-0000001", customer="customer0001"), AskingAgain(hub, ReaskSettings())
    at = START + timedelta(days=2)
    with dying("add_scheduled"):
        asking.plan(case, at, ANN)
    assert (Cases(hub).get(case.id), kinds(hub, case), queued(core, "ask_again")) == (case, [], 0)
    asking.plan(case, at, ANN)
    assert (Cases(hub).get(case.id).reask_at, kinds(hub, case)) == (at, ["reask_planned"])
    assert queued(core, "ask_again") == 1


def test_a_letter_is_changed_with_its_task_or_not_at_all(core: Core, dying: Dying) -> None:
    hub = hub_of(core)
    case, offers = put(hub, "case-0000001"), Offers(hub)
    draft = offers.add({
        "case": case.id, "customer": "", "kind": "apology", "manner": "plain", "text": "apology", "text_number": 0,
        "language": "en", "channel": "email", "subject": "Sorry", "words": "Sorry.",
    }, ANN, {})  # fmt: skip
    leave = Scheduled(LEAVE, {"offer": draft.id, "version": 2}, key=f"{draft.id}:2")

    def approve() -> None:
        offers.change(draft, {"state": "approved"}, "approved", ANN, {}, ("draft",), [leave])

    with dying("add_scheduled"):
        approve()
    assert (offers.get(draft.id), kinds(hub, case), queued(core, LEAVE)) == (draft, ["drafted"], 0)
    approve()
    approved = offers.get(draft.id)
    assert (approved.state, kinds(hub, case), queued(core, LEAVE)) == ("approved", ["drafted", "approved"], 1)
    with pytest.raises(Conflict, match="letter was changed meanwhile"):
        approve()
    assert (offers.get(draft.id), kinds(hub, case), queued(core, LEAVE)) == (approved, ["drafted", "approved"], 1)
