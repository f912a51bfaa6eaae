"""Who was served: one person with many identifiers, and strangers who share an address kept apart."""

from functools import partial
from typing import Any

import pytest

from feedbackhub.contract.errors import Conflict, NotFound, Refused
from feedbackhub.loop.core import Core
from feedbackhub.loop.merging import decide_link, merge
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import SourceSettings
from feedbackhub.store import tables
from feedbackhub.store.queries import people
from tests.loop.story import asked, at_once, ended, rows, with_settings

MAIL, OTHER = "ann@example.org", "ann@work.example"
PHONE = "+14155552671"
SHARED = "office@example.org"


def served(core: Core, external_id: str, **customer: Any) -> int:
    """Record a contact without asking and return the person behind it."""
    ended(core, external_id, customer, ask=False)
    row = rows(core, tables.contact)[-1]
    with core.store.read() as connection:
        found = people.customer_row(connection, row.customer_id)
        return people.root_of(connection, found.person_id)


def links(core: Core) -> list[tuple[int, int, str]]:
    """Return the merging log."""
    return [(row.person_id, row.into_id, row.state) for row in rows(core, tables.person_link)]


def root(core: Core, person_id: int) -> int:
    """Return whom a person was merged into."""
    with core.store.read() as connection:
        return people.root_of(connection, person_id)


def test_the_same_identifier_in_other_spellings_is_the_same_customer(core: Core) -> None:
    first = served(core, "1", email="Ann@Example.org", phone="(415) 555-2671")
    assert served(core, "2", email=" ann@example.org ") == first
    assert served(core, "3", phone="+1 415-555-2671") == first
    assert len(rows(core, tables.customer)) == 1
    assert [(row.kind, row.value) for row in rows(core, tables.identifier)] == [("email", MAIL), ("phone", PHONE)]


def test_every_wrong_identifier_is_named(core: Core) -> None:
    with pytest.raises(Refused) as refused:
        ended(core, "1", {"email": "no address", "phone": "12", "ids": {"crm": "\u200b"}})
    assert [each.field for each in refused.value.problems] == ["customer.email", "customer.phone", "customer.ids.crm"]
    assert rows(core, tables.customer) == []


def test_a_known_customer_gets_what_is_new_and_loses_nothing(core: Core) -> None:
    served(core, "1", email=MAIL, name="Ann", language="ar", attributes={"plan": "a", "since": "2020"})
    served(core, "2", email=MAIL, segment="gold", attributes={"plan": "b"}, country="de", ids={"crm": "7"})
    row = rows(core, tables.customer)[0]
    assert (row.name, row.language, row.segment, row.country) == ("Ann", "ar", "gold", "DE")
    assert row.attributes == {"plan": "b", "since": "2020"}
    assert len(rows(core, tables.identifier)) == 2


def test_a_contact_that_names_identifiers_of_two_customers_proves_them_one(core: Core) -> None:
    one, other = served(core, "1", email=MAIL), served(core, "2", phone=PHONE)
    assert one != other
    both = served(core, "3", email=MAIL, phone=PHONE)
    assert both == root(core, one) == root(core, other)
    assert links(core) == [(other, one, "merged")]
    assert len(rows(core, tables.customer)) == 2, "facts are not rewritten"


def test_a_merge_can_be_undone_and_is_not_made_again(core: Core) -> None:
    one, other = served(core, "1", email=MAIL), served(core, "2", phone=PHONE)
    served(core, "3", email=MAIL, phone=PHONE)
    link = rows(core, tables.person_link)[0].id
    assert decide_link(core, link, accept=False, by="Bo") == "undone"
    assert (root(core, one), root(core, other)) == (one, other)
    assert (served(core, "3a", email=MAIL), served(core, "3b", phone=PHONE)) == (one, other), "each as before"
    served(core, "4", email=MAIL, phone=PHONE)
    assert (root(core, one), root(core, other)) == (one, other)
    assert links(core) == [(other, one, "undone")]
    with pytest.raises(Conflict):
        decide_link(core, link, accept=False, by="Bo")


def test_conflicting_ids_of_one_system_are_proposed_and_not_joined(core: Core) -> None:
    one = served(core, "1", email=MAIL, ids={"crm": "1"})
    other = served(core, "2", email=MAIL, ids={"crm": "2"})
    assert one != other
    assert links(core) == [(other, one, "proposed")]
    assert rows(core, tables.person_link)[0].reason == "they share email, but have different ids in crm"
    served(core, "3", email=MAIL, ids={"crm": "2"})
    assert links(core) == [(other, one, "proposed")], "a proposal is made once"


def test_a_proposal_is_accepted_or_refused_by_a_person(core: Core) -> None:
    one = served(core, "1", email=MAIL, ids={"crm": "1"})
    other = served(core, "2", email=MAIL, ids={"crm": "2"})
    link = rows(core, tables.person_link)[0].id
    assert decide_link(core, link, accept=True, by="Bo") == "merged"
    assert root(core, other) == one
    assert decide_link(core, link, accept=False, by="Bo") == "undone"
    assert root(core, other) == other
    with pytest.raises(NotFound):
        decide_link(core, 999, accept=True, by="Bo")


def test_a_refused_proposal_is_not_made_again(core: Core) -> None:
    served(core, "1", email=MAIL, ids={"crm": "1"})
    served(core, "2", email=MAIL, ids={"crm": "2"})
    assert decide_link(core, rows(core, tables.person_link)[0].id, accept=False, by="Bo") == "refused"
    served(core, "3", email=MAIL, ids={"crm": "2"})
    assert [state for _, _, state in links(core)] == ["refused"]


def test_a_kind_that_proves_nothing_for_a_source_is_proposed_only(core: Core) -> None:
    core = with_settings(core, sources={"helpdesk": SourceSettings(identifying=("id:*",))})
    one = served(core, "1", email=MAIL, ids={"crm": "1"})
    assert served(core, "2", ids={"crm": "1"}) == one
    other = served(core, "3", email=MAIL)
    assert other != one
    assert links(core) == [(other, one, "proposed")]


def test_a_shared_mailbox_chains_no_strangers(core: Core) -> None:
    strangers = [served(core, str(n), email=SHARED, ids={"crm": str(n)}) for n in range(8)]
    assert len(set(strangers)) == 8
    nameless = served(core, "x", email=SHARED)
    assert nameless not in strangers
    assert served(core, "y", email=SHARED) == nameless, "the mailbox itself is one customer"
    assert served(core, "z", email=SHARED, ids={"crm": "3"}) == strangers[3]
    assert [root(core, each) for each in strangers] == strangers
    assert {state for _, _, state in links(core)} == {"proposed"}
    assert len(links(core)) <= 6, "nobody decides on every pair of a crowd"


def test_a_shared_phone_does_not_join_persons_with_other_ids(core: Core) -> None:
    """Neither customer contradicts the contact, but they contradict each other."""
    one = served(core, "1", email=MAIL, ids={"shop": "1"})
    other = served(core, "2", phone=PHONE, ids={"shop": "2"})
    both = served(core, "3", email=MAIL, phone=PHONE)
    assert len({one, other, both}) == 3
    assert {state for _, _, state in links(core)} == {"proposed"}
    assert served(core, "4", email=MAIL, phone=PHONE) == both


def test_an_id_decides_and_an_address_of_somebody_else_is_proposed(core: Core) -> None:
    one = served(core, "1", email=MAIL, ids={"helpdesk": "1"})
    other = served(core, "2", email=OTHER, ids={"helpdesk": "2"})
    assert served(core, "3", email=OTHER, ids={"helpdesk": "1"}) == one
    assert links(core) == [(one, other, "proposed")]


def test_a_conflict_with_any_of_a_merged_person_counts(core: Core) -> None:
    one, other = served(core, "1", email=MAIL), served(core, "2", phone=PHONE, ids={"crm": "2"})
    served(core, "3", email=MAIL, phone=PHONE)
    assert root(core, one) == root(core, other)
    stranger = served(core, "4", email=MAIL, ids={"crm": "1"})
    assert stranger != root(core, one)
    assert links(core)[-1][2] == "proposed"


def test_what_was_separated_stays_so_under_new_roots(core: Core) -> None:
    one, two = served(core, "1", email=MAIL), served(core, "2", phone=PHONE)
    served(core, "3", email=MAIL, phone=PHONE)
    decide_link(core, rows(core, tables.person_link)[0].id, accept=False, by="Bo")
    three = served(core, "4", email=OTHER)
    merge(core, two, three, "Bo")
    served(core, "5", email=MAIL, addresses={"whatsapp": PHONE}, phone=PHONE)
    assert root(core, one) == one
    assert root(core, two) == three


def test_merging_by_hand_and_undoing_restores_every_step(core: Core) -> None:
    a, b, c = (served(core, str(n), email=f"{n}@example.org") for n in range(3))
    first = merge(core, a, b, "Bo")
    second = merge(core, a, c, "Bo")
    assert root(core, a) == root(core, b) == c
    with pytest.raises(Conflict):
        merge(core, c, a, "Bo")
    decide_link(core, second, accept=False, by="Bo")
    assert (root(core, a), root(core, b), root(core, c)) == (b, b, c)
    decide_link(core, first, accept=False, by="Bo")
    assert (root(core, a), root(core, b), root(core, c)) == (a, b, c)


def test_a_proposal_between_persons_that_became_one_meanwhile_is_a_conflict(core: Core) -> None:
    one = served(core, "1", email=MAIL, ids={"crm": "1"})
    other = served(core, "2", email=MAIL, ids={"crm": "2"})
    merge(core, one, other, "Bo")
    with pytest.raises(Conflict):
        decide_link(core, rows(core, tables.person_link)[0].id, accept=True, by="Bo")
    assert root(core, one) == root(core, other) == other


def test_accepting_a_proposal_after_other_merges_can_still_be_undone(core: Core) -> None:
    one = served(core, "1", email=MAIL, ids={"crm": "1"})
    other = served(core, "2", email=MAIL, ids={"crm": "2"})
    third = served(core, "3", email=OTHER)
    merge(core, other, third, "Bo")
    link = rows(core, tables.person_link)[0].id
    decide_link(core, link, accept=True, by="Bo")
    assert root(core, one) == root(core, other) == root(core, third)
    decide_link(core, link, accept=False, by="Bo")
    assert root(core, other) == third
    assert root(core, one) == one


def test_merges_at_once_in_a_ring_leave_one_root(core: Core) -> None:
    a, b, c = (served(core, str(n), email=f"{n}@example.org") for n in range(3))

    def try_to(one: int, other: int) -> str:
        try:
            merge(core, one, other, "Bo")
        except Conflict:
            return "conflict"
        return "merged"

    outcomes = at_once([lambda: try_to(a, b), lambda: try_to(b, c), lambda: try_to(c, a)])
    assert sorted(outcomes) == ["conflict", "merged", "merged"]
    assert len({root(core, each) for each in (a, b, c)}) == 1


def test_merged_persons_share_one_clock(core: Core, clock: SetClock) -> None:
    asked(core, "1", {"email": MAIL})
    ended(core, "2", {"phone": PHONE}, ask=False)
    ended(core, "3", {"email": MAIL, "phone": PHONE}, ask=False)
    assert ended(core, "4", {"phone": PHONE}).contact.decision.rule == "throttled"


def test_new_customers_with_one_identifier_at_once_are_one(core: Core) -> None:
    at_once([partial(ended, core, str(n), {"email": MAIL, "ids": {f"system{n}": "1"}}) for n in range(10)])
    assert len(rows(core, tables.customer)) == 1
    assert len(rows(core, tables.identifier)) == 11
    assert len(rows(core, tables.invitation)) == 1
