"""`feedbackhub sources`: trying a body, looking after the inbox."""

import json
from pathlib import Path

import pytest

from feedbackhub.app import create_app
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.settings_load import load_settings
from tests.cli.conftest import Run, instance, run

__all__ = ["instance", "run"]

SECTION = """
[plugins.webhook.sources.office]
verify = { scheme = "none" }
paths = { external_id = "number", customer.email = "mail", team = "queue" }
ended = [{ path = "state", one_of = ["closed"] }]
"""
CASE = {"number": 4711, "mail": "nadia@example.com", "queue": "Billing", "state": "closed"}


@pytest.fixture
def office(instance: Run, tmp_path: Path) -> Run:
    """An instance with one source, and a body of its in ``case.json``."""
    with (tmp_path / "feedbackhub.toml").open("a", encoding="utf-8") as file:
        file.write(SECTION)
    (tmp_path / "case.json").write_text(json.dumps(CASE), encoding="utf-8")
    return instance


def called(folder: Path, *bodies: bytes) -> None:
    """Have other systems call the instance in a folder, and read what they told."""
    core = open_core(load_settings(folder / "feedbackhub.toml", {}))
    client = create_app(core).test_client()
    for body in bodies:
        assert client.post("/in/office", data=body, content_type="application/json").status_code == 202
    Engine(core).drain()
    core.close()


def test_a_body_is_tried_without_storing_anything(office: Run) -> None:
    said = office("sources", "try", "office", "case.json")
    lines = dict(line.split(None, 1) for line in said.output.splitlines())
    assert (said.exit_code, lines["external_id"], lines["customer.email"], lines["team"]) == (
        0, "4711", "nadia@example.com", "Billing",
    )  # fmt: skip
    assert lines["decision"].startswith("would ")
    assert office("sources", "inbox").output == "Nothing came yet.\n"
    [found] = json.loads(office("sources", "try", "office", "case.json", "--json").output)
    assert (found["contact"]["external_id"], found["problems"]) == ("4711", [])


def test_what_is_wrong_with_a_body_is_said_by_field(office: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    for body in ('{"number": ', json.dumps({**CASE, "mail": "nadia"}), '{"state": "closed"}'):
        bad.write_text(body, encoding="utf-8")
        said = office("sources", "try", "office", "bad.json")
        assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
        assert "problem" in said.stdout
    bad.write_text(json.dumps({**CASE, "state": "open"}), encoding="utf-8")
    assert office("sources", "try", "office", "bad.json").output.startswith("ignored")


def test_a_preset_is_tried_without_any_source(instance: Run, tmp_path: Path) -> None:
    case = {"ticket_id": "7", "status": "solved", "requester_id": "41"}
    (tmp_path / "case.json").write_text(json.dumps(case), encoding="utf-8")
    (tmp_path / "headers").write_text("Content-Type: application/json\n\nX-Zendesk-Webhook-Id: 1\n", encoding="utf-8")
    said = instance("sources", "try", "zendesk", "case.json", "--headers", "headers", "--query", "a=b", "--no-enrich")
    assert "7" in dict(line.split(None, 1) for line in said.stdout.splitlines())["external_id"]
    (tmp_path / "headers").write_text("nonsense\n", encoding="utf-8")
    refused = instance("sources", "try", "zendesk", "case.json", "--headers", "headers")
    assert (refused.exit_code, refused.stderr) == (
        1, "Error: headers, line 1: write a header field as `Name: value`\n",
    )  # fmt: skip
    unknown = instance("sources", "try", "nobody", "case.json")
    assert unknown.stderr.startswith("Error: there is no active source or preset nobody; there are: chatwoot,")


def test_the_inbox_is_looked_after(office: Run, tmp_path: Path) -> None:
    called(tmp_path, json.dumps(CASE).encode(), b"broken", b"worse")
    listed = office("sources", "list").output.splitlines()
    assert [line.split()[:2] for line in listed[1:]] == [["office", "webhook"]]
    [office_line] = json.loads(office("sources", "list", "--json").output)
    assert (office_line["failed"], office_line["waiting"]) == (2, 0)
    done, *failed = reversed(json.loads(office("sources", "inbox", "--json").output))
    assert (done["state"], len(done["contacts"]), [each["state"] for each in failed]) == (
        "done", 1, ["failed", "failed"],
    )  # fmt: skip
    assert office("sources", "inbox", "--state", "failed").output.count("failed") == 2
    assert "2 requests of other systems could not be read" in office("doctor").output
    assert office("sources", "discard", failed[0]["id"]).output == "Discarded.\n"
    again = "1 request will be read again by the running server.\n"
    assert office("sources", "retry", failed[1]["id"]).output == again
    called(tmp_path)
    assert office("sources", "retry", "--all", "--source", "office").output == again
    twice = office("sources", "retry", done["id"])
    assert (twice.exit_code, twice.stderr) == (1, "Error: this request does not wait any more: done\n")
    assert office("sources", "retry").exit_code == office("sources", "retry", done["id"], "--all").exit_code == 2


def test_without_a_source_the_list_says_where_to_read_on(instance: Run) -> None:
    assert instance("sources", "list").output == "No source is active; docs/sources.md says how to make one.\n"
