"""Answers of PostgreSQL that take long are waited for; those that will never come are not."""

import time

import pytest
from sqlalchemy import text

from feedbackhub.contract.errors import Unavailable
from feedbackhub.store import patience
from feedbackhub.store.store import Store
from tests.services.databases import PostgresDatabases


@pytest.fixture
def store(postgres_databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose patience is short."""
    monkeypatch.setattr(patience, "SILENCE", 0.3)
    return Store(postgres_databases.new())


def test_a_statement_that_takes_long_is_waited_for_while_the_server_works_on_it(store: Store) -> None:
    with store.read() as connection:
        assert connection.execute(text("SELECT 7 FROM pg_sleep(1.5)")).scalar_one() == 7
    store.close()


def test_an_answer_that_does_not_come_although_the_server_is_idle_is_given_up(store: Store) -> None:
    def lost(*_: object) -> object:
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patience._Wait, "_at_work", lost)  # as if the server said that it has answered
        begun = time.monotonic()
        with pytest.raises(Unavailable), store.read() as connection:
            connection.execute(text("SELECT pg_sleep(30)"))
        assert time.monotonic() - begun < 20
    with store.read() as connection:
        assert connection.execute(text("SELECT 7")).scalar_one() == 7
    store.close()


def test_each_connection_has_a_name_of_its_own(store: Store) -> None:
    with store.read() as one, store.read() as other:
        names = [each.execute(text("SHOW application_name")).scalar_one() for each in (one, other)]
    assert len(set(names)) == 2
    store.close()
