"""Everything that can be done with a case over the API, and how a helpdesk carries one."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from feedbackhub.office.keys import create_key

from .conftest import ANN, BOSS, MONDAY, Here

Json = dict[str, Any]


class Caller:
    """A system with a key."""

    def __init__(self, here: Here) -> None:
        core = here.instance.core
        scopes = ("x:recovery:read", "x:recovery:write")
        _, self._secret = create_key(core.store, core.clock, "desk", scopes, "tests", scopes)
        self._client: FlaskClient = here.instance.browser()

    def __call__(self, method: str, path: str, body: Json | None = None, status: int = 200) -> Json:
        """Call and return what is answered."""
        headers = {"Authorization": f"Bearer {self._secret}"}
        answer = self._client.open(f"/api/v1/x/recovery/{path}", method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        found: Json = answer.get_json()
        return found


@pytest.fixture
def call(here: Here) -> Caller:
    """A system with a key."""
    return Caller(here)


def test_a_case_goes_its_whole_way_over_the_api(here: Here, call: Caller) -> None:
    case = here.case()
    path = f"cases/{case.id}"
    assert [each["id"] for each in call("GET", "cases?state=open&overdue=")["cases"]] == [case.id]
    assert call("POST", f"{path}/acknowledge", {"version": 1})["acknowledged_at"] == "2026-03-02T12:31:00Z"
    call("POST", f"{path}/notes", {"text": "Called the shop."})
    changed = call("PATCH", path, {"owner": BOSS, "tags": ["shop", "देरी"], "flags": ["legal", "owed"]})
    assert (changed["owner"], changed["tags"], changed["flags"]) == (BOSS, ["shop", "देरी"], ["owed", "legal"])
    assert call("POST", f"{path}/wait", {"until": "2026-03-04T10:00:00+07:00"})["due_at"] == "2026-03-04T03:00:00Z"
    closed = call("POST", f"{path}/close", {"outcome": "partly", "text": "Half of it."})
    assert (closed["state"], closed["outcome"], closed["overdue"]) == ("closed", "partly", False)
    assert call("POST", f"{path}/undo", {})["state"] == "waiting"
    call("POST", f"{path}/close", {"outcome": "solved"})
    again = call("POST", f"{path}/reopen", {"text": "Not at all."})
    assert [each["kind"] for each in again["history"]] == [
        "opened", "acknowledged", "note", "owner", "tags", "flags", "waiting", "closed", "undone", "closed", "reopened"
    ]  # fmt: skip
    assert {each["by"] for each in again["history"][1:]} == {"key:desk"}
    assert [each.type.removeprefix("recovery.") for each in here.events()] == [
        "opened", "acknowledged", "noted", "changed", "waiting", "closed", "reopened", "closed", "reopened"
    ]  # fmt: skip
    assert [each.payload["what"] for each in here.events() if each.type == "recovery.changed"] == [
        ["owner", "tags", "flags"]
    ]  # fmt: skip


def test_what_cannot_be_done_is_said_and_changes_nothing(here: Here, call: Caller) -> None:
    case = here.case()
    path = f"cases/{case.id}"
    call("POST", f"{path}/acknowledge", {"version": 7}, 409)
    call("POST", f"{path}/reopen", {}, 409)
    call("POST", f"{path}/undo", {}, 409)
    call("POST", "cases", {"response": case.response}, 409)
    call("POST", "cases", {"response": "x" * 12}, 404)
    call("GET", "cases/none", None, 404)
    call("GET", "cases?after=nonenonenone", None, 404)
    for body in ({"until": MONDAY.isoformat()}, {"until": "2027-03-02T10:00:00Z"}, {"until": "soon"}):
        call("POST", f"{path}/wait", body, 422)
    ghost = call("PATCH", path, {"owner": "ghost@example.com", "tags": ["a"], "reference": "T-1", "quiet": True}, 422)
    assert [each["field"] for each in ghost["errors"]] == ["owner"]
    odd_tags = [{"tags": [each]} for each in (" ", "a,b", "a\n")]
    for change in (*odd_tags, {"owner": "nobody"}, {"flags": ["rude"]}, {"url": "javascript:1"}):
        call("PATCH", path, change, 422)
    call("PATCH", path, {"quiet": True}, 409)
    assert here.cases.get(case.id) == case


def test_a_good_answer_gets_a_case_by_hand(here: Here, call: Caller) -> None:
    good = here.answer(rating=5)
    made = call("POST", "cases", {"response": good.public_id, "text": "She wrote to the press."}, 201)
    assert (made["reasons"], made["score"], made["owner"]) == (["staff"], 100.0, ANN)
    assert [each.type for each in here.events()] == ["recovery.opened"]


def test_the_list_is_read_part_by_part(here: Here, call: Caller) -> None:
    ids = [here.case(str(number)).id for number in range(3)]
    first = call("GET", "cases?limit=2")
    rest = call("GET", f"cases?limit=2&after={first['next']}")
    assert [each["id"] for part in (first, rest) for each in part["cases"]] == ids
    assert rest["next"] == ""


def test_reminders_stop_only_when_the_helpdesk_says_that_it_does_them(here: Here, call: Caller) -> None:
    loud, quiet = here.case("1"), here.case("2")
    carried = {"reference": "T-1", "url": "https://desk.example/t/1?a=b"}
    assert call("PATCH", f"cases/{loud.id}", carried)["quiet"] is False
    call("PATCH", f"cases/{quiet.id}", {**carried, "quiet": True})
    here.at("3 15:30")
    assert [each.subject for each in here.mails] == ["New case: Billing", "Overdue: Billing"]
    assert loud.id in here.mails[1].text
    assert "recovery.overdue" in {each.type for each in here.events() if each.payload["case"] == quiet.id}
    assert call("POST", f"cases/{quiet.id}/close", {"outcome": "solved"})["state"] == "closed"
