"""Backup and restore: what comes back is what was there, nobody is asked twice, and a slip can be undone."""

from __future__ import annotations

import tarfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop import tallies
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, fingerprints, write_key
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.office.backups import make_backup
from feedbackhub.office.restoring import Restored, RestoreError, read_manifest, restore
from feedbackhub.store.copies import CopyError
from feedbackhub.store.queries.tallies import whole_tally
from feedbackhub.store.store import Store
from feedbackhub.store.tables import audit, contact, decision, delivery, invitation, response, task
from tests.app_fixtures import START
from tests.services.databases import Databases


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that ask everybody at once, by the mailbox."""
    return settings.model_copy(update={"ask": (AskEntry(name="all", channels=("mailbox",), delay="0m"),)})


@pytest.fixture
def elsewhere(settings: Settings, databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty place on another machine."""
    folder = tmp_path / "elsewhere"
    url = databases.new()
    yield settings.model_copy(update={"data_dir": folder, "database": url})
    databases.drop(url)


def asked(core: Core, number: int) -> str:
    event = ContactEvent.model_validate(
        {"source": "helpdesk", "external_id": str(number), "customer": {"email": f"ann{number}@example.org"}}
    )
    invitation = record_contact(core, event).contact.invitation
    assert invitation is not None
    return invitation.id


def backed_up(core: Core, folder: Path, *, with_key: bool = True) -> Path:
    return make_backup(core.settings, core.store, core.clock, folder, with_key=with_key).path


def restored(
    settings: Settings, clock: SetClock, path: Path, *, replace: bool = False, resend: bool = False
) -> Restored:
    return restore(settings, clock, path, replace=replace, resend=resend)


def test_an_instance_lives_on_elsewhere(core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path) -> None:
    first, second = asked(core, 1), asked(core, 2)
    submit(core, first, {"satisfaction": "5"})
    Engine(core).drain()
    link = core.links.token(second)
    done = restored(elsewhere, clock, backed_up(core, tmp_path / "b"))
    assert (done.aside, done.held, done.behind) == ((), 0, "")
    other = open_core(elsewhere, clock)
    try:
        assert other.links.read(link) == second
        assert submit(other, second, {"satisfaction": "4"}).stored
        Engine(other).drain()
        with other.store.read() as connection:
            assert connection.execute(select(func.count()).select_from(response)).scalar_one() == 2
            assert {c: n for c, n in whole_tally(connection).items() if n} == tallies.recount(connection)
    finally:
        other.close()


def test_what_plugins_keep_in_folders_comes_back(
    core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path
) -> None:
    kept = core.settings.data_dir / "plugins" / "mailbox" / "cur" / "letter"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("Hello", encoding="utf-8")
    restored(elsewhere, clock, backed_up(core, tmp_path / "b"))
    assert (elsewhere.data_dir / "plugins" / "mailbox" / "cur" / "letter").read_text(encoding="utf-8") == "Hello"


def test_what_was_due_since_the_backup_waits_for_a_person(
    core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path
) -> None:
    asked(core, 1)
    path = backed_up(core, tmp_path / "b")
    Engine(core).drain()  # after the backup the message goes out
    clock.move(timedelta(minutes=5))
    assert restored(elsewhere, clock, path).held == 1
    other = open_core(elsewhere, clock)
    try:
        Engine(other).drain()
        with other.store.read() as connection:
            (row,) = connection.execute(select(task.c.state, task.c.last_error).where(task.c.kind == "deliver"))
            assert list(connection.scalars(select(delivery.c.sent_at))) == [None]
        assert row.state == "parked"
        assert row.last_error == f"Restored from the backup of {START:%Y-%m-%d %H:%M} UTC: may have been sent already."
    finally:
        other.close()


def test_it_is_sent_when_a_person_knows_that_it_was_not(
    core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path
) -> None:
    asked(core, 1)
    assert restored(elsewhere, clock, backed_up(core, tmp_path / "b"), resend=True).held == 0
    other = open_core(elsewhere, clock)
    try:
        Engine(other).drain()
        with other.store.read() as connection:
            first = select(delivery.c.state).where(delivery.c.kind == "first")
            assert list(connection.scalars(first)) == ["sent"]
    finally:
        other.close()


def test_a_backup_under_load_is_a_consistent_beginning(
    core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path
) -> None:
    stop, recorded = threading.Event(), []

    def load() -> None:
        number = 0
        while not stop.is_set():
            invited = asked(core, number)
            submit(core, invited, {"satisfaction": "5"})
            recorded.append(invited)
            number += 1

    thread = threading.Thread(target=load)
    thread.start()
    try:
        while len(recorded) < 5:
            thread.join(0.01)
        before = list(recorded)
        path = backed_up(core, tmp_path / "b")
    finally:
        stop.set()
        thread.join()
    restored(elsewhere, clock, path)
    store = Store(elsewhere.database_url)
    with store.read() as connection:
        numbers = sorted(int(each) for each in connection.scalars(select(contact.c.external_id)))
        contacts, decisions = numbers, connection.execute(select(func.count()).select_from(decision)).scalar_one()
        invited = list(connection.scalars(select(invitation.c.public_id).order_by(invitation.c.id)))
        answered = connection.execute(select(func.count()).select_from(response)).scalar_one()
    store.close()
    assert contacts == list(range(len(contacts))) and decisions == len(contacts)
    assert invited[: len(before)] == before
    assert len(contacts) - answered in (0, 1)


def test_an_instance_is_replaced_only_on_demand_and_kept_aside(core: Core, clock: SetClock, tmp_path: Path) -> None:
    path, settings = backed_up(core, tmp_path / "b"), core.settings
    asked(core, 1)
    core.close()
    with pytest.raises(RestoreError, match="--replace puts the backup in its place"):
        restored(settings, clock, path)
    done = restored(settings, clock, path, replace=True)
    assert count_contacts(settings) == 0
    (old, *_) = [each for each in done.aside if each.is_file()]
    if old.suffixes[-2:] == [".tar", ".gz"]:
        restored(settings, clock, old, replace=True)
    else:
        old.replace(Store(settings.database_url).url.database or "")
    assert count_contacts(settings) == 1


def count_contacts(settings: Settings) -> int:
    store = Store(settings.database_url)
    with store.read() as connection:
        found = connection.execute(select(func.count()).select_from(contact)).scalar_one()
    store.close()
    return int(found)


def test_another_instances_key_is_refused_before_anything_is_changed(
    core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path
) -> None:
    elsewhere.data_dir.mkdir()
    write_key(elsewhere.data_dir / KEY_FILE)
    path = backed_up(core, tmp_path / "b")
    with pytest.raises(RestoreError, match=f"belongs to the key {read_manifest(path).key}"):
        restored(elsewhere, clock, path)


def test_a_backup_names_its_key_but_does_not_hold_it(
    core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path
) -> None:
    key = core.settings.data_dir / KEY_FILE
    path = backed_up(core, tmp_path / "b", with_key=False)
    with tarfile.open(path) as archive:
        assert archive.getnames()[:2] == ["manifest.json", "database"] and KEY_FILE not in archive.getnames()
    assert read_manifest(path).key == fingerprints(key)[0]
    with pytest.raises(RestoreError, match="give the file with --key"):
        restored(elsewhere, clock, path)
    restore(elsewhere, clock, path, key=key)
    assert (elsewhere.data_dir / KEY_FILE).read_bytes() == key.read_bytes()


def test_who_backs_up_and_restores_is_in_the_audit_log(
    core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path
) -> None:
    restored(elsewhere, clock, backed_up(core, tmp_path / "b"))
    store = Store(elsewhere.database_url)
    with store.read() as connection:
        actions = list(connection.scalars(select(audit.c.action).order_by(audit.c.id)))
    store.close()
    assert actions[-2:] == ["instance.backed_up", "instance.restored"]


def test_only_the_newest_backups_are_kept(core: Core, clock: SetClock, tmp_path: Path) -> None:
    removed = []
    for _ in range(4):
        clock.move(timedelta(days=1))
        removed += make_backup(core.settings, core.store, clock, tmp_path / "b", keep=2).removed
    left = sorted(path.name for path in (tmp_path / "b").iterdir())
    assert left == ["feedbackhub-20260305-090000.tar.gz", "feedbackhub-20260306-090000.tar.gz"]
    assert [f"{path.name[12:20]}" for path in removed] == ["20260303", "20260304"]


@pytest.mark.parametrize("cut", [0, 100, 2000])
def test_a_damaged_backup_is_refused(
    core: Core, clock: SetClock, elsewhere: Settings, tmp_path: Path, cut: int
) -> None:
    path = backed_up(core, tmp_path / "b")
    path.write_bytes(path.read_bytes()[:-cut] if cut else b"no archive at all")
    with pytest.raises((RestoreError, CopyError)):
        restored(elsewhere, clock, path)
    assert not (elsewhere.data_dir / KEY_FILE).exists()
