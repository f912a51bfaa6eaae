"""Experiments over the API, and what the core's pages say of them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from feedbackhub import Seat
from feedbackhub.app import create_app
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub_plugins.apology.notices import Notices

from .conftest import World

HERE = "/api/v1/x/apology/"
PLAN = {
    "name": "Does it help?", "arms": [{"name": "nothing"}, {"name": "apology", "apology": "apology"}],
    "per_week": 50, "n_each": 20.0,
}  # fmt: skip


class Caller:
    """A system with a key."""

    def __init__(self, app: Flask, secret: str) -> None:
        self.client, self.headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def call(self, method: str, path: str, body: Any = None) -> TestResponse:
        """Call an operation."""
        return self.client.open(HERE + path, method=method, json=body, headers=self.headers)

    def told(self, method: str, path: str, body: Any = None) -> Any:
        """Call an operation and return what it says."""
        return self.call(method, path, body).get_json()


def test_an_experiment_is_planned_started_and_frozen_over_the_api(world: World) -> None:
    scopes = [each for each in scopes_of(world.core.plugins) if each.startswith("x:apology:")]
    here = Caller(create_app(world.core), create_key(
        world.core.store, world.clock, "lab", scopes, "tests", scopes_of(world.core.plugins))[1])  # fmt: skip
    made = here.told("POST", "experiments", PLAN)
    assert (made["state"], made["plan"]["n_each"]) == ("draft", 20)
    one = f"experiments/{made['id']}"
    unsound = {**PLAN, "survey": "gone", "arms": [{"name": "a"}, {"name": "a"}]}
    assert here.told("PUT", one, unsound)["plan"]["survey"] == "gone"
    refused = here.call("POST", f"{one}/start", {})
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert len(refused.get_json()["errors"]) == 2
    assert here.told("PUT", one, PLAN)["version"] == 3
    assert here.call("POST", f"{one}/start", {"version": 1}).status_code == 409
    started = here.told("POST", f"{one}/start", {})
    assert (started["state"], len(started["digest"])) == ("running", 64)
    for late in (here.call("PUT", one, PLAN), here.call("POST", f"{one}/start", {}), here.call("DELETE", one)):
        assert late.status_code == 409
    assert "frozen when the experiment started" in here.told("PUT", one, PLAN)["detail"]
    found = world.assigned("ann")
    shown = here.told("GET", one)
    assert (shown["assigned"][found.arm], shown["refused"], shown["plan"]) == (1, {}, started["plan"])
    notices = Notices(world.hub)
    seat = Seat(customer=world.read.customer(found.customer))
    piece = notices.show(seat)
    assert piece is not None
    assert piece.lines[0].startswith(f"In the experiment “Does it help?” until 2026-03-23, arm: {found.arm}.")
    home = notices.home(Seat())
    assert home is not None
    assert home.lines == ("Does it help?: 1 of 40 customers",)
    stopped = here.told("POST", f"{one}/stop", {"reason": "Enough."})
    assert (stopped["state"], stopped["reason"]) == ("stopped", "Enough.")
    assert (notices.show(seat), notices.home(Seat())) == (None, None)
    assert here.told("GET", "experiments")["experiments"][0]["state"] == "stopped"
    assert here.call("GET", "experiments/AAAAAAAAAAAA").status_code == 404
    planner = here.told("GET", "planner?baseline=0.23&effect=0.22")
    assert (planner["n_each"], planner["n_each_looking"], planner["weeks"]) == (72, 130, None)
    assert here.call("GET", "planner?baseline=0.9&effect=0.2").status_code == 422
