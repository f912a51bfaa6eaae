"""The program as a whole: its help, what it says when called alone, and errors as one line."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import click
import pytest

from feedbackhub import __version__
from feedbackhub.cli import commands, main
from feedbackhub.cli.commands import CORE, Entry, all_commands, load
from feedbackhub.cli.failures import Failure
from tests.cli.conftest import Run

PROGRAM = Path(sys.executable).with_name("feedbackhub")


def test_called_alone_it_says_what_to_do_first(run: Run) -> None:
    said = run()
    assert said.exit_code == 0
    assert "    feedbackhub demo\n" in said.output
    assert "    feedbackhub init\n    feedbackhub serve\n" in said.output


def test_called_alone_beside_its_settings_it_says_what_to_do_next(instance: Run) -> None:
    assert instance().output.startswith("feedbackhub.toml is set up. What is done most:\n")


def test_the_help_lists_the_commands_that_are_there_and_imports_none() -> None:
    code = (
        "import sys\nfrom feedbackhub.cli import main\n"
        "try:\n    main(['--help'])\nfinally:\n"
        "    heavy = {'flask', 'sqlalchemy', 'alembic', 'jinja2', 'argon2', 'feedbackhub.cli.users'}\n"
        "    print(sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"
    for name, entry in all_commands().items():
        assert f"  {name} " in said
        assert entry.help in said


def test_every_command_that_is_there_can_be_imported_and_explains_itself() -> None:
    for name, entry in all_commands().items():
        command = load(name, entry)
        assert command.help, name


def test_the_installed_program_says_its_version() -> None:
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == f"feedbackhub {__version__}\n"


NO_INSTANCE = (
    "Error: there is no instance in {here}/feedbackhub-data; `feedbackhub init` makes one, --config FILE names another"
)


@pytest.mark.parametrize(("arguments", "line"), [
    (["users", "list"], NO_INSTANCE),
    (["--config", "no.toml", "users", "list"], "Error: no.toml: there is no such file"),
    (["serve"], NO_INSTANCE),
])  # fmt: skip
def test_an_error_is_one_line_and_a_status(arguments: list[str], line: str, tmp_path: Path) -> None:
    done = subprocess.run([PROGRAM, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line.format(here=tmp_path) + "\n")


def test_settings_without_an_instance_are_told_how_to_get_one(run: Run) -> None:
    Path("feedbackhub.toml").write_text('public_url = "https://feedback.example.com"\n')
    assert "`feedbackhub init --keep-settings` makes one" in run("doctor").output


def test_a_lost_key_is_asked_for_rather_than_made_anew(run: Run, tmp_path: Path) -> None:
    run("init", "--admin", "ana@example.com")
    key = tmp_path / "feedbackhub-data" / "instance.key"
    key.rename(tmp_path / "elsewhere")
    wanted = f"{key} is missing: put your copy of it back, since links already sent depend on it"
    assert run("keys", "list").output == f"Error: {wanted}\n"


@pytest.mark.parametrize(("arguments", "line"), [
    (["doctr"], "Error: No such command 'doctr'. Did you mean 'doctor'?"),
    (["zzz"], "Error: No such command 'zzz'."),
])  # fmt: skip
def test_a_misspelt_command_is_told_the_nearest_one(arguments: list[str], line: str, run: Run) -> None:
    assert run(*arguments).output.splitlines()[-1] == line


def every_command(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from every_command(command, (*before, name))


def test_every_example_in_the_help_is_typed_as_the_command_wants_it() -> None:
    known = dict(every_command(main))
    examples = [line.strip() for each in known.values() for line in (each.epilog or "").splitlines() if "  " in line]
    assert len(examples) > 30
    for example in examples:
        words = shlex.split(example)
        words = words[3:] if words[1] == "--config" else words[1:]
        command = known[tuple(words[:2])] if tuple(words[:2]) in known else known[(words[0],)]
        options = {name for param in command.params for name in param.opts}
        assert {word for word in words if word.startswith("--")} - options == set(), example


def test_settings_that_cannot_be_used_are_told_with_every_mistake(run: Run) -> None:
    Path("feedbackhub.toml").write_text('public_ulr = "http://x"\nlisten = "nowhere"\n')
    said = run("users", "list")
    assert said.exit_code == 1
    assert "public_ulr: unknown option; did you mean public_url? (in feedbackhub.toml)" in said.output
    assert "listen: " in said.output
    assert said.output.count("\n") == 1


def test_a_database_that_is_away_is_told_as_such(instance: Run, tmp_path: Path) -> None:
    settings = tmp_path / "feedbackhub.toml"
    away = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    lines = [line for line in settings.read_text().splitlines() if not line.startswith("database")]
    settings.write_text("\n".join([f'database = "{away}"', *lines]))
    said = instance("keys", "list")
    refused = 'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'
    assert said.output == f"Error: the database does not answer (OperationalError): {refused}\n"


def test_debug_shows_where_an_error_arises(tmp_path: Path) -> None:
    environment = os.environ | {"FEEDBACKHUB_CONFIG": str(tmp_path / "no.toml")}
    command = [PROGRAM, "--debug", "users", "list"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def plugins_with(monkeypatch: pytest.MonkeyPatch, *points: EntryPoint) -> None:
    monkeypatch.setattr(commands, "entry_points", lambda group: points)


def test_a_plugin_brings_a_command_but_cannot_replace_one(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    group = commands.GROUP
    ours = EntryPoint("hello", "tests.cli.test_program:hello", group)
    plugins_with(monkeypatch, ours, EntryPoint("keys", "tests.cli.test_program:hello", group))
    assert run("hello").output == "hello\n"
    assert all_commands()["keys"] == CORE["keys"]


@click.command()
def hello() -> None:
    """Greet."""
    click.echo("hello")


@pytest.mark.parametrize("target", ["no.such.module:hello", "tests.cli.test_program:PROGRAM"])
def test_a_plugins_command_that_cannot_be_loaded_is_one_line(
    target: str, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    plugins_with(monkeypatch, EntryPoint("hello", target, commands.GROUP))
    said = run("hello")
    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
    assert said.output.count("\n") == 1
    assert run("keys", "--help").exit_code == 0


def test_a_table_entry_that_is_no_command_is_refused() -> None:
    with pytest.raises(Failure):
        load("where", Entry("feedbackhub.cli.where:Where", ""))
