"""SQLite's single writer: many functions, one commit, and nobody hurt by a neighbour."""

import sqlite3
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, text
from sqlalchemy.exc import OperationalError

from feedbackhub.contract.errors import Unavailable
from feedbackhub.store.store import Store
from feedbackhub.store.tables import idempotency, person
from tests.app_fixtures import START
from tests.services.databases import SQLiteDatabases
from tests.store.conftest import IMPATIENT, Open, add_person, count


class Gate:
    """Holds the writing thread until opened, so that what is handed over meanwhile becomes one group."""

    def __init__(self) -> None:
        self.entered, self.open = threading.Event(), threading.Event()

    def __call__(self, _connection: Connection) -> None:
        self.entered.set()
        assert self.open.wait(10)


def path_of(store: Store) -> Path:
    """Return the database's file."""
    assert store.url.database is not None
    return Path(store.url.database)


def waiting(store: Store, number: int) -> None:
    """Wait until as many writes are queued."""
    queue = store.door._jobs  # type: ignore[attr-defined]
    deadline = time.monotonic() + 10
    while queue.qsize() < number:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_one_failing_function_does_not_hurt_the_others_of_its_group(sqlite: Store) -> None:
    gate, commits = Gate(), []
    event.listen(sqlite.engine, "commit", lambda _: commits.append(1))

    def fails(connection: Connection) -> int:
        add_person(connection)
        raise ZeroDivisionError

    def breaks_a_rule(connection: Connection) -> int:
        add_person(connection)
        for _ in range(2):
            connection.execute(insert(idempotency).values(scope="a", key="b", digest="", created_at=START))
        return 0

    def bad_statement(connection: Connection) -> int:
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))
        return 0

    with ThreadPoolExecutor(8) as hands:
        held = hands.submit(sqlite.write, gate)
        assert gate.entered.wait(10)
        work = [add_person, fails, add_person, breaks_a_rule, bad_statement, add_person]
        done: list[Future[int]] = [hands.submit(sqlite.write, each) for each in work]
        waiting(sqlite, 6)
        gate.open.set()
        held.result()
        failed = [each.exception() for each in done]
    assert [type(each).__name__ for each in failed] == [
        "NoneType", "ZeroDivisionError", "NoneType", "IntegrityError", "Unavailable", "NoneType",
    ]  # fmt: skip
    assert count(sqlite) == 3
    assert len(commits) == 2, "the gate's, and one for all six"


def test_what_was_accepted_is_finished_before_the_store_closes(sqlite: Store) -> None:
    gate = Gate()
    with ThreadPoolExecutor(12) as hands:
        held = hands.submit(sqlite.write, gate)
        assert gate.entered.wait(10)
        done = [hands.submit(sqlite.write, add_person) for _ in range(10)]
        waiting(sqlite, 10)
        closing = hands.submit(sqlite.close)
        time.sleep(0.05)
        gate.open.set()
        closing.result(), held.result()
        numbers = [each.result() for each in done]
    with sqlite3.connect(path_of(sqlite)) as raw:
        assert [row[0] for row in raw.execute("SELECT id FROM person ORDER BY id")] == sorted(numbers)


def test_a_database_locked_by_somebody_else_is_unavailable_and_recovers(sqlite: Store) -> None:
    sqlite.write(add_person)
    other = sqlite3.connect(path_of(sqlite), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with pytest.raises(Unavailable) as refused:
        sqlite.write(add_person)
    assert IMPATIENT * 0.8 < time.monotonic() - begun < 20
    assert refused.value.retry_after.total_seconds() > 0
    assert count(sqlite) == 1, "readers go on"
    other.execute("COMMIT")
    other.close()
    sqlite.write(add_person)
    assert count(sqlite) == 2, "and nothing of the refused write is there"


def test_a_file_that_vanished_takes_nothing_until_it_is_back(sqlite: Store) -> None:
    sqlite.write(add_person)
    path = path_of(sqlite)
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    kept = path.with_suffix(".kept")
    path.rename(kept)
    with pytest.raises(Unavailable):
        sqlite.write(add_person)
    with pytest.raises(Unavailable):
        count(sqlite)
    sqlite.engine.dispose()
    kept.replace(path)
    assert count(sqlite) == 1
    sqlite.write(add_person)
    assert count(sqlite) == 2


def test_a_folder_that_does_not_exist_is_unavailable(tmp_path: Path, open_store: Open) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'nowhere' / 'feedbackhub.db'}")
    with pytest.raises(Unavailable):
        store.write(add_person)
    with pytest.raises(Unavailable):
        count(store)


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path, open_store: Open) -> None:
    (tmp_path / "feedbackhub.db").write_bytes(b"This is a letter and no database." * 100)
    store = open_store(f"sqlite:///{tmp_path / 'feedbackhub.db'}")
    with pytest.raises(Unavailable):
        store.write(add_person)
    with pytest.raises(Unavailable):
        count(store)


def test_a_read_only_database_still_answers_questions(sqlite: Store) -> None:
    sqlite.write(add_person)

    def read_only(connection: Connection) -> int:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        return add_person(connection)

    with pytest.raises(Unavailable):
        sqlite.write(read_only)
    assert count(sqlite) == 1


def test_a_full_disk_loses_nothing_that_was_acknowledged(sqlite: Store) -> None:
    """The database may not grow: SQLite gives the whole group up, and everybody in it hears of it."""
    for _ in range(3):
        sqlite.write(add_person)

    def limited(connection: Connection) -> int:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        values = {"created_at": START}
        return connection.execute(insert(person), [values] * 20_000).rowcount

    with pytest.raises(Unavailable):
        sqlite.write(limited)
    sqlite.engine.dispose()
    assert count(sqlite) == 3
    sqlite.write(add_person)
    assert count(sqlite) == 4


def test_a_connection_is_opened_anew_after_a_group_failed(sqlite: Store, sqlite_databases: SQLiteDatabases) -> None:
    opened: list[int] = []
    event.listen(sqlite.engine, "connect", lambda *_: opened.append(1))
    sqlite.write(add_person)

    def ends_the_transaction(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")  # as SQLite itself does after an input or output error
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    before = len(opened)
    with pytest.raises(Unavailable):
        sqlite.write(ends_the_transaction)
    sqlite.write(add_person)
    assert len(opened) > before
    assert count(sqlite) == 2


def failing(code: int) -> OperationalError:
    """Return what SQLAlchemy raises when SQLite fails with a code."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return OperationalError("INSERT", None, error)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT])
def test_after_a_failure_of_the_disk_nothing_of_the_group_is_written_and_all_hear_of_it(
    sqlite: Store, code: int
) -> None:
    opened: list[int] = []
    event.listen(sqlite.engine, "connect", lambda *_: opened.append(1))

    def fails(connection: Connection) -> int:
        add_person(connection)
        raise failing(code)

    gate = Gate()
    with ThreadPoolExecutor(4) as hands:
        held = hands.submit(sqlite.write, gate)
        assert gate.entered.wait(10)
        done = [hands.submit(sqlite.write, each) for each in (add_person, fails, add_person)]
        waiting(sqlite, 3)
        gate.open.set()
        held.result()
        assert [type(each.exception()) for each in done] == [Unavailable] * 3
    before = len(opened)
    sqlite.write(add_person)
    assert count(sqlite) == 1
    assert len(opened) > before, "nobody knows what the old connection has done"


def test_a_failing_commit_is_told_to_everybody_and_the_connection_opened_anew(sqlite: Store) -> None:
    opened: list[int] = []
    event.listen(sqlite.engine, "connect", lambda *_: opened.append(1))
    failures = [failing(sqlite3.SQLITE_IOERR_FSYNC)]

    def fail_once(_connection: Connection) -> None:
        if failures:
            raise failures.pop()

    event.listen(sqlite.engine, "commit", fail_once)
    with pytest.raises(Unavailable):
        sqlite.write(add_person)
    before = len(opened)
    sqlite.write(add_person)
    assert (len(opened) > before, count(sqlite)) == (True, 1)


def test_a_failure_that_the_function_kept_quiet_about_is_noticed_before_the_commit(sqlite: Store) -> None:
    def quiet(connection: Connection) -> int:
        number = add_person(connection)
        connection.exec_driver_sql("ROLLBACK")  # as SQLite itself does after an input or output error
        return number

    with pytest.raises(Unavailable):
        sqlite.write(quiet)
    sqlite.write(add_person)
    assert count(sqlite) == 1


def test_a_write_alone_is_taken_back_when_it_fails(sqlite: Store) -> None:
    def fails(connection: Connection) -> int:
        add_person(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sqlite.write(fails)
    sqlite.write(add_person)
    assert count(sqlite) == 1


def test_too_many_waiting_writes_are_refused_at_once(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedbackhub.store.group_commit._WAITING", 3)
    small = Store(str(sqlite.url))
    gate = Gate()
    with ThreadPoolExecutor(8) as hands:
        held = hands.submit(small.write, gate)
        assert gate.entered.wait(10)
        done = [hands.submit(small.write, add_person) for _ in range(3)]
        waiting(small, 3)
        with pytest.raises(Unavailable, match="too many"):
            small.write(add_person)
        gate.open.set()
        held.result()
        assert len({each.result() for each in done}) == 3
    small.close()


def test_who_gave_up_waiting_is_not_written_later(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedbackhub.store.group_commit._PATIENCE", 0.2)
    gate = Gate()
    with ThreadPoolExecutor(2) as hands:
        held = hands.submit(sqlite.write, gate)
        assert gate.entered.wait(10)
        with pytest.raises(Unavailable, match="busy"):
            sqlite.write(add_person)
        gate.open.set()
        held.result()
    sqlite.write(add_person)
    assert count(sqlite) == 1
