"""Plugins' own tables: each plugin's made and mended for itself, and nobody else's within reach."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    case,
    column,
    delete,
    exists,
    func,
    insert,
    inspect,
    literal_column,
    select,
    table,
    text,
    union,
    update,
)  # fmt: skip
from sqlalchemy.dialects import postgresql, sqlite

from feedbackhub import Refused, Tables
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import prepare
from feedbackhub.loop.own_schemas import require_own_tables
from feedbackhub.store.own_statements import require_change, require_query
from feedbackhub.store.tables import contact
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Guest
from tests.plugin_data.tables import case_table, keeping, with_note, write_first

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def opened(open_with: OpenWith, *guests: Guest) -> Core:
    """Open an instance with these plugins and bring it up to date."""
    core = open_with(*guests)
    prepare(core)
    return core


def state(core: Core, plugin: str) -> tuple[str, str]:
    """Return a plugin's state and its reason."""
    found = core.plugins.state(plugin)
    assert found is not None
    return found.state, found.reason


def tables_of(core: Core, plugin: str) -> list[str]:
    """Return the names of a plugin's tables in the database."""
    return sorted(name for name in inspect(core.store.engine).get_table_names() if name.startswith(f"plugin_{plugin}_"))


def test_a_plugin_writes_and_reads_its_tables(open_with: OpenWith, tmp_path: Path) -> None:
    guest = keeping(tmp_path, "own")
    opened(open_with, guest)
    cases, tables = guest.case, guest.hub.tables
    row = {"name": "one", "at": NOW.astimezone(timezone(timedelta(hours=5))), "facts": {"n": [1, 2]}}
    assert tables.write(insert(cases).values(row), insert(cases).values(name="two")) == [1, 1]
    assert tables.write(update(cases).values(facts={"n": 0})) == [2]
    assert tables.read(select(cases.c.name, cases.c.at).order_by(cases.c.id)) == [
        {"name": "one", "at": NOW},
        {"name": "two", "at": None},
    ]
    assert tables.read(select(func.count().label("n")).select_from(cases)) == [{"n": 2}]
    assert len(tables.read(select(cases.c.name).where(exists().where(cases.c.name == "one")))) == 2
    assert tables.write(delete(cases)) == [2]


def test_several_statements_are_stored_together_or_not_at_all(open_with: OpenWith, tmp_path: Path) -> None:
    guest = keeping(tmp_path, "own")
    opened(open_with, guest)
    with pytest.raises(Exception, match="(?i)unique"):
        guest.hub.tables.write(insert(guest.case).values(name="one"), insert(guest.case).values(name="one"))
    assert guest.hub.tables.read(select(guest.case)) == []


OWN = case_table("own")
FOREIGN = contact
SUB = select(FOREIGN.c.id).scalar_subquery()
READS: dict[str, Any] = {
    "table": select(FOREIGN),
    "column": select(OWN.c.id, FOREIGN.c.id),
    "join": select(OWN).join(FOREIGN, FOREIGN.c.id == OWN.c.id),
    "exists": select(OWN).where(exists().where(FOREIGN.c.id == OWN.c.id)),
    "in": select(OWN).where(OWN.c.id.in_(select(FOREIGN.c.id))),
    "cte": select(select(FOREIGN.c.id).cte("mine").c.id),
    "recursive cte": select(select(OWN.c.id).cte("mine", recursive=True).union_all(select(FOREIGN.c.id)).c.id),
    "subquery": select(select(FOREIGN.c.id).subquery().c.id),
    "alias": select(FOREIGN.alias("mine").c.id),
    "lateral": select(OWN, select(FOREIGN.c.id).lateral()),
    "union": union(select(OWN.c.id), select(FOREIGN.c.id)),
    "scalar": select(SUB),
    "case": select(case((OWN.c.id == 1, FOREIGN.c.id), else_=0)),
    "function": select(func.max(FOREIGN.c.id)).select_from(OWN),
    "window": select(func.sum(OWN.c.id).over(partition_by=FOREIGN.c.id)),
    "order": select(OWN).order_by(SUB),
    "group": select(OWN.c.id).group_by(FOREIGN.c.id),
    "limit": select(OWN).limit(SUB),
    "lock": select(OWN.c.id).with_for_update(of=FOREIGN),
    "name alone": select(table("contact", column("id"))),
    "same name": select(case_table("own")),
    "changing cte": select(OWN).add_cte(insert(FOREIGN).returning(FOREIGN.c.id).cte("mine")),
    "text": select(text("1")),
    "text in where": select(OWN).where(text("1 = 1")),
    "literal column": select(literal_column("(select 1 from contact)")),
    "whole text": text("select * from contact"),
    "text as query": text("select id from contact").columns(OWN.c.id),
    "prefix": select(OWN).prefix_with("ALL"),
    "suffix": select(OWN).suffix_with("FOR SHARE"),
    "hint": select(OWN).with_hint(OWN, "INDEXED BY x"),
    "an insert": insert(OWN).values(name="x"),
    "a string": "select 1",
}
WRITES: dict[str, Any] = {
    "insert": insert(FOREIGN).values(id=1),
    "update": update(FOREIGN).values(id=1),
    "delete": delete(FOREIGN),
    "delete using": delete(OWN).where(OWN.c.id == FOREIGN.c.id),
    "update from": update(OWN).values(name="x").where(OWN.c.id == FOREIGN.c.id),
    "from select": insert(OWN).from_select(["id"], select(FOREIGN.c.id)),
    "value": insert(OWN).values(name=SUB),
    "many values": insert(OWN).values([{"name": "x"}, {"name": SUB}]),
    "set": update(OWN).values(name=SUB),
    "ordered set": update(OWN).ordered_values((OWN.c.name, SUB)),
    "returning": insert(OWN).values(name="x").returning(SUB),
    "on conflict, sqlite": sqlite.insert(OWN).values(name="x").on_conflict_do_update(["name"], set_={"name": SUB}),
    "on conflict, postgres": postgresql.insert(OWN).values(name="x").on_conflict_do_update(
        index_elements=["name"], set_={"name": "y"}, where=exists(select(FOREIGN.c.id))
    ),
    "text": text("delete from contact"),
    "text in where": delete(OWN).where(text("1 = 1")),
    "a query": select(OWN),
}  # fmt: skip


@pytest.mark.parametrize("name", READS)
def test_no_query_reaches_beyond_the_own_tables(name: str) -> None:
    with pytest.raises(Refused):
        require_query(READS[name], OWN.metadata)


@pytest.mark.parametrize("name", WRITES)
def test_no_change_reaches_beyond_the_own_tables(name: str) -> None:
    with pytest.raises(Refused):
        require_change(WRITES[name], OWN.metadata)


def test_whoever_brings_no_tables_has_none(open_with: OpenWith) -> None:
    guest = Guest("bare", tasks=lambda hub: [])
    open_with(guest)
    with pytest.raises(Refused, match="brings no tables"):
        guest.hub.tables.read(select(OWN))


def test_a_failing_plugin_holds_up_nobody_and_says_why(open_with: OpenWith, tmp_path: Path) -> None:
    good = keeping(tmp_path, "good")
    bad = keeping(tmp_path, "bad", more="    raise RuntimeError('out of cheese')")
    late = keeping(tmp_path, "zebra")
    core = opened(open_with, bad, good, late)
    assert state(core, "good") == state(core, "zebra") == ("active", "")
    assert state(core, "bad") == ("failed", "its migration failed: RuntimeError: out of cheese")
    assert tables_of(core, "bad") == []
    assert tables_of(core, "good") == ["plugin_good_case", "plugin_good_version"]
    assert bad.hub.tables is not None
    with pytest.raises(Refused):
        bad.hub.tables.read(select(bad.case))


@pytest.mark.parametrize(
    "more", ["    op.create_table('loot', sa.Column('id', sa.Integer()))", "    op.drop_table('once')"]
)
def test_a_migration_that_touches_other_tables_is_taken_back(open_with: OpenWith, tmp_path: Path, more: str) -> None:
    core = opened(open_with, keeping(tmp_path, "thief", more=more))
    assert state(core, "thief")[0] == "failed"
    assert "which is not its own" in state(core, "thief")[1]
    assert tables_of(core, "thief") == []
    names = inspect(core.store.engine).get_table_names()
    assert ("loot" in names, "once" in names) == (False, True)


def test_two_plugins_never_share_a_table(open_with: OpenWith, tmp_path: Path) -> None:
    core = opened(open_with, keeping(tmp_path, "a-b"), keeping(tmp_path, "a_b"))
    assert state(core, "a-b") == ("active", "")
    assert state(core, "a_b")[0] == "failed"


def test_tables_grow_with_the_plugin_and_are_not_used_before(open_with: OpenWith, tmp_path: Path) -> None:
    old = keeping(tmp_path, "own")
    opened(open_with, old)
    old.hub.tables.write(insert(old.case).values(name="kept"))
    (tmp_path / "own" / "versions" / "0002_note.py").write_text(with_note("plugin_own_case"))
    behind = open_with(keeping_again(tmp_path))
    require_own_tables(behind)
    assert state(behind, "own") == ("failed", "its tables are not up to date; run: feedbackhub migrate")
    new = keeping_again(tmp_path)
    core = opened(open_with, new)
    require_own_tables(core)
    assert state(core, "own") == ("active", "")
    assert new.hub.tables.read(select(new.case.c.name)) == [{"name": "kept"}]


def keeping_again(folder: Path) -> Guest:
    """Return the plugin ``own`` as another process loads it, its migrations where they are."""
    again = case_table("own")
    guest = Guest("own", tables=lambda hub: Tables(again.metadata, folder / "own"))
    guest.case = again  # type: ignore[attr-defined]
    return guest


def test_tables_of_a_newer_plugin_are_left_alone(open_with: OpenWith, tmp_path: Path) -> None:
    opened(open_with, keeping(tmp_path, "own"))
    newer = tmp_path / "own" / "versions" / "0002_note.py"
    newer.write_text(with_note("plugin_own_case"))
    opened(open_with, keeping_again(tmp_path))
    newer.unlink()
    core = opened(open_with, keeping_again(tmp_path))
    assert state(core, "own")[0] == "failed"
    assert state(core, "own")[1] == "its tables have revision 0002, unknown to it; install its newer version"


def test_an_upgrade_without_the_plugin_leaves_its_tables(open_with: OpenWith, tmp_path: Path) -> None:
    opened(open_with, keeping(tmp_path, "own"))
    core = opened(open_with)
    assert tables_of(core, "own") == ["plugin_own_case", "plugin_own_version"]


def test_a_plugin_without_migrations_is_told_how_to_write_them(open_with: OpenWith, tmp_path: Path) -> None:
    write_first(tmp_path, "own")
    (tmp_path / "own" / "versions" / "0001_first.py").unlink()
    core = opened(open_with, keeping_again(tmp_path))
    assert state(core, "own")[1].endswith("write the first: feedbackhub plugins migration")
