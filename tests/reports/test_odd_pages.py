"""Report pages and their JSON with analyses that fail, take long, refuse, or are for some roles only."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedbackhub.loop.core import Core
from tests.app_fixtures import MakeClient
from tests.reports.looking import BUSY, api, figures, ready


@pytest.fixture
def core(instance: Core) -> Core:
    """The instance of this module."""
    return instance


def test_filters_that_mean_nothing_are_said_and_stay_chosen(app: Flask, core: Core, client_of: MakeClient) -> None:
    manager = client_of("manager", "filters@example.com")
    page = ready(manager, "/reports/fine?by=product&channel=chat&from=2026-13-01")
    assert (page.status_code, "must be a day such as 2026-03-31" in page.text) == (422, True)
    assert '<option value="chat" selected>' in page.text
    looks_again = manager.get("/reports/fine?by=mood", headers={"HX-Request": "true"})
    assert (looks_again.status_code, "must be one of channel" in looks_again.text) == (200, True)
    call = api(app, core)
    for query, field in {
        "by=mood": "by", "since=x": "since", "mood=x": "mood", "options=step": "options", "compare=1": "compare",
        "options=step%3Dyear": "options", "team=a&team=b": "team", "survey=%00": "survey",
        "language=%C3%BC": "language",
    }.items():  # fmt: skip
        answer = call("/reports/fine?" + query)
        named = [each["field"] for each in answer.get_json()["errors"]]
        assert (query, answer.status_code, named) == (query, 422, [field])


def test_a_failed_analysis_leaves_a_page(app: Flask, core: Core, client_of: MakeClient) -> None:
    manager = client_of("manager", "failed@example.com")
    for name, said in {
        "none": "The plugin odd could not make this report: returned NoneType, which is no Report",
        "endless": "The plugin odd took too long and was stopped. Choose fewer days.",
    }.items():
        page = ready(manager, f"/reports/{name}")
        assert (page.status_code, said in page.text) == (200, True)
    call = api(app, core)
    failed = call("/reports/dict")
    assert (failed.status_code, failed.content_type) == (502, "application/problem+json")
    assert "odd" in failed.get_json()["detail"]
    fine = ready(manager, "/reports/fine")
    assert figures(fine.text) == [["Mean", "3.25", "95 % interval: 2.5 to 4", "40 answers"]]
    assert "a &lt;b&gt; note" in fine.text
    assert manager.get("/reports/fine/table.csv?table=1").text.splitlines() == ["\ufeffa,b", "'=1+1,2", "ok,3"]
    for wrong in ("0", "2", "x", ""):
        assert manager.get(f"/reports/fine/table.csv?table={wrong}").status_code == 404


def test_an_analysis_that_cannot_say_what_there_is_to_choose_is_shown_without(
    app: Flask, core: Core, client_of: MakeClient
) -> None:
    manager = client_of("manager", "choosing@example.com")
    for name in ("coy", "coy-too"):
        found = figures(ready(manager, f"/reports/{name}").text)
        assert found == [["Mean", "3.25", "95 % interval: 2.5 to 4", "40 answers"]]
    # The call went well, what it returned did not.
    outcomes = {each.outcome for each in core.containment.trace("odd") if each.what == "offers coy-too"}
    assert outcomes == {"ok", "wrong"}
    listed = {each["name"]: len(each["options"]) for each in api(app, core)("/reports").get_json()["items"]}
    assert (listed["fine"], listed["coy"], listed["coy-too"], listed["apology"]) == (1, 0, 0, 1)


def test_who_may_see_which_report(app: Flask, core: Core, client: FlaskClient, client_of: MakeClient) -> None:
    listed = {}
    for role in ("agent", "manager", "admin"):
        browser = client_of(role)
        listed[role] = re.findall(r'<h2><a href="/reports/([^"]+)">', browser.get("/reports").text)
        names = ("for-agents", "fine", "for-admins", "none-such")
        statuses = [browser.get(f"/reports/{name}").status_code for name in names]
        rank = ("agent", "manager", "admin").index(role)
        assert statuses == [200, 200 if rank > 0 else 404, 200 if rank > 1 else 404, 404]
    assert listed["agent"] == ["for-agents", "fairness"]
    assert set(listed["admin"]) - set(listed["manager"]) == {"for-admins"}
    assert [client.get(path).status_code for path in ("/reports", "/reports/fine")] == [303, 303]
    assert api(app, core, "responses:read")("/reports").status_code == 403
    names = [each["name"] for each in api(app, core)("/reports").get_json()["items"]]
    assert {"nps", "fine"} <= set(names)
    assert api(app, core)("/reports/none-such").status_code == 404


def test_a_page_answers_while_its_report_is_made(client_of: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedbackhub.web.reports.PATIENCE", 0.0)
    page = client_of("manager", "waits@example.com").get("/reports/slow?survey=busy")
    assert (page.status_code, BUSY in page.text) == (200, True)
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page.text
