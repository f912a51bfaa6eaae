"""Prepared statements: what they return and refuse is what SQLAlchemy returns and refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.event import listen
from sqlalchemy.exc import IntegrityError

from feedbackhub.store.prepared import Prepared
from feedbackhub.store.store import Store
from feedbackhub.store.tables import event, task

AT = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=7)))
TASK = {"kind": "k", "lane": "l", "reference": "r", "dedup_key": "d", "state": "due", "due_at": AT, "created_at": AT}
ADD_EVENT = Prepared(
    insert(event).values(type=bindparam("type"), at=bindparam("at"), payload=bindparam("payload")).returning(event.c.id)
)
ADD_TASK = Prepared(insert(task).values({name: bindparam(name) for name in TASK}))
EVENT = Prepared(select(event).where(event.c.id == bindparam("wanted")))
RENAME = Prepared(update(event).where(event.c.type == bindparam("old")).values(type=bindparam("new")))


def added(store: Store, type_: str = "a.b") -> int:
    row = store.write(lambda c: ADD_EVENT.first(c, type=type_, at=AT, payload={"n": [1, "ü"]}))
    assert row is not None
    return int(row.id)


def test_a_row_reads_as_sqlalchemy_reads_it(store: Store) -> None:
    number = added(store)
    with store.read() as connection:
        found = EVENT.first(connection, wanted=number)
        plain = connection.execute(select(event).where(event.c.id == number)).one()
    assert found is not None
    assert dict(found._mapping) == dict(plain._mapping)
    assert found.at == AT.astimezone(UTC) and found.payload == {"n": [1, "ü"]}


def test_no_row_is_none_and_an_empty_list(store: Store) -> None:
    with store.read() as connection:
        assert (EVENT.first(connection, wanted=0), EVENT.all(connection, wanted=0)) == (None, [])


def test_a_change_tells_how_many_rows_it_met(store: Store) -> None:
    for _ in range(3):
        added(store, "old.one")
    assert store.write(lambda c: RENAME.run(c, old="old.one", new="new.one")) == 3


def test_columns_left_out_hold_their_defaults(store: Store) -> None:
    store.write(lambda c: ADD_TASK.run(c, **TASK))
    with store.read() as connection:
        row = connection.execute(select(task)).one()
    assert (row.priority, row.attempt, row.last_error, row.payload) == (0, 0, "", None)


def test_many_rows_go_in_at_once(store: Store) -> None:
    store.write(lambda c: ADD_TASK.many(c, [{**TASK, "dedup_key": str(n)} for n in range(5)]))
    with store.read() as connection:
        assert list(connection.scalars(select(task.c.dedup_key).order_by(task.c.id))) == list("01234")


def test_a_refusal_is_sqlalchemys_and_shows_no_values(store: Store) -> None:
    def twice(connection: Connection) -> None:
        for _ in range(2):
            ADD_TASK.run(connection, **{**TASK, "reference": "ann@example.org"})

    with pytest.raises(IntegrityError) as refused:
        store.write(twice)
    assert "ann@example.org" not in str(refused.value)


def test_what_was_written_before_an_error_is_taken_back(store: Store) -> None:
    def half(connection: Connection) -> None:
        ADD_TASK.run(connection, **TASK)
        raise ValueError

    with pytest.raises(ValueError):
        store.write(half)
    with store.read() as connection:
        assert connection.execute(select(task)).first() is None


def test_a_list_of_any_length_is_refused(store: Store) -> None:
    wanted = Prepared(select(event).where(event.c.id.in_(bindparam("ids", expanding=True))))
    with store.read() as connection, pytest.raises(TypeError, match="list of any length"):
        wanted.all(connection, ids=[1])


def test_whoever_watches_the_engine_sees_prepared_statements_too(store: Store) -> None:
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement.partition(" ")[0])

    listen(store.engine, "before_cursor_execute", note)
    store.write(lambda c: ADD_TASK.many(c, [TASK]))
    with store.read() as connection:
        EVENT.first(connection, wanted=0)
    assert [each for each in seen if each in ("INSERT", "SELECT")] == ["INSERT", "SELECT"]
