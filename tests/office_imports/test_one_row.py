"""A row may hold a contact, what was done about it, and the answer; what cannot be used names its line and column."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from feedbackhub.loop.core import Core
from feedbackhub.machinery.settings import Gestures
from feedbackhub.office.erasing import erase_person
from feedbackhub.store.tables import contact, customer, gesture, response
from tests.office_imports.conftest import Count, Import

TEXT = """\
ticket,mail,ended_at,response,how,said,cost,currency,score
1,ann@example.org,2026-01-05,Apology,With-Explanation,The lorry broke down.,,,4
2,,2026-01-06,refund,,,12.50,eur,2
3,,2026-01-06,In progress,,,,,
4,,2026-01-06,Refund,,,,,
"""
VALUES = {"gesture.kind": {"In progress": ""}, "gesture.manner": {"With-Explanation": "explanation"}}
MAP = {
    "external_id": "ticket", "customer.email": "mail", "gesture.kind": "response", "gesture.manner": "how",
    "gesture.words": "said", "gesture.cost": "cost", "gesture.currency": "currency", "rating.satisfaction": "score",
}  # fmt: skip


@pytest.fixture
def core(core: Core) -> Core:
    """An instance that knows refunds."""
    settings = core.settings.model_copy(update={"gestures": Gestures(kinds={"refund": "Refund"})})
    return replace(core, settings=settings)


def test_one_row_is_a_contact_with_its_gesture_and_its_answer(core: Core, bring: Import, count: Count) -> None:
    options = {"map": MAP, "values": VALUES, "set": {"source": "old"}}
    assert dict(bring("contacts", TEXT, dry_run=True, **options).counts) == {"created": 4, "answers": 2, "gestures": 3}
    assert (count(contact), count(gesture)) == (0, 0)
    assert dict(bring("contacts", TEXT, **options).counts) == {"created": 4, "answers": 2, "gestures": 3}
    with core.store.read() as connection:
        rows = connection.execute(
            select(gesture, contact.c.external_id, contact.c.customer_id.label("whose"))
            .join(contact, contact.c.id == gesture.c.contact_id).order_by(contact.c.external_id)
        ).all()  # fmt: skip
        answered = connection.execute(select(response.c.customer_id).order_by(response.c.id)).scalars().all()
    assert [(row.external_id, row.kind, row.manner, row.words, row.cost_cents, row.currency) for row in rows] == [
        ("1", "apology", "explanation", "The lorry broke down.", None, ""),
        ("2", "refund", "", "", 1250, "EUR"),
        ("4", "refund", "", "", None, ""),
    ]
    assert all(row.customer_id == row.whose and row.imported for row in rows)
    assert answered == [rows[0].customer_id, rows[1].customer_id]
    # Whoever is known by nothing else is known by the contact; one to whom nothing was done stays anonymous.
    assert count(customer) == 3


def test_the_same_rows_again_change_nothing_and_what_was_missing_is_added(bring: Import, count: Count) -> None:
    without = {**MAP}
    del without["gesture.kind"]
    bring("contacts", TEXT, name="first.csv", map=without, set={"source": "old"})
    assert count(gesture) == 0
    later = bring("contacts", TEXT, map=MAP, values=VALUES, set={"source": "old"})
    # Those whose contact was recorded for nobody cannot be given to anybody any more.
    assert dict(later.counts) == {"known": 2, "gestures": 1, "errors": 2}
    assert later.errors is not None
    assert [line.split(",")[:3] for line in later.errors.read_text().splitlines()[1:]] == [
        ["2", "3", "response"], ["4", "5", "response"],
    ]  # fmt: skip
    again = bring("contacts", TEXT, map=MAP, values=VALUES, set={"source": "old"}, again=True)
    assert dict(again.counts) == {"known": 2, "errors": 2}
    assert count(gesture) == 1


def test_of_two_rows_about_one_contact_the_first_is_its_gesture(core: Core, bring: Import) -> None:
    text = "external_id,customer.email,ended_at,gesture.kind\n1,a@example.org,2026-01-05,apology\n"
    bring("contacts", text + "1,a@example.org,2026-01-05,call_back\n")
    with core.store.read() as connection:
        assert connection.execute(select(gesture.c.kind)).scalars().all() == ["apology"]


def test_what_cannot_be_used_is_an_error_with_its_line_and_column(bring: Import, count: Count) -> None:
    text = "external_id,ended_at,gesture.kind,gesture.manner,gesture.cost,gesture.currency,gesture.at\n"
    text += "1,2026-01-05,hug,,,,\n2,2026-01-05,refund,plain,,,\n3,2026-01-05,apology,nice,,,\n"
    text += "4,2026-01-05,refund,,1.005,EUR,\n5,2026-01-05,refund,,5,,\n6,2026-01-05,refund,,,,soon\n"
    text += "7,2026-01-05,refund,,,,2099-01-01\n"
    done = bring("contacts", text)
    assert done.errors is not None
    assert [line.split(",", 3) for line in done.errors.read_text().splitlines()[1:]] == [
        ["1", "2", "gesture.kind", '"must be one of apology, compensation, call_back, refund"'],
        ["2", "3", "gesture.manner", "is said of an apology only"],
        ["3", "4", "gesture.manner", '"must be plain, explanation or promise"'],
        ["4", "5", "gesture.cost", "must be an amount such as 12.50"],
        ["5", "6", "gesture.currency", "must be three letters such as EUR where there is a cost"],
        ["6", "7", "gesture.at", "is no date by dates such as 2026-03-01 09:30; say --date-format"],
        ["7", "8", "gesture.at", "lies more than a day in the future"],
    ]
    assert (count(contact), count(gesture)) == (0, 0)


def test_contacts_that_are_to_be_asked_bring_no_gesture(bring: Import) -> None:
    text = "external_id,customer.email,ended_at,gesture.kind\n1,a@example.org,2026-01-05,apology\n"
    assert dict(bring("contacts", text, ask=True).counts) == {"errors": 1}


def test_who_was_erased_does_not_come_back_with_a_gesture(core: Core, bring: Import, count: Count) -> None:
    bring("contacts", TEXT, map=MAP, values=VALUES, set={"source": "old"})
    with core.store.read() as connection:
        ann = connection.execute(select(customer.c.public_id).order_by(customer.c.id)).scalars().first()
    assert ann is not None
    erase_person(core, ann, "lead@example.com")
    with core.store.read() as connection:
        assert set(connection.execute(select(gesture.c.words)).scalars()) == {""}
    bring("contacts", TEXT, map=MAP, values=VALUES, set={"source": "old"}, again=True)
    assert (count(gesture), count(contact)) == (3, 4)
