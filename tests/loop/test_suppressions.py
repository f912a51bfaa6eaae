"""Who must not be asked: by opting out, complaining, bouncing, or because staff said so."""

from functools import partial
from typing import Any

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.loop.suppress import opt_out
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.refusals import lift_by_address, lift_refusal
from feedbackhub.store import tables
from feedbackhub.store.queries import suppressions
from tests.app_fixtures import START
from tests.loop.story import (
    HOUR,
    Line,
    asked,
    at_once,
    ended,
    events,
    rows,
    run,
)
from tests.loop.suppressing import suppress_address


def refused(core: Core, external_id: str = "1", customer: dict[str, Any] | None = None, **more: Any) -> tuple[str, str]:
    """Record a contact that must not be asked about; return the rule and the reason."""
    contact = ended(core, external_id, customer, **more).contact
    assert contact.invitation is None
    assert contact.decision.outcome == "dont_ask"
    return contact.decision.rule, contact.decision.reason


def test_who_opts_out_is_never_asked_again_at_any_address(core: Core, clock: SetClock, mail: Line) -> None:
    both = {"email": "ann@example.org", "phone": "+14155552671"}
    invitation = asked(core, "1", both)
    opt_out(core, invitation)
    opt_out(core, invitation)
    assert run(core, clock, HOUR) == 0
    assert mail.sent == []
    assert [(row.state, row.reason) for row in rows(core, tables.invitation)] == [("cancelled", "suppressed")]
    assert refused(core, "2", {"phone": "+14155552671"}) == ("suppressed", "The customer opted out.")
    assert refused(core, "3", {"email": "ANN@example.org", "ids": {"crm": "1"}})[0] == "suppressed"
    kept = rows(core, tables.suppression)
    assert {row.kind for row in kept} == {"email", "phone"}
    assert "ann@" not in str(kept)


def test_an_opt_out_between_planning_and_sending_stops_the_message(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core, "1")
    suppress_address(core, "email", " ANN@Example.org ", "staff", "tests")
    run(core, clock, HOUR)
    assert mail.tried == []
    assert rows(core, tables.invitation)[0].state == "cancelled"
    assert events(core, "invitation.") == ["invitation.created", "invitation.cancelled"]


def test_a_suppression_can_be_lifted(core: Core) -> None:
    suppress_address(core, "email", "ann@example.org", "opt_out", "tests")
    assert refused(core, "1")[0] == "suppressed"
    assert lift_by_address(core, "email", "Ann@example.org", "tests")
    assert not lift_by_address(core, "email", "Ann@example.org", "tests")
    assert asked(core, "2")
    suppress_address(core, "email", "ann@example.org", "opt_out", "tests")
    lift_refusal(core, rows(core, tables.suppression)[0].public_id, "tests")
    assert rows(core, tables.suppression) == []


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [("bounce", "opt_out", "opt_out"), ("opt_out", "bounce", "opt_out"), ("bounce", "bounce", "bounce")],
)
def test_the_reason_that_binds_more_is_kept(core: Core, first: str, then: str, kept: str) -> None:
    for reason in (first, then):
        suppress_address(core, "email", "ann@example.org", reason, "tests")
    assert [row.reason for row in rows(core, tables.suppression)] == [kept]


def test_a_bounced_address_closes_itself_and_not_the_person(core: Core) -> None:
    suppress_address(core, "email", "ann@example.org", "bounce", "tests")
    assert refused(core, "1") == ("reachable", "Messages to the customer's address came back.")
    asked(core, "2", {"email": "ann@example.org", "phone": "+14155552671"})
    assert rows(core, tables.invitation)[0].ladder == ["sms"]


def test_many_may_suppress_the_same_addresses_at_once(core: Core) -> None:
    prints = [core.links.fingerprint("email", f"{n}@example.org") for n in range(4)]

    def add(number: int) -> None:
        order = prints if number % 2 else prints[::-1]
        made = [
            {"public_id": f"{number:06d}{prints.index(each):06d}", "fingerprint": each, "kind": "email",
             "reason": "opt_out", "detail": "", "created_at": START, "created_by": "tests"}
            for each in order
        ]  # fmt: skip
        core.store.write(lambda connection: suppressions.add(connection, made))

    at_once([partial(add, n) for n in range(8)])
    assert sorted(row.fingerprint for row in rows(core, tables.suppression)) == sorted(prints)


