"""Setting up: init, migrate, and the people and keys that are made on the command line."""

import stat
from pathlib import Path

import pytest

from feedbackhub.machinery.clock import SystemClock
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.office.audit import entries
from feedbackhub.office.keys import check_key
from feedbackhub.office.users import set_password, user_of_secret
from feedbackhub.store.migrate import head
from feedbackhub.store.store import Store
from tests.cli.conftest import Run


def opened() -> Store:
    return Store(load_settings(None, {}).database_url)


def secret_in(output: str) -> str:
    return output.strip().rpartition("/welcome/")[2]


def test_init_makes_private_files_and_one_admin_who_sets_a_password(instance: Run, tmp_path: Path) -> None:
    modes = {
        path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "feedbackhub.toml", tmp_path / "feedbackhub-data/instance.key")
    }
    assert modes == {"feedbackhub.toml": 0o600, "feedbackhub-data/instance.key": 0o600}
    assert stat.S_IMODE((tmp_path / "feedbackhub-data").stat().st_mode) == 0o700
    assert instance("users", "list").output.splitlines()[1].split() == ["ana@example.com", "admin", "invited"]


def test_init_prints_the_address_at_which_the_admin_begins(run: Run) -> None:
    said = run("init", "--admin", "ana@example.com", "--public-url", "https://feedback.example.com/ask")
    address = said.output.splitlines()[-1].strip()
    assert address.startswith("https://feedback.example.com/ask/welcome/")
    store = opened()
    user = user_of_secret(store, SystemClock().now(), secret_in(said.output))
    store.close()
    assert user is not None
    assert (user.email, user.role) == ("ana@example.com", "admin")


@pytest.mark.parametrize(("url", "email"), [
    ("http://127.0.0.1:8000", "admin@example.com"),
    ("https://feedback.acme.example", "admin@feedback.acme.example"),
    ("http://localhost", "admin@example.com"),
])  # fmt: skip
def test_without_a_terminal_init_asks_nothing(url: str, email: str, run: Run) -> None:
    run("init", "--public-url", url)
    assert run("users", "list").output.splitlines()[1].split()[0] == email


def test_init_begins_with_the_channel_that_was_said(run: Run) -> None:
    run("init", "--ask-by", "link")
    assert [entry.channels for entry in load_settings(None, {}).ask] == [("link",)]


def test_init_overwrites_nothing(instance: Run, tmp_path: Path) -> None:
    before = (tmp_path / "feedbackhub.toml").read_bytes()
    again = instance("init")
    kept = "feedbackhub.toml is there already and is left as it is; --keep-settings makes only what is missing"
    assert (again.exit_code, again.output) == (1, f"Error: {kept}\n")
    other = instance("--config", "other.toml", "init")
    key = tmp_path / "feedbackhub-data" / "instance.key"
    assert (other.exit_code, other.output) == (1, f"Error: {key} is there already and is left as it is\n")
    assert (tmp_path / "feedbackhub.toml").read_bytes() == before
    assert not (tmp_path / "other.toml").exists()
    assert key.exists()


def test_init_on_the_database_of_another_instance_is_refused_and_leaves_nothing(
    run: Run, tmp_path: Path, database_url: str
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert run("--config", "a/feedbackhub.toml", "init", "--database", database_url).exit_code == 0
    second = run("--config", "b/feedbackhub.toml", "init", "--database", database_url)
    assert (second.exit_code, second.output) == (
        1, "Error: the database holds an instance already; its key is needed, not a new one\n"
    )  # fmt: skip
    assert [path for path in (tmp_path / "b").rglob("*") if path.is_file()] == []


def test_init_that_fails_can_be_run_again(run: Run, tmp_path: Path) -> None:
    assert run("init", "--admin", "no address").exit_code == 1
    assert not (tmp_path / "feedbackhub.toml").exists()
    assert run("init", "--admin", "ana@example.com").exit_code == 0


def test_init_makes_what_is_missing_beside_settings_that_are_there(run: Run, tmp_path: Path) -> None:
    database = run("init", "--admin", "ana@example.com")
    settings = tmp_path / "feedbackhub.toml"
    kept = settings.read_text(encoding="utf-8")
    again = run("init", "--keep-settings")
    assert (database.exit_code, again.exit_code) == (0, 0)
    assert again.output.endswith(f"the database has schema {head()}.\n")
    assert settings.read_text(encoding="utf-8") == kept


def test_init_beside_settings_makes_key_tables_and_admin(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "feedbackhub.toml"
    settings.write_text('public_url = "https://feedback.example.com"\ndata_dir = "other-data"\n', encoding="utf-8")
    assert run("init", "--keep-settings", "--admin", "ana@example.com").exit_code == 0
    assert (tmp_path / "other-data" / "instance.key").exists()
    assert run("users", "list").output.splitlines()[1].split() == ["ana@example.com", "admin", "invited"]


def test_migrate_says_what_it_did_and_changes_nothing_the_second_time(instance: Run) -> None:
    said = instance("migrate")
    assert (said.exit_code, said.output.endswith(" already.\n")) == (0, True)


def test_an_instance_without_tables_names_the_command(run: Run, tmp_path: Path) -> None:
    run("init")
    for path in (tmp_path / "feedbackhub-data").glob("feedbackhub.db*"):
        path.unlink()
    assert run("keys", "list").output == "Error: the database has no tables yet; run: feedbackhub migrate\n"
    assert run("migrate").exit_code == 0
    assert run("keys", "list").output == "No keys yet; feedbackhub keys create NAME\n"


def test_people_are_invited_promoted_reset_revoked_and_restored(instance: Run) -> None:
    def states() -> dict[str, list[str]]:
        lines = instance("users", "list").output.splitlines()[1:]
        return {words[0]: words[-2:] for words in map(str.split, lines)}

    invited = instance("users", "invite", "Bob@example.com", "--name", "Bob", "--role", "manager")
    store = opened()
    set_password(store, SystemClock(), secret_in(invited.output), "correct horse")
    assert states() == {"ana@example.com": ["admin", "invited"], "bob@example.com": ["manager", "active"]}
    assert instance("users", "role", "bob@example.com", "admin").output == "bob@example.com is admin now.\n"
    again = instance("users", "reset", "bob@example.com")
    assert states()["bob@example.com"] == ["admin", "invited"]
    set_password(store, SystemClock(), secret_in(again.output), "correct horse")
    instance("users", "revoke", "ana@example.com")
    assert states()["ana@example.com"] == ["admin", "revoked"]
    last = instance("users", "revoke", "bob@example.com")
    assert (last.exit_code, last.output) == (1, "Error: this is the last admin; make somebody else one first\n")
    instance("users", "restore", "ana@example.com")
    assert states()["ana@example.com"] == ["admin", "invited"]
    assert {entry.actor for entry in entries(store)} == {"cli", "bob@example.com"}
    store.close()


@pytest.mark.parametrize("command", ["role", "reset", "revoke", "restore"])
def test_somebody_who_is_not_there_is_one_line(command: str, instance: Run) -> None:
    more = ["agent"] if command == "role" else []
    said = instance("users", command, "nobody@example.com", *more)
    assert (said.exit_code, said.output) == (1, "Error: there is no such user\n")


def test_a_key_is_shown_once_alone_on_the_output_and_works_until_revoked(instance: Run) -> None:
    made = instance("keys", "create", "helpdesk", "--scope", "contacts:write")
    secret = made.stdout.strip()
    store = opened()
    key = check_key(store, SystemClock().now(), secret)
    assert key is not None
    assert key.scopes == ("contacts:write",)
    listed = instance("keys", "list").output
    assert "helpdesk" in listed
    assert secret not in listed
    assert instance("keys", "revoke", "helpdesk").output == "helpdesk is refused from now on.\n"
    assert check_key(store, SystemClock().now(), secret) is None
    store.close()
    assert instance("keys", "revoke", "helpdesk").exit_code == 1


def test_a_scope_that_is_not_there_names_the_nearest(instance: Run) -> None:
    said = instance("keys", "create", "helpdesk", "--scope", "contact:write")
    assert said.output == "Error: scopes: there is no scope contact:write; did you mean contacts:write?\n"
