"""A PostgreSQL server that drops connections."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from feedbackhub.contract.errors import Unavailable
from feedbackhub.store.store import Store
from tests.services.databases import PostgresDatabases
from tests.store.conftest import Open, add_person, backend_pid, count


def kill(store: Store, pid: int) -> None:
    """End the server's process behind a connection."""
    with store.read() as connection:
        assert connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid}).scalar_one()


def test_a_connection_killed_during_a_write_is_unavailable_and_the_next_write_works(postgres: Store) -> None:
    def run(connection: Connection) -> int:
        number = add_person(connection)
        if not killed:
            killed.append(backend_pid(connection))
            kill(postgres, killed[0])
        connection.execute(text("SELECT 1"))
        return number

    killed: list[int] = []
    with pytest.raises(Unavailable):
        postgres.write(run)
    assert count(postgres) == 0
    postgres.write(run)
    assert count(postgres) == 1


def test_connections_killed_while_idle_are_noticed_before_they_are_used(postgres: Store, open_store: Open) -> None:
    other = open_store(postgres.url.render_as_string(hide_password=False))
    met = threading.Barrier(3, timeout=10)

    def pid() -> int:
        with postgres.read() as connection:
            met.wait()
            return backend_pid(connection)

    with ThreadPoolExecutor(3) as hands:
        pids = [each.result() for each in [hands.submit(pid) for _ in range(3)]]
    for each in pids:
        kill(other, each)
    assert count(postgres) == 0
    assert postgres.write(add_person) > 0


def test_a_connection_found_dead_by_the_first_statement_costs_the_write_nothing(
    postgres: Store, open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_store(postgres.url.render_as_string(hide_password=False))
    kill(other, postgres.write(backend_pid))
    monkeypatch.setattr("feedbackhub.store.postgres._speaks", lambda _: False)
    assert postgres.write(add_person) > 0
    assert count(postgres) == 1


def test_an_error_kept_quiet_about_is_no_success(postgres: Store) -> None:
    def quiet(connection: Connection) -> None:
        add_person(connection)
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1 / 0"))

    with pytest.raises(RuntimeError, match="ROLLBACK"):
        postgres.write(quiet)
    assert count(postgres) == 0


def test_a_row_locked_for_too_long_is_unavailable(postgres: Store, open_store: Open) -> None:
    number = postgres.write(add_person)
    with postgres.engine.begin() as holder:
        holder.execute(text("SELECT 1 FROM person WHERE id = :id FOR UPDATE"), {"id": number})

        def run(connection: Connection) -> None:
            connection.execute(text("SET LOCAL lock_timeout = '100ms'"))
            connection.execute(text("UPDATE person SET merged_into = NULL WHERE id = :id"), {"id": number})

        with pytest.raises(Unavailable):
            postgres.write(run)


def test_a_server_that_became_read_only_is_unavailable(postgres: Store) -> None:
    def run(connection: Connection) -> None:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        add_person(connection)

    with pytest.raises(Unavailable):
        postgres.write(run)


def test_a_server_that_is_not_there_is_unavailable(postgres_databases: PostgresDatabases, open_store: Open) -> None:
    store = open_store("postgresql+psycopg://feedbackhub@/nothing?host=/nonexistent")
    with pytest.raises(Unavailable):
        store.write(add_person)
    with pytest.raises(Unavailable):
        count(store)
