"""Tallies that went wrong are found and put right, beside everything that happens meanwhile."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text

from feedbackhub.loop import tallies
from feedbackhub.loop.core import Core
from feedbackhub.loop.counted import Sum
from feedbackhub.loop.judge import judge
from feedbackhub.loop.recounting import Difference, check, rebuild
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables
from feedbackhub.store.queries.tallies import Cell, clear_tally, whole_tally
from tests.loop.story import HOUR, answer, asked, at_once, rows, run

SATISFIED: Cell = ("contact", "2026-03-02", "post-contact", "satisfaction", "", "", "5")


@pytest.fixture
def answered(core: Core, clock: SetClock) -> Core:
    """Three answered invitations of two teams, all counted."""
    for number in range(3):
        answer(core, asked(core, str(number), {"email": f"{number}@example.org"}, team="ab"[number % 2]))
    run(core, clock, HOUR)
    return core


def kept(core: Core) -> dict[Cell, int]:
    """Return all counts."""
    with core.store.read() as connection:
        return whole_tally(connection)


def recounted(core: Core) -> dict[Cell, int]:
    """Return all counts as they should be."""
    with core.store.read() as connection:
        return dict(tallies.recount(connection))


def test_what_is_right_is_left_alone(answered: Core, clock: SetClock) -> None:
    found = check(answered.store)
    assert (found.differences, found.counts, found.records, found.waiting) == ((), len(kept(answered)), 6, 0)
    assert rebuild(answered.store, clock.now()) == 0
    assert kept(answered) == recounted(answered) != {}


def spoil(core: Core, *statements: str) -> None:
    """Change the tables behind everybody's back."""

    def run(connection: Connection) -> None:
        for each in statements:
            connection.execute(text(each))

    core.store.write(run)


WRONG = {
    "a count too high": "UPDATE tally SET n = n + 2 WHERE question = 'satisfaction' AND dimension = ''",
    "counts lost": "DELETE FROM tally WHERE dimension = 'team'",
    "a count of nothing": "INSERT INTO tally VALUES ('contact', '2026-03-02', 'x', '', 'team', 'a\x1f\"b', '5', 3)",
    "what was counted forgotten": "DELETE FROM tallied WHERE reference % 2 = 1",
    "counted as something else": "UPDATE tallied SET cells = '[]' WHERE kind = 'response'",
    "counted but gone": "INSERT INTO tallied (kind, reference, cells) VALUES ('response', 999999,"
    """ '[["contact","2026-03-02","s","q","team","a","1"]]')""",
}


@pytest.mark.parametrize("how", WRONG)
def test_whatever_went_wrong_is_found_and_put_right(answered: Core, clock: SetClock, how: str) -> None:
    spoil(answered, WRONG[how].replace(":", r"\:"))
    right = recounted(answered)
    wrong = {cell for cell in {*kept(answered), *right} if kept(answered).get(cell, 0) != right.get(cell, 0)}
    assert {each.cell for each in check(answered.store).differences} == wrong
    assert rebuild(answered.store, clock.now()) > 0
    assert (kept(answered), check(answered.store).differences) == (right, ())
    judge(answered, rows(answered, tables.response)[0].public_id, "discarded")
    run(answered, clock)
    assert kept(answered) == recounted(answered)


def test_counts_of_zero_are_cleared_away(answered: Core, clock: SetClock) -> None:
    right = kept(answered)
    spoil(answered, "INSERT INTO tally VALUES ('contact', '2026-03-02', 'x', '', '', '', '5', 0)")
    assert check(answered.store).differences == ()
    rebuild(answered.store, clock.now())
    assert kept(answered) == right


def test_events_that_wait_are_no_difference(answered: Core, clock: SetClock) -> None:
    before = kept(answered)
    judge(answered, rows(answered, tables.response)[0].public_id, "discarded")
    answer(answered, asked(answered, "9", {"email": "9@example.org"}))
    found = check(answered.store)
    assert (found.differences, found.waiting > 0, kept(answered)) == ((), True, before)


def test_a_difference_says_what_it_is_and_what_it_should_be(answered: Core) -> None:
    spoil(answered, WRONG["a count too high"])
    assert Difference(SATISFIED, 5, 3) in check(answered.store).differences


def test_large_tables_go_page_by_page(answered: Core, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedbackhub.loop.recounting._PAGE", 2)
    monkeypatch.setattr("feedbackhub.loop.recounting._PART", 3)
    monkeypatch.setattr("feedbackhub.loop.tallies._BATCH", 1)
    right = recounted(answered)
    answered.store.write(clear_tally)
    spoil(answered, WRONG["counted but gone"].replace("999999", "-5").replace(":", r"\:"))
    told: list[tuple[int, int]] = []
    assert rebuild(answered.store, clock.now(), lambda done, total: told.append((done, total))) > 0
    assert kept(answered) == right
    assert told == sorted(told)
    assert {total for _, total in told} == {told[-1][1]}


def test_answers_come_in_while_tallies_are_put_right_by_two_at_once(answered: Core, clock: SetClock) -> None:
    answered.store.write(clear_tally)
    spoil(answered, WRONG["a count of nothing"])
    invitations = [asked(answered, f"n{n}", {"email": f"n{n}@example.org"}) for n in range(6)]
    work: list[Any] = [partial(answer, answered, each) for each in invitations]
    work += [partial(tallies.keep, answered.store, clock.now()) for _ in range(4)]
    at_once([*work, *[partial(rebuild, answered.store, clock.now()) for _ in range(2)]])
    run(answered, clock)
    assert kept(answered) == recounted(answered)


# Two releases side by side


def cells_one_by_one(core: Core) -> None:
    """Write what everything is counted as in the way of the release before."""
    for row in rows(core, tables.tallied):
        one = Sum()
        one.add_stored(json.dumps(row.cells))
        cells = [list(cell) for cell, _ in one.cells()]
        where = (tables.tallied.c.kind == row.kind, tables.tallied.c.reference == row.reference)
        core.store.write(partial(_put, where=where, cells=cells))


def _put(connection: Connection, where: Any, cells: Any) -> None:
    connection.execute(tables.tallied.update().where(*where).values(cells=cells))


def test_what_the_release_before_counted_is_read(answered: Core, clock: SetClock) -> None:
    before = kept(answered)
    cells_one_by_one(answered)
    assert check(answered.store).differences == ()
    judge(answered, rows(answered, tables.response)[0].public_id, "discarded")
    run(answered, clock)
    assert kept(answered) == recounted(answered) != before
    cells_one_by_one(answered)
    rebuild(answered.store, clock.now())
    assert kept(answered) == recounted(answered)


def test_the_release_before_stops_at_the_short_form_instead_of_counting_twice(answered: Core) -> None:
    """It takes each cell apart into seven values; what cannot be taken apart so ends its transaction."""
    counting = [row.cells for row in rows(answered, tables.tallied) if row.cells]
    assert len(counting) == 6
    for cells in counting:
        with pytest.raises((TypeError, ValueError)):
            [(a, b, c, d, e, f, g) for a, b, c, d, e, f, g in cells]


def test_any_text_can_be_counted(core: Core) -> None:
    """What the database makes of the JSON that it is given is what went in."""
    odd = ["", 'a"b', "back\\slash", "new\nline", "\x1f", "ünï", "😀", "\u2028", "</script>", "{}", "null", "1", "\x7f"]
    frozen = [(each, *["x"] * 7) for each in odd]
    groups = Sum()
    for each in frozen:
        groups.add_stored(json.dumps([2, 'su"rvey', "2026-03-02", "2026-03-02", each, "answered", [["q\\", 'sc"ore']]]))
    expected: Counter[Cell] = Counter(dict(groups.cells()))
    core.store.write(lambda c: tallies.rows.add_to_tally(c, groups.groups()))
    assert kept(core) == expected
    core.store.write(lambda c: tallies.rows.store_counted(c, "response", {1: json.dumps(odd, separators=(",", ":"))}))
    with core.store.read() as connection:
        assert connection.scalars(select(tables.tallied.c.cells)).one() == odd
    core.store.write(lambda c: tallies.rows.store_counted(c, "response", {1: "[]", 2: "[]"}))
    assert [row.cells for row in rows(core, tables.tallied)] == [[], []]


def test_what_falls_to_zero_disappears(core: Core) -> None:
    group = ("answer", "2026-03-02", "s", "q", "5")
    core.store.write(lambda c: c.execute(insert(tables.tally), [
        {"basis": "answer", "day": "2026-03-02", "survey": "s", "question": "q", "score": "5", "dimension": "team",
         "value": value, "n": n} for value, n in (("a", 2), ("b", 2), ("c", 1))
    ]).rowcount)  # fmt: skip
    core.store.write(lambda c: tallies.rows.add_to_tally(c, {group: {"team": {"a": -2, "b": -1, "c": 0, "d": 1}}}))
    assert {cell[5]: n for cell, n in kept(core).items()} == {"b": 1, "c": 1, "d": 1}
