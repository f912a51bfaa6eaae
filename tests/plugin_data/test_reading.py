"""What plugins read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sql_event

from feedbackhub import Filters, Identifier, NotFound, Refused
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.erasing import erase_person
from tests.loop.story import ANN, GOOD, answer, asked, ended, run
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Guest


@pytest.fixture
def guest() -> Guest:
    """A plugin that only reads."""
    return Guest("guest", tasks=lambda hub: [])


@pytest.fixture
def core(open_with: OpenWith, guest: Guest) -> Core:
    """An instance with it."""
    return open_with(guest)


def statements(core: Core) -> list[str]:
    """Return a list that every statement from now on is added to."""
    found: list[str] = []

    @sql_event.listens_for(core.store.engine, "before_cursor_execute")
    def _note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    return found


def test_a_contact_is_read_with_customer_and_what_was_frozen(core: Core, guest: Guest) -> None:
    id_ = ended(core, "1", team="north").contact.id
    contact = guest.hub.read.contact(id_)
    assert (contact.public_id, contact.external_id, contact.team, contact.topic) == (id_, "1", "north", "invoice")
    assert contact.customer is not None
    assert contact.customer.identifiers == (Identifier("email", "ann@example.org"),)
    assert guest.hub.read.customer(contact.customer.public_id) == contact.customer
    assert guest.hub.read.find_customers(Identifier("email", "Ann@Example.org")) == [contact.customer]


def test_an_answer_is_read_with_everything_around_it(core: Core, guest: Guest) -> None:
    invitation = asked(core, "1", team="north")
    answer(core, invitation)
    asked_ = guest.hub.read.invitation(invitation)
    assert (asked_.state, asked_.survey, asked_.dimensions["team"]) == ("answered", "post-contact", "north")
    [response] = guest.hub.read.responses_of(asked_.customer)
    assert guest.hub.read.response(response.public_id) == response
    assert (response.invitation, response.contact, response.comment) == (invitation, asked_.contact, "Thank you")
    assert (response.rating, response.score, response.low, response.counted) == (5, 100, False, True)
    assert [(each.question, each.type, each.value) for each in response.answers] == [
        ("satisfaction", "csat", 5),
        ("comment", "text", "Thank you"),
    ]


def test_what_is_not_there_is_not_found(core: Core, guest: Guest) -> None:
    read = guest.hub.read
    for look in (read.contact, read.customer, read.invitation, read.response, read.responses_of):
        with pytest.raises(NotFound):
            look("AAAAAAAAAAAA")
    assert list(read.find_customers(Identifier("email", "nobody"))) == []
    assert read.attribute_of(["AAAAAAAAAAAA"], "active") == {}


def test_who_was_erased_is_absent_and_what_was_counted_stays(core: Core, guest: Guest, clock: SetClock) -> None:
    invitation = asked(core, "1")
    answer(core, invitation)
    run(core, clock)
    customer = guest.hub.read.invitation(invitation).customer
    [response] = guest.hub.read.responses_of(customer)
    erase_person(core, [Identifier("email", "ann@example.org")], "tests")
    read = guest.hub.read
    with pytest.raises(NotFound):
        read.customer(customer)
    with pytest.raises(NotFound):
        read.responses_of(customer)
    left = read.response(response.public_id)
    assert (left.customer, left.comment, left.score) == ("", "", 100)
    assert [each.question for each in left.answers] == ["satisfaction"]
    contact = read.contact(left.contact)
    assert (contact.customer, contact.external_id) == (None, "")
    assert read.invitation(invitation).customer == ""


def test_published_surveys_are_read_with_their_questions(core: Core, guest: Guest) -> None:
    found = {survey.name: survey for survey in guest.hub.read.surveys()}
    assert {"post-contact", "nps", "effort", "re-ask"} <= found.keys()
    first = found["nps"].questions[0]
    assert (first.type, first.role, first.minimum, first.maximum, first.direction) == (
        "nps", "loyalty", 0, 10, "higher_is_better",
    )  # fmt: skip
    said = {language: guest.hub.read.surveys(language) for language in ("", "id-ID", "xx")}
    titles = {language: [each.title for each in surveys] for language, surveys in said.items()}
    assert titles[""] == titles["xx"] != titles["id-ID"]
    assert all(len(question.labels) == len(question.options) for each in said["id-ID"] for question in each.questions)


def test_counts_are_read_by_day_and_dimension(core: Core, guest: Guest, clock: SetClock) -> None:
    for number, team in enumerate(("north", "north", "south")):
        answer(core, asked(core, str(number), {"email": f"{number}@example.org"}, team=team), GOOD)
    run(core, clock)
    day = date(2026, 3, 2)
    read = guest.hub.read
    by_team = read.tallies(day, day, question="satisfaction", dimension="team")
    assert [(each.value, each.score, each.n) for each in by_team] == [("north", "5", 2), ("south", "5", 1)]
    assert [each.n for each in read.tallies(day, day, question="", value="") if each.score == "answered"] == [3]
    assert list(read.tallies(day + timedelta(1), day + timedelta(1))) == []
    position = read.tally_position()
    assert position > 0
    with pytest.raises(Refused, match="nothing is counted by mood"):
        read.tallies(day, day, dimension="mood")


def test_records_come_by_columns_from_a_cursor_on(core: Core, guest: Guest) -> None:
    for number in range(5):
        answer(core, asked(core, str(number), {"email": f"{number}@example.org"}))
    first, *rest = guest.hub.read.batches("responses", size=2)
    assert [batch.length for batch in (first, *rest)] == [2, 2, 1]
    later = [each for batch in guest.hub.read.batches("responses", after=first.cursor, size=100)
             for each in batch.columns["external_id"]]  # fmt: skip
    assert later == ["2", "3", "4"]
    assert guest.hub.read.count("responses", Filters(topic="invoice")) == 5
    assert {column.name for column in guest.hub.read.columns("responses")} == set(first.columns)


@pytest.mark.parametrize("many", [1, 7])
def test_the_number_of_statements_does_not_grow_with_a_history(core: Core, guest: Guest, many: int) -> None:
    customer = ""
    for number in range(many):
        invitation = asked(core, f"{many}-{number}", {**ANN, "email": "ann@example.org"}, test=True)
        answer(core, invitation)
        customer = guest.hub.read.invitation(invitation).customer
    guest.hub.read.responses_of(customer)
    noted = statements(core)
    assert len(guest.hub.read.responses_of(customer)) == many
    assert len([each for each in noted if each.startswith(("SELECT", "WITH"))]) == 6
