"""Purging: of what was removed, nothing can be read in the files of a SQLite database."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from feedbackhub.office.erasing import erase_person
from feedbackhub.store.purge import purge
from feedbackhub.store.store import Store
from tests.rights.placed import EMAIL, Placed


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A SQLite database of rows that have moved between its pages, of which some were removed."""
    opened = Store(f"sqlite:///{tmp_path / 'hub.db'}", busy_seconds=0.1)
    opened.write(lambda c: c.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)")))
    rows = [{"id": number, "words": words(number)} for number in range(3000)]
    random.Random(1).shuffle(rows)
    opened.write(lambda c: c.execute(text("INSERT INTO note VALUES (:id, :words)"), rows))
    opened.write(lambda c: c.execute(text("DELETE FROM note WHERE id % 7 = 0")))
    yield opened
    opened.close()


def words(number: int) -> str:
    return f"secret-{number:05d}-" + "x" * (number * 37 % 300)


def left(folder: Path) -> set[int]:
    """Return whose removed words are still found in a file."""
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    return {number for number in range(0, 3000, 7) if f"secret-{number:05d}-".encode() in raw}


def test_removing_alone_leaves_copies_behind_and_purging_none(store: Store, tmp_path: Path) -> None:
    with store.engine.raw_connection() as raw:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert left(tmp_path) != set()
    assert purge(store) is True
    assert left(tmp_path) == set()
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM note")).scalar_one() == 3000 - 429


def test_a_large_file_is_left_for_a_quiet_hour(store: Store, tmp_path: Path) -> None:
    assert purge(store, most=1000) is False
    assert (tmp_path / "hub.db-wal").stat().st_size == 0
    assert left(tmp_path) != set()


def test_a_program_that_reads_all_the_time_is_waited_for(store: Store, tmp_path: Path) -> None:
    with store.read() as connection:
        connection.execute(text("SELECT * FROM note LIMIT 1")).all()
        assert purge(store) is False
    assert purge(store) is True
    assert left(tmp_path) == set()


def test_erasing_succeeds_while_somebody_reads_and_says_that_traces_are_left(placed: Placed) -> None:
    core = placed.core
    core.store.engine.dispose()
    with core.store.read() as connection:
        connection.execute(text("SELECT * FROM customer")).all()
        done = erase_person(core, (EMAIL,), "tests")
        assert (done.purged, done.complete) == (not core.store.is_sqlite, not core.store.is_sqlite)
    again = erase_person(core, placed.customer, "tests")
    assert (again.purged, again.complete) == (True, True)
