"""The analyses at an instance: from what is stored to the report; and a company simulated in short."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bench.planted_trials import Planted, tried
from bench.planted_trials_rows import planted_rows
from feedbackhub import Gesture, Query, Refused, Report
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_hub import PluginHub
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.testing import Outbox, make_contact_event
from feedbackhub_plugins.apology.effect import Apology
from feedbackhub_plugins.apology.gestures import Gestures
from feedbackhub_plugins.apology.tables import assignment, experiment

from .planted import Cell, assignments, column, figure, plan, table
from .planted import experiment as as_record

#: What is of no use here, and takes its share of every run of the engine.
IDLE = ("causes", "nps", "satisfaction", "solved", "silence", "fairness", "inaction", "digest", "webhooks", "mailbox")
EVER = Query(date(2025, 1, 1), date(2027, 12, 31), compare=False)


def hub_of(core: Core, clock: SetClock, name: str = "apology") -> PluginHub:
    """Return a plugin's hub."""
    return PluginHub(name, core.settings, clock, Http(core.settings.http, clock), core.plugins.curtain)


def asked(core: Core, clock: SetClock, analysis: type[Apology] | type[Gestures], **options: str) -> Report:
    """Return what an analysis says."""
    query = Query(EVER.since, EVER.until, compare=False, options=options)
    return analysis(hub_of(core, clock)).report(query)


def test_what_is_stored_is_what_is_shown(core: Core, clock: SetClock) -> None:
    assert asked(core, clock, Apology).figures[0].note == "no data"
    of = plan(stopping="fixed")
    kept = asdict(as_record(of, "ended")) | {"plan": of.as_json(), "name": of.name}
    del kept["kept"]  # the plan as the table holds it, under its own name
    people = [asdict(each) | {"received": list(each.received)} for each in assignments(
        [Cell("nothing", 20, 40, 40), Cell("apology", 45, 25, 30)]
    )]  # fmt: skip
    rows = [{name: value for name, value in each.items() if name != "number"} for each in people]
    hub_of(core, clock).tables.write(insert(experiment).values(kept), insert(assignment).values(rows))
    clock.move(timedelta(days=400))
    found = asked(core, clock, Apology)
    assert figure(found, "apology less nothing").value == pytest.approx(0.25)
    assert column(table(found, "Arms"), "Won back") == [20, 45]
    (option,) = Apology(hub_of(core, clock)).offers()
    assert option.choices == {"": "the newest", "experiment01": "Trial (2026-01-05)"}
    assert asked(core, clock, Apology, experiment="experiment01").title == found.title
    with pytest.raises(Refused):
        asked(core, clock, Apology, experiment="nothing-such")


def bad_answer(core: Core, who: str) -> str:
    """Let a customer answer badly, and return the response's id."""
    event = make_contact_event(who, customer={"email": f"{who}@example.com", "language": "en"})
    invitation = record_contact(core, event).contact.invitation
    assert invitation is not None
    return submit(core, invitation.id, {"satisfaction": 1, "solved": "no"}, via="api").response


def test_gestures_are_counted_with_the_answer_when_asked_again(
    settings: Settings, clock: SetClock
) -> None:
    asks = (AskEntry(name="default", channels=("outbox",)),)
    silent = {"rules": [{"when": "low", "open": False}]}
    wanted = settings.model_copy(update={"ask": asks, "plugins_disabled": IDLE, "plugins": {"recovery": silent}})
    core = open_core(wanted, clock, extra={"outbox": Outbox()})
    hub = hub_of(core, clock, "recovery")
    for who, kind, manner, rating in (
        ("ann", "apology", "promise", 5), ("bob", "apology", "", 1), ("eve", "", "", 2), ("joe", "compensation", "", 0),
    ):  # fmt: skip
        response = bad_answer(core, who)
        if kind:
            customer = hub.read.response(response).customer
            hub.record_gesture(Gesture(kind, customer, "Budi", response=response, manner=manner))
        again = hub.ask("re-ask", after=response)
        clock.move(timedelta(days=1))
        Engine(core).drain()
        if rating:
            submit(core, again, {"satisfaction": rating}, via="api")
    found = table(asked(core, clock, Gestures, manner="yes"), "Later answers by gesture")
    assert [tuple(row[:4]) for row in found.rows] == [
        ("no gesture", 1, 1, 0), ("apology", 1, 1, 0), ("apology with a promise", 1, 1, 1), ("compensation", 1, 0, 0),
    ]  # fmt: skip
    about = table(asked(core, clock, Gestures, question="solved", counts="no"), "Later answers by gesture")
    # They were given before anything was done: no later answers but of whom nothing was done for.
    assert [tuple(row[:4]) for row in about.rows] == [
        ("no gesture", 1, 1, 1), ("apology", 2, 0, 0), ("compensation", 1, 0, 0),
    ]  # fmt: skip
    for wrong in ({"question": "solved"}, {"question": "nothing-such", "counts": "1"}, {"counts": "yes"}):
        with pytest.raises(Refused):
            asked(core, clock, Gestures, **wrong)
    core.close()


def test_a_simulated_company_shows_what_it_did(tmp_path: Path) -> None:
    # So many that chance, which draws the arms anew each time, hardly ever leaves one of them below the 30 it needs.
    found = tried(Planted(seed=3, effect=0.5, share=0.1, answers=0.9, each=50, days=2), tmp_path)
    assert (found.state, found.known, sum(found.assigned.values())) == ("ended", 100, 100)
    assert found.holds
    assert found.stopped


@pytest.mark.parametrize(("effect", "least", "most"), [(0.12, 19, 20), (0.0, 0, 1)])
def test_many_planted_experiments_are_told_rightly(effect: float, least: int, most: int) -> None:
    found = [planted_rows(seed, effect, 0.2, 0.7, 1000) for seed in range(1, 21)]
    assert sum(each.holds for each in found) >= 19
    assert least <= sum(each.stopped for each in found) <= most
