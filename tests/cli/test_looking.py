"""Looking: doctor, the plugins, and a message sent for trying."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from feedbackhub.cli.checks import Finding, check_channels, check_clock, check_proxies, check_urls
from feedbackhub.contract.errors import TemporaryFailure
from feedbackhub.contract.objects import Channel
from feedbackhub.contract.records import Message, Receipt
from feedbackhub.machinery.clock import SetClock, SystemClock
from feedbackhub.machinery.plugins import Plugins
from feedbackhub.machinery.settings import Settings
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.store.store import Store
from tests.cli.conftest import Run


def configure(text: str) -> None:
    """Replace the settings below the first lines, keeping the database."""
    path = Path("feedbackhub.toml")
    database = next((line for line in path.read_text().splitlines() if line.startswith("database")), "")
    path.write_text(f"{database}\n{text}")


WELL = (
    'public_url = "https://feedback.example.com"\ntrusted_proxies = 1\n[[ask]]\nname = "all"\nchannels = ["mailbox"]\n'
)


def findings(output: str) -> dict[str, tuple[str, str]]:
    """Subject to mark and rest, advice appended."""
    found: dict[str, tuple[str, str]] = {}
    subject = ""
    for line in output.splitlines():
        if line.startswith("      → "):
            mark, said = found[subject]
            found[subject] = (mark, f"{said}{line[5:]}")
        else:
            mark, (subject, _, said) = line[:6].strip(), line[6:].partition(": ")
            found[subject] = (mark, said)
    return found


def test_doctor_finds_nothing_wrong_with_a_good_instance(instance: Run) -> None:
    configure('plugins_disabled = ["email"]\n' + WELL + '[plugins.recovery]\nchannel = "mailbox"\n')
    said = instance("doctor")
    assert (said.exit_code, {mark for mark, _ in findings(said.output).values()}) == (0, {"ok"}), said.output


def test_doctor_names_what_a_new_instance_lacks_and_what_to_do(instance: Run) -> None:
    said = instance("doctor")
    found = findings(said.output)
    assert said.exit_code == 1
    mark, told = found["plugin email"]
    assert (mark, told.partition(" → ")[0]) == (
        "warn", "unconfigured: not set: plugins.email.host, plugins.email.sender"
    )  # fmt: skip
    assert told.partition(" → ")[2] == "set it in feedbackhub.toml, or name email in plugins_disabled"
    assert found["ask default"] == (
        "WRONG",
        "asks by email, which no working plugin brings → set up its plugin, or ask by one of: link, mailbox",
    )
    assert found["public_url"][0] == "warn"


def test_doctor_sees_files_that_others_may_read(instance: Run) -> None:
    key = Path("feedbackhub-data/instance.key").resolve()
    key.chmod(0o644)
    Path("feedbackhub.toml").chmod(0o644)
    found = findings(instance("doctor").output)
    assert found["key"] == ("warn", f"{key} may be read by others → chmod 600 {key}")
    assert found["settings"][1].endswith("→ chmod 600 feedbackhub.toml")


def test_doctor_says_what_a_damaged_key_means(instance: Run) -> None:
    """Without a key nothing opens, so the line comes from opening."""
    Path("feedbackhub-data/instance.key").write_text("short\n")
    said = instance("doctor")
    assert said.exit_code == 1
    assert "the instance key is damaged; restore the file from a backup" in said.output


def test_doctor_asks_for_migrating(instance: Run) -> None:
    store = Store(load_settings(None, {}).database_url)
    store.write(lambda connection: connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'"))
    store.close()
    found = findings(instance("doctor").output)
    assert found["database"][0] == "WRONG"
    assert found["database"][1].endswith(" → feedbackhub migrate")
    assert "clock" not in found


def test_doctor_tries_the_mail_server(instance: Run) -> None:
    configure(WELL + '[plugins.email]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\nsender = "a@example.com"\n')
    mark, said = findings(instance("doctor").output)["channel email"]
    assert mark == "WRONG"
    assert said.startswith("the mail server 127.0.0.1:1 cannot be used: ")
    assert said.endswith(" → look at [plugins.email] and at the other side")


@pytest.mark.parametrize(("url", "level"), [
    ("https://feedback.example.com", "ok"), ("http://feedback.example.com", "error"),
    ("http://localhost:8000", "warning"), ("http://[::1]:8000", "warning"), ("https://127.1.2.3", "warning"),
])  # fmt: skip
def test_public_addresses_are_https_and_not_this_machine(url: str, level: str) -> None:
    brands = {"default": {"public_url": url}}
    assert [finding.level for finding in check_urls(Settings(public_url=url, brands=brands))] == [level, level]


@pytest.mark.parametrize(("url", "proxies", "level"), [
    ("https://feedback.example.com", 0, "warning"), ("https://feedback.example.com", 1, "ok"),
    ("http://127.0.0.1:8000", 0, "ok"),
])  # fmt: skip
def test_behind_https_a_proxy_must_be_trusted_to_tell_visitors_apart(url: str, proxies: int, level: str) -> None:
    found = check_proxies(Settings(public_url=url, trusted_proxies=proxies))
    assert [finding.level for finding in found] == [level]


def test_a_clock_before_the_newest_record_is_wrong(instance: Run) -> None:
    store = Store(load_settings(None, {}).database_url)
    clock = SetClock(SystemClock().now() - timedelta(days=1))
    levels = [finding.level for finding in check_clock(store, clock)]
    fine = [finding.level for finding in check_clock(store, SystemClock())]
    store.close()
    assert (levels, fine) == (["error"], ["ok"])


class Tried(Channel):
    name = "tried"
    reaches = ()

    def __init__(self, outcome: str | Exception) -> None:
        self.outcome = outcome

    def deliver(self, message: Message) -> Receipt:
        return Receipt()

    def check(self) -> str:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.mark.parametrize(("outcome", "found"), [
    ("", []),
    ("reached it", [Finding("ok", "channel tried", "reached it")]),
    (TemporaryFailure("away"),
     [Finding("error", "channel tried", "away", "look at [plugins.tried] and at the other side")]),
    (KeyError("x"), [Finding("error", "channel tried", "KeyError: 'x'", "report it to the plugin's author")]),
])  # fmt: skip
def test_channels_are_tried_and_their_mistakes_contained(outcome: str | Exception, found: list[Finding]) -> None:
    assert list(check_channels(Plugins().having("feedbackhub_channels", [("tried", Tried(outcome))]))) == found


def test_plugins_are_listed_with_state_and_reason_and_as_json(run: Run) -> None:
    rows = [line.split(maxsplit=3) for line in run("plugins", "list").output.splitlines()[1:]]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    email = next(row for row in rows if row[0] == "email")
    assert email[2:] == ["unconfigured", "not set: plugins.email.host, plugins.email.sender"]
    listed = json.loads(run("plugins", "list", "--json").output)
    assert [each["name"] for each in listed] == [row[0] for row in rows]
    assert next(each for each in listed if each["name"] == "mailbox")["hooks"] == [
        "feedbackhub_channels", "feedbackhub_pages", "feedbackhub_plugin",
    ]  # fmt: skip


def test_a_misspelt_plugin_section_is_warned_of(run: Run) -> None:
    Path("feedbackhub.toml").write_text('[plugins.emial]\nhost = "x"\n')
    assert run("plugins", "list").stderr == (
        "warning: [plugins.emial] is set, but no plugin of that name is installed\n"
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_test_message_goes_out_as_a_customer_would_get_it(language: str, instance: Run) -> None:
    said = instance("test-send", "mailbox", "ana@example.com", "--language", language)
    assert said.exit_code == 0, said.output
    assert said.output.startswith("Handed over to mailbox.")
    folder = Path("feedbackhub-data/plugins/mailbox")
    kept = [Path(root) / name for root, _, names in os.walk(folder) for name in names]
    assert len(kept) == 1
    assert b"ana@example.com" in kept[0].read_bytes()


@pytest.mark.parametrize(("arguments", "line"), [
    (["pager", "1"], "Error: no channel pager; there are: link, mailbox"),
    (["email", "a@example.com"], "Error: no channel email: not set: plugins.email.host, plugins.email.sender"),
    (["link", "a@example.com"], "Error: the channel link sends nothing by itself"),
    (["mailbox", "nobody"], "Error: email: is not a valid e-mail address"),
    (["mailbox", "a@example.com", "--survey", "none"], "Error: there is no survey none"),
])  # fmt: skip
def test_a_test_message_that_cannot_go_says_why(arguments: list[str], line: str, instance: Run) -> None:
    said = instance("test-send", *arguments)
    assert (said.exit_code, said.output) == (1, line + "\n")
