"""Callers of the API: systems with keys of any scopes, and the path of one contact from its end to its answer."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.keys import SCOPES, create_key, scopes_of

PREFIX = "/api/v1"
ANN = {"email": "ann@example.org", "name": "Ann", "language": "ar"}


class Caller:
    """A system with a key."""

    def __init__(self, client: FlaskClient, secret: str) -> None:
        self.client, self.secret = client, secret

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        """Send a request with the key."""
        headers = {**({"Authorization": f"Bearer {self.secret}"} if self.secret else {}), **more.pop("headers", {})}
        if json is not None:
            more["json"] = json
        return self.client.open(PREFIX + path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        """Ask for something."""
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        """Tell something."""
        return self.call("POST", path, json, **more)

    def delete(self, path: str) -> TestResponse:
        """Take something back."""
        return self.call("DELETE", path)

    def contact(self, number: str = "1", **more: Any) -> dict[str, Any]:
        """Record a contact and return the answer."""
        event = {"source": "helpdesk", "external_id": number, "customer": ANN, **more}
        answer = self.post("/contacts", {name: value for name, value in event.items() if value is not None})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def answer(self, number: str = "1", **answers: Any) -> str:
        """Record a contact, answer it, and return the response's id."""
        invitation = self.contact(number)["kit"]["invitation"]
        answer = self.post("/responses", {"invitation": invitation, "answers": answers or {"satisfaction": 2}})
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["response"])


MakeCaller = Callable[..., Caller]


def problems(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the fields that were refused, with their reasons."""
    assert answer.content_type == "application/problem+json"
    return [(each["field"], each["reason"]) for each in answer.get_json()["errors"]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask by the mailbox, and by a link where there is no address; call as often as you like."""
    changes = {
        "ask": ({"name": "default", "channels": ["mailbox", "link"]},),
        "web": {"api_limit": "1000000/minute"},
        "throttle": {"days": 0},
    }
    return Settings.model_validate({**settings.model_dump(exclude={"ask", "web", "throttle"}), **changes})


@pytest.fixture
def caller_with(app: Flask, core: Core, clock: SetClock) -> MakeCaller:
    """Make a caller with a key of some scopes; with no key at all for none."""

    def make(scopes: Sequence[str] = SCOPES, name: str = "shop") -> Caller:
        known = scopes_of(core.plugins)
        secret = create_key(core.store, clock, name, scopes, "tests", known)[1] if scopes else ""
        return Caller(app.test_client(), secret)

    return make


@pytest.fixture
def caller(caller_with: MakeCaller) -> Caller:
    """A system whose key may do everything."""
    return caller_with()
