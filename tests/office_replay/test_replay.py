"""Replaying recorded contacts through another policy."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedbackhub import ContactEvent
from feedbackhub.cli import main
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact, reopen_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings, Throttle
from feedbackhub.office.replay import Replay, replay
from tests.loop.suppressing import suppress_address

ADDED = '{"source": "desk", "external_id": "KEY", "customer": {"email": "ann@example.org"}}'
MAILBOX = (AskEntry(name="all", channels=("mailbox",)),)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"ask": MAILBOX})


def contact(core: Core, key: str, who: str = "ann", **more: object) -> None:
    body = {"source": "desk", "external_id": key, "channel": "chat", **more}
    if who:
        body["customer"] = {"email": f"{who}@example.org"}
    record_contact(core, ContactEvent.model_validate(body))


def tried(core: Core, settings: Settings | None = None, days: int = 30) -> Replay:
    return replay(core, settings or core.settings, core.plugins, timedelta(days=days))


def test_the_same_policy_decides_as_it_really_did(core: Core, clock: SetClock) -> None:
    contact(core, "1")
    contact(core, "2")
    contact(core, "3", "bob", closed_by="spam")
    contact(core, "4", "")
    clock.move(timedelta(days=1))
    found = tried(core)
    assert found.before == found.after == Counter({"asked": 1, "throttled": 1, "asking.closed_by": 1, "reachable": 1})
    assert (found.contacts, found.changed, found.twice) == (4, 0, {})


def test_without_a_throttle_more_are_asked_and_some_twice(core: Core, clock: SetClock) -> None:
    contact(core, "1")
    contact(core, "2")
    contact(core, "3", "bob")
    clock.move(timedelta(days=1))
    found = tried(core, core.settings.model_copy(update={"throttle": Throttle(days=0)}))
    assert (found.before["asked"], found.after["asked"], found.changed) == (2, 3, 1)
    assert list(found.twice.values()) == [2]


def test_asks_before_the_replayed_time_still_count(core: Core, clock: SetClock) -> None:
    contact(core, "1")
    clock.move(timedelta(days=20))
    contact(core, "2")
    clock.move(timedelta(hours=1))
    found = tried(core, days=5)
    assert found.after == Counter({"throttled": 1})


def test_an_ask_that_reopening_cancelled_does_not_throttle(core: Core, clock: SetClock) -> None:
    contact(core, "1")
    clock.move(timedelta(minutes=5))
    reopen_contact(core, "desk", "1")
    clock.move(timedelta(minutes=5))
    contact(core, "1")
    found = tried(core)
    assert found.before == found.after == Counter({"asked": 2})


def test_test_contacts_are_left_out_and_nothing_is_written(core: Core, clock: SetClock) -> None:
    contact(core, "1", test=True)
    contact(core, "2")
    Engine(core).drain()
    before = tried(core)
    assert before.contacts == 1
    assert tried(core) == before


def test_the_command_prints_both_policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert runner.invoke(main, ["init"]).exit_code == 0
    answer = runner.invoke(main, ["rules", "try", "--days", "7"])
    assert answer.exit_code == 0
    assert answer.output.splitlines()[0] == (
        "0 contacts of the last 7 days: 0 were asked, 0 would be; 0 would be decided otherwise."
    )


def test_who_opted_out_later_was_to_be_asked_before(core: Core, clock: SetClock) -> None:
    contact(core, "1")
    clock.move(timedelta(hours=2))
    suppress_address(core, "email", "ann@example.org", "opt_out", "tests")
    clock.move(timedelta(hours=2))
    contact(core, "2")
    found = tried(core)
    assert found.before == found.after == Counter({"asked": 1, "suppressed": 1})


def test_a_policy_file_changes_only_what_it_says_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert runner.invoke(main, ["init"]).exit_code == 0
    (tmp_path / "feedbackhub.toml").write_text('[[ask]]\nname = "all"\nchannels = ["mailbox"]\n')
    for key in ("1", "2"):
        added = runner.invoke(main, ["contacts", "add", "--json", "-"], input=ADDED.replace("KEY", key))
        assert added.exit_code == 0, added.output
    (tmp_path / "elsewhere").mkdir()
    policy = tmp_path / "elsewhere" / "policy.toml"
    policy.write_text("[throttle]\ndays = 0\n")
    answer = runner.invoke(main, ["rules", "try", "--policy", str(policy), "--json"])
    found = json.loads(answer.output)
    assert (found["asked_before"], found["asked_after"], found["changed"]) == (1, 2, 1)
    assert list(found["asked_more_than_once"].values()) == [2]
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["policy.toml"]
