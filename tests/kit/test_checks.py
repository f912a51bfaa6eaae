"""`plugins check` fails a plugin for what it does wrong, says what and why, and lets good ones pass."""

import shutil
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedbackhub.cli import main
from feedbackhub.machinery.plugin_finding import GROUP
from feedbackhub.testing import Instance
from feedbackhub.testing.checks import Finding, check_plugin
from tests.kit.bad import BAD

GOOD = """
from feedbackhub import About, Rule, hookimpl
about = About(title="Good", description="Leaves all as it is.")

class Good(Rule):
    name = "good"

    def decide(self, contact, history, ask):
        return ask

@hookimpl
def feedbackhub_rules(hub):
    return [Good()]
"""


Check = Callable[..., list[Finding]]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instance whose database has all its tables already."""
    folder = tmp_path_factory.mktemp("prepared")
    Instance(folder, {}).close()
    return folder


@pytest.fixture
def check(prepared: Path, tmp_path: Path) -> Check:
    """Check a plugin of this text."""

    def run(text: str, name: str = "bad") -> list[Finding]:
        file = tmp_path / f"{name}.py"
        file.write_text(text, encoding="utf-8")
        return list(check_plugin(name, shutil.copytree(prepared, tmp_path / "instance"), {}, file))

    return run


@pytest.mark.parametrize("wrong", BAD)
def test_what_is_wrong_fails_and_nothing_else(wrong: str, check: Check) -> None:
    text, checks, why = BAD[wrong]
    found = check(text)
    failed = [each for each in found if each.result == "failed"]
    assert tuple(each.check for each in failed) == checks, [each.why for each in failed]
    assert why in failed[0].why
    assert [each.check for each in found if each.result != "ok" and not each.why] == []


def test_a_good_one_passes_and_says_what_was_looked_at(check: Check) -> None:
    found = check(GOOD, "good")
    assert [(each.check, each.result) for each in found] == [
        ("is active", "ok"),
        ("says what it does", "ok"),
        ("rule good: says the same twice about any contact", "ok"),
        ("rule good: calls no other system", "ok"),
        ("no fault in the running loop", "ok"),
        ("no personal data in the log", "ok"),
        ("keeps no personal data that it does not declare", "ok"),
        ("erases a person", "ok"),
    ]


def test_one_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    (found,) = check_plugin("nowhere", tmp_path, {})
    assert (found.result, found.why) == ("failed", "no plugin is called nowhere")


OPTIONS = {
    "email": ["host=mail.example.com", "sender=survey@example.com"],
    "orders": ["url=https://orders.example.com"],
    "sms": ["preset=twilio", "sender=Acme", f"twilio={{account: AC{'0' * 32}, auth_token: not-a-real-token}}"],
}


@pytest.mark.parametrize("name", sorted(point.name for point in entry_points(group=GROUP)))
def test_the_bundled_plugins_pass(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = [part for option in OPTIONS.get(name, []) for part in ("--set", option)]
    said = CliRunner().invoke(main, ["plugins", "check", name, *given])
    assert (said.exit_code, said.stdout.splitlines()[-1].partition(", ")[2]) == (0, "0 failed"), said.stdout


def test_the_command_says_line_by_line_what_fails_and_ends_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.py").write_text(BAD["decides by calling"][0], encoding="utf-8")
    said = CliRunner().invoke(main, ["plugins", "check", "bad.py"])
    assert said.exit_code == 1
    lines = said.stdout.splitlines()
    assert "FAILED  rule bad: calls no other system: it called; a rule is pure" in lines
    assert lines[-1] == "8 checks, 1 failed"


@pytest.mark.parametrize(("given", "why"), [
    ("url", "--set url: write OPTION=VALUE"), ("=1", "--set =1: write OPTION=VALUE"), ("a=[", "--set a: "),
])  # fmt: skip
def test_an_option_that_cannot_be_read_is_told(given: str, why: str) -> None:
    said = CliRunner().invoke(main, ["plugins", "check", "link", "--set", given])
    assert said.exit_code == 2
    assert why in said.stderr
