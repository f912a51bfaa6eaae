"""Records counted by what they have in common: the same as a recount of every record, on either database."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, update

from feedbackhub import Filters, Group, RecordSet, Refused
from feedbackhub.loop import record_groups, record_sets
from feedbackhub.loop.core import Core
from feedbackhub.loop.judge import judge
from feedbackhub.loop.reading import Reading
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.erasing import erase_person
from feedbackhub.store import tables
from tests.exports.conftest import Answered
from tests.loop.story import GOOD, answer, answer_by_machine, asked, ended, run

KINDS = ("text", "integer", "flag")
ALL = Filters(tests=True)


def recount(core: Core, records: RecordSet, by: Sequence[str], filters: Filters = ALL) -> list[Group]:
    """Count by reading every record."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for batch in record_sets.batches(core.store, records, filters):
        counted = batch.columns["counted"] if records == "responses" else [True] * batch.length
        columns = [batch.columns[name] for name in by]
        counts.update(tuple(each[at] for each in columns) for at in range(batch.length) if counted[at])
    return sorted((Group(*each) for each in counts.items()), key=str)


def grouped(core: Core, records: RecordSet, by: Sequence[str], filters: Filters = ALL, question: str = "") -> Any:
    """Let the database count."""
    return sorted(Reading(core).grouped(records, by, filters, question=question), key=str)


@pytest.fixture
def told(core: Core, clock: SetClock) -> Core:
    """Four asks about two teams: answered well by two, by a machine, and not at all; and a contact of nobody."""
    for number, team, given in ((1, "Billing", "5"), (2, "Sales", "5"), (3, "Billing", ""), (4, "", "-")):
        mail = {"email": f"c{number}@example.org", "name": f"Customer {number}"}
        invitation = asked(core, f"T-{number}", mail, team=team, topic="Invoice", agent={"id": str(number % 2)})
        run(core, clock)
        if given == "-":
            answer_by_machine(core, invitation, GOOD)
        elif given:
            answer(core, invitation, {"satisfaction": given, "comment": "Thank you"})
        clock.move(timedelta(hours=7))
    ended(core, "T-9", {}, team="Sales", test=True)
    return core


def test_groups_hold_what_a_recount_of_all_records_finds(told: Core) -> None:
    for records in ("responses", "contacts", "invitations", "decisions", "deliveries"):
        names = [each.name for each in record_sets.columns(records) if each.kind in KINDS]
        for by in ([], ["team"], ["team", "topic", "survey"], ["agent", "test"], names):
            for filters in (ALL, Filters(), Filters(team="Billing"), Filters(until=told.clock.now())):
                assert grouped(told, records, by, filters) == recount(told, records, by, filters)


def test_answers_are_written_as_the_counts_write_them(told: Core) -> None:
    found = grouped(told, "responses", ["team", "answer"], question="satisfaction")
    assert found == [Group(("Billing", "5"), 1), Group(("Sales", "5"), 1)]
    tallies = Reading(told).tallies(
        datetime(2026, 3, 1, tzinfo=UTC).date(), told.clock.now().date(), question="satisfaction", dimension="team"
    )
    assert Counter((each.value, each.score) for each in tallies for _ in range(each.n)) == Counter(
        {each.values: each.n for each in found}
    )


def test_who_leaves_a_question_open_is_in_no_group_of_its_answers(told: Core) -> None:
    assert grouped(told, "responses", ["answer"], question="reasons") == []
    assert grouped(told, "responses", []) == [Group((), 2)]


def test_what_a_machine_answered_is_left_out_until_it_is_accepted(told: Core) -> None:
    [suspect] = [
        each
        for batch in record_sets.batches(told.store, "responses")
        for each, counted in zip(batch.columns["id"], batch.columns["counted"], strict=True)
        if not counted
    ]
    assert grouped(told, "responses", []) == [Group((), 2)]
    assert grouped(told, "invitations", ["answered"]) == [Group((False,), 2), Group((True,), 2)]
    judge(told, suspect, "accepted")
    assert grouped(told, "responses", []) == [Group((), 3)]
    assert grouped(told, "invitations", ["answered"]) == [Group((False,), 1), Group((True,), 3)]


def test_a_day_ends_at_midnight_in_utc(answered: Answered) -> None:
    core = answered(10)
    midnight = datetime(2026, 1, 15, tzinfo=UTC)
    moments = [midnight + timedelta(microseconds=each) for each in (-1, 0, 1)]

    def move(connection: Connection) -> None:
        ids = connection.scalars(select(tables.response.c.id).order_by(tables.response.c.id)).all()
        for number, moment in zip(ids, moments, strict=False):
            connection.execute(update(tables.response).where(tables.response.c.id == number).values(created_at=moment))
            invitation = select(tables.response.c.invitation_id).where(tables.response.c.id == number)
            mine = tables.invitation.c.id == invitation.scalar_subquery()
            connection.execute(update(tables.invitation).where(mine).values(contact_at=midnight - timedelta(days=1)))

    core.store.write(move)
    span = Filters(since=moments[0], until=moments[-1] + timedelta(microseconds=1))
    by_answer = [Group(("2026-01-14",), 1), Group(("2026-01-15",), 2)]
    assert grouped(core, "responses", ["day"], span) == by_answer
    by_contact = replace(span, basis="contact", since=midnight - timedelta(days=1), until=midnight)
    assert grouped(core, "responses", ["day"], by_contact) == [Group(("2026-01-14",), 3)]
    assert grouped(core, "invitations", ["day"], by_contact) == [Group(("2026-01-14",), 3)]


def test_the_days_of_an_invitation_are_of_its_sending(told: Core) -> None:
    found = Counter({each.values[0]: each.n for each in grouped(told, "invitations", ["day"])})
    sent = [
        None if moment is None else moment.date().isoformat()
        for batch in record_sets.batches(told.store, "invitations", ALL)
        for moment in batch.columns["sent_at"]
    ]
    assert found == Counter(sent)


def test_an_erased_person_stays_in_the_numbers_under_no_name(told: Core) -> None:
    before = grouped(told, "responses", ["team", "answer"], question="satisfaction")
    [customer] = [each.values[0] for each in grouped(told, "responses", ["customer"], Filters(team="Billing"))]
    erase_person(told, customer, "tests")
    assert grouped(told, "responses", ["customer"], Filters(team="Billing")) == [Group((None,), 1)]
    assert grouped(told, "responses", ["team", "answer"], question="satisfaction") == before


def test_records_of_one_agent_can_be_chosen(told: Core) -> None:
    agents = [each.values[0] for each in grouped(told, "invitations", ["agent"])]
    assert len(agents) == 2
    for agent in agents:
        filters = Filters(agent=agent)
        assert grouped(told, "invitations", ["agent"], filters) == [Group((agent,), 2)]
        assert record_sets.count(told.store, "contacts", filters) == 2
        assert grouped(told, "contacts", ["agent"], filters) == [Group((agent,), 2)]
    assert grouped(told, "responses", ["agent"], Filters(agent="nobody000000")) == []


def test_values_that_are_written_differently_and_mean_the_same_are_one_group(answered: Answered) -> None:
    core = answered(20)

    def write(connection: Connection) -> None:
        ids = connection.scalars(select(tables.response.c.id).order_by(tables.response.c.id).limit(3)).all()
        for number, value in zip(ids, (True, "x" * 50, "x" * 60), strict=True):
            row = {"response_id": number, "question": "odd", "role": "", "value": value}
            connection.execute(insert(tables.answer).values(row))

    core.store.write(write)
    found = grouped(core, "responses", ["answer"], question="odd")
    assert found == [Group(("True",), 1), Group(("x" * 40,), 2)]


@pytest.mark.parametrize(
    ("records", "by", "question", "field", "reason"),
    [
        ("responses", ["team", "colour"], "", "by", "responses have no column colour"),
        ("responses", ["answered_at"], "", "by", "answered_at is neither a text, a whole number nor a flag"),
        ("responses", ["answers"], "", "by", "answers is neither a text, a whole number nor a flag"),
        ("responses", ["answer"], "", "question", "must be named when responses are grouped by answer"),
        ("responses", ["team"], "recommend", "question", "is of no use unless responses are grouped by answer"),
        ("contacts", ["answer"], "recommend", "by", "contacts have no column answer"),
    ],
)
def test_what_cannot_be_grouped_by_is_named(
    core: Core, records: RecordSet, by: list[str], question: str, field: str, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        Reading(core).grouped(records, by, question=question)
    assert (refused.value.problems[0].field, refused.value.problems[0].reason) == (field, reason)


def test_too_many_groups_are_refused(answered: Answered, monkeypatch: pytest.MonkeyPatch) -> None:
    core = answered(20)
    monkeypatch.setattr(record_groups, "MOST", 19)
    with pytest.raises(Refused, match="more than 19 groups"):
        Reading(core).grouped("responses", ["id"])
    assert len(grouped(core, "contacts", ["team"])) <= 19


def test_no_table_is_joined_that_no_column_needs(answered: Answered) -> None:
    core = answered(10)
    seen: list[str] = []
    event.listen(core.store.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    grouped(core, "responses", ["team", "answer"], Filters(), "satisfaction")
    grouped(core, "contacts", ["team"], Filters())
    assert [statement.count("JOIN") for statement in seen if "GROUP BY" in statement] == [2, 0]


def test_only_the_columns_that_are_wanted_are_read(told: Core) -> None:
    for records in ("responses", "contacts", "invitations", "decisions", "deliveries", "gestures"):
        everything = list(record_sets.batches(told.store, records, ALL, size=2))
        for name in (each.name for each in record_sets.columns(records)):
            some = list(record_sets.batches(told.store, records, ALL, size=2, only=[name]))
            assert [(each.cursor, list(each.columns.items())) for each in some] == [
                (each.cursor, [(name, each.columns[name])]) for each in everything
            ]
            assert {column for batch in some for column in batch.texts} <= {name}


def test_columns_that_are_not_there_are_named(core: Core) -> None:
    with pytest.raises(Refused, match="contacts have no column colour"):
        next(Reading(core).batches("contacts", only=["id", "colour"]))


def test_an_invitation_says_what_became_of_it(told: Core) -> None:
    [batch] = Reading(told).batches("invitations")
    assert list(batch.columns["state"]) == ["answered", "answered", "sent", "sent"]
    assert list(batch.columns["sent"]) == [True] * 4
    assert list(batch.columns["answered"]) == [True, True, False, False]
    assert [each is None for each in batch.columns["response"]] == [False, False, True, False]
    assert list(batch.columns["external_id"]) == ["T-1", "T-2", "T-3", "T-4"]
    assert json.dumps(list(batch.columns["after_response"])) == "[null, null, null, null]"
