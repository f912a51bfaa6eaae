"""Gestures from files: to the right person, in their order, once only."""

from sqlalchemy import select

from feedbackhub.loop.core import Core
from feedbackhub.store.tables import customer, gesture
from tests.office_imports.conftest import Count, Import

TEXT = """\
id,kind,mail,value,cost,currency,when,ticket
g1,Compensation,ann@example.org,Voucher,12.50,eur,2026-01-07 10:00,
g2,call-back,ben@example.org,,,,2026-01-08 10:00,
g3,compensation,ann@example.org,Flowers,20,EUR,2026-01-05 10:00,t-1
"""
OPTIONS = {
    "map": {"customer.email": "mail", "at": "when", "contact.external_id": "ticket"},
    "set": {"source": "old", "by": "Support"},
}


def test_gestures_are_counted_in_the_order_in_which_they_were_made(core: Core, bring: Import, count: Count) -> None:
    ticket = "external_id,customer.email,ended_at\nt-1,ann@example.org,2026-01-04 10:00\n"
    bring("contacts", ticket, name="tickets.csv", set={"source": "old"})
    assert dict(bring("gestures", TEXT, **OPTIONS).counts) == {"created": 3}
    with core.store.read() as connection:
        rows = connection.execute(select(gesture).order_by(gesture.c.at)).all()
    assert [(row.value, row.kind, row.nth, row.cost_cents, row.currency) for row in rows] == [
        ("Flowers", "compensation", 1, 2000, "EUR"),
        ("Voucher", "compensation", 2, 1250, "EUR"),
        ("", "call_back", 1, None, ""),
    ]
    assert [row.contact_id is not None for row in rows] == [True, False, False]
    assert {(row.imported, row.by) for row in rows} == {(True, "Support")}
    assert count(customer) == 2


def test_the_same_gestures_again_change_nothing(bring: Import, count: Count) -> None:
    text = TEXT.replace(",t-1", ",")
    bring("gestures", text, **OPTIONS)
    assert dict(bring("gestures", text, **OPTIONS, name="copy.csv").counts) == {"known": 3}
    assert count(gesture) == 3


def test_gestures_that_cannot_be_used_are_errors(bring: Import, count: Count) -> None:
    bring("contacts", "external_id,customer.email,ended_at\nt-9,zoe@example.org,2026-01-04 10:00\n",
          name="tickets.csv", set={"source": "old"})  # fmt: skip
    text = (
        "kind,mail,cost,currency,when,ticket\n"
        "hug,ann@example.org,,,2026-01-07 10:00,\napology,,,,2026-01-07 10:00,\n"
        "apology,ann@example.org,,,,\napology,ann@example.org,5,,2026-01-07 10:00,\n"
        "apology,ann@example.org,1.005,EUR,2026-01-07 10:00,\napology,ann@example.org,,,2026-01-07 10:00,t-1\n"
        "apology,ann@example.org,,,2026-01-07 10:00,t-9\n"
    )
    done = bring("gestures", text, **OPTIONS)
    assert dict(done.counts) == {"errors": 7}
    assert done.errors is not None
    assert [line.split(",")[2] for line in done.errors.read_text().splitlines()[1:]] == [
        "kind", "customer", "when", "currency", "cost", "ticket", "ticket",
    ]  # fmt: skip
    assert count(gesture) == 0
