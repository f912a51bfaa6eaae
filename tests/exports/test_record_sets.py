"""Record sets: every record once, in the order of recording, whatever is added while they are read."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from feedbackhub import Filters, NotFound, RecordSet, Refused, Unavailable
from feedbackhub.loop import record_sets
from feedbackhub.loop.core import Core
from feedbackhub.loop.gestures import GestureNote, record_gesture
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.links import new_public_id
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.exports import RECORDS
from feedbackhub.store import tables
from feedbackhub_plugins.files.texts import compact, moment
from tests.exports.conftest import Answered
from tests.loop.story import GOOD, answer, answer_by_machine, asked, ended, run

ALL = Filters(tests=True)
HOUR = timedelta(hours=1)


def values(core: Core, records: RecordSet, name: str, filters: Filters = ALL, **more: Any) -> list[Any]:
    """Return a column of all records."""
    found: list[Any] = []
    for batch in record_sets.batches(core.store, records, filters, **more):
        assert {len(each) for each in batch.columns.values()} == {batch.length}
        assert list(batch.columns) == [each.name for each in record_sets.columns(records)]
        found += batch.columns[name]
    return found


def ids(core: Core) -> list[str]:
    """Return the ids of all responses in the order of recording."""
    with core.store.read() as connection:
        return list(connection.scalars(select(tables.response.c.public_id).order_by(tables.response.c.id)))


@pytest.fixture
def story(core: Core, clock: SetClock) -> str:
    """Ann's answered ask about an invoice, with an apology, and a contact of nobody; return the response's id."""
    invitation = asked(
        core, "T-1", team="Billing", tags=["vip"], attributes={"plan": "gold"}, agent={"id": "7", "name": "Bo"},
    )  # fmt: skip
    run(core, clock)
    done = answer(core, invitation, {**GOOD, "comment": "=1+1"})
    ended(core, "T-2", {}, team="Sales")
    with core.store.read() as connection:
        ann = connection.scalars(select(tables.customer.c.public_id)).first()
    record_gesture(core, GestureNote("apology", str(ann), "Cleo", response=done.response, cost_cents=500))
    return done.response


def test_every_record_has_every_column_of_its_kind(story: str, core: Core) -> None:
    kinds = {"text": str, "integer": int, "number": float, "flag": bool, "list": tuple, "json": dict}
    for records in RECORDS:
        [batch] = record_sets.batches(core.store, records, ALL)
        expected = {"contacts": 2, "decisions": 2, "deliveries": 2}.get(records, 1)
        assert (batch.length, record_sets.count(core.store, records, ALL)) == (expected, expected)
        for column in record_sets.columns(records):
            for value in batch.columns[column.name]:
                if column.kind == "moment":
                    assert value is None or value.utcoffset() == timedelta(0)
                else:
                    assert value is None or type(value) is kinds[column.kind]


def test_what_is_there_as_text_says_the_same_as_the_values(story: str, core: Core) -> None:
    for records in RECORDS:
        kinds = {each.name: each.kind for each in record_sets.columns(records)}
        for batch in record_sets.batches(core.store, records, Filters(tests=True)):
            for name, texts in batch.texts.items():
                write = moment if kinds[name] == "moment" else compact
                assert list(texts) == [None if value is None else write(value) for value in batch.columns[name]]


def test_a_response_says_what_was_answered_about_what(story: str, core: Core) -> None:
    [batch] = record_sets.batches(core.store, "responses")
    found = {name: given[0] for name, given in batch.columns.items()}
    expected = {
        "id": story, "rating": 5, "comment": "=1+1", "external_id": "T-1", "team": "Billing", "counted": True,
        "agent_name": "Bo",
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert found["answers"]["comment"] == "=1+1"


def test_a_contact_has_its_tags_and_the_decision_on_it(story: str, core: Core) -> None:
    assert values(core, "contacts", "tags") == [("vip",), ()]
    assert values(core, "contacts", "attributes") == [{"plan": "gold"}, {}]
    assert values(core, "contacts", "outcome") == values(core, "decisions", "outcome") == ["ask", "dont_ask"]


def test_a_gesture_has_the_dimensions_of_the_ask_that_it_follows(story: str, core: Core) -> None:
    assert values(core, "gestures", "team") == ["Billing"]
    assert values(core, "gestures", "cost_cents") == [500]


def test_what_a_machine_answered_does_not_count(core: Core, clock: SetClock) -> None:
    invitation = asked(core)
    run(core, clock)
    answer_by_machine(core, invitation, GOOD)
    assert values(core, "responses", "counted") == [False]
    assert values(core, "responses", "signs") != [()]


def test_filters_choose_contacts_and_are_counted_alike(story: str, core: Core) -> None:
    for filters, expected in (
        (Filters(team="Billing"), ["T-1"]),
        (Filters(survey="post-contact"), ["T-1"]),
        (Filters(survey="nps"), []),
        (Filters(), ["T-1", "T-2"]),
    ):
        assert values(core, "contacts", "external_id", filters) == expected
        assert record_sets.count(core.store, "contacts", filters) == len(expected)


def test_the_first_moment_belongs_to_a_span_and_the_last_does_not(answered: Answered) -> None:
    core = answered(30)
    moments = values(core, "responses", "answered_at")
    first, last = sorted(moments)[5], sorted(moments)[20]
    found = values(core, "responses", "answered_at", Filters(since=first, until=last))
    assert sorted(found) == sorted(each for each in moments if first <= each < last)


def test_responses_can_be_chosen_by_the_day_of_the_contact(core: Core, clock: SetClock) -> None:
    ended_at = clock.now()
    invitation = asked(core, ended_at=ended_at.isoformat())
    run(core, clock, timedelta(days=1))
    answer(core, invitation)
    hour = Filters(since=ended_at, until=ended_at + HOUR)
    assert values(core, "responses", "rating", replace(hour, basis="contact")) == [5]
    assert values(core, "responses", "rating", replace(hour, basis="answer")) == []


def test_tests_are_left_out_unless_they_are_wanted(core: Core) -> None:
    ended(core, "1", test=True)
    assert (values(core, "contacts", "test", Filters()), values(core, "contacts", "test")) == ([], [True])


def test_batches_hold_every_record_once_in_the_order_of_recording(answered: Answered) -> None:
    core = answered(30)
    for size in (1, 7, 10, 30, 31):
        assert values(core, "responses", "id", size=size) == ids(core)


def test_reading_goes_on_behind_a_cursor(answered: Answered) -> None:
    core = answered(30)
    cursors = [batch.cursor for batch in record_sets.batches(core.store, "responses", size=10)]
    everything = ids(core)
    assert [values(core, "responses", "id", after=each) for each in cursors] == [
        everything[10:], everything[20:], [],
    ]  # fmt: skip


def test_what_is_added_meanwhile_is_left_for_the_next_time(answered: Answered) -> None:
    core = answered(20)
    before = ids(core)
    seen: list[str] = []
    cursor = ""
    for batch in record_sets.batches(core.store, "responses", size=5):
        seen += batch.columns["id"]
        cursor = batch.cursor
        add_response(core)
    assert seen == before
    added = [each for each in ids(core) if each not in before]
    assert len(added) == 4
    assert values(core, "responses", "id", after=cursor) == added


def add_response(core: Core, held: Callable[[Connection], None] = lambda connection: None) -> None:
    """Answer once more the ask that was answered first: a copy of its contact, ask and answer."""

    def write(connection: Connection) -> None:
        numbers: dict[str, int] = {}
        for table, links in (
            (tables.contact, {}),
            (tables.invitation, {"contact_id": "contact"}),
            (tables.response, {"invitation_id": "invitation"}),
        ):
            row = dict(connection.execute(select(table).order_by(table.c.id).limit(1)).one()._mapping)
            row.pop("id")
            row |= {"public_id": new_public_id()} | {own: numbers[other] for own, other in links.items()}
            if table is tables.contact:
                row["external_id"] = new_public_id()
            added = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
            numbers[table.name] = added
        held(connection)

    core.store.write(write)


def test_a_row_that_is_committed_late_is_not_skipped(answered: Answered) -> None:
    core = answered(10)
    if core.store.is_sqlite:
        return  # there is one writer, whose rows are numbered in the order of committing
    late, go_on = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        late.set()
        go_on.wait(20)

    writer = threading.Thread(target=add_response, args=(core, hold))
    writer.start()
    assert late.wait(20)
    add_response(core)  # numbered after the one that is held, committed before it
    found: list[list[str]] = []
    reader = threading.Thread(target=lambda: found.append(values(core, "responses", "id")))
    reader.start()
    reader.join(0.3)
    assert reader.is_alive()
    go_on.set()
    reader.join(20)
    writer.join(20)
    assert found == [ids(core)]


def test_nobody_is_waited_for_without_end(answered: Answered, monkeypatch: pytest.MonkeyPatch) -> None:
    core = answered(10)
    monkeypatch.setattr(record_sets, "PATIENCE", 0.1)
    monkeypatch.setattr("feedbackhub.store.queries.record_sets.writers", lambda *_: frozenset({"9/9"}))
    with pytest.raises(Unavailable, match="a long change is under way"):
        values(core, "responses", "id")


def test_a_cursor_of_something_else_leads_nowhere(core: Core) -> None:
    with pytest.raises(NotFound):
        values(core, "responses", "id", after="abcdefghijkl")


def test_other_records_are_refused(core: Core) -> None:
    with pytest.raises(Refused):
        record_sets.columns("agents")  # type: ignore[arg-type]


def test_who_was_erased_is_not_in_any_record(story: str, core: Core) -> None:
    [found] = values(core, "responses", "customer", Filters())
    erase_person(core, found, "tests")
    for records in RECORDS:
        [batch] = record_sets.batches(core.store, records, Filters(team="Billing"))
        text = repr(batch.columns)
        assert [word for word in ("Ann", "ann@", "T-1", "=1+1", "gold", found) if word in text] == []
    assert values(core, "responses", "rating") == [5]


