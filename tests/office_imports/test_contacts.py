"""History from files becomes contacts and answers that count as history: never asked, never throttling, once only."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from feedbackhub import ContactEvent
from feedbackhub.contract.errors import Refused
from feedbackhub.contract.records import Identifier
from feedbackhub.loop import tallies
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.imports import Order, run_import
from feedbackhub.store.queries.tallies import whole_tally
from feedbackhub.store.tables import (
    agent,
    contact,
    customer,
    decision,
    delivery,
    identifier,
    import_run,
    invitation,
    response,
    task,
)
from tests.office_imports.conftest import Count, Import

# Two formats of dates, no customers, ratings, and a customer who wrote the word None.
LEGACY = """\
unique_id,channel_name,category,customer_remarks,issue_reported_at,issue_responded,Survey_date,Product,Agent,Score
a-1,Inbound,Returns,,2025-07-30 19:38:00,2025-08-01 00:00:00,01-Aug-25,Home,Luis Muster,4
a-2,Outcall,Order Related,"Very late, twice",2025-08-01 00:00:00,2025-08-01 00:01:00,01-Aug-25,Home,Pia Muster,1.0
a-3,Inbound,Returns,None,2025-07-31 21:57:00,2025-08-01 00:02:00,01-Aug-25,Mobile,Luis Muster,5
"""
COLUMNS = {
    "external_id": "unique_id", "channel": "channel_name", "topic": "category", "product": "Product",
    "agent.name": "Agent", "started_at": "issue_reported_at", "ended_at": "issue_responded",
    "answered_at": "Survey_date", "rating.satisfaction": "Score", "answer.comment": "customer_remarks",
}  # fmt: skip
FORMATS = ["%Y-%m-%d %H:%M:%S", "%d-%b-%y"]
LEGACY_OPTIONS = {"map": COLUMNS, "set": {"source": "legacy"}, "formats": FORMATS, "timezone": "Asia/Kolkata"}


def errors_in(path: Path) -> list[list[str]]:
    """Return the errors of a run, without the header."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def test_a_table_of_another_system_becomes_contacts_and_answers(core: Core, bring: Import, count: Count) -> None:
    done = bring("responses", LEGACY, **LEGACY_OPTIONS)
    assert (done.rows, dict(done.counts)) == (3, {"created": 3, "answers": 3})
    with core.store.read() as connection:
        rows = connection.execute(
            select(contact, response.c.headline, response.c.comment, response.c.via, response.c.created_at,
                   invitation.c.imported.label("asked_elsewhere"), invitation.c.sent_at, decision.c.rule)
            .join(invitation, invitation.c.contact_id == contact.c.id)
            .join(response, response.c.invitation_id == invitation.c.id)
            .join(decision, decision.c.contact_id == contact.c.id)
            .order_by(contact.c.external_id)
        ).all()  # fmt: skip
    assert [(row.external_id, row.headline, row.comment) for row in rows] == [
        ("a-1", 4, ""), ("a-2", 1, "Very late, twice"), ("a-3", 5, "None"),
    ]  # fmt: skip
    first = rows[0]
    assert (first.source, first.channel, first.topic, first.customer_id) == ("legacy", "inbound", "Returns", None)
    assert (first.imported, first.asked_elsewhere, first.sent_at, first.rule) == (True, True, None, "imported")
    assert first.ended_at == datetime(2025, 7, 31, 18, 30, tzinfo=UTC)
    assert first.created_at == datetime(2025, 7, 31, 18, 30, tzinfo=UTC)
    assert rows[1].created_at == rows[1].ended_at  # only the day was known
    assert (count(agent), count(task), count(delivery)) == (2, 0, 0)


def test_words_for_an_empty_cell_hold_for_comments_only_when_they_are_named(core: Core, bring: Import) -> None:
    rows = LEGACY.replace("Home,Luis Muster,4", "None,Luis Muster,4")
    bring("responses", rows, **LEGACY_OPTIONS)
    bring("responses", rows.replace("a-", "b-"), **LEGACY_OPTIONS, empty=["None"])
    with core.store.read() as connection:
        found = connection.execute(
            select(contact.c.external_id, contact.c.product, response.c.comment)
            .join(invitation, invitation.c.contact_id == contact.c.id)
            .join(response, response.c.invitation_id == invitation.c.id)
            .order_by(contact.c.external_id)
        ).all()  # fmt: skip
    assert [(row.product, row.comment) for row in found if row.external_id[2] in "13"] == [
        ("", ""), ("Mobile", "None"), ("", ""), ("Mobile", ""),
    ]  # fmt: skip


def test_imported_answers_count_as_such_and_equal_a_recount(core: Core, bring: Import) -> None:
    bring("responses", LEGACY, **LEGACY_OPTIONS)
    Engine(core).drain()
    with core.store.read() as connection:
        kept = whole_tally(connection)
        assert kept == dict(tallies.recount(connection))
    whole = {cell[-1]: n for cell, n in kept.items() if cell[0] == "answer" and cell[3] == "" and cell[4] == ""}
    assert whole == {"imported": 3}


def test_the_same_file_again_changes_nothing(bring: Import, count: Count) -> None:
    bring("responses", LEGACY, **LEGACY_OPTIONS)
    again = bring("responses", LEGACY, **LEGACY_OPTIONS)
    assert again.finished_before
    forced = bring("responses", LEGACY, **LEGACY_OPTIONS, again=True)
    assert dict(forced.counts) == {"known": 3}
    assert (count(contact), count(response), count(import_run)) == (3, 3, 1)


def test_a_file_without_ids_gets_them_from_its_name_and_rows(core: Core, bring: Import, count: Count) -> None:
    text = "ended_at,topic\n2026-01-05 10:00,same\n2026-01-05 10:00,same\n"
    assert bring("contacts", text, name="calls.csv").counts["created"] == 2
    with core.store.read() as connection:
        ids = list(connection.scalars(select(contact.c.external_id).order_by(contact.c.id)))
    assert ids == ["calls.csv:1", "calls.csv:2"]
    # One row more makes another file; those that were there are known by name and row, not by what they say.
    more = bring("contacts", text.replace("same", "changed") + "2026-01-06 10:00,new\n", name="calls.csv")
    assert dict(more.counts) == {"created": 1, "known": 2}
    assert count(contact) == 3


def test_an_interrupted_import_goes_on_where_it_stopped(core: Core, tmp_path: Path, count: Count) -> None:
    path = tmp_path / "long.csv"
    lines = [f"c{n},{'2026-01-05 10:00' if n % 100 else 'never'}" for n in range(1, 451)]
    path.write_text("external_id,ended_at\n" + "\n".join(lines) + "\n")

    class Stopped(Exception):
        pass

    def stop(share: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        run_import(core, Order("contacts", path), stop)
    assert count(contact) == 198
    done = run_import(core, Order("contacts", path), lambda share: None)
    assert (done.resumed_after, done.rows) == (200, 450)
    assert dict(done.counts) == {"created": 446, "errors": 4}
    assert done.errors is not None
    assert [row[0] for row in errors_in(done.errors)] == ["100", "200", "300", "400"]


def test_errors_name_row_line_and_column_and_repeat_no_value(bring: Import) -> None:
    text = (
        "external_id,customer.email,customer.phone,ended_at,started_at,url\n"
        '1,not-an-address,,2026-01-05 10:00,,\n2,,123,2026-01-05 10:00,,\n3,,,yesterday,,"\nx"\n'
        "4,,,,,\n5,,,2026-01-05 10:00,2026-01-06 10:00,\n6,,,2099-01-05 10:00,,\n7,,,2026-01-05 10:00,,ftp://x\n"
        "8\x00,,,2026-01-05 10:00,,\n9,a@b.example,,2026-01-05 10:00,,\n"
    )
    done = bring("contacts", text)
    assert dict(done.counts) == {"created": 1, "errors": 8}
    assert done.errors is not None
    found = errors_in(done.errors)
    assert [row[:3] for row in found] == [
        ["1", "2", "customer.email"], ["2", "3", "customer.phone"], ["3", "4", "ended_at"], ["4", "6", "ended_at"],
        ["5", "7", ""], ["6", "8", "ended_at"], ["7", "9", "url"], ["8", "10", "external_id"],
    ]  # fmt: skip
    assert "not-an-address" not in done.errors.read_text()


def test_a_file_that_is_no_errors_file_is_not_overwritten(bring: Import, tmp_path: Path) -> None:
    precious = tmp_path / "precious.csv"
    precious.write_text("a,b\n1,2\n")
    with pytest.raises(Refused, match="holds something else"):
        bring("contacts", "ended_at\nx\n", errors=precious)
    assert precious.read_text() == "a,b\n1,2\n"


def test_columns_are_shown_dead_in_the_errors_file(bring: Import) -> None:
    done = bring("contacts", "=cmd(),id\nx,1\n", map={"ended_at": "=cmd()"})
    assert done.errors is not None
    assert errors_in(done.errors)[0][2] == "'=cmd()"


def test_customers_are_recognised_within_the_file_and_from_before(core: Core, bring: Import, count: Count) -> None:
    known = {"source": "shop", "external_id": "1", "customer": {"email": "ann@example.org", "segment": "gold"}}
    record_contact(core, ContactEvent.model_validate(known))
    text = (
        "external_id,mail,crm,ended_at\n"
        "1,ANN@example.org,,2026-01-05 10:00\n2,ben@example.org,C-1,2026-01-05 10:00\n"
        "3,,C-1,2026-01-06 10:00\n4,carl@example.org,,2026-01-06 10:00\n"
    )
    done = bring("contacts", text, map={"customer.email": "mail", "customer.ids.crm": "crm"})
    assert done.counts["created"] == 4
    with core.store.read() as connection:
        of = dict(
            connection.execute(select(contact.c.external_id, contact.c.customer_id).where(contact.c.imported)).all()
        )
        ann = connection.execute(select(contact).where(contact.c.source == "shop")).one()
        imported = connection.execute(select(contact).where(contact.c.customer_id == ann.customer_id,
                                                            contact.c.imported)).one()  # fmt: skip
    assert (of["1"], of["2"] == of["3"], len(set(of.values()))) == (ann.customer_id, True, 3)
    assert imported.segment == "gold"
    assert (count(customer), count(identifier)) == (3, 4)


def test_imported_asks_throttle_nobody(core: Core, bring: Import, clock: SetClock) -> None:
    row = f"1,ann@example.org,{clock.now() - timedelta(days=1):%Y-%m-%d %H:%M},5\n"
    bring("responses", "external_id,customer.email,ended_at,rating.satisfaction\n" + row)
    asked = {"source": "shop", "external_id": "9", "customer": {"email": "ann@example.org"}}
    assert record_contact(core, ContactEvent.model_validate(asked)).contact.decision.outcome == "ask"


def test_answers_may_come_after_their_contacts(bring: Import, count: Count) -> None:
    bring("contacts", "external_id,ended_at\n1,2026-01-05 10:00\n2,2026-01-05 10:00\n", set={"source": "old"})
    text = "external_id,ended_at,rating.satisfaction\n1,2026-01-05 10:00,4\n1,2026-01-05 10:00,2\n"
    done = bring("responses", text, name="answers.csv", set={"source": "old"})
    assert dict(done.counts) == {"known": 2, "answers": 1}
    assert (count(contact), count(invitation), count(response)) == (2, 1, 1)


def test_an_answer_to_a_contact_that_feedbackhub_asked_about_is_an_error(core: Core, bring: Import) -> None:
    asked = {"source": "shop", "external_id": "9", "customer": {"email": "ann@example.org"}}
    record_contact(core, ContactEvent.model_validate(asked))
    done = bring(
        "responses", "external_id,ended_at,rating.satisfaction\n9,2026-01-05 10:00,4\n", set={"source": "shop"}
    )
    assert dict(done.counts) == {"errors": 1}
    assert done.errors is not None
    assert errors_in(done.errors)[0][3] == "feedbackhub has asked about this contact itself"


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("ended_at,Score\n2026-01-05 10:00,9\n", "Score", "should be from 1 to 5"),
        ("ended_at,Score\n2026-01-05 10:00,good\n", "Score", "should be a whole number"),
        ("ended_at,Score\n2026-01-05 10:00,\n", "", "holds no answer"),
        ("ended_at,Score,survey\n2026-01-05 10:00,4,other\n", "survey", "there is no survey 'other'; publish it first"),
        ("ended_at,Score,answered_at\n2026-01-05 10:00,4,2026-01-01 10:00\n", "answered_at",
         "lies before the end of the contact"),
    ],
)  # fmt: skip
def test_answers_that_cannot_be_used_are_errors(
    bring: Import, count: Count, text: str, column: str, reason: str
) -> None:
    done = bring("responses", text, map={"rating.satisfaction": "Score"})
    assert done.errors is not None
    assert errors_in(done.errors) == [["1", "2", column, reason]]
    assert count(contact) == 0


def test_a_dry_run_finds_everything_and_stores_nothing(bring: Import, count: Count) -> None:
    text = LEGACY + "a-4,Inbound,Returns,,,when?,,Home,Luis Muster,4\n"
    done = bring("responses", text, **LEGACY_OPTIONS, dry_run=True)
    assert dict(done.counts) == {"created": 3, "answers": 3, "errors": 1}
    assert [count(table) for table in (contact, customer, agent, invitation, response, import_run)] == [0] * 6


def test_nobody_is_asked_unless_told_to(core: Core, bring: Import, count: Count, clock: SetClock) -> None:
    text = f"external_id,customer.email,ended_at\n1,ann@example.org,{clock.now():%Y-%m-%dT%H:%M:%SZ}\n"
    assert dict(bring("contacts", text).counts) == {"created": 1}
    assert count(invitation) == 0
    asked = bring("contacts", text.replace("\n1,", "\n2,"), name="new.csv", ask=True)
    assert dict(asked.counts) == {"created": 1, "asked": 1}
    with core.store.read() as connection:
        row = connection.execute(select(invitation)).one()
    assert (row.imported, row.state) == (False, "due")


def test_json_lines_name_their_own_fields(core: Core, bring: Import) -> None:
    text = (
        '{"external_id": 7, "customer": {"email": "ann@example.org", "language": "id"}, "tags": ["a", "b"],'
        ' "ended_at": "2026-01-05T10:00:00+07:00", "rating": {"satisfaction": 4}, "extra": 1}\n'
    )
    assert dict(bring("responses", text, name="old.jsonl").counts) == {"created": 1, "answers": 1}
    with core.store.read() as connection:
        row = connection.execute(select(contact)).one()
    assert (row.external_id, row.tags, row.language) == ("7", ["a", "b"], "id")
    assert row.ended_at == datetime(2026, 1, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"map": {"externalid": "id"}}, "is no field of contacts; did you mean external_id"),
        ({"map": {"external_id": "nope"}}, "the file has no column 'nope'"),
        ({"set": {"test": "true"}}, "is no field of contacts"),
        ({"timezone": "Mars/Olympus"}, "must be a time zone"),
    ],
)
def test_a_mapping_that_cannot_hold_is_refused(bring: Import, options: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        bring("contacts", "id,ended_at\n1,2026-01-05 10:00\n", **options)


def test_who_was_erased_does_not_come_back_with_the_file(bring: Import, core: Core, count: Count) -> None:
    text = "external_id,customer.email,ended_at\n1,ann@example.org,2026-01-05 10:00\n"
    bring("contacts", text)
    erase_person(core, [Identifier("email", "ann@example.org")], "tests")
    assert dict(bring("contacts", text, again=True).counts) == {"known": 1}
    assert (count(contact), count(identifier)) == (1, 0)
