"""`feedbackhub plugins migration` and `purge`, and `feedbackhub tasks`, with a plugin in a folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import inspect

from feedbackhub import Scheduled
from feedbackhub.cli import main
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.loop.plugin_queue import add_scheduled
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.store.store import Store

Run = Callable[..., Result]

PLUGIN = """
from pathlib import Path

from sqlalchemy import Column, Index, MetaData, String, Table
from feedbackhub import PermanentFailure, Tables, Task, hookimpl
from feedbackhub.columns import Moment, RowId, Structured

metadata = MetaData()
case = Table(
    "plugin_complaints_case", metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("name", String(40), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("facts", Structured),
    # more
)


def work(call):
    raise PermanentFailure("no such case")


@hookimpl
def feedbackhub_tables(hub):
    hub.folder
    return Tables(metadata, Path(__file__).parent)


@hookimpl
def feedbackhub_tasks(hub):
    return [Task("work", work)]
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    """Run a command in the folder of an instance that has a plugin in a folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, **more: str) -> Result:
        result = CliRunner().invoke(main, arguments, **more)  # type: ignore[arg-type]
        assert "Traceback" not in result.output
        return result

    assert call("init", "--admin", "ana@example.com", "--database", database_url).exit_code == 0
    place = tmp_path / "own" / "complaints"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text(PLUGIN, "utf-8")
    settings = tmp_path / "feedbackhub.toml"
    settings.write_text(f'plugins_dir = "{tmp_path}/own"\n' + settings.read_text("utf-8"), "utf-8")
    return call


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The plugin's folder."""
    return tmp_path / "own" / "complaints"


def tables() -> list[str]:
    """Return the names of the plugin's tables in the database."""
    store = Store(load_settings(None, {}).database_url)
    try:
        return sorted(name for name in inspect(store.engine).get_table_names() if name.startswith("plugin_complaints_"))
    finally:
        store.close()


def test_an_author_writes_migrations_and_an_operator_purges(run: Run, place: Path) -> None:
    said = run("migrate")
    assert "plugin complaints: its tables have no migrations yet" in said.output
    made = run("plugins", "migration", "complaints", "-m", "First cases")
    assert made.output == f"Wrote {place}/versions/0001_first_cases.py. Apply it with: feedbackhub migrate\n"
    script = (place / "versions" / "0001_first_cases.py").read_text("utf-8")
    assert "from feedbackhub.columns import Moment\n" in script
    assert re.search(r"contact|drop_table", script) is None, script
    assert run("migrate").exit_code == 0
    assert tables() == ["plugin_complaints_case", "plugin_complaints_version"]
    assert run("plugins", "migration", "complaints", "-m", "again").output == "Nothing has changed.\n"

    (place / "__init__.py").write_text(PLUGIN.replace("# more", 'Column("note", String(200)),'), "utf-8")
    second = run("plugins", "migration", "complaints", "-m", "A note")
    assert second.output.startswith(f"Wrote {place}/versions/0002_a_note.py.")
    early = run("plugins", "migration", "complaints", "-m", "Too early")
    assert (early.exit_code, early.output.count("\n")) == (1, 1)
    assert "run: feedbackhub migrate" in early.output
    assert run("migrate").exit_code == 0
    assert run("plugins", "migration", "complaints", "-m", "again").output == "Nothing has changed.\n"

    shutil.rmtree(place)
    assert run("migrate").exit_code == 0
    asked = run("plugins", "purge", "complaints", input="n\n")
    assert (asked.exit_code, "plugin_complaints_case" in asked.output) == (1, True)
    assert tables() == ["plugin_complaints_case", "plugin_complaints_version"]
    gone = run("plugins", "purge", "complaints", "--yes")
    assert gone.output.splitlines()[-1] == "Nothing of complaints is left."
    assert tables() == []
    again = run("plugins", "purge", "complaints", "--yes")
    assert (again.exit_code, again.output) == (1, "Error: there is nothing of a plugin named complaints\n")


def test_work_is_listed_tried_again_and_called_off(run: Run, place: Path) -> None:
    run("plugins", "migration", "complaints", "-m", "first")
    run("migrate")
    mine = ("--plugin", "complaints")
    assert run("tasks", "list", *mine).output == "Nothing is to be done.\n"
    schedule()
    listed = run("tasks", "list", *mine).output.splitlines()
    task, kind, lane, state = listed[1].split()[:4]
    assert (kind, lane, state) == ("task", "plugin:complaints", "parked")
    assert listed[1].endswith("no such case")
    assert run("tasks", "retry", task).output == "1 task is due now.\n"
    assert run("tasks", "cancel", task).output == "1 task is called off.\n"
    assert run("tasks", "list", *mine, "--json").output == ""
    purged = run("plugins", "purge", "complaints", "--yes")
    assert "1 tasks, 0 places in the event log" in purged.output


def schedule() -> None:
    """Let the plugin's task run once."""
    core = open_core(load_settings(None, {}))
    now = core.clock.now()
    core.store.write(lambda connection: add_scheduled(connection, core, "complaints", Scheduled("work"), now))
    Engine(core).drain()
    core.close()


def test_others_tables_are_out_of_reach(run: Run) -> None:
    for name in ("contact", "../x", "nobody"):
        said = run("plugins", "purge", name, "--yes")
        assert (said.exit_code, said.output.count("\n")) == (1, 1), said.output
        missing = run("plugins", "migration", name, "-m", "x")
        assert (missing.exit_code, missing.output.count("\n")) == (1, 1), missing.output
