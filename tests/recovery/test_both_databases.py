"""A case from its answer to the erasing of its customer, on each database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedbackhub import ContactEvent, Identifier
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.office.erasing import erase_person
from feedbackhub_plugins.recovery.book import Cases, Wanted
from feedbackhub_plugins.recovery.deeds import Deeds
from feedbackhub_plugins.recovery.settings import Settings as Options

from .rows import hub_of


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask by links."""
    return settings.model_copy(update={"ask": (AskEntry(name="default", channels=("link",)),)})


def test_a_case_is_opened_reminded_of_closed_and_erased(core: Core, clock: SetClock) -> None:
    def run(**span: float) -> None:
        clock.move(timedelta(**span))
        Engine(core).drain()

    event = {"source": "t", "external_id": "1", "topic": "arm", "customer": {"email": "c1@example.com"}}
    run()
    invitation = record_contact(core, ContactEvent.model_validate(event)).contact.invitation
    assert invitation is not None
    submit(core, invitation.id, {"satisfaction": 1}, via="api")
    run(minutes=31)
    cases, deeds = Cases(hub_of(core)), Deeds(hub_of(core), Options())
    run(minutes=10)
    run(days=1, hours=1)
    (case,) = cases.listing(Wanted(overdue_at=clock.now(), states=("open",)), by_due=True)
    assert [each.kind for each in cases.history(case.id)] == ["opened", "untold", "overdue"]
    closed = deeds.close(case, "ann@example.com", "solved", "Done.")
    assert len(cases.listing(Wanted(states=("closed",)))) == 1
    assert deeds.undo(closed, "ann@example.com").state == "open"
    erase_person(core, [Identifier("email", "c1@example.com")], "admin")
    run(minutes=1)
    gone = cases.get(case.id)
    assert (gone.outcome, gone.dimensions["topic"]) == ("erased", "")
    assert "Done." not in [each.text for each in cases.history(case.id)]
