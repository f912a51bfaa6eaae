"""Exports through each door: the API, the staff area and the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.fill import fill
from feedbackhub.cli import main
from feedbackhub.loop.core import Core
from feedbackhub.loop.exporting import run_exports
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.office import audit
from feedbackhub.office.exports import RECORDS, ExportWish, ask_export, list_exports, show_export
from feedbackhub.office.keys import create_key
from feedbackhub.store.store import Store
from tests.app_fixtures import MakeClient, StaffClient
from tests.exports.conftest import Answered

Call = Callable[..., TestResponse]


@pytest.fixture
def call(app: Flask, core: Core, clock: SetClock) -> Call:
    """Call the API as a system whose key may export."""
    _, secret = create_key(core.store, clock, "warehouse", ["exports:read", "exports:write"], "tests")
    client = app.test_client()

    def send(method: str, path: str, body: Any = None, key: str = secret) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return client.open(f"/api/v1{path}", method=method, headers=headers, json=body, buffered=True)

    return send


def test_an_export_over_the_api(call: Call, answered: Answered) -> None:
    core = answered(10)
    begun = call("POST", "/exports", {"records": "responses", "format": "jsonl", "filters": {"team": "Team 1"}})
    assert begun.status_code == 202
    run = begun.get_json()
    assert (run["state"], run["filters"]["team"], run["asked_by"]) == ("queued", "Team 1", "key:warehouse")
    assert call("GET", f"/exports/{run['id']}/file").status_code == 409
    run_exports(core)
    done = call("GET", f"/exports/{run['id']}").get_json()
    assert (done["state"], done["rows_done"], done["rows_total"]) == ("done", 10, 10)
    assert [each["id"] for each in call("GET", "/exports").get_json()["items"]] == [run["id"]]
    file = call("GET", f"/exports/{run['id']}/file")
    assert [json.loads(line)["team"] for line in file.data.splitlines()] == ["Team 1"] * 10
    assert file.headers["Content-Disposition"] == f"attachment; filename={done['name']}"
    assert (file.headers["Cache-Control"], file.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert file.content_type == "application/jsonl"
    assert call("DELETE", f"/exports/{run['id']}").status_code == 204
    assert call("GET", f"/exports/{run['id']}/file").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"records": "agents", "format": "csv"}, "records"),
        ({"records": "responses", "format": "csv", "filters": {"since": "2026-03-02"}}, "filters.since"),
        ({"records": "responses", "format": "csv", "filters": {"colour": "red"}}, "filters.colour"),
        ({"records": "responses", "format": "csv", "after": "="}, "after"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_field(body: dict[str, Any], field: str, call: Call) -> None:
    refused = call("POST", "/exports", body)
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    assert [each["field"] for each in refused.get_json()["errors"]] == [field]


@pytest.mark.parametrize("more", [{"format": "pdf"}, {"after": "abcdefghijkl"}])
def test_what_is_not_there_is_not_found(more: dict[str, str], call: Call) -> None:
    assert call("POST", "/exports", {"records": "responses", "format": "csv", **more}).status_code == 404


def test_schedules_formats_and_columns_over_the_api(call: Call) -> None:
    body = {"records": "contacts", "format": "csv", "filters": {"team": "Billing"}, "every": "week", "hour": 5}
    made = call("POST", "/export-schedules", body)
    assert (made.status_code, made.get_json()["next_at"]) == (201, "2026-03-09T05:00:00Z")
    assert call("GET", "/export-schedules").get_json()["items"] == [made.get_json()]
    assert call("DELETE", f"/export-schedules/{made.get_json()['id']}").status_code == 204
    assert call("GET", "/export-schedules").get_json()["items"] == []
    formats = call("GET", "/export-formats").get_json()["items"]
    assert [each["name"] for each in formats] == ["csv", "jsonl", "xlsx", "parquet", "slow"]
    columns = call("GET", "/export-columns/gestures").get_json()["items"]
    assert columns[0] == {"name": "id", "kind": "text", "about": "Id of the gesture", "personal": False}
    assert call("GET", "/export-columns/agents").status_code == 404


def test_a_key_needs_the_scope(call: Call, core: Core, clock: SetClock) -> None:
    _, reader = create_key(core.store, clock, "reader", ["exports:read"], "tests")
    _, other = create_key(core.store, clock, "other", ["responses:read"], "tests")
    body = {"records": "responses", "format": "csv"}
    assert call("POST", "/exports", body, key=reader).status_code == 403
    assert call("GET", "/exports", key=reader).status_code == 200
    assert call("GET", "/exports", key=other).status_code == 403


PATHS = ("/exports", "/exports/columns/responses", "/exports/abcdefghijkl/file")


def test_agents_and_strangers_export_nothing(agent_client: StaffClient, client: FlaskClient, core: Core) -> None:
    asked = ask_export(core, ExportWish("responses", "csv"), "tests")
    run_exports(core)
    for path in (*PATHS, f"/exports/{asked.id}/file"):
        assert agent_client.get(path).status_code == 403
        assert client.get(path).status_code == 303
    for path in ("/exports", "/exports/schedules", f"/exports/{asked.id}/remove"):
        assert agent_client.submit(path, {"records": "responses", "format": "csv"}).status_code == 403
    assert [each.state for each in list_exports(core)] == ["done"]


def test_a_manager_exports_watches_downloads_and_removes(manager_client: StaffClient, answered: Answered) -> None:
    core = answered(10)
    assert "Nothing was exported yet" in manager_client.get("/exports").text
    form = {"records": "responses", "format": "csv", "from": "2020-01-01", "to": "2030-01-01", "team": "Team 1"}
    assert manager_client.submit("/exports", form).headers["Location"] == "/exports"
    [run] = list_exports(core)
    assert (run.asked_by, run.filters.team, str(run.filters.until)) == (
        "manager@example.com", "Team 1", "2030-01-02 00:00:00+00:00",
    )  # fmt: skip
    waiting = manager_client.get("/exports").text
    assert 'hx-trigger="every 2s"' in waiting
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in waiting
    run_exports(core)
    done = manager_client.get("/exports").text
    assert "hx-trigger" not in done
    assert f'href="/exports/{run.id}/file"' in done
    file = manager_client.get(f"/exports/{run.id}/file", buffered=True)
    assert len(file.data.splitlines()) == 11
    assert file.headers["Cache-Control"] == "no-store"
    manager_client.submit(f"/exports/{run.id}/remove")
    assert show_export(core, run.id).state == "expired"
    actions = [each.action for each in audit.entries(core.store, f"export:{run.id}")]
    assert actions == ["export.removed", "export.fetched", "export.asked"]


def test_what_a_manager_typed_wrongly_is_said_and_kept(manager_client: StaffClient, core: Core) -> None:
    form = {"records": "contacts", "format": "csv", "from": "2026-03-02", "to": "2026-02-02"}
    refused = manager_client.submit("/exports", form)
    assert refused.status_code == 422
    assert "must be later than since" in refused.text
    assert '<option value="contacts" selected>' in refused.text
    assert list_exports(core) == []


def test_a_manager_schedules_and_stops(manager_client: StaffClient, core: Core) -> None:
    form = {"records": "gestures", "format": "csv", "every": "month", "hour": "4"}
    assert manager_client.submit("/exports/schedules", form).status_code == 303
    html = manager_client.get("/exports").text
    assert "On the first of every month<small>04:00</small>" in html
    path = html.split('action="/exports/schedules/')[1].split('"')[0]
    manager_client.submit(f"/exports/schedules/{path}")
    assert "Exported regularly</h2>" not in manager_client.get("/exports").text
    assert manager_client.submit("/exports/schedules", {**form, "hour": "²"}).status_code == 422


def test_columns_are_explained(manager_client: StaffClient) -> None:
    for records in RECORDS:
        assert "<code>test</code>" in manager_client.get(f"/exports/columns/{records}").text
    assert manager_client.get("/exports/columns/agents").status_code == 404


def test_hostile_texts_stay_texts_on_the_page(client_of: MakeClient, core: Core) -> None:
    manager = client_of("manager")
    form = {"records": "responses", "format": "csv", "team": "<img src=x onerror=alert(1)>"}
    manager.submit("/exports", form)
    html = manager.get("/exports").text
    assert ("<img src=x" in html, "&lt;img src=x onerror=alert(1)&gt;" in html) == (False, True)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Callable[..., Result]:
    """Run commands in the folder of an instance with thirty answers."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert "Traceback" not in result.output
        return result

    assert run("init", "--admin", "ana@example.com", "--database", database_url).exit_code == 0
    core = open_core(load_settings(None, {}))
    fill(core, 30)
    core.close()
    return run


def test_an_export_is_typed(typed: Callable[..., Result], tmp_path: Path) -> None:
    result = typed("export", "responses")
    lines = result.stdout.splitlines()
    assert (result.exit_code, len(lines), lines[0][:14]) == (0, 31, '"id","survey",')
    assert result.stderr.splitlines()[0] == "30 records."
    cursor = result.stderr.split("--after=")[1].strip()
    assert typed("export", "responses", f"--after={cursor}").stderr.splitlines()[0] == "0 records."


def test_an_export_is_written_to_a_file_beside_what_its_columns_mean(
    typed: Callable[..., Result], tmp_path: Path
) -> None:
    result = typed("export", "contacts", "--format", "xlsx", "--out", "c.xlsx", "--team", "Team 1", "--columns")
    assert (result.exit_code, result.stdout) == (0, "")
    assert openpyxl.load_workbook(tmp_path / "c.xlsx")["Records"].max_row == 11
    assert (tmp_path / "c.columns.csv").read_text().splitlines()[1] == '"id","text",false,"Id of the contact"'
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith("c.")) == ["c.columns.csv", "c.xlsx"]
    store = Store(load_settings(None, {}).database_url)
    [entry] = audit.entries(store, "export:contacts")
    store.close()
    assert (entry.actor, entry.action, entry.detail["filters"]) == ("cli", "export.written", {"team": "Team 1"})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "pdf"), "Error: there is no format pdf; there are csv, jsonl, xlsx, parquet"),
        (("--since", "soon"), "Error: Invalid value for --since: 'soon' is neither a day like 2026-03-02 nor a moment"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "Error: until: must be later than since"),
        (("--after", "abcdefghijkl"), "Error: there is nothing to go on from after 'abcdefghijkl'"),
        (("--columns",), "Error: --columns needs a file to stand beside: give --out FILE"),
        (("--out", "no/such/folder.csv"), "Error: no/such/folder.csv.part: No such file or directory"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    arguments: tuple[str, ...], said: str, typed: Callable[..., Result]
) -> None:
    result = typed("export", "responses", *arguments)
    assert (result.exit_code != 0, result.stdout) == (True, "")
    assert result.stderr.splitlines()[-1].startswith(said)


def test_a_file_that_fails_half_way_is_not_left_there(
    typed: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("ann@example.org")

    monkeypatch.setattr("feedbackhub_plugins.files.csv._column", fail)
    (tmp_path / "r.csv").write_text("before")
    result = typed("export", "responses", "--out", "r.csv")
    assert (result.exit_code, (tmp_path / "r.csv").read_text()) == (1, "before")
    assert result.stderr.splitlines()[-1].startswith("Error: plugin files: write csv raised RuntimeError in ")
    assert "ann@" not in result.stderr
    assert not (tmp_path / "r.csv.part").exists()
