"""One id leads through the log, from the contact to the webhook; nothing of a person stands in it."""

import io
import json
import logging
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from feedbackhub import TemporaryFailure
from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.reask import reask
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.links import new_public_id
from feedbackhub.machinery.logs import REQUEST, Known, note, set_up_logging
from feedbackhub.office.keys import create_key
from tests.staff.conftest import World, core, post, settings, world

__all__ = ["core", "post", "settings", "world"]

NAME, WORDS, ADDRESS, PHONE = "Canarina Serin", "canary words", "canarina@serin.example", "+62 812-3456-7890"


@pytest.fixture(params=[False, True], ids=["json", "lines"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What is written to the log, as JSON and as lines for people."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    set_up_logging("info", stream, readable=request.param)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def said(log: io.StringIO, message: str) -> list[dict[str, Any]]:
    """Return the facts of the lines with a message, whichever way they are written."""
    found = []
    for line in log.getvalue().splitlines():
        if line.startswith("{"):
            facts = json.loads(line)
        else:
            head, _, rest = line.partition("  ")
            facts = dict(each.split("=", 1) for each in rest.split(" ") if "=" in each)
            facts = {name: json.loads(value) for name, value in facts.items()}
            facts["message"] = head.split(" ", 2)[2]
        if facts.get("message") == message:
            found.append(facts)
    return found


def test_one_id_leads_through_the_log_and_nobody_is_named(
    app: Flask, core: Core, clock: SetClock, world: World, log: io.StringIO
) -> None:
    _, key = create_key(core.store, clock, "helpdesk", ["contacts:write"], "tests")
    client = app.test_client()
    body = {
        "source": "helpdesk", "external_id": "T-canary", "topic": "Canary topic",
        "customer": {"email": ADDRESS, "name": NAME, "phone": PHONE}, "agent": {"id": "7", "name": "Canary Agent"},
    }  # fmt: skip
    asked = client.post("/api/v1/contacts", json=body, headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 201
    view = asked.json["contact"]  # type: ignore[index]
    contact, invitation = view["id"], view["invitation"]["id"]
    world.post.failure = TemporaryFailure(f"550 {ADDRESS} {NAME} unknown")
    world.run(timedelta(hours=2))
    world.post.failure = None
    path = view["invitation"]["link"].partition("://")[2].partition("/")[2]
    answer = {"satisfaction": "1", "comment": WORDS}
    assert client.post(f"/{path}", data=answer).status_code in (200, 303)
    assert client.get(f"/{path}?x={ADDRESS}").status_code == 200
    assert client.get(f"/wrong/{ADDRESS}").status_code == 404
    world.run(timedelta(hours=2))
    steps = ("contact recorded", "invitation planned", "delivery failed and is parked", "response stored")
    for message in steps:
        [facts] = said(log, message)
        assert facts["contact"] == contact, message
        assert facts.get("invitation") == (None if message == "contact recorded" else invitation), message
    [stored], [failed] = said(log, "response stored"), said(log, "delivery failed and is parked")
    assert (stored["via"], stored["revision"], failed["channel"], failed["attempt"]) == ("page", 1, "post", 1)
    [recorded] = said(log, "contact recorded")
    assert (recorded["decision"], recorded["request"]) == ("ask", said(log, "request")[0]["request"])
    routes = [facts["route"] for facts in said(log, "request")]
    assert routes == ["/api/v1/contacts", "/s/<token>", "/s/<token>", "unknown"]
    token = path.partition("/")[2]
    written = log.getvalue()
    for canary in (NAME, "Canarina", WORDS, ADDRESS, "serin", PHONE, "812-3456", token, key, "T-canary", "Canary"):
        assert canary not in written, canary


def test_a_second_ask_is_found_by_the_same_id(world: World, core: Core, log: io.StringIO) -> None:
    recorded = world.asked(1)
    submitted = world.answer(recorded, satisfaction="1")
    again = reask(core, submitted.response)
    planned = said(log, "invitation planned")
    assert [facts["contact"] for facts in planned] == [recorded.contact.id] * 2
    assert planned[-1]["invitation"] == again.id


def test_each_request_has_an_id_that_its_answer_and_its_lines_carry(app: Flask, log: io.StringIO) -> None:
    client = app.test_client()
    given = secrets.token_hex(16)
    believed = client.get("/healthz", headers={"X-Request-Id": given})
    assert (believed.headers["X-Request-Id"], said(log, "request")[-1]["request"]) == (given, given)
    for wrong in ("ann@example.org", "+628123456789", "628123456789", "x" * 32, f"{given}\tx", "a" * 65):
        answer = client.get("/healthz", headers={"X-Request-Id": wrong})
        made = answer.headers["X-Request-Id"]
        assert (len(made), said(log, "request")[-1]["request"]) == (12, made)
    assert REQUEST.get() == ""


def test_lines_for_requests_can_be_left_out(core: Core, log: io.StringIO) -> None:
    quiet = core.settings.model_copy(update={"web": core.settings.web.model_copy(update={"access_log": False})})
    assert create_app(replace(core, settings=quiet)).test_client().get("/healthz").status_code == 200
    assert said(log, "request") == []


def test_ids_stay_and_what_only_stands_where_an_id_should_be_is_masked(log: io.StringIO) -> None:
    public_id = new_public_id()
    note(logging.getLogger("feedbackhub.test"), "tried", contact=public_id, response=ADDRESS, route=Known("/s/<token>"),
         delivery="", customer=None)  # fmt: skip
    [facts] = said(log, "tried")
    assert (facts["contact"], facts["response"], facts["route"]) == (public_id, "[e-mail]", "/s/<token>")
    assert not {"delivery", "customer"} & facts.keys()


def test_below_its_level_nothing_is_written(log: io.StringIO) -> None:
    logging.getLogger().setLevel(logging.WARNING)
    note(logging.getLogger("feedbackhub.test"), "not written")
    assert log.getvalue() == ""
