"""`plugins list`, `info` and `trace`: what an operator reads about plugins in a terminal."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedbackhub.cli import main
from feedbackhub.testing import Instance

SHOUTING = """
from pydantic import BaseModel, SecretStr
from feedbackhub import About, Data, DeskSection, hookimpl

about = About(title="Shouting", description="Shouts at agents.", requires=("nps",))


class Settings(BaseModel):
    words: str = "hey"
    token: SecretStr


class Shout(DeskSection):
    name = "shout"
    title = "Shout"
    data = Data(sends=("customer id",))

    def show(self, seat):
        raise ValueError("Ann has called")


@hookimpl
def feedbackhub_desk_sections(hub):
    hub.settings(Settings)
    return [Shout()]
"""
FILE = """
public_url = "https://feedback.example.com"
data_dir = "data"
plugins_disabled = ["patterns"]

[plugins.shouting]
token = "not to be seen"

[plugins.gone]
x = 1
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in the folder of an instance with a plugin that fails later, and one that fails at once."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data" / "plugins.d"
    folder.mkdir(parents=True)
    (folder / "shouting.py").write_text(SHOUTING, encoding="utf-8")
    (folder / "broken.py").write_text("1 / 0", encoding="utf-8")
    (tmp_path / "feedbackhub.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("FEEDBACKHUB_PLUGIN_TRIAL_SECONDS", "0")
    return lambda *words: CliRunner().invoke(main, ["plugins", *words])


def test_list_says_how_each_fares_and_why_not(run: Run) -> None:
    said = run("list")
    lines = {line.split()[0]: " ".join(line.split()) for line in said.stdout.splitlines()}
    assert said.exit_code == 0
    assert lines["shouting"] == "shouting active"
    assert lines["broken"] == "broken failed ZeroDivisionError: division by zero (broken.py, line 1)"
    assert lines["patterns"].endswith("disabled named in plugins_disabled")
    assert "warning: [plugins.gone] is set, but no plugin of that name is installed" in said.stderr.splitlines()


def test_list_is_read_by_programs(run: Run) -> None:
    states = {each["name"]: each for each in json.loads(run("list", "--json").stdout)}
    assert (states["shouting"]["state"], states["shouting"]["hooks"]) == ("active", ["feedbackhub_desk_sections"])
    assert states["broken"]["reason"] == "ZeroDivisionError: division by zero (broken.py, line 1)"


def test_info_says_what_it_brings_and_masks_its_secrets(run: Run) -> None:
    said = run("info", "shouting").stdout
    lines = said.splitlines()
    assert lines[:3] == ["Shouting", "Shouts at agents.", "state: active"]
    assert {"requires: nps", "desk section: shout", "sends out: customer id", "keeps: no personal data"} <= set(lines)
    options = {line.split()[0]: line.split()[1:] for line in lines if line.startswith("plugins.shouting.")}
    assert sorted(options) == ["plugins.shouting.token", "plugins.shouting.words"]
    assert "not to be seen" not in said


def test_info_of_one_that_is_not_there_is_one_line(run: Run) -> None:
    said = run("info", "nowhere")
    assert (said.exit_code, said.stderr) == (1, "Error: there is no plugin nowhere\n")


@pytest.fixture
def shouted(run: Run, tmp_path: Path) -> Run:
    """The same after an agent looked at a card."""
    here = Instance(tmp_path / "data", {}, options={"shouting": {"token": "t"}})
    customer = here.end_contact().customer
    assert customer is not None
    agent = here.browser("agent")
    desk = agent.get(f"/desk/{customer.public_id}").text
    seen = desk.partition("pieces/shout?seen=")[2].partition('"')[0]
    agent.get(f"/desk/{customer.public_id}/pieces/shout?seen={seen}")
    here.run(timedelta(minutes=1))
    here.close()
    return run


def test_trace_says_what_ran_and_what_went_wrong_without_its_words(shouted: Run) -> None:
    said = shouted("trace", "shouting", "--faults")
    heading, line = said.stdout.splitlines()
    assert heading.split() == ["at", "plugin", "what", "ms", "result", "detail"]
    assert line.split()[2:5] == ["shouting", "section", "shout"]
    assert line.split()[6:] == ["raised", "raised", "ValueError", "in", "shouting.py,", "line", "19"]
    assert "Ann" not in said.stdout


def test_trace_is_read_by_programs_and_limited(shouted: Run) -> None:
    lines = [json.loads(line) for line in shouted("trace", "--json", "--limit", "2").stdout.splitlines()]
    assert len(lines) == 2
    (fault,) = [json.loads(line) for line in shouted("trace", "--faults", "--json").stdout.splitlines()]
    assert (fault["plugin"], fault["what"], fault["outcome"]) == ("shouting", "section shout", "raised")


def test_a_trace_of_nothing_says_so(shouted: Run) -> None:
    assert shouted("trace", "nps").stdout == "Nothing ran in a plugin lately.\n"
