"""A demo is made once, started again, made anew when asked, and touches no other folder."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from feedbackhub.cli.group import main
from feedbackhub.contract.errors import Conflict
from feedbackhub.machinery.one_at_a_time import TakenAlready, held
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.office.demo import SETTINGS_FILE, is_demo, remove_demo


def make(folder: Path, *more: str) -> str:
    """Run the command without serving and return what it says."""
    result = CliRunner().invoke(main, ["demo", "--folder", str(folder), "--days", "2", "--no-serve", *more])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_second_start_uses_the_demo_that_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert "Made" in make(folder)
    key = (folder / "data" / "instance.key").read_text()
    assert "Made" not in make(folder)
    assert (folder / "data" / "instance.key").read_text() == key
    assert "Made" in make(folder, "--fresh")
    assert (folder / "data" / "instance.key").read_text() != key
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo"]


def test_its_settings_are_those_of_a_demo(tmp_path: Path) -> None:
    make(tmp_path / "demo", "--port", "8123")
    settings = load_settings(tmp_path / "demo" / SETTINGS_FILE, {})
    assert settings.demo
    assert settings.public_url == "http://127.0.0.1:8123"
    assert {entry.name: entry.channels for entry in settings.ask} == {
        "tour": ("mailbox",), "subscribers": ("mailbox",),
        "renewals": ("mailbox",), "forms": ("mailbox",), "calls": ("mailbox",), "default": ("mailbox",),
    }  # fmt: skip


def test_an_interrupted_demo_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "demo.part").mkdir()
    (tmp_path / "demo.part" / "rest").write_text("half")
    make(tmp_path / "demo")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo"]


@pytest.mark.parametrize("text", [None, "", 'public_url = "https://real.example"', "demo = nonsense"])
def test_other_folders_are_left_alone(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "precious").write_text("data")
    if text is not None:
        (tmp_path / SETTINGS_FILE).write_text(text)
    with pytest.raises(Conflict, match="is no demo"):
        is_demo(tmp_path)
    with pytest.raises(Conflict, match="is no demo"):
        remove_demo(tmp_path)
    assert (tmp_path / "precious").read_text() == "data"


def test_a_demo_that_is_being_served_is_not_removed(tmp_path: Path) -> None:
    make(tmp_path / "demo")
    with held(tmp_path / "demo" / "data" / "serve.lock"), pytest.raises(TakenAlready):
        remove_demo(tmp_path / "demo")
    assert is_demo(tmp_path / "demo")
