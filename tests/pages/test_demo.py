"""The demo's guide: only in a demo, open without a password only on this very machine, and through the whole loop."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.office.demo import DEMO_ADMIN
from feedbackhub.office.users import invite_user
from tests.app_fixtures import StaffClient
from tests.pages.visits import HIDDEN


@contextmanager
def served(settings: Settings, clock: SetClock, **changes: object) -> Iterator[tuple[Core, Flask]]:
    """Give a demo with its administrator."""
    asks = (AskEntry(name="tour", match={"source": "tour"}, channels=("mailbox",), delay="0", throttle="0"),)
    core = open_core(settings.model_copy(update={"demo": True, "ask": asks, **changes}), clock)
    invite_user(core.store, clock, DEMO_ADMIN, "Demo Admin", "admin", "tests")
    yield core, create_app(core)
    core.close()


def visitor(app: Flask) -> StaffClient:
    """Return a browser of a stranger that sends forms with their token."""
    return StaffClient(app, app.response_class, use_cookies=True)


def test_elsewhere_there_is_no_guide(client: FlaskClient, admin_client: StaffClient) -> None:
    assert client.get("/demo").status_code == 404
    assert admin_client.submit("/demo/start").status_code == 404
    assert admin_client.submit("/demo/contacts", {}).status_code == 404


def test_the_guide_leads_from_the_contact_to_the_card(settings: Settings, clock: SetClock) -> None:
    with served(settings, clock) as (core, app):
        browser = visitor(app)
        assert "Start" in browser.get("/demo").text
        assert browser.post("/demo/start").status_code == 400  # another site's form
        assert browser.submit("/demo/start").location == "/demo"
        assert "End a contact" in browser.get("/demo").text
        form = {"name": "أمل", "email": "amal@example.com", "language": "ar", "channel": "chat", "topic": "late parcel"}
        progress = browser.submit("/demo/contacts", form).location
        assert "The mail goes out" in browser.get(progress).text
        Engine(core).drain()
        assert 'href="/x/mailbox/"' in browser.get(progress).text
        assert browser.get("/demo").location == progress
        link = browser.get(progress).text.partition("http://127.0.0.1:8000/s/")[2][:24]
        clock.move(timedelta(minutes=1))
        page = browser.get(f"/s/{link}", headers={"Accept-Language": "ar"}).text
        clock.move(timedelta(seconds=5))
        form = {**dict(HIDDEN.findall(page)), "satisfaction": "5"}
        thanks = browser.post(f"/s/{link}", data=form, headers={"Accept-Language": "ar"}).location
        assert 'href="/demo"' in browser.get(thanks).text
        card = "/desk/" + browser.get(progress).text.partition('role="button" href="/desk/')[2][:12]
        assert "أمل" in browser.get(card).text


@pytest.mark.parametrize(
    "changes",
    [{"listen": "0.0.0.0:8000"}, {"listen": "192.168.1.5:8000"}, {"listen": "demo.example:80"}, {"trusted_proxies": 1}],
)
def test_nobody_enters_a_demo_that_others_can_reach(
    settings: Settings, clock: SetClock, changes: dict[str, object]
) -> None:
    with served(settings, clock, **changes) as (core, app):
        browser = visitor(app)
        assert "Sign in to start" in browser.get("/demo").text
        assert browser.submit("/demo/start").location == "/sign-in?next=/demo"
        assert browser.get("/users").status_code == 303


def test_a_visitor_from_elsewhere_does_not_enter(settings: Settings, clock: SetClock) -> None:
    with served(settings, clock) as (core, app):
        browser = visitor(app)
        answer = browser.submit("/demo/start", environ_base={"REMOTE_ADDR": "203.0.113.9"})
        assert answer.location == "/sign-in?next=/demo"


@pytest.mark.parametrize("field", ["email", "channel", "topic"])
def test_a_form_that_cannot_be_used_is_refused(settings: Settings, clock: SetClock, field: str) -> None:
    with served(settings, clock) as (core, app):
        browser = visitor(app)
        browser.submit("/demo/start")
        form = {"name": "Ann", "email": "ann@example.com", "language": "en", "channel": "chat", "topic": "refund"}
        assert browser.submit("/demo/contacts", {**form, field: "x" * 300}).status_code == 422
