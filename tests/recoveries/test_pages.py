"""The assumptions on money on their page and by the API: who may, what is shown, undone, and not lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from feedbackhub import Conflict
from feedbackhub.loop.core import Core
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub.reporting.assumptions import Assumptions, Entry, Range
from feedbackhub_plugins.recovery.recoveries_analysis import Recoveries
from tests.app_fixtures import MakeClient, StaffClient

LIST, MARGIN = "/x/recovery/assumptions", "/x/recovery/assumptions/margin"
FIELDS = {"low": "50", "likely": "60", "high": "80", "source": "accounting <2025>"}


@pytest.fixture
def book(core: Core) -> Assumptions:
    """What was entered."""
    found = core.plugins.owner("feedbackhub_analyses", "recoveries")
    assert found is not None
    analysis = found[1]
    assert isinstance(analysis, Recoveries)
    return analysis.book

WORK = "work"


def number_in(text: str) -> str:
    """Return after how many changes a form was made."""
    found = re.search(r'name="number" value="(\d+)"', text)
    assert found is not None
    return found[1]


def test_managers_enter_and_undo_and_nothing_typed_is_lost(client_of: MakeClient, book: Assumptions) -> None:
    one, other, agent = client_of("manager", "one@example.com"), client_of("admin", "b@example.com"), client_of("agent")
    page = one.get(LIST)
    assert page.status_code == 200
    assert page.text.count("<tr>") == 1 + 6
    assert "2 to 5 times what it costs" in page.text
    assert [agent.get(LIST).status_code, agent.submit(MARGIN, FIELDS).status_code] == [403, 403]
    assert one.get(f"{LIST}/luck").status_code == 404
    assert one.submit(f"{MARGIN}/undo", {"number": "0"}).status_code == 404
    slip = one.submit(MARGIN, {**FIELDS, "likely": "sixty", "number": "0"})
    assert slip.status_code == 422
    assert re.findall(r'aria-describedby="e-(\w+)"', slip.text) == ["likely"]
    assert 'value="sixty"' in slip.text
    saved = one.submit(MARGIN, {**FIELDS, "number": "0"})
    assert saved.location == f"{LIST}?changed=margin"
    shown = one.get(saved.location).text
    assert "accounting &lt;2025&gt;" in shown
    late = other.submit(MARGIN, {**FIELDS, "likely": "70", "number": "0"})
    assert late.status_code == 422
    assert "Somebody else has changed it meanwhile" in late.text
    assert 'value="70"' in late.text
    assert one.submit(f"{MARGIN}/undo", {"number": number_in(shown)}).status_code == 303
    assert book.get("margin").entry is None
    for name, fields in (("attribute", {"word": "active"}), ("claim", {"low": "1", "high": "3"})):
        assert one.submit(f"{LIST}/{name}", {"source": "ours", "number": "0", **fields}).status_code == 303
        assert one.get(f"{LIST}/{name}").status_code == 200
    assert one.submit(f"{LIST}/attribute/default", {"number": "1"}).status_code == 303
    assert (book.get("attribute").word, book.get("claim").range) == ("", Range(1, 1, 3))
    with pytest.raises(Conflict):
        book.undo("margin", "one", 1)


def test_the_page_speaks_the_readers_language(manager_client: StaffClient) -> None:
    for path in (LIST, MARGIN, f"{LIST}/claim", f"{LIST}/currency", f"{LIST}/stayed"):
        answer = manager_client.get(path, headers={"Accept-Language": "id"})
        assert answer.status_code == 200
        assert "Sumber" in answer.text


def test_the_api_does_all_of_it(app: Flask, core: Core, book: Assumptions) -> None:
    scopes = ("x:recovery:read", "x:recovery:write")
    _, key = create_key(core.store, core.clock, "k", scopes, "t", scopes_of(core.plugins))
    _, reading = create_key(core.store, core.clock, "r", scopes[:1], "t", scopes_of(core.plugins))
    client, base = app.test_client(), "/api/v1/x/recovery/assumptions"

    def call(method: str, path: str = "", body: Any = None, status: int = 200, token: str = key) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.open(base + path, method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    assert [each["name"] for each in call("GET")["assumptions"]] == [
        "currency", "margin", "work", "attribute", "stayed", "claim",
    ]  # fmt: skip
    claim = call("GET", "/claim")
    assert [claim[name] for name in ("low", "likely", "high", "entered")] == [2, None, 5, False]
    put = {"low": 10, "likely": 12, "source": "own count"}
    assert call("PUT", "/work", put, 403, reading)["status"] == 403
    made = call("PUT", "/work", put)
    assert [made[name] for name in ("low", "likely", "high", "entered", "source")] == [10, 12, 12, True, "own count"]
    assert book.get("work").entry == Entry(10, 12, 12, "", "own count")
    problem = call("PUT", "/work", {"low": 30, "likely": 2, "word": "EUR", "source": "x"}, 422)
    assert sorted(each["field"] for each in problem["errors"]) == ["low", "word"]
    assert call("DELETE", "/work")["entered"] is False
    assert call("POST", f"/{WORK}/undo")["likely"] == 12
    assert call("PUT", "/currency", {"word": "idr", "source": "ours"})["word"] == "IDR"
    assert call("PUT", "/stayed", {"word": "ya", "source": "ours"})["word"] == "ya"
    wrong = {"low": True, "likely": "1", "high": 1e13, "word": "EURO", "source": ""}
    assert sorted(each["field"] for each in call("PUT", "/margin", wrong, 422)["errors"]) == ["high", "likely", "low"]
    assert call("GET", "/luck", status=404)["status"] == 404
