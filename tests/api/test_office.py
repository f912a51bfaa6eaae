"""Gestures, suppressions, surveys, deliveries and plugins over the API."""

import json
from datetime import timedelta

from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.audit import entries
from feedbackhub.surveys import bundled
from feedbackhub.surveys.source import read_yaml
from tests.api.conftest import Caller, problems


def test_a_gesture_is_counted_and_can_be_taken_back(caller: Caller, core: Core) -> None:
    contact = caller.contact()["contact"]
    body = {"kind": "apology", "customer": contact["customer"], "contact": contact["id"], "by": "Bo"}
    first, second = caller.post("/gestures", body), caller.post("/gestures", {**body, "kind": "compensation"})
    third = caller.post("/gestures", {**body, "value": "voucher", "cost_cents": 500, "currency": "EUR"})
    assert [each.status_code for each in (first, second, third)] == [201, 201, 201]
    assert [each.get_json()["nth"] for each in (first, second, third)] == [1, 1, 2]
    assert caller.delete(f"/gestures/{first.get_json()['id']}").status_code == 204
    assert caller.delete(f"/gestures/{first.get_json()['id']}").status_code == 404
    log = [(each.action, each.actor) for each in entries(core.store) if each.action.startswith("gesture")]
    assert log == [("gesture.withdrawn", "key:shop"), *[("gesture.recorded", "key:shop")] * 3]


def test_a_gesture_to_nobody_or_about_somebody_else_is_not_found(caller: Caller) -> None:
    contact = caller.contact()["contact"]
    other = caller.contact("2", customer={"email": "bo@example.org"})["contact"]
    assert caller.post("/gestures", {"kind": "apology", "customer": "AAAAAAAAAAAA"}).status_code == 404
    mixed = {"kind": "apology", "customer": contact["customer"], "contact": other["id"]}
    assert caller.post("/gestures", mixed).status_code == 404


def test_the_third_apology_in_ninety_days_is_recorded_with_a_warning(caller: Caller) -> None:
    customer = caller.contact()["contact"]["customer"]
    body = {"kind": "apology", "customer": customer, "manner": "explanation", "words": "The lorry broke down."}
    said = [caller.post("/gestures", body).get_json() for _ in range(3)]
    assert [(each["recent"], each["warning"]) for each in said] == [
        (1, ""), (2, ""),
        (3, "apology number 3 within 90 days: research says that repeated apologies may hurt"),
    ]  # fmt: skip
    assert caller.post("/gestures", {**body, "kind": "call_back", "manner": ""}).get_json()["warning"] == ""


def test_an_unknown_kind_of_gesture_is_told_the_known_ones(caller: Caller) -> None:
    customer = caller.contact()["contact"]["customer"]
    answer = caller.post("/gestures", {"kind": "hug", "customer": customer})
    assert (answer.status_code, problems(answer)) == (
        422, [("kind", "must be one of apology, compensation, call_back")],
    )  # fmt: skip
    for wrong in ({"kind": "Hug!"}, {"kind": "compensation", "manner": "plain"}, {"kind": "apology", "manner": "loud"}):
        assert caller.post("/gestures", {"customer": customer, **wrong}).status_code == 422


def test_an_address_is_suppressed_and_lifted(caller: Caller) -> None:
    made = caller.post("/suppressions", {"kind": "email", "value": "Ann@Example.org", "note": "asked by phone"})
    assert made.status_code == 201
    listed = caller.get("/suppressions").get_json()["items"]
    assert [(each["id"], each["kind"], each["reason"]) for each in listed] == [
        (made.get_json()["id"], "email", "staff")
    ]
    assert "example" not in json.dumps(listed).lower()
    assert caller.contact()["contact"]["decision"]["rule"] == "suppressed"
    lift = {"kind": "email", "value": "ann@example.org"}
    assert caller.post("/suppressions/lift", lift).get_json() == {"lifted": True}
    assert caller.post("/suppressions/lift", lift).get_json() == {"lifted": False}


def test_a_suppression_is_lifted_by_its_id(caller: Caller) -> None:
    made = caller.post("/suppressions", {"kind": "id:crm", "value": "4711"}).get_json()["id"]
    assert caller.delete(f"/suppressions/{made}").status_code == 204
    assert caller.delete(f"/suppressions/{made}").status_code == 404


def test_what_cannot_be_an_address_is_refused(caller: Caller) -> None:
    for path in ("/suppressions", "/suppressions/lift"):
        answer = caller.post(path, {"kind": "email", "value": "ann"})
        assert problems(answer) == [("value", "is not a valid e-mail address")]


def test_surveys_are_listed_and_shown(caller: Caller) -> None:
    listed = caller.get("/surveys").get_json()["items"]
    assert [each["name"] for each in listed] == ["effort", "nps", "post-contact", "re-ask"]
    shown = caller.get("/surveys/nps").get_json()
    assert (shown["version"], shown["source"]) == (1, bundled()["nps"])
    assert caller.get("/surveys/nothing").status_code == 404


def test_a_survey_is_published_once_as_yaml(caller: Caller, core: Core) -> None:
    source = bundled()["nps"] + "\n# ours\n"
    first, again = caller.post("/surveys", {"source": source}), caller.post("/surveys", {"source": source})
    assert [first.status_code, again.status_code] == [201, 200]
    assert first.get_json() == {"name": "nps", "version": 2, "created": True}
    assert again.get_json() == {"name": "nps", "version": 2, "created": False}
    assert [each.subject for each in entries(core.store) if each.action == "survey.published"] == ["survey:nps"]


def test_a_survey_is_published_as_json_and_means_the_same(caller: Caller, core: Core) -> None:
    value, _, _ = read_yaml(bundled()["post-contact"])
    assert caller.post("/surveys", {"survey": value}).get_json()["version"] == 2
    with core.store.read() as connection:
        version = core.shelf.newest(connection, "post-contact")
    assert version is not None
    assert version.survey == core.shelf.version(version.id).survey
    assert [each.id for each in version.survey.questions] == [each["id"] for each in value["questions"]]


def test_a_wrong_survey_is_checked_and_refused_with_its_lines(caller: Caller) -> None:
    source = "name: x\nquestions: []\n"
    checked = caller.post("/surveys/check", {"source": source}).get_json()
    assert checked["valid"] is False
    assert {"line": 1, "path": "title", "message": "is missing"} in checked["problems"]
    refused = caller.post("/surveys", {"source": source})
    assert ("line 1, title", "is missing") in problems(refused)
    assert caller.post("/surveys/check", {"source": bundled()["nps"]}).get_json()["valid"] is True


def test_deliveries_are_listed_by_state(caller: Caller, core: Core, clock: SetClock) -> None:
    caller.contact()
    due = caller.get("/deliveries?state=due").get_json()["items"]
    assert [(each["kind"], each["channel"]) for each in due] == [("first", "mailbox")]
    clock.move(timedelta(hours=2))
    Engine(core).drain()
    sent = caller.get("/deliveries?state=sent").get_json()["items"]
    assert [each["id"] for each in sent] == [due[0]["id"]]
    assert "ann@" not in json.dumps(sent)
    assert caller.get(f"/deliveries/{due[0]['id']}").get_json() == sent[0]


def test_a_delivery_that_did_not_fail_is_not_sent_again(caller: Caller) -> None:
    caller.contact()
    delivery = caller.get("/deliveries").get_json()["items"][0]["id"]
    refused = caller.post(f"/deliveries/{delivery}/retry")
    assert (refused.status_code, refused.get_json()["detail"]) == (409, "this delivery did not fail")
    assert caller.post("/deliveries/AAAAAAAAAAAA/retry").status_code == 404


def test_plugins_are_listed_with_their_state(caller: Caller) -> None:
    states = {each["name"]: each["state"] for each in caller.get("/plugins").get_json()["items"]}
    assert (states["asking"], states["email"], states["link"]) == ("active", "unconfigured", "active")
