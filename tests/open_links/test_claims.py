"""A macro's ticket is a claim: kept, joined to its contact, believed by nobody, and it tells nothing of the ticket."""

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub.contract.records import Identifier
from feedbackhub.loop import tallies
from feedbackhub.loop.card import read_card
from feedbackhub.loop.claims import claim_in
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.rights import export_person
from feedbackhub.store.queries import answers
from feedbackhub.store.queries.tallies import whole_tally
from tests.open_links.conftest import Come, Make, Ticket, responses

LITERALS = [
    "{{ticket.id}}", "{{ ticket.id }}", "#{ticket.id}", "{%conversation.number%}", "{{conversation.id}}", "", " ",
]  # fmt: skip


@pytest.mark.parametrize("literal", LITERALS)
def test_a_placeholder_that_nobody_filled_in_claims_nothing(core: Core, make: Make, come: Come, literal: str) -> None:
    passer = come(make(source="zendesk"))
    passer.path += "?" + urlencode({"ticket": literal})
    passer.send(satisfaction="5")
    assert [each.claimed for each in responses(core)] == [""]


@given(st.text())
@settings(max_examples=200)
def test_whatever_an_address_claims_is_one_short_printable_line(text: str) -> None:
    claimed = claim_in(text)
    assert claimed == claimed.strip()
    assert len(claimed) <= 200
    assert not set(claimed) & set("{}\n\t\0")


def test_a_claim_is_joined_to_a_ticket_that_is_known(core: Core, make: Make, come: Come, ticket: Ticket) -> None:
    recorded = ticket("4711")
    come(make(source="zendesk"), "?ticket=4711").send(satisfaction="5")
    [answer] = responses(core)
    with core.store.read() as connection:
        whole = answers.response_by_public_id(connection, answer.public_id)
    assert whole is not None
    frozen = (whole.team, whole.topic, whole.agent_name, whole.channel)
    assert frozen == ("Secret team", "Secret topic", "Bo Agent", "chat")
    assert whole.customer_public_id == recorded.contact.customer
    assert whole.contact_public_id != recorded.contact.id  # the ticket's own ask keeps its place


def test_a_claim_is_joined_when_its_ticket_becomes_known(core: Core, make: Make, come: Come, ticket: Ticket) -> None:
    come(make(source="zendesk", team="Counter"), "?ticket=4711").send(satisfaction="5")
    Engine(core).drain()
    recorded = ticket("4711")
    Engine(core).drain()
    [answer] = responses(core)
    with core.store.read() as connection:
        whole = answers.response_by_public_id(connection, answer.public_id)
        counted, kept = tallies.recount(connection), whole_tally(connection)
    assert whole is not None
    assert (whole.team, whole.topic) == ("Counter", "Secret topic")  # what the link fixes stays
    assert whole.customer_public_id == recorded.contact.customer
    assert kept == counted
    assert ("contact", "2026-03-02", "post-contact", "", "topic", "Secret topic", "open") in kept


def test_tickets_of_another_source_are_not_meant(core: Core, make: Make, come: Come, ticket: Ticket) -> None:
    ticket("4711")
    come(make(source="freshdesk"), "?ticket=4711").send(satisfaction="5")
    come(make(), "?ticket=4711").send(satisfaction="5")
    assert [(each.claimed, each.claimed_contact_id, each.customer_id) for each in responses(core)] == [
        ("4711", None, None), ("4711", None, None),
    ]  # fmt: skip


def test_the_pages_say_the_same_whether_or_not_there_is_such_a_ticket(
    core: Core, make: Make, come: Come, ticket: Ticket
) -> None:
    ticket("4711")
    link = make(source="zendesk")
    pages = []
    for number in ("4711", "4712"):
        passer = come(link, f"?ticket={number}")
        page = passer.look().text
        sent = passer.send(satisfaction="5")
        personal = sent.location.partition("/thanks")[0]
        seen = [passer.client.get(each).text for each in (sent.location, personal, personal + "/stop")]
        token = personal.removeprefix("/s/")
        pages.append([each.replace(number, "N").replace(token, "T").split("page-proof")[0] for each in (page, *seen)])
    assert pages[0] == pages[1]
    assert "Secret" not in "".join(pages[0])


def test_a_claim_opts_nobody_out_and_starts_nobodys_clock(core: Core, make: Make, come: Come, ticket: Ticket) -> None:
    ticket("4711")
    passer = come(make(source="zendesk"), "?ticket=4711")
    personal = passer.send(satisfaction="5").location.partition("/thanks")[0]
    assert passer.client.post(personal + "/stop").status_code == 200
    card = read_card(core, [Identifier("email", "c4711@example.org")])
    assert (card.stopped, len(card.ratings)) == ("", 1)


def test_the_card_marks_a_claimed_answer(core: Core, make: Make, come: Come, ticket: Ticket) -> None:
    ticket("4711")
    come(make(source="zendesk"), "?ticket=4711").send(satisfaction="5")
    card = read_card(core, [Identifier("email", "c4711@example.org")])
    assert [(each.value, each.claimed) for each in card.ratings] == [(5, True)]


def test_erasing_a_person_takes_claimed_words_and_the_claim(core: Core, make: Make, come: Come, ticket: Ticket) -> None:
    ticket("4711")
    passer = come(make(source="zendesk"), "?ticket=4711")
    personal = passer.send(satisfaction="5", comment="My own words").location.partition("/thanks")[0]
    whom = [Identifier("email", "c4711@example.org")]
    assert len(export_person(core, whom, "tests")["invitations"]) == 2
    erase_person(core, whom, "tests")
    [answer] = responses(core)
    assert (answer.comment, answer.answers, answer.claimed) == ("", {"satisfaction": 5}, "")
    assert passer.client.post(personal, data={"comment": "again"}).status_code in (409, 410)
    come(make(source="zendesk"), "?ticket=4711", address="192.0.2.50").send(satisfaction="1")
    assert responses(core)[1].customer_id is None
