"""The door: who may come in, what is kept, what the caller is told."""

import re
from dataclasses import replace
from datetime import timedelta

from flask.testing import FlaskClient

from feedbackhub import Incoming, Unavailable
from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.machinery.plugins import PluginState, State
from feedbackhub.machinery.settings import Settings
from feedbackhub.store import tables
from tests.inbound.conftest import DONE, Door
from tests.inbound.senders import SECRET, Helpdesk, raising


def test_helpdesks_that_try_the_address_first_find_somebody(client: FlaskClient) -> None:
    for name in ("helpdesk", "gateway"):
        got, head = client.get(f"/in/{name}"), client.head(f"/in/{name}")
        assert (got.status_code, got.text, head.status_code, head.data) == (200, "ready\n", 200, b"")


def test_a_genuine_request_is_kept_as_it_came_and_acknowledged_before_anybody_reads_it(
    door: Door, helpdesk: Helpdesk
) -> None:
    answer = door.call(b'{"ticket": "broken')
    row = door.row
    assert (answer.status_code, answer.json) == (202, {"id": row.public_id})
    assert re.fullmatch("[A-Za-z0-9_-]{12}", row.public_id)
    assert (row.body, row.state, row.kind, row.received_at) == (
        b'{"ticket": "broken', "received", "source", door.clock.now(),
    )  # fmt: skip
    assert helpdesk.read == []
    assert [(task.kind, task.reference) for task in door.tasks] == [("inbound", str(row.id))]


def test_only_what_reading_needs_is_kept_beside_the_body(door: Door, helpdesk: Helpdesk) -> None:
    door.call(at="/in/helpdesk?brand=acme&token=hidden", X_Kind="closed", Authorization="Basic hidden")
    assert (door.row.headers, door.row.query) == ({"x-kind": "closed"}, {"brand": "acme"})
    door.run()
    assert helpdesk.read[0].headers == {"x-kind": "closed"}
    assert "hidden" not in str(door.row)


def test_the_address_is_the_public_one_whatever_the_request_calls_itself(door: Door, helpdesk: Helpdesk) -> None:
    seen: list[Incoming] = []
    helpdesk.verify = seen.append  # type: ignore[method-assign, assignment]
    door.client.post("/in/helpdesk?a=%20b&c", data=b"{}", headers={"Host": "evil.example"})
    assert (seen[0].url, seen[0].query) == ("http://127.0.0.1:8000/in/helpdesk?a=%20b&c", {"a": " b", "c": ""})


def test_of_a_forged_request_only_the_count_is_kept(door: Door) -> None:
    door.call(secret="wrong")
    answer = door.call(secret="wrong")
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.json is not None
    assert answer.json["detail"] == "This request could not be verified; nothing of it was kept."
    assert (door.rows, door.tasks) == ([], [])
    [row] = door.table(tables.receiver)
    assert (row.refused, row.refused_at, row.refused_because) == (
        2, door.clock.now(), "the secret in X-Secret is wrong",
    )  # fmt: skip


def test_a_request_that_is_sent_again_is_kept_once(door: Door) -> None:
    first, again, other = (door.call(X_Delivery=each) for each in ("a", "a", "b"))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json == again.json != other.json
    assert len(door.rows) == 2
    assert len(door.tasks) == 2


def test_requests_without_an_id_of_their_own_are_all_kept(door: Door) -> None:
    assert door.call().json != door.call().json


def test_a_receiver_acknowledges_in_its_own_words(door: Door, helpdesk: Helpdesk) -> None:
    helpdesk.acknowledgement = (b"<Response/>", "text/xml")
    answer = door.call()
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"<Response/>", "text/xml")
    assert len(door.rows) == 1


def test_nobody_is_called_by_another_name(door: Door) -> None:
    for name in ("nobody", "preset-helpdesk", "link", "x" * 300, "a%00b"):
        answer = door.call(at=f"/in/{name}")
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
        assert door.client.get(f"/in/{name}").status_code == 404


def without(door: Door, *states: PluginState) -> FlaskClient:
    """Return a browser for an instance without the helpdesk, and with plugins in these states."""
    plugins = replace(door.core.plugins.having("feedbackhub_sources", ()), states=states)
    return create_app(replace(door.core, plugins=plugins)).test_client()


def test_whoever_calls_a_plugin_that_does_not_work_is_asked_to_try_again(door: Door) -> None:
    states: tuple[State, ...] = ("failed", "unconfigured", "disabled")
    client = without(door, *(PluginState(f"desk-{state}", "1", state) for state in states))
    for state in states:
        answer = client.post(f"/in/desk-{state}", data=b"{}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
        assert answer.content_type == "application/problem+json"
        assert client.get(f"/in/desk-{state}").status_code == 503


def test_a_source_that_was_called_before_is_not_forgotten_while_it_is_away(door: Door) -> None:
    client = without(door)
    assert client.post("/in/helpdesk", data=b"{}").status_code == 404
    door.call()
    assert client.post("/in/helpdesk", data=b"{}").status_code == 503


def test_while_a_plugin_has_failed_no_call_is_turned_away_for_good(door: Door) -> None:
    assert without(door, PluginState("other", "1", "failed")).post("/in/helpdesk", data=b"{}").status_code == 503
    assert without(door, PluginState("other", "1", "disabled")).post("/in/helpdesk", data=b"{}").status_code == 404


def test_a_source_that_fails_to_verify_keeps_nothing_and_the_sender_tries_again(
    door: Door, helpdesk: Helpdesk
) -> None:
    helpdesk.verifying = raising(RuntimeError("boom"), Unavailable("not mine to say"))
    assert [door.call().status_code for _ in range(3)] == [503, 503, 202]
    assert len(door.rows) == 1


def test_a_body_beyond_the_limit_is_refused(settings: Settings, door: Door) -> None:
    answer = door.call(b"x" * (settings.web.max_body_kb * 1024 + 1))
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
    assert door.rows == []


def test_an_address_that_calls_too_often_is_slowed_down(door: Door) -> None:
    web = door.core.settings.web.model_copy(update={"inbound_limit": "2/minute"})
    core = replace(door.core, settings=door.core.settings.model_copy(update={"web": web}))
    client = create_app(core).test_client()
    codes = [client.post("/in/helpdesk", data=b"{}").status_code for _ in range(3)]
    assert codes == [401, 401, 429]


def test_the_door_reads_and_sets_no_cookie(door: Door, admin_client: FlaskClient) -> None:
    headers = {"X-Secret": SECRET, "Sec-Fetch-Site": "cross-site"}
    answer = admin_client.post("/in/helpdesk", data=b"{}", headers=headers)
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (202, None)


def test_done_requests_are_kept_for_days_and_failed_ones_until_somebody_looks(core: Core, door: Door) -> None:
    for body in (DONE, b"broken"):
        door.call(body)
    door.run()
    assert [row.state for row in door.rows] == ["done", "failed"]
    door.clock.move(timedelta(days=core.settings.privacy.inbox_days, hours=1))
    Engine(core).drain()
    assert [row.state for row in door.rows] == ["failed"]
