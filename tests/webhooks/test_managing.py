"""Endpoints in the staff area and by the API: who may, what is checked, what is shown, what a replay sends."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from feedbackhub import Refused
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_hub import PluginHub
from feedbackhub.machinery.settings import Settings as CoreSettings
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub_plugins.webhooks.catalogue import TYPES, fits, wants
from feedbackhub_plugins.webhooks.service import Service
from feedbackhub_plugins.webhooks.settings import Settings
from feedbackhub_plugins.webhooks.wanted import Wanted
from tests.webhooks.conftest import Here
from tests.webhooks.receiver import Receiver

API = "/api/v1/x/webhooks"


def press(browser: FlaskClient, path: str, **fields: Any) -> str:
    """Send a form as the page offers it, and return where it leads, or the page."""
    text = browser.get("/x/webhooks/new").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert token is not None
    answer = browser.post(f"/x/webhooks/{path}", data={"csrf_token": token[1], **fields})
    return answer.location or answer.text


def test_an_endpoint_is_made_tried_and_deleted_on_its_pages(here: Here, receiver: Receiver) -> None:
    admin = here.instance.browser("admin")
    fields = {"title": "Ours <b>", "url": receiver.url, "types": ["response.settled", "customer.erased"]}
    there = press(admin, "new", kind="events", include=["comment"], more_types="orders.*", **fields)
    [made] = here.service.book.all()
    assert there == f"/x/webhooks/endpoints/{made.id}"
    assert (made.types, made.include) == (("response.settled", "customer.erased", "orders.*"), ("comment",))
    secret = here.service.secret(made.id)
    page = f"endpoints/{made.id}"
    assert secret not in admin.get(there).text
    assert secret in press(admin, f"{page}/secret")
    receiver.secret = secret
    assert "HTTP 200" in press(admin, f"{page}/test")
    assert (receiver.got[0].body["type"], receiver.got[0].is_genuine) == ("webhooks.test", True)
    press(admin, f"{page}/edit", kind="events", title="Theirs", url=receiver.url, types="response.settled")
    press(admin, f"{page}/rotate")
    press(admin, f"{page}/off")
    found = here.look(made)
    assert (found.title, found.types, found.include, found.generation) == ("Theirs", ("response.settled",), (), 2)
    assert (found.is_on, found.reason) == (False, "by_hand")
    press(admin, f"{page}/delete")
    assert here.service.book.all() == []
    assert "Ours <b>" not in admin.get("/x/webhooks/").text


def test_only_administrators_see_and_do_anything(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver)
    for role in ("manager", "agent", ""):
        browser = here.instance.browser(role)
        for path in ("", "new", f"endpoints/{made.id}", f"endpoints/{made.id}/edit", f"endpoints/{made.id}/replay"):
            assert browser.get(f"/x/webhooks/{path}").status_code in (302, 303, 403)
    admin = here.instance.browser("admin")
    for action in ("secret", "test", "on", "off", "rotate", "delete"):
        assert admin.get(f"/x/webhooks/endpoints/{made.id}/{action}").status_code == 405
        assert admin.post(f"/x/webhooks/endpoints/{made.id}/{action}").status_code == 400
    assert here.look(made).generation == 1


def test_pages_show_what_is_wrong_in_the_readers_language(here: Here) -> None:
    admin = here.instance.browser("admin")
    text = press(admin, "new?lang=id", kind="events", title="", url="http://example.com/", types="x")
    assert text.count('class="wrong"') == 3
    assert admin.get("/x/webhooks/endpoints/nobody000000").status_code == 404
    assert admin.get("/x/webhooks/new?kind=note").status_code == 200


def test_addresses_that_could_not_be_called_are_refused(here: Here) -> None:
    for url in (
        "http://example.com/", "ftp://example.com/", "https://", "https://a:b@example.com/", "https://ex ample.com/",
        "https://exämple.com/", "javascript:alert(1)", "https://example.com:99999/", "https://[::1", "x" * 3000, "",
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            here.service.add(Wanted("Ours", url, ("response.*",)), "admin")
        assert [each.field for each in refused.value.problems] == ["url"], url


def test_types_are_checked_and_matched() -> None:
    assert all(fits(each) for each in (*TYPES, "*", "response.*", "resp*.x".replace("*", ""), "our-plugin.it_happened"))
    assert not any(fits(each) for each in ("", "x", "a..b", "response.**", "a b.c", "x." + "y" * 90))
    assert wants(["response.*", "a.b"], "response.changed")
    assert not wants(["response.*", "a.b"], "a.bc")


def test_a_replay_sends_from_any_point_with_the_ids_of_the_first_time(here: Here, receiver: Receiver) -> None:
    here.instance.answer()
    here.instance.run(timedelta(hours=1))
    here.instance.run(timedelta(seconds=1))
    middle, position = here.instance.clock.now(), here.service.hub.read.event_position()
    made = here.endpoint(receiver, "response.*")
    here.instance.answer()
    here.instance.run(timedelta(hours=1))
    first = [each.id for each in receiver.got]
    assert len(first) == 2
    replays = here.service.replays
    every, since = replays.stretch(), replays.stretch(since=middle)
    assert (replays.count(made, every), replays.count(made, since)) == (4, 2)
    assert replays.count(made, replays.stretch(after=position)) == 2
    replays.begin(made, since)
    here.instance.run(timedelta(seconds=1))
    assert [each.id for each in receiver.got] == first * 2
    replays.begin(made, every)
    here.instance.run(timedelta(seconds=1))
    assert (len(receiver.got), len(receiver.ids), receiver.ids > set(first)) == (8, 4, True)
    assert [row.status for row in here.log(made)] == ["delivered"] * 4


def test_a_replay_is_counted_on_its_page_before_it_begins(here: Here, receiver: Receiver) -> None:
    here.instance.answer()
    made = here.endpoint(receiver, "response.recorded")
    admin, page = here.instance.browser("admin"), f"endpoints/{made.id}/replay"
    assert "1 event would be sent" in admin.get(f"/x/webhooks/{page}?since=2026-03-01").text
    assert admin.get(f"/x/webhooks/{page}?since=soon").status_code == 422
    assert receiver.got == []
    press(admin, page, since="2026-03-01", after="")
    here.instance.run(timedelta(seconds=1))
    assert receiver.accepted == ["response.recorded"]


def test_one_delivery_is_sent_again_by_hand(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.recorded")
    here.instance.answer()
    [row] = here.log(made)
    press(here.instance.browser("admin"), f"endpoints/{made.id}/deliveries/{row.id}/retry")
    here.instance.run(timedelta(seconds=2))
    assert (len(receiver.got), len(receiver.ids)) == (2, 1)
    assert here.instance.browser("admin").get(f"/x/webhooks/endpoints/{made.id}?status=delivered").status_code == 200


def test_the_api_does_all_of_it(here: Here, receiver: Receiver) -> None:
    client = here.instance.browser()
    core, both = here.instance.core, ("x:webhooks:read", "x:webhooks:write")
    _, key = create_key(core.store, core.clock, "k", both, "t", scopes_of(core.plugins))
    _, reading = create_key(core.store, core.clock, "r", both[:1], "t", scopes_of(core.plugins))
    headers = {"Authorization": f"Bearer {key}"}

    def call(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = client.open(API + path, method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    body = {"title": "Ours", "url": receiver.url, "types": ["response.recorded"]}
    made = call("POST", "/endpoints", body, 201)
    one = f"/endpoints/{made['id']}"
    assert call("GET", "/endpoints")["endpoints"] == [made] == [call("GET", one)]
    receiver.secret = call("POST", f"{one}/secret")["secret"]
    assert call("POST", f"{one}/test", {})["ok"]
    assert call("PATCH", one, {"title": "Theirs", "include": ["comment"]})["title"] == "Theirs"
    here.instance.run()
    here.instance.answer()
    [row] = call("GET", f"{one}/deliveries?status=delivered")["deliveries"]
    assert (row["event"], row["answer"], row["attempts"]) == (receiver.got[-1].id, 200, 1)
    assert call("POST", f"{one}/deliveries/{row['id']}/retry")["status"] == "waiting"
    assert call("POST", f"{one}/replay", {"preview": True})["events"] == 1
    assert call("POST", f"{one}/replay", {"after": 0})["begun"]
    before = receiver.secret
    assert call("POST", f"{one}/rotate")["secret"] != before
    assert call("PATCH", one, {"on": False})["reason"] == "by_hand"
    assert call("PATCH", one, {"on": True})["on"]
    call("POST", "/endpoints", {"title": "", "url": "http://example.com", "types": []}, 422)
    call("GET", "/endpoints/nobody000000", None, 404)
    assert client.post(f"{API}{one}/secret", headers={"Authorization": f"Bearer {reading}"}).status_code == 403
    assert client.get(f"{API}/endpoints").status_code == 401
    call("DELETE", one, None, 204)
    assert call("GET", "/endpoints")["endpoints"] == []


def test_deliveries_are_planned_sent_and_replayed_on_every_database(
    settings: CoreSettings, clock: SetClock, receiver: Receiver
) -> None:
    allow, own = {"allow": (receiver.place,)}, {"allow_http": [receiver.place]}
    changes = {"http": settings.http.model_copy(update=allow), "plugins": {"webhooks": own}}
    core = open_core(settings.model_copy(update=changes), clock)
    try:
        hub = PluginHub("webhooks", core.settings, clock, Http(core.settings.http, clock), core.plugins.curtain)
        service = Service(hub, Settings.model_validate(own))
        made = service.add(Wanted("Ours", receiver.url, ("*",)), "admin")
        Engine(core).drain()
        for number in (1, 2):
            hub.publish("webhooks.tried", {"n": number})
        Engine(core).drain()
        rows = service.log.page(made.id, "", None, 10)
        assert [(row.type, row.status, row.attempts) for row in rows] == [("webhooks.tried", "delivered", 1)] * 2
        assert service.log.counts() == {made.id: {"delivered": 2}}
        service.replays.begin(made, service.replays.stretch())
        Engine(core).drain()
        assert {row.round for row in service.log.page(made.id, "", None, 10)} == {1}
        assert [each.body["data"]["n"] for each in receiver.got] == [1, 2, 1, 2]
        assert service.log.prune(clock.now() + timedelta(days=1)) == 2
        service.book.remove(made.id)
        assert (service.book.all(), service.log.counts()) == ([], {})
    finally:
        core.close()
