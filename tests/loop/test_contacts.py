"""A contact ended: it is recorded once, and repeated, reopened and continued ones are told apart."""

from datetime import timedelta
from functools import partial

import pytest

from feedbackhub.contract.errors import Conflict, NotFound, Refused
from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.differences import Difference
from feedbackhub.loop.intake import Once, get_contact, record_contact, reopen_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import DAY, HOUR, Line, asked, at_once, ended, event, events, rows, run


def test_a_contact_is_recorded_with_its_decision_and_invitation(core: Core) -> None:
    recorded = ended(core, "1", agent={"id": "7", "name": "Bo"}, team="Billing")
    contact = recorded.contact
    assert recorded.created
    assert recorded.ignored == ()
    assert (contact.resolution, contact.team, contact.agent_name, contact.topic) == (1, "Billing", "Bo", "invoice")
    assert contact.decision.outcome == "ask"
    assert contact.invitation is not None
    assert contact.invitation.due_at == START + HOUR
    assert core.links.read(contact.invitation.link.rpartition("/")[2]) == contact.invitation.id
    assert get_contact(core, contact.id) == contact
    assert events(core) == ["invitation.created", "contact.recorded"]


def test_the_same_contact_again_changes_nothing_and_says_what_differed(core: Core, clock: SetClock) -> None:
    first = ended(core, "1", team="Billing", tags=["a"], agent={"id": "7"}).contact
    clock.move(HOUR)
    again = ended(core, "1", team="Sales", tags=["a", "b"], agent={"id": "8"}, ask=False)
    assert not again.created
    assert again.contact == first
    assert again.ignored == (
        Difference("team", "Billing", "Sales"),
        Difference("tags", "a", "a, b"),
        Difference("ask", "true", "false"),
        Difference("agent.id", "7", "8"),
    )
    assert len(rows(core, tables.decision)) == len(rows(core, tables.contact)) == 1


def test_a_repeated_call_without_an_end_differs_in_nothing(core: Core, clock: SetClock) -> None:
    first = ended(core, "1").contact
    clock.move(HOUR)
    again = ended(core, "1")
    assert (again.created, again.ignored, again.contact.ended_at) == (False, (), first.ended_at)


def test_other_identifiers_of_a_repeated_contact_are_not_repeated_back(core: Core) -> None:
    ended(core, "1")
    again = ended(core, "1", {"email": "secret@example.org"})
    assert [each.field for each in again.ignored] == ["customer"]
    assert "secret" not in str(again.ignored)
    assert len(rows(core, tables.customer)) == 1


def test_an_anonymous_contact_may_be_repeated_with_and_without_its_customer(core: Core) -> None:
    first = ended(core, "1", {})
    assert first.contact.customer is None
    assert first.contact.decision.rule == "reachable"
    assert ended(core, "1", {}).ignored == ()
    named = ended(core, "1")
    assert (named.created, [each.field for each in named.ignored]) == (False, ["customer"])
    assert rows(core, tables.customer) == []


def test_a_reopened_contact_that_ends_later_is_the_next_resolution(core: Core, clock: SetClock) -> None:
    first = ended(core, "1").contact
    clock.move(timedelta(minutes=10))
    reopened = reopen_contact(core, "helpdesk", "1")
    assert (reopened.applied, reopened.cancelled) == (True, 1)
    assert reopened.contact.invitation is not None
    assert (reopened.contact.invitation.state, reopened.contact.invitation.reason) == ("cancelled", "reopened")
    clock.move(timedelta(minutes=10))
    second = ended(core, "1")
    assert second.created
    assert (second.contact.resolution, second.contact.decision.outcome) == (2, "ask")
    assert second.contact.id != first.id
    assert not ended(core, "1").created


def test_an_end_from_before_the_reopening_is_a_repetition(core: Core, clock: SetClock) -> None:
    ended(core, "1", ended_at="2026-03-02T08:00:00Z")
    reopen_contact(core, "helpdesk", "1", START)
    late = ended(core, "1", ended_at="2026-03-02T08:30:00Z")
    assert (late.created, [each.field for each in late.ignored]) == (False, ["ended_at"])


def test_a_reopening_that_arrives_after_the_later_end_changes_nothing(core: Core, clock: SetClock) -> None:
    ended(core, "1", ended_at="2026-03-02T08:00:00Z")
    late = reopen_contact(core, "helpdesk", "1", START - 2 * HOUR)
    assert (late.applied, late.cancelled) == (False, 0)
    assert late.contact.reopened_at is None
    assert late.contact.invitation is not None
    assert late.contact.invitation.state == "due"


def test_a_contact_is_reopened_once_and_only_when_known(core: Core, clock: SetClock) -> None:
    with pytest.raises(NotFound):
        reopen_contact(core, "helpdesk", "1")
    ended(core, "1")
    clock.move(HOUR)
    assert reopen_contact(core, "helpdesk", "1").applied
    assert not reopen_contact(core, "helpdesk", "1").applied
    assert events(core, "contact.") == ["contact.recorded", "contact.reopened"]


def test_neither_an_end_nor_a_reopening_lies_days_ahead(core: Core) -> None:
    with pytest.raises(Refused):
        ended(core, "1", ended_at="2026-03-04T09:00:00Z")
    with pytest.raises(Refused):
        ended(core, "1", started_at="2026-03-04T09:00:00Z")
    ended(core, "1")
    with pytest.raises(Refused):
        reopen_contact(core, "helpdesk", "1", START + 2 * DAY)


def test_a_message_on_its_way_when_its_contact_was_reopened_has_asked_all_the_same(
    core: Core, clock: SetClock, mail: Line
) -> None:
    asked(core)
    clock.move(HOUR)
    mail.plan.append(lambda _: reopen_contact(core, "helpdesk", "1"))
    assert run(core, clock) == 1
    assert rows(core, tables.delivery)[0].state == "sent"
    invitation = rows(core, tables.invitation)[0]
    assert (invitation.state, invitation.reason, invitation.ended_at) == ("sent", "", None)
    clock.move(HOUR)
    assert ended(core, "1").contact.decision.rule == "throttled"


def test_after_sending_a_reopening_stops_the_reminder_only(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    run(core, clock, HOUR)
    assert reopen_contact(core, "helpdesk", "1").cancelled == 1
    run(core, clock, 4 * DAY)
    assert len(mail.sent) == 1
    assert rows(core, tables.invitation)[0].state == "sent"


def test_an_idempotency_key_stands_for_one_body(core: Core, clock: SetClock) -> None:
    body = event("1")
    first = record_contact(core, body, Once("key 1", "k", b"one"))
    assert first.created
    replayed = record_contact(core, body, Once("key 1", "k", b"one"))
    assert (replayed.created, replayed.contact, replayed.ignored) == (False, first.contact, ())
    with pytest.raises(Conflict):
        record_contact(core, event("2"), Once("key 1", "k", b"two"))
    assert record_contact(core, event("2"), Once("key 2", "k", b"two")).created, "another caller's key is another key"


def test_a_key_used_for_a_repeated_contact_is_remembered_too(core: Core) -> None:
    ended(core, "1")
    assert not record_contact(core, event("1"), Once("a", "k", b"one")).created
    with pytest.raises(Conflict):
        record_contact(core, event("2"), Once("a", "k", b"two"))


def test_one_key_used_by_many_at_once_for_different_contacts_serves_one(core: Core) -> None:
    def call(number: int) -> str:
        try:
            record_contact(core, event(str(number)), Once("a", "k", str(number).encode()))
        except Conflict:
            return "conflict"
        return "recorded"

    assert sorted(at_once([partial(call, n) for n in range(6)])) == ["conflict"] * 5 + ["recorded"]
    assert len(rows(core, tables.contact)) == 1


def test_twenty_callers_with_the_same_contact_make_one(core: Core) -> None:
    found = at_once([lambda: ended(core, "1", agent={"id": "7"})] * 20)
    assert sorted(each.created for each in found) == [False] * 19 + [True]
    assert len({each.contact.id for each in found}) == 1
    for table in (tables.contact, tables.decision, tables.customer, tables.agent, tables.invitation, tables.delivery):
        assert len(rows(core, table)) == 1, table.name


def test_a_new_agent_may_end_several_contacts_at_once(core: Core) -> None:
    at_once([partial(ended, core, str(n), {"email": f"{n}@example.org"}, agent={"id": "7"}) for n in range(8)])
    assert len(rows(core, tables.agent)) == 1
    assert len(rows(core, tables.contact)) == 8


def test_an_agent_keeps_the_newest_name_and_team(core: Core) -> None:
    ended(core, "1", agent={"id": "7", "name": "Bo"}, team="Billing")
    ended(core, "2", agent={"id": "7"}, team="Sales")
    agent = rows(core, tables.agent)[0]
    assert (agent.name, agent.team) == ("Bo", "Sales")
    assert [row.team for row in rows(core, tables.contact)] == ["Billing", "Sales"], "contacts keep theirs"


LONGEST = "é" * 200
EMOJI = "👩‍👩‍👧 " * 24


TEXTS = [LONGEST, EMOJI.strip(), "شكرا", "'; DROP TABLE contact; --", "{{ 7 * 7 }}", "%s %(n)s"]


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_field_takes_what_the_contract_allows(core: Core, clock: SetClock, text: str) -> None:
    known = {"email": "ann@example.org", "ids": {"crm": "7"}}
    customer = {**known, "name": text, "segment": text, "attributes": {"a": text}}
    more = {"topic": text, "product": text, "team": text, "tags": [text] * 50, "attributes": {"a": text}}
    recorded = ended(core, text, customer, agent={"id": text, "name": text}, **more)
    contact = recorded.contact
    assert (contact.external_id, contact.topic, contact.segment, contact.tags) == (text, text, text, (text,) * 50)
    run(core, clock, HOUR)
    assert rows(core, tables.invitation)[0].state == "sent"


def test_texts_that_grow_when_they_are_composed_are_refused_and_not_cut(core: Core) -> None:
    with pytest.raises(ValueError, match="200"):
        ContactEvent.model_validate({"source": "helpdesk", "external_id": "\ufb2c" * 200})
