"""The command line as it is typed, in a folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedbackhub.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder and return what it said."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def instance(run: Run, database_url: str) -> Run:
    """The same, in the folder of an instance, on SQLite and on PostgreSQL."""
    made = run("init", "--admin", "ana@example.com", "--database", database_url)
    assert made.exit_code == 0, made.output
    return run
