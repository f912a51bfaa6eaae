"""Letters, texts and asking again over the API: each refusal is a problem with its field."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from feedbackhub.office.keys import create_key, scopes_of
from tests.recovery_offers.company import Company
from tests.recovery_offers.conftest import MakeCompany

Call = Callable[..., TestResponse]
GOOD = {"subject": "Sorry", "words": "Dear {{ customer.name }}, we are sorry.", "short": "We are sorry."}
OWN = {"name": "own", "title": "Own", "kind": "apology", "manner": "plain", "languages": {"en": GOOD}}


@pytest.fixture
def here(company: MakeCompany) -> Company:
    """A company."""
    return company()


@pytest.fixture
def call(here: Company) -> Call:
    """What calls the API with a key that may do everything of the plugin."""
    core = here.instance.core
    scopes = ["x:recovery:read", "x:recovery:write"]
    _, secret = create_key(core.store, core.clock, "tests", scopes, "tests", scopes_of(core.plugins))
    here.instance.browser()
    app = here.instance._app
    assert app is not None
    client = app.test_client()

    def send(method: str, path: str, json: Any = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {secret}"}
        return client.open(f"/api/v1/x/recovery/{path}", method=method, json=json, headers=headers)

    return send


def fields(answer: TestResponse) -> list[str]:
    return [each["field"] for each in answer.json["errors"]]  # type: ignore[index]


def test_a_letter_is_drafted_changed_approved_and_taken_back(here: Company, call: Call) -> None:
    case = here.bad_answer()
    made = call("POST", f"cases/{case.id}/letters", {"text": "apology"})
    assert (made.status_code, made.json["state"], made.json["warning"]) == (201, "draft", "")
    one = f"letters/{made.json['id']}"
    changed = call("PATCH", one, {"words": "We are sorry, Ann.", "version": 1})
    assert (changed.json["words"], changed.json["version"]) == ("We are sorry, Ann.", 2)
    assert call("PATCH", one, {"words": "Other", "version": 1}).status_code == 409
    approved = call("POST", f"{one}/approve", {"version": 2})
    assert (approved.json["state"], approved.json["approved_by"] != "") == ("approved", True)
    assert call("POST", f"{one}/approve", {}).status_code == 409
    assert call("PATCH", one, {"words": "Other"}).status_code == 409
    assert call("POST", f"{one}/take-back", {}).json["state"] == "taken_back"
    assert call("POST", f"{one}/not-received", {}).status_code == 409
    assert call("POST", f"{one}/discard", {}).json["state"] == "withdrawn"
    assert [each["id"] for each in call("GET", f"cases/{case.id}/letters").json["letters"]] == [made.json["id"]]
    assert call("GET", one).json["reason"] == "discarded"


def test_what_is_wrong_with_a_letter_is_a_problem_with_its_field(here: Company, call: Call) -> None:
    case = here.bad_answer()
    path = f"cases/{case.id}/letters"
    wrong = {
        "text": {"text": "nothing"}, "explanation": {"text": "apology-explained"},
        "gift": {"text": "call", "when": "today", "value": "EUR 5"},
        "currency": {"text": "apology", "gift": "EUR 5", "cost_cents": 500},
    }  # fmt: skip
    for field, body in wrong.items():
        answer = call("POST", path, body)
        assert (answer.status_code, fields(answer)) == (422, [field])
    assert call("POST", path, {"text": "apology", "more": 1}).status_code == 422
    assert [call("GET", each).status_code for each in ("letters/nothing", "cases/nothing/letters")] == [404, 404]


def test_a_text_is_added_changed_and_taken_back(call: Call) -> None:
    assert call("POST", "texts", OWN).status_code == 201
    assert (call("POST", "texts/own/undo").status_code, call("GET", "texts/own").status_code) == (409, 200)
    assert (call("POST", "texts", OWN).status_code, fields(call("POST", "texts", OWN))) == (422, ["name"])
    wrong = {**OWN, "languages": {"en": GOOD, "id": {**GOOD, "words": "{{ nobody.knows }}", "short": "a" * 500}}}
    del wrong["name"]
    answer = call("PUT", "texts/own", wrong)
    assert (answer.status_code, fields(answer)) == (422, ["languages.id.words", "languages.id.short"])
    right = {**wrong, "languages": {"en": GOOD}, "title": "Ours", "version": 1}
    assert call("PUT", "texts/own", right).json["version"] == 2
    assert call("PUT", "texts/own", {**right, "title": "Theirs"}).status_code == 409
    assert call("POST", "texts/own/undo").json["title"] == "Own"
    shown = call("POST", "text-previews", {**right, "title": "Any"})
    assert shown.json["languages"]["en"]["words"] == "Dear Maria Anderson, we are sorry."
    assert call("DELETE", "texts/own").status_code == 204
    assert call("GET", "texts/own").status_code == 404
    assert call("POST", "texts/own/undo").status_code == 200
    assert len(call("GET", "texts").json["texts"]) == 8
    assert (call("DELETE", "texts/apology").status_code, call("POST", "texts/own/restore").status_code) == (409, 409)
    assert call("POST", "texts/apology/restore").json["version"] == 0


def test_asking_again_is_planned_and_called_off(here: Company, call: Call) -> None:
    case = here.bad_answer()
    path = f"cases/{case.id}/ask-again"
    planned = call("POST", path, {"at": "2026-03-20T10:00:00Z"})
    assert planned.json["planned_at"] == "2026-03-20T10:00:00Z"
    assert call("POST", f"{path}/call-off").json["planned_at"] is None
    call("POST", path, {})
    here.pass_time()
    asked = call("GET", path).json
    assert (asked["planned_at"], asked["invitation"] != "") == (None, True)
    assert (call("POST", path, {}).status_code, call("POST", f"{path}/call-off").status_code) == (422, 422)
