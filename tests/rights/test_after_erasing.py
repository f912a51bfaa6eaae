"""What comes later: nothing brings an erased person back, and who did not want to be asked is not asked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from feedbackhub import Identifier, Message, Receipt, Returned
from feedbackhub.contract.errors import NotFound
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import Once, record_contact, reopen_contact
from feedbackhub.loop.returned import store_returned
from feedbackhub.loop.suppress import opt_out
from feedbackhub.office.erasing import erase_person
from feedbackhub.store import tables
from tests.rights.placed import (
    CRM,
    EMAIL,
    OTHER_EMAIL,
    PHONE,
    SECRETS,
    Pager,
    Placed,
    all_rows,
    berta,
    event,
    first_contact,
    second_self,
    table_rows,
    traces,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def erased(placed: Placed) -> Placed:
    """Berta has been erased."""
    erase_person(placed.core, (EMAIL,), "tests")
    return placed


def test_an_event_that_is_delivered_again_brings_nobody_back(erased: Placed) -> None:
    core = erased.core
    again = first_contact(core)
    assert (again.created, again.ignored, again.contact.customer) == (False, (), erased.customer)
    anew = record_contact(core, event("TICKET-QUAST-4711", berta()), Once("tests", "another-key", b"2"))
    assert anew.created is False
    assert traces(core, SECRETS) == {"key-of-berta"}  # what the helpdesk itself has just said, kept for a day or two
    assert [row for row in table_rows(core, tables.identifier) if row.value == EMAIL.value] == []


def test_who_was_reopened_and_ends_anew_is_served_anew(erased: Placed) -> None:
    core = erased.core
    assert reopen_contact(core, "desk", "TICKET-QUAST-4711").applied is True
    erased.clock.move(HOUR)
    anew = record_contact(core, event("TICKET-QUAST-4711", berta()))
    assert (anew.created, anew.contact.resolution, anew.contact.invitation is not None) == (True, 1, True)
    assert anew.contact.customer not in (None, erased.customer, erased.second)
    again = record_contact(core, event("TICKET-QUAST-4711", berta()))
    assert (again.created, again.contact.id) == (False, anew.contact.id)
    done = erase_person(core, (EMAIL,), "tests")
    assert done.customers == (anew.contact.customer,)
    assert record_contact(core, event("TICKET-QUAST-4711", berta())).created is False
    marks = [row for row in table_rows(core, tables.contact) if row.external_id.startswith("erased:")]
    assert len({(row.external_id, row.resolution) for row in marks}) == len(marks) == 5


def test_who_comes_again_is_somebody_new(erased: Placed) -> None:
    anew = record_contact(erased.core, event("NEW-1", berta()))
    assert (anew.created, anew.contact.decision.outcome) == (True, "ask")
    assert anew.contact.customer not in (erased.customer, erased.second)


@pytest.mark.parametrize("by", [EMAIL, PHONE, OTHER_EMAIL, CRM])
def test_who_opted_out_before_is_not_asked_under_any_of_their_identifiers(placed: Placed, by: Identifier) -> None:
    core = placed.core
    with core.store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM suppression")).scalar_one() == 1  # a bounce
    opt_out(core, placed.invitations[0])
    # One more identifier, learnt after the opting out.
    record_contact(core, event("LATER", {"email": EMAIL.value, "ids": {"loyalty": "L-1"}}))
    erase_person(core, (EMAIL,), "tests")
    kinds = {"email": {"email": by.value}, "phone": {"phone": by.value}}
    for number, who in enumerate((kinds.get(by.kind, {"ids": {"crm": by.value}}), {"ids": {"loyalty": "L-1"}})):
        anew = record_contact(core, event(f"NEW-{number}", {**who, "addresses": {"email2": "x"}}))
        assert (anew.contact.decision.outcome, anew.contact.decision.rule) == ("dont_ask", "suppressed")
    for row in table_rows(core, tables.suppression):
        assert (row.detail, len(row.fingerprint)) == ("", 32)


def test_a_bounce_or_reply_that_comes_later_is_noted_without_a_word(erased: Placed) -> None:
    core = erased.core
    for kind, key in (("bounce", "late-1"), ("reply", "late-2"), ("complaint", "late-3")):
        item = Returned(kind, key, erased.message_id, EMAIL, "Kätzchenstern", "Kätzchenstern".encode())  # type: ignore[arg-type]
        assert store_returned(core, "email", item) is True
        assert store_returned(core, "email", item) is False
    assert traces(core, SECRETS) == set()
    before = {row.fingerprint for row in table_rows(core, tables.suppression)}
    assert before == {core.links.fingerprint(CRM.kind, CRM.value)}


@pytest.mark.parametrize("engaged", [True, False])
def test_a_message_on_its_way_leaves_no_trace(placed: Placed, engaged: bool) -> None:
    """The channel has the message, then the person is erased, then the channel says something about them."""
    core, clock = placed.core, placed.clock
    clock.move(40 * DAY)
    record_contact(core, event("TICKET-QUAST-4715", second_self(), source="shop", topic="delivery"))

    class Slow(Pager):
        def deliver(self, message: Message) -> Receipt:
            erase_person(core, (OTHER_EMAIL,), "tests")
            return super().deliver(message)

    slow = Slow()
    slow.engaged, slow.broken = engaged, False
    channels = {**core.plugins.channels, "pager": slow}
    hurried = replace(core, plugins=core.plugins.having("feedbackhub_channels", channels.items()))
    clock.move(2 * HOUR)
    assert Engine(hurried).drain() > 0
    assert traces(core, SECRETS) == set()


def test_a_plugin_that_fails_is_named_and_can_be_asked_again(placed: Placed) -> None:
    class Keeper:
        asked: list[Any] = []
        fails = True

        def erase_person(self, identifiers: Any) -> int:
            self.asked.append(set(identifiers))
            if self.fails:
                raise OSError("cannot remove the file of berta.quast")
            return 7

    keeper = Keeper()
    keepers: Any = {"aaa": keeper, **placed.core.plugins.keepers}
    core = replace(placed.core, plugins=placed.core.plugins.having("feedbackhub_plugin", keepers.items()))
    done = erase_person(core, (EMAIL,), "tests")
    assert (list(done.failed), done.plugins["mailbox"], done.complete) == (["aaa"], 1, False)
    assert done.failed["aaa"].startswith("raised OSError in ")
    assert traces(core, SECRETS, core.settings.data_dir) == set()
    assert keeper.asked == [set(done.identifiers)]
    assert "berta" not in repr(done)
    keeper.fails = False
    again = erase_person(core, done.identifiers, "tests")
    assert (again.customers, again.plugins["aaa"], again.plugins["mailbox"], again.complete) == ((), 7, 0, True)


def test_a_plugin_is_asked_even_for_whom_the_database_never_knew(placed: Placed) -> None:
    core = placed.core
    stranger = Identifier("email", "stranger@example.org")
    before = all_rows(core)
    with pytest.raises(NotFound):
        erase_person(core, (stranger,), "tests")
    assert all_rows(core) == before


def test_a_parked_delivery_of_theirs_cannot_be_sent_any_more(erased: Placed) -> None:
    erased.clock.move(DAY)
    Engine(erased.core).drain()
    theirs = [row.state for row in table_rows(erased.core, tables.task) if row.kind != "plugin"]
    assert set(theirs) & {"due", "claimed", "parked"} == set()


