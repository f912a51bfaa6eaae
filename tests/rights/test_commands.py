"""`feedbackhub contacts` and `feedbackhub customers`, as they are typed."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedbackhub.cli import main
from feedbackhub.machinery.settings import Settings

EVENT = {
    "source": "desk", "external_id": "T-1", "channel": "chat", "ended_at": "2026-03-01T09:30:00Z",
    "customer": {"email": "Ann@Example.org", "name": "Ann", "ids": {"crm": "7"}, "addresses": {"matrix": "@ann"}},
}  # fmt: skip
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Run:
    """Run a command in the folder of an instance; what is given as `typed` is typed into it."""
    monkeypatch.chdir(tmp_path)
    Path("feedbackhub.toml").write_text(f'database = "{settings.database}"\ndata_dir = "{settings.data_dir}"\n')

    def call(*arguments: str, typed: str = "") -> Result:
        result = CliRunner().invoke(main, arguments, input=typed)
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def contact(run: Run) -> str:
    """The id of a recorded contact."""
    done = run("contacts", "add", "-", "--json", typed=json.dumps(EVENT))
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["id"])


def test_a_contact_is_recorded_shown_listed_and_reopened(run: Run, contact: str) -> None:
    shown = json.loads(run("contacts", "show", contact, "--json").stdout)
    assert (shown["id"], shown["external_id"], shown["decision"]["outcome"]) == (contact, "T-1", "dont_ask")
    told = dict(re.split(r"  +", line, maxsplit=1) for line in run("contacts", "show", contact).stdout.splitlines())
    assert (told["contact"], told["number"], told["channel"]) == (contact, "T-1 of desk, resolution 1", "chat")
    rows = run("contacts", "list").stdout.splitlines()
    assert [re.split(r"  +", row)[:4] for row in rows[1:]] == [[contact, "2026-03-01 09:30 UTC", "desk", "T-1"]]
    assert run("contacts", "list", "--source", "other").stdout.startswith("No contacts")
    assert run("contacts", "reopen", "desk", "T-1").stdout == "Reopened; 0 messages called off.\n"
    again = run("contacts", "reopen", "desk", "T-1", "--at", "2026-03-01T09:31:00Z")
    assert again.stdout == "It was open already, or ended again later; nothing was changed.\n"


def test_a_contact_that_is_added_again_says_what_differs(run: Run, contact: str) -> None:
    again = run("contacts", "add", "-", typed=json.dumps({**EVENT, "channel": "phone"}))
    assert again.stderr == "Recorded before; nothing was changed.\nchannel is 'chat', not 'phone'\n"


@pytest.mark.parametrize(("arguments", "typed", "line"), [
    (["contacts", "add", "-"], "{", "Error: <stdin> is no JSON: "),
    (["contacts", "add", "-"], "[]", "Error: must be an object"),
    (["contacts", "add", "-"], '{"source": "desk", "external_id": ""}', "Error: external_id: "),
    (["contacts", "add", "-"], '{"source": "desk", "external_id": "1", "x": 1}', "Error: x: "),
    (["contacts", "show", "AAAAAAAAAAAA"], "", "Error: no such contact"),
    (["contacts", "show", "-AAAAAAAAAAA"], "", "Error: no such contact"),
    (["customers", "erase", "--yes", "--AAAAAAAAAA"], "", "Error: there is no such customer"),
    (["contacts", "reopen", "desk", "none"], "", "Error: no such contact was recorded"),
    (["customers", "show", "--email", "nobody@example.org"], "", "Error: nobody is known by that"),
    (["customers", "show", "--email", "nobody"], "", "Error: email: is not a valid e-mail address"),
    (["customers", "export", "AAAAAAAAAAAA"], "", "Error: there is no such customer"),
    (["customers", "erase", "--email", "nobody@example.org", "--yes"], "", "Error: nobody is known by these identif"),
])  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_line(run: Run, arguments: list[str], typed: str, line: str) -> None:
    said = run(*arguments, typed=typed)
    assert (said.exit_code, said.output.startswith(line), said.output.count("\n")) == (1, True, 1), said.output


@pytest.mark.parametrize("arguments", [
    ["show"], ["show", "AAAAAAAAAAAA", "--email", "a@example.org"], ["erase", "--id", "crm"],
    ["export", "--address", "=x"],
])  # fmt: skip
def test_a_person_is_named_in_one_way(run: Run, arguments: list[str]) -> None:
    assert run("customers", *arguments).exit_code == 2


@pytest.mark.parametrize("named", [
    ["--email", "ann@example.org"], ["--id", "crm=7"], ["--address", "matrix=@ann"],
    ["--email", "ann@example.org", "--id", "crm=7"],
])  # fmt: skip
def test_a_customer_is_shown_exported_and_erased(run: Run, contact: str, named: list[str]) -> None:
    shown = json.loads(run("customers", "show", *named, "--json").stdout)
    assert (shown["customer"]["name"], [each["id"] for each in shown["contacts"]]) == ("Ann", [contact])
    assert run("customers", "show", shown["customer"]["id"]).stdout.splitlines()[1].split() == ["name", "Ann"]
    copy = json.loads(run("customers", "export", *named).stdout)
    assert [each["name"] for each in copy["customers"]] == ["Ann"]
    assert run("customers", "erase", *named, typed="n\n").exit_code == 1
    assert run("customers", "show", *named).exit_code == 0
    erased = run("customers", "erase", *named, "--yes")
    assert (erased.exit_code, "identifiers" in erased.stdout) == (0, True), erased.output
    assert run("customers", "show", *named).exit_code == 1
    assert run("customers", "erase", shown["customer"]["id"], "--yes").exit_code == 0


def test_a_copy_is_written_for_its_owner_only_and_over_nothing(run: Run, contact: str) -> None:
    first = run("customers", "export", "--email", "ann@example.org", "--out", "ann.json")
    assert first.stdout == "Written to ann.json.\n"
    assert Path("ann.json").stat().st_mode & 0o777 == 0o600
    assert json.loads(Path("ann.json").read_text())["contacts"][0]["id"] == contact
    second = run("customers", "export", "--email", "ann@example.org", "--out", "ann.json")
    assert (second.exit_code, second.output) == (1, "Error: ann.json: File exists\n")


def test_a_plugin_that_cannot_erase_makes_the_command_fail_and_say_how_to_go_on(
    run: Run, contact: str, tmp_path: Path
) -> None:
    maildir = tmp_path / "plugins/mailbox/maildir"
    run("test-send", "mailbox", "ann@example.org")
    (maildir / "new").rename(maildir / "away")
    said = run("customers", "erase", "--email", "ann@example.org", "--yes")
    assert said.exit_code == 1
    [line] = [line for line in said.output.splitlines() if line.startswith("Error: ")]
    assert line.startswith("Error: mailbox (raised FileNotFoundError in ")
    assert ") could not erase; all else is erased. They are asked again by themselves; at once with: " in line
    again = line.partition("feedbackhub customers erase ")[2]
    assert again == "--email ann@example.org --id crm=7 --address matrix=@ann"
    (maildir / "new").rmdir() if (maildir / "new").exists() else None
    (maildir / "away").rename(maildir / "new")
    done = run("customers", "erase", *again.split(), "--yes")
    assert (done.exit_code, done.stdout.splitlines()[1].split()) == (0, ["kept", "by", "mailbox", "1"]), done.output
    assert run("customers", "erase", *again.split(), "--yes").exit_code == 1


def test_a_database_is_purged_when_its_owner_says_so(run: Run, contact: str) -> None:
    said = run("customers", "purge")
    assert (said.exit_code, said.output) == (0, "Nothing erased is left in the database's files.\n")
