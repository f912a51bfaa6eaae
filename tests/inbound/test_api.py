"""Sources and their inbox over the API."""

import pytest
from flask import Flask

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.audit import entries
from feedbackhub.office.keys import create_key
from tests.api.conftest import Caller
from tests.inbound.conftest import DONE, Door
from tests.inbound.senders import Helpdesk


@pytest.fixture
def caller(app: Flask, core: Core, clock: SetClock) -> Caller:
    """A system that may read and write what sources told, and nothing else."""
    _, secret = create_key(core.store, clock, "ops", ("sources:read", "sources:write"), "tests")
    return Caller(app.test_client(), secret)


def test_sources_are_listed_without_their_secrets(door: Door, caller: Caller) -> None:
    door.call(secret="wrong")
    gateway, helpdesk = caller.get("/sources").get_json()["items"]
    assert (gateway["name"], gateway["kind"], gateway["refused"]) == ("gateway", "channel", 0)
    assert helpdesk == {
        "name": "helpdesk", "plugin": "desk", "kind": "source", "address": "http://127.0.0.1:8000/in/helpdesk",
        "accepted_at": None, "waiting": 0, "failed": 0, "refused": 1, "refused_at": "2026-03-02T09:00:00Z",
        "refused_because": "the secret in X-Secret is wrong",
    }  # fmt: skip


def test_the_inbox_is_read_on_from_where_one_stopped(door: Door, caller: Caller) -> None:
    for number in range(3):
        door.call(DONE | {"ticket": number})
    first = caller.get("/inbox?limit=2").get_json()
    assert ([each["id"] for each in first["items"]], first["more"]) == (
        [row.public_id for row in door.rows[:2]], True,
    )  # fmt: skip
    rest = caller.get(f"/inbox?after={first['next']}").get_json()
    assert ([each["id"] for each in rest["items"]], rest["more"]) == ([door.rows[2].public_id], False)
    assert caller.get("/inbox?state=failed").get_json()["items"] == []
    assert caller.get("/inbox?source=gateway").get_json()["items"] == []


def test_a_failed_request_is_read_again_after_the_mapping_was_mended(
    door: Door, helpdesk: Helpdesk, caller: Caller
) -> None:
    helpdesk.email_field = "requester"
    public_id = door.call().json["id"]  # type: ignore[index]
    door.run()
    failed = caller.get(f"/inbox/{public_id}").get_json()
    assert (failed["state"], failed["problems"]) == ("failed", [{"field": "requester", "reason": "is missing"}])
    helpdesk.email_field = "email"
    assert caller.post(f"/inbox/{public_id}/retry").get_json()["state"] == "received"
    door.run()
    done = caller.get(f"/inbox/{public_id}").get_json()
    [led] = done["contacts"]
    assert (done["state"], led["external_id"], led["outcome"]) == ("done", "7", "ask")
    for deed in ("retry", "discard"):
        assert caller.post(f"/inbox/{public_id}/{deed}").status_code == 409
        assert caller.post(f"/inbox/abcdefghijkl/{deed}").status_code == 404
    assert [(each.actor, each.action) for each in entries(door.core.store, f"request:{public_id}")] == [
        ("key:ops", "request.retried")
    ]


def test_a_request_is_discarded(door: Door, caller: Caller) -> None:
    public_id = door.call(b"broken").json["id"]  # type: ignore[index]
    assert caller.post(f"/inbox/{public_id}/discard").get_json()["state"] == "discarded"


def test_each_needs_its_scope(app: Flask, core: Core, clock: SetClock) -> None:
    _, secret = create_key(core.store, clock, "shop", ("contacts:read",), "tests")
    other = Caller(app.test_client(), secret)
    assert [other.get(path).status_code for path in ("/sources", "/inbox", "/inbox/abcdefghijkl")] == [403, 403, 403]
    assert [other.post(f"/inbox/abcdefghijkl/{deed}").status_code for deed in ("retry", "discard")] == [403, 403]
