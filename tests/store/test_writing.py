"""What every write promises, whatever the database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError, StatementError

from feedbackhub.contract.errors import Unavailable
from feedbackhub.store.store import Store
from feedbackhub.store.tables import idempotency, person
from tests.app_fixtures import START
from tests.store.conftest import Open, add_person, count


def test_a_write_returns_what_its_function_returns_and_others_see_the_row(store: Store, open_store: Open) -> None:
    number = store.write(add_person)
    with open_store(store.url.render_as_string(hide_password=False)).read() as connection:
        assert list(connection.scalars(select(person.c.id))) == [number]


def test_a_function_that_raises_leaves_nothing_behind(store: Store) -> None:
    def fail(connection: Connection) -> None:
        add_person(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(fail)
    assert count(store) == 0


def test_a_unique_value_given_twice_is_told_to_the_second_only(store: Store) -> None:
    row = {"scope": "a", "key": "b", "digest": "", "created_at": START}
    store.write(lambda c: c.execute(insert(idempotency).values(row)).rowcount)
    with pytest.raises(IntegrityError):
        store.write(lambda c: c.execute(insert(idempotency).values(row)).rowcount)
    assert store.write(add_person) > 0


def test_a_write_inside_a_write_is_refused_and_the_store_goes_on(store: Store) -> None:
    with pytest.raises(RuntimeError, match="inside a write"):
        store.write(lambda _: store.write(add_person))
    assert count(store) == 0
    assert store.write(add_person) > 0


def test_wrong_statements_are_our_own_mistake_and_no_outage(store: Store) -> None:
    with pytest.raises(StatementError), store.read() as connection:
        connection.execute(insert(person).values(created_at=START.replace(tzinfo=None)))
    if not store.is_sqlite:
        with pytest.raises(ProgrammingError), store.read() as connection:
            connection.execute(text("SELECT 1 FROM nowhere"))


def test_reading_inside_a_write_does_not_wait_for_it(store: Store) -> None:
    def both(connection: Connection) -> int:
        add_person(connection)
        return count(store)

    assert store.write(both) == 0


def test_many_threads_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(16) as hands:
        numbers = list(hands.map(lambda _: store.write(add_person), range(160)))
    assert len(set(numbers)) == count(store) == 160


def test_a_closed_store_takes_nothing_more(sqlite: Store) -> None:
    sqlite.write(add_person)
    sqlite.close()
    with pytest.raises(Unavailable):
        sqlite.write(add_person)
    sqlite.close()


def test_a_row_that_somebody_else_has_just_inserted_is_found_by_another_try(postgres: Store) -> None:
    """Two callers look, see nothing, and both insert: the slower one looks again."""
    both_looked = threading.Barrier(2, timeout=10)

    def once(connection: Connection) -> str:
        if connection.execute(select(idempotency)).first() is not None:
            return "found"
        both_looked.wait()
        connection.execute(insert(idempotency).values(scope="a", key="b", digest="", created_at=START))
        return "inserted"

    with ThreadPoolExecutor(2) as hands:
        outcomes = [hands.submit(postgres.write, once) for _ in range(2)]
    assert sorted(each.result() for each in outcomes) == ["found", "inserted"]


@pytest.mark.parametrize("isolation", ["SERIALIZABLE", "READ COMMITTED"])
def test_a_deadlock_or_a_failed_serialisation_is_tried_again(postgres: Store, isolation: str) -> None:
    one, other = postgres.write(add_person), postgres.write(add_person)
    met = threading.Barrier(2)
    tries: list[int] = []

    def cross(first: int, second: int) -> None:
        def run(connection: Connection) -> None:
            connection.execute(text(f"SET TRANSACTION ISOLATION LEVEL {isolation}"))
            connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            tries.append(first)
            connection.execute(person.update().where(person.c.id == first).values(merged_into=None))
            if len(tries) <= 2:
                met.wait(10)
            connection.execute(person.update().where(person.c.id == second).values(merged_into=None))

        postgres.write(run)

    with ThreadPoolExecutor(2) as hands:
        for done in [hands.submit(cross, one, other), hands.submit(cross, other, one)]:
            done.result()
    assert len(tries) >= 3


def test_a_connection_that_outlives_its_store_is_closed_when_it_comes_back(store: Store) -> None:
    with store.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        connection.execute(select(person.c.id)).all()
        store.close()
    with pytest.raises(Exception, match="closed"):
        raw.execute("SELECT 1")  # type: ignore[union-attr]
