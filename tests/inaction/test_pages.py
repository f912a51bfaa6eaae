"""The assumptions on their page and by the API: who may, what is shown, undone, and kept when two people write."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from feedbackhub import Conflict
from feedbackhub.loop.core import Core
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub.reporting.assumptions import Assumptions, Entry
from feedbackhub_plugins.inaction.analysis import Inaction
from tests.app_fixtures import MakeClient, StaffClient

LIST, MARGIN = "/x/inaction/assumptions", "/x/inaction/assumptions/margin"
FIELDS = {"low": "50", "likely": "60", "high": "80", "source": "accounting <2025>"}


@pytest.fixture
def book(core: Core) -> Assumptions:
    """What was entered."""
    found = core.plugins.owner("feedbackhub_analyses", "inaction")
    assert found is not None
    analysis = found[1]
    assert isinstance(analysis, Inaction)
    return analysis.book


def number_in(text: str) -> str:
    """Return after how many changes a form was made."""
    found = re.search(r'name="number" value="(\d+)"', text)
    assert found is not None
    return found[1]


def enter(browser: StaffClient, path: str = MARGIN, **fields: str) -> Any:
    """Fill in the form as it is offered, and send it."""
    return browser.submit(path, {**FIELDS, "number": number_in(browser.get(path).text), **fields})


def test_managers_see_every_input_with_its_source_and_agents_and_strangers_to_it_do_not(
    manager_client: StaffClient, agent_client: StaffClient
) -> None:
    page = manager_client.get(LIST)
    assert page.status_code == 200
    assert page.text.count("<tr>") == 1 + 19
    assert "about half of individual customers do not complain" in page.text
    assert agent_client.get(LIST).status_code == 403
    assert agent_client.submit(MARGIN, FIELDS).status_code == 403
    assert manager_client.get(f"{LIST}/luck").status_code == 404
    assert manager_client.submit(f"{MARGIN}/undo", {"number": "0"}).status_code == 404
    assert manager_client.submit(f"{MARGIN}/default", {"number": "7"}).status_code == 409
    assert manager_client.get(f"{LIST}?changed=luck").status_code == 200
    english = manager_client.get(LIST).text
    answer = manager_client.get(LIST, headers={"Accept-Language": "id"})
    assert answer.status_code == 200
    assert "Sumber" in answer.text
    assert "Sumber" not in english


def test_what_is_entered_is_shown_with_who_and_can_be_undone_or_given_up(
    manager_client: StaffClient, book: Assumptions
) -> None:
    answer = enter(manager_client)
    assert answer.location == "/x/inaction/assumptions?changed=margin"
    assert book.get("margin").entry == Entry(50, 60, 80, "", "accounting <2025>")
    shown = manager_client.get(answer.location).text
    assert "accounting &lt;2025&gt;" in shown
    assert "by manager@example.com on" in shown
    undone = manager_client.submit(f"{MARGIN}/undo", {"number": number_in(shown)})
    assert undone.location == answer.location
    assert book.get("margin").entry is None
    again = manager_client.submit(f"{MARGIN}/undo", {"number": number_in(manager_client.get(answer.location).text)})
    assert again.status_code == 303
    assert book.get("margin").entry == Entry(50, 60, 80, "", "accounting <2025>")
    enter(manager_client, f"{LIST}/told", low="1", likely="2", high="3")
    form = manager_client.get(f"{LIST}/told").text
    assert 'value="2"' in form
    answer = manager_client.submit(f"{LIST}/told/default", {"number": number_in(form)})
    assert answer.status_code == 303
    assert book.get("told").entry is None
    assert [book.get("told").changed_by, book.get("told").number] == ["manager@example.com", 2]


def test_nothing_typed_is_lost_by_a_slip_nor_by_somebody_who_was_faster(
    client_of: MakeClient, book: Assumptions
) -> None:
    one, other = client_of("manager", "one@example.com"), client_of("admin", "other@example.com")
    answer = enter(one, low="90", likely="sixty", high="80", source="a guess")
    assert answer.status_code == 422
    assert [each in answer.text for each in ('value="90"', 'value="sixty"', 'value="80"', "a guess</textarea>")] == [
        True, True, True, True,
    ]  # fmt: skip
    assert re.findall(r'aria-describedby="e-(\w+)"', answer.text) == ["likely"]
    assert book.get("margin").entry is None
    before = number_in(one.get(MARGIN).text)
    enter(other, low="1", likely="2", high="3")
    late = one.submit(MARGIN, {**FIELDS, "number": before})
    assert late.status_code == 422
    assert "Somebody else has changed it meanwhile" in late.text
    assert "other@example.com" in late.text
    assert 'value="60"' in late.text
    saved = one.submit(MARGIN, {**FIELDS, "number": number_in(late.text)})
    assert saved.status_code == 303
    assert book.get("margin").entry == Entry(50, 60, 80, "", "accounting <2025>")
    with pytest.raises(Conflict):
        book.undo("margin", "one", 1)
    entry = Entry(1, 2, 3, "", "known")
    assert [book.put("told", entry, "a").number, book.put("told", entry, "b").number] == [1, 1]
    assert book.get("told").changed_by == "a"


def test_the_api_does_all_of_it(app: Flask, core: Core, book: Assumptions) -> None:
    scopes = ("x:inaction:read", "x:inaction:write")
    _, key = create_key(core.store, core.clock, "k", scopes, "t", scopes_of(core.plugins))
    _, reading = create_key(core.store, core.clock, "r", scopes[:1], "t", scopes_of(core.plugins))
    client, base = app.test_client(), "/api/v1/x/inaction/assumptions"

    def call(method: str, path: str = "", body: Any = None, status: int = 200, token: str = key) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.open(base + path, method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    assert len(call("GET")["assumptions"]) == 19
    before = call("GET", "/lost_silent")
    assert [before[name] for name in ("low", "likely", "high", "entered")] == [0.15, 0.25, 0.3, False]
    put = {"low": 0.1, "likely": 0.2, "source": "own count"}
    assert call("PUT", "/lost_silent", put, 403, reading)["status"] == 403
    made = call("PUT", "/lost_silent", put)
    assert [made[name] for name in ("low", "likely", "high", "entered", "source")] == [0.1, 0.2, 0.2, True, "own count"]
    assert book.get("lost_silent").changed_by != ""
    problem = call("PUT", "/lost_silent", {"low": 0.3, "likely": 2, "source": ""}, 422)
    assert sorted(each["field"] for each in problem["errors"]) == ["likely", "source"]
    assert call("DELETE", "/lost_silent")["entered"] is False
    assert call("POST", "/lost_silent/undo")["likely"] == 0.2
    assert call("PUT", "/currency", {"word": "idr", "source": "ours"})["word"] == "IDR"
    wrong = {"low": True, "likely": "1", "high": 1e13, "word": "EURO", "source": ""}
    assert sorted(each["field"] for each in call("PUT", "/margin", wrong, 422)["errors"]) == ["high", "likely", "low"]
    no_code = call("PUT", "/margin", {"likely": 1, "source": "x", "word": "EURO"}, 422)
    assert [each["field"] for each in no_code["errors"]] == ["word"]
    assert call("GET", "/luck", status=404)["status"] == 404
