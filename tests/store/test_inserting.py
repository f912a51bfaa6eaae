"""Rows that go in, lists of any length, and locks that are taken together."""

from collections.abc import Sequence
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, bindparam, select

from feedbackhub.store.any_of import prepared
from feedbackhub.store.inserting import insert_row, insert_rows, inserted
from feedbackhub.store.queries.imports import insert_many
from feedbackhub.store.queries.locks import lock_keys, needs_locks
from feedbackhub.store.store import Store
from feedbackhub.store.tables import event, person
from tests.app_fixtures import START

NEW = {"created_at": START}
OF_TYPES = prepared(
    lambda any_of: select(event.c.type)
    .where(any_of(event.c.type, "types"), event.c.at == bindparam("at"))
    .order_by(event.c.type)
)


def fact(type_: str) -> dict[str, object]:
    return {"type": type_, "at": START, "payload": {"n": 1}}


def persons(store: Store) -> list[int]:
    with store.read() as connection:
        return list(connection.scalars(select(person.c.id).order_by(person.c.id)))


def test_a_row_gets_the_next_number_and_others_go_on_from_there(store: Store) -> None:
    first = store.write(lambda c: inserted(c, person, NEW))
    many = store.write(lambda c: insert_many(c, person, [NEW] * 3))
    last = store.write(lambda c: inserted(c, person, NEW))
    assert [first, *many, last] == persons(store) == sorted({first, *many, last})


def test_many_rows_keep_their_order(store: Store) -> None:
    def write(connection: Connection) -> list[int]:
        return insert_many(connection, event, [fact(f"a.{number}") for number in range(20)])

    numbers = store.write(write)
    with store.read() as connection:
        found = connection.execute(select(event.c.id, event.c.type).order_by(event.c.id)).all()
    assert [(row.id, row.type) for row in found] == [(n, f"a.{place}") for place, n in enumerate(numbers)]


@pytest.mark.parametrize("wanted", [[], ["a.1"], ["a.1", "a.2", "b.\u00fc\"'"], [f"x.{n}" for n in range(2000)]])
def test_a_list_may_have_any_length(wanted: Sequence[str], store: Store) -> None:
    kept = ["a.1", "a.2", "a.3", "b.\u00fc\"'", "x.1999"]
    store.write(lambda c: insert_rows(c, event, [fact(each) for each in kept]))
    store.write(lambda c: insert_row(c, event, fact("c.1")))
    with store.read() as connection:
        found = [row.type for row in OF_TYPES.all(connection, types=list(wanted), at=START)]
    assert found == sorted(set(wanted) & set(kept))


def test_whoever_needs_one_of_the_names_waits(store: Store) -> None:
    order: list[str] = []
    locked, waiting = Event(), Event()

    def first(connection: Connection) -> None:
        lock_keys(connection, ["a", "b", "c"])
        inserted(connection, person, NEW)  # an answer, so that the locks are held by now
        locked.set()
        if needs_locks(connection):
            waiting.wait(20)
        order.append("first")

    def second(connection: Connection) -> None:
        waiting.set()
        lock_keys(connection, ["z", "b"])
        inserted(connection, person, NEW)
        order.append("second")

    hands = [Thread(target=store.write, args=(first,)), Thread(target=store.write, args=(second,))]
    hands[0].start()
    locked.wait(20)
    hands[1].start()
    for hand in hands:
        hand.join(30)
    assert order == ["first", "second"]
