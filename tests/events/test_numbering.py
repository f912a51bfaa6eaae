"""Events get positions in the order of their commits, in batches, without walking through the log."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import insert, text

from feedbackhub.loop.core import Core
from feedbackhub.loop.tell import number_events
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import rows


def many(core: Core, count: int) -> None:
    """Store events without positions."""
    values = [{"type": "a", "at": START, "payload": {}} for _ in range(count)]
    core.store.write(lambda c: c.execute(insert(tables.event), values).rowcount)


def test_a_backlog_is_numbered_in_one_call(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    if core.store.is_sqlite:
        return  # numbered as they are inserted
    monkeypatch.setattr("feedbackhub.loop.tell._NUMBERED", 10)
    many(core, 35)
    assert number_events(core.store) == 35
    assert [row.position for row in rows(core, tables.event)] == list(range(1, 36))


def test_numbering_walks_through_no_table(core: Core) -> None:
    """However many events there are, and whatever the database believes about them."""
    if core.store.is_sqlite:
        return
    many(core, 3000)
    number_events(core.store)
    many(core, 5)
    seen: list[tuple[str, dict[str, object]]] = []

    def note(_c: object, _k: object, statement: str, parameters: dict[str, object], *_: object) -> None:
        seen.append((statement, parameters))

    sql_event.listen(core.store.engine, "before_cursor_execute", note)
    number_events(core.store)
    [(numbering, values)] = [each for each in seen if each[0].startswith("WITH")]
    for statistics in ("", "ANALYZE event"):
        with core.store.engine.begin() as connection:
            if statistics:
                connection.execute(text(statistics))
            plan = connection.exec_driver_sql(f"EXPLAIN {numbering}", values).scalars().all()
        assert [line for line in plan if re.search(r"Seq Scan on event\b", line)] == []
