"""An instance in which customers are asked, answer, complain and are asked again, with time in the test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from feedbackhub import Event, Gesture, Hub
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.merging import merge
from feedbackhub.loop.opening import open_core
from feedbackhub.loop.plugin_views import dress
from feedbackhub.loop.reading import Reading
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_hub import PluginHub
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.store.queries import people
from feedbackhub.testing import Outbox, make_contact_event
from feedbackhub_plugins.apology.book import Experiments
from feedbackhub_plugins.apology.looking import Looking
from feedbackhub_plugins.apology.plan import Arm, Plan
from feedbackhub_plugins.apology.records import Assignment, Experiment

TWO = (Arm(name="nothing"), Arm(name="apology", apology="apology"))
#: What is of no use here, and takes its share of every run of the engine.
IDLE = ("causes", "nps", "satisfaction", "solved", "silence", "fairness", "inaction", "digest", "webhooks", "mailbox")


def plan(**fields: Any) -> Plan:
    """Return a plan of two arms whose volume is stated, so that an empty instance may start it."""
    return Plan(**{"name": "Does it help?", "arms": TWO, "per_week": 100.0, "n_each": 50, **fields})


class World:
    """An instance, and what customers and staff do.

    Args:
        core: The instance.
        clock: Its clock.
    """

    def __init__(self, core: Core, clock: SetClock) -> None:
        self.core, self.clock, self.read = core, clock, Reading(core)
        dress(core)
        self.hub: Hub = self.hub_of("apology")
        self.book = Experiments(self.hub)
        self._cases = 0

    def hub_of(self, name: str) -> Hub:
        """Return a plugin's hub."""
        return PluginHub(name, self.core.settings, self.clock, Http(self.core.settings.http, self.clock),
                         self.core.plugins.curtain)  # fmt: skip

    def run(self, after: timedelta = timedelta(0)) -> None:
        """Let time pass, and the engine do what is due."""
        self.clock.move(after)
        Engine(self.core).drain()

    def started(self, **fields: Any) -> Experiment:
        """Plan an experiment and start it."""
        return self.book.start(self.book.add(plan(**fields), "boss@acme.example"), "boss@acme.example")

    def bad_answer(self, who: str, rating: int = 1, number: int = 1, **fields: Any) -> str:
        """Let a customer answer badly, and return the response's id."""
        customer = {"email": f"{who}@example.com", "name": who, "language": "en"}
        event = make_contact_event(f"{who}-{number}", **{"customer": customer, **fields})
        invitation = record_contact(self.core, event).contact.invitation
        assert invitation is not None
        return submit(self.core, invitation.id, {"satisfaction": rating, "solved": "yes"}, via="api").response

    def opened(self, response: str, **more: Any) -> str:
        """Publish that a case was opened for an answer, as recoveries do, and return the case's id."""
        self._cases += 1
        case, found = f"case{self._cases:08}", self.read.response(response)
        payload = {
            "case": case, "response": response, "customer": found.customer, "contact": found.contact,
            "survey": found.survey, "reasons": ["low"], "flags": [], "score": found.score,
            "dimensions": dict(found.dimensions), **more,
        }  # fmt: skip
        self.hub_of("recovery").publish("recovery.opened", payload)
        return case

    def assigned(self, who: str, **more: Any) -> Assignment:
        """Let a customer answer badly and be assigned."""
        response = self.bad_answer(who)
        case = self.opened(response, **more)
        self.run()
        found = [each for one in self.book.every() for each in self.book.assignments(one.id) if each.case == case]
        assert found, "not assigned"
        return found[0]

    def now(self, one: Assignment) -> Assignment:
        """Return an assignment as it is now."""
        return next(each for each in self.book.assignments(one.experiment) if each.number == one.number)

    def asked_again(self, response: str) -> str:
        """Ask again after an answer, as recoveries do, and return the invitation's id."""
        return self.hub_of("recovery").ask("re-ask", after=response)

    def merge(self, one: str, other: str) -> None:
        """Find out that a customer is another one's person."""
        with self.core.store.read() as connection:
            found = [people.customer_by_public_id(connection, each) for each in (one, other)]
        merge(self.core, *(each.person_id for each in found if each), "boss@acme.example")  # type: ignore[call-arg]

    def gesture(self, one: Assignment, kind: str = "apology") -> str:
        """Record a gesture to an assigned customer."""
        return self.hub_of("recovery").record_gesture(Gesture(kind, one.customer, "Bob", response=one.response)).id

    def events(self, type_: str) -> list[Event]:
        """Return the events of a type."""
        return list(self.read.events(types=(type_,)))

    def look(self) -> None:
        """Do the periodic look, and let whoever follows the log read what it says."""
        Looking(self.hub).look(None)  # type: ignore[arg-type]
        self.run()


@pytest.fixture
def world(settings: Settings, clock: SetClock) -> Iterator[World]:
    """An instance on either database, whose recoveries open no cases of their own: tests say when one is opened."""
    asks = (AskEntry(name="default", channels=("outbox",)),)
    silent = {"rules": [{"when": "low", "open": False}]}
    wanted = settings.model_copy(update={"ask": asks, "plugins_disabled": IDLE, "plugins": {"recovery": silent}})
    core = open_core(wanted, clock, extra={"outbox": Outbox()})
    yield World(core, clock)
    core.close()
