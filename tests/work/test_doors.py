"""Tasks over the API, at the terminal and on the engine's page."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from feedbackhub import TemporaryFailure
from feedbackhub.cli import main
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.pulse import beat
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.keys import create_key
from feedbackhub.office.tasks import TaskLine, Wanted, list_tasks
from feedbackhub.store import tables
from tests.app_fixtures import StaffClient
from tests.loop.story import rows
from tests.staff.conftest import World
from tests.work.test_deeds import letter


def parked(world: World) -> TaskLine:
    """Let a delivery give up, and return its task."""
    world.post.failure = TemporaryFailure("busy")
    world.asked(1)
    world.post.failure = None
    [line] = list_tasks(world.core, Wanted("parked"), 10)
    return line


class Caller:
    """Calls the API with some scopes."""

    def __init__(self, app: Flask, core: Core, clock: SetClock, *scopes: str) -> None:
        _, self.secret = create_key(core.store, clock, "-".join(scopes), scopes, "tests")
        self.client = app.test_client()

    def __call__(self, method: str, path: str) -> tuple[int, Any]:
        """Call, and return status and body."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers)
        return answer.status_code, answer.json


def test_other_systems_list_tasks_try_them_again_and_discard_them(
    app: Flask, core: Core, clock: SetClock, world: World
) -> None:
    line = parked(world)
    call = Caller(app, core, clock, "tasks:read", "tasks:write")
    status, page = call("GET", "/tasks?state=parked&kind=delivery&lane=post")
    assert (status, page["more"], page["next"]) == (200, False, line.id)
    assert [each["id"] for each in page["items"]] == [line.id]
    assert page["items"][0]["contact"] == line.contact
    assert call("POST", f"/tasks/{line.id}/discard")[1]["state"] == "cancelled"
    assert call("POST", f"/tasks/{line.id}/discard") == (
        409, {"type": "about:blank", "title": "Conflict", "status": 409, "detail": "it has ended"},
    )  # fmt: skip
    assert call("POST", f"/tasks/{line.id}/retry")[1]["state"] == "due"
    assert call("GET", f"/tasks/{line.id}")[1]["attempts"] == 0
    assert [call("GET", f"/tasks/{wrong}")[0] for wrong in ("abcdefghijkl", "1")] == [404, 404]
    assert [row.actor for row in rows(core, tables.audit) if row.action.startswith("delivery.")] == [
        "key:tasks:read-tasks:write"
    ] * 2


def test_reading_and_changing_tasks_are_rights_of_their_own(
    app: Flask, core: Core, clock: SetClock, world: World
) -> None:
    line = parked(world)
    reader, writer = (Caller(app, core, clock, scope) for scope in ("tasks:read", "tasks:write"))
    assert (reader("GET", "/tasks")[0], writer("GET", "/tasks")[0]) == (200, 403)
    assert (reader("POST", f"/tasks/{line.id}/retry")[0], writer("POST", f"/tasks/{line.id}/retry")[0]) == (403, 200)


def test_the_engine_s_page_shows_what_is_stuck_and_helps_it_on(
    manager_client: StaffClient, agent_client: StaffClient, world: World, core: Core
) -> None:
    line = parked(world)
    assert agent_client.get("/engine").status_code == 403
    shown = manager_client.get("/engine").text
    assert (line.id in shown, "busy" in shown, "Nothing is being sent" in shown) == (True, True, False)

    def press(button: str, **form: str) -> str:
        return manager_client.submit(f"/engine/{button}", form, follow_redirects=True).text

    assert "1 task is discarded" in press("discard", only=line.id)
    assert "1 task runs now." in press("retry", ids=line.id)
    world.run()
    assert len(world.post.sent) == 1
    assert "1 left as it was: it has ended." in press("retry", ids=line.id)
    assert "Tick the tasks first" in press("retry")


def test_the_page_says_when_nothing_is_being_sent(
    manager_client: StaffClient, core: Core, clock: SetClock
) -> None:
    beat(core)
    assert "Nothing is being sent" not in manager_client.get("/engine").text
    clock.move(timedelta(minutes=2))
    assert "Nothing is being sent" in manager_client.get("/engine").text


@pytest.fixture
def run(core: Core, settings: Settings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Type a command in the folder of the instance."""
    monkeypatch.setenv("FEEDBACKHUB_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("FEEDBACKHUB_DATABASE", settings.database)

    def call(*arguments: str) -> Result:
        # The command opens the database by itself, as another process does beside the server.
        return CliRunner().invoke(main, arguments)

    return call


def test_tasks_are_listed_and_moved_at_the_terminal(run: Any, world: World) -> None:
    line = parked(world)
    mine = ("--lane", "post")
    [listed] = run("tasks", "list", *mine, "--json").output.splitlines()
    assert json.loads(listed)["id"] == line.id
    assert run("tasks", "list", *mine).output.splitlines()[1].split()[:4] == [line.id, "delivery", "post", "parked"]
    assert f"contact      {line.contact}\n" in run("tasks", "show", line.id).output
    wrong = run("tasks", "cancel", line.id)
    assert (wrong.exit_code, wrong.output.count("\n")) == (1, 1)
    assert run("tasks", "discard", line.id).output == "1 task is discarded.\n"
    # The machine's clock is months ahead of the instance's here.
    assert run("tasks", "retry", line.id).output == "Error: this ask is over\n"
    letter(world.core)
    assert run("tasks", "cancel", "--all", *mine).output == "1 task is called off.\n"
    assert run("tasks", "list", *mine).output == "Nothing is to be done.\n"
    [cancelled] = run("tasks", "list", "--state", "cancelled", "--kind", "letter", "--json").output.splitlines()
    assert run("tasks", "retry", json.loads(cancelled)["id"]).output == "1 task is due now.\n"
    assert run("tasks", "discard", line.id).exit_code == 1
    assert [run("tasks", "retry", *wrong).exit_code for wrong in ((), (line.id, "--all"))] == [2, 2]
    assert run("tasks", "cancel", "--all").exit_code == 2


def test_the_doctor_names_what_stops_a_lane_and_what_to_type(run: Any, world: World, core: Core) -> None:
    parked(world)
    advice = "mend that, then `feedbackhub tasks retry --all --lane post`"
    assert f"lane post: 1 task gave up: busy\n      → {advice}" in run("doctor").output


def test_an_engine_that_has_gone_is_missed_by_the_doctor_and_by_readiness(
    run: Any, app: Flask, core: Core, clock: SetClock
) -> None:
    Engine(core).drain()
    assert app.test_client().get("/readyz").json["degraded"] == []  # type: ignore[index]
    clock.move(timedelta(minutes=5))
    assert app.test_client().get("/readyz").json["degraded"] == ["messages are not being sent"]  # type: ignore[index]
    assert "engine: nothing is being sent: no engine has run within a day" not in run("doctor").output
