"""Asking again after an answer: past the throttle, never past a suppression, and one at a time."""

import pytest

from feedbackhub.contract.errors import Conflict, NotFound, Refused
from feedbackhub.loop.core import Core
from feedbackhub.loop.reask import reask
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.links import new_public_id
from feedbackhub.machinery.settings import Throttle
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import DAY, HOUR, Line, answer, asked, at_once, ended, rows, run, with_settings
from tests.loop.suppressing import suppress_address

LOW = {"satisfaction": "1"}


@pytest.fixture
def unhappy(core: Core, clock: SetClock) -> str:
    """The answer of a customer whose contact went badly."""
    invitation = asked(core, "1", team="Billing")
    run(core, clock, HOUR)
    return answer(core, invitation, LOW).response


def test_a_reask_passes_the_throttle_and_keeps_the_first_answer(
    core: Core, clock: SetClock, mail: Line, unhappy: str
) -> None:
    made = reask(core, unhappy, delay=DAY)
    assert (made.survey, made.due_at) == ("re-ask", START + HOUR + DAY)
    run(core, clock, DAY)
    assert [message.link for message in mail.sent][1:] == [made.link]
    answer(core, made.id, {"better": "5"})
    first, second = rows(core, tables.invitation)
    assert (second.after_response_id, second.contact_id, second.team) == (
        rows(core, tables.response)[0].id, first.contact_id, "Billing",
    )  # fmt: skip
    assert rows(core, tables.response)[0].answers == {"satisfaction": 1}


def test_a_reask_moves_no_clock_of_first_asks(core: Core, clock: SetClock, unhappy: str) -> None:
    reask(core, unhappy)
    run(core, clock, 30 * DAY)
    assert ended(core, "2").contact.decision.outcome == "ask"


def test_an_answer_is_asked_about_once_while_that_ask_stands(core: Core, clock: SetClock, unhappy: str) -> None:
    reask(core, unhappy)
    with pytest.raises(Conflict):
        reask(core, unhappy)
    run(core, clock, 20 * DAY)
    assert rows(core, tables.invitation)[1].state == "expired"
    assert reask(core, unhappy).id == rows(core, tables.invitation)[2].public_id


def test_many_who_reask_at_once_make_one_ask(core: Core, unhappy: str) -> None:
    def attempt() -> str:
        try:
            reask(core, unhappy)
        except Conflict:
            return "conflict"
        return "asked"

    assert sorted(at_once([attempt] * 5)) == ["asked", "conflict", "conflict", "conflict", "conflict"]
    assert len(rows(core, tables.invitation)) == 2


def test_a_suppression_is_never_passed(core: Core, unhappy: str) -> None:
    suppress_address(core, "email", "ann@example.org", "opt_out", "tests")
    with pytest.raises(Conflict, match="opted out"):
        reask(core, unhappy)


def test_reasks_may_have_a_clock_of_their_own(core: Core, clock: SetClock, unhappy: str) -> None:
    core = with_settings(core, throttle=Throttle(surveys={"re-ask": 90}))
    reask(core, unhappy)
    run(core, clock)
    run(core, clock, 31 * DAY)
    assert rows(core, tables.invitation)[1].state == "expired"
    again = answer(core, asked(core, "2"), LOW).response
    with pytest.raises(Conflict, match="90 days"):
        reask(core, again)
    clock.move(60 * DAY)
    assert reask(core, again).survey == "re-ask"


def test_what_does_not_exist_is_said(core: Core, unhappy: str) -> None:
    with pytest.raises(NotFound):
        reask(core, new_public_id())
    with pytest.raises(Refused):
        reask(core, unhappy, survey="no such survey")


def test_a_link_can_be_handed_over_again_without_any_address(core: Core) -> None:
    core = with_settings(core, ask=(core.settings.ask[0].model_copy(update={"channels": ("link",)}),))
    contact = ended(core, "1", {}).contact
    assert contact.invitation is not None
    done = answer(core, contact.invitation.id, LOW)
    assert reask(core, done.response, delay=DAY).due_at == START
