"""Letters of rules and of trials: what a trial says comes first, and nothing else is given until its time is over."""

from datetime import timedelta
from typing import Any

import pytest

from feedbackhub import Gesture, Refused
from feedbackhub_plugins.recovery.case import Case
from feedbackhub_plugins.recovery.drafting import Wish
from tests.recovery_offers.company import BUDI, Company
from tests.recovery_offers.conftest import MakeCompany

RULE = {"automatic": [{"text": "apology", "at_most": 50, "approve": False}]}
WEEK = timedelta(days=7)


def assigned(here: Company, case: Case, **more: Any) -> Case:
    """Let a trial take a case in."""
    now = here.hub.clock.now()
    trial = {
        "experiment": "trial2345678", "case": case.id, "response": case.response, "customer": case.customer,
        "arm": "nothing", "apology": "", "compensation": None, "until": (now + 4 * WEEK).isoformat(),
        "reask_at": (now + WEEK).isoformat(), "survey": "re-ask", "approve": False, **more,
    }  # fmt: skip
    here.instance.hub("apology").publish("apology.assigned", trial)
    here.pass_time()
    return here.cases.get(case.id)


def states(here: Company, case: Case) -> list[tuple[str, str, str]]:
    return [(each.text, each.state, each.reason) for each in here.letters.offers.of_cases([case.id])]


def test_a_rule_sends_its_letter_after_a_trial_had_its_chance(company: MakeCompany) -> None:
    here = company(offers=RULE)
    case = here.bad_answer()
    assert states(here, case) == []
    here.pass_time(timedelta(minutes=16))
    assert states(here, case) == [("apology", "approved", "")]
    here.pass_time(timedelta(minutes=6))
    assert states(here, case) == [("apology", "sent", "")]
    assert [each.kind for each in here.hub.read.gestures_of(case.customer)] == ["apology"]
    here.pass_time(timedelta(days=1))
    assert len(states(here, case)) == 1


def test_a_rule_may_wait_for_a_person(company: MakeCompany) -> None:
    here = company(offers={"automatic": [{"text": "apology"}]})
    case = here.bad_answer()
    here.pass_time(timedelta(minutes=30))
    assert states(here, case) == [("apology", "draft", "")]


def test_no_rule_apologises_once_too_often_nor_where_a_person_has_begun_nor_without_a_text(
    company: MakeCompany,
) -> None:
    here = company(offers=RULE)
    case = here.bad_answer()
    for _ in range(2):
        here.hub.record_gesture(Gesture("apology", case.customer, "Budi"))
    here.pass_time(timedelta(minutes=30))
    assert (states(here, case), here.kinds(case).count("letter_missing")) == ([("apology", "draft", "")], 1)

    other = here.bad_answer({"email": "other@example.com", "name": "Other"})
    here.letters.draft(other, Wish("compensation", gift="EUR 5"), BUDI)
    here.pass_time(timedelta(minutes=30))
    assert states(here, other) == [("compensation", "draft", "")]


def test_a_flagged_case_gets_nothing_by_itself(company: MakeCompany) -> None:
    here = company(offers=RULE)
    case = here.bad_answer()
    here.deeds.change(here.cases.get(case.id), BUDI, flags=("legal",))
    here.pass_time(timedelta(minutes=30))
    assert states(here, case) == []


def test_the_arm_without_anything_holds_everything_back_but_what_is_owed(company: MakeCompany) -> None:
    here = company(offers=RULE)
    case = here.bad_answer()
    before = here.approved(case, "compensation", gift="EUR 5")
    case = assigned(here, case)
    assert here.letters.offers.get(before.id).reason == "trial"
    here.pass_time(timedelta(hours=1))
    assert states(here, case) == [("compensation", "withdrawn", "trial")]

    with pytest.raises(Refused) as refused:
        here.letters.draft(case, Wish("apology"), BUDI)
    assert refused.value.problems[0].reason == "In a trial: give no apology and no compensation before 2026-03-30."
    with pytest.raises(Refused):
        here.letters.draft(case, Wish("apology-compensation", gift="EUR 5", owed=True), BUDI)
    owed = here.sent(case, "compensation", gift="the EUR 20 that we charged twice", owed=True)
    assert owed.state == "sent"
    approved = [each for each in here.cases.history(case.id) if each.kind == "approved"]
    assert approved[-1].detail["deviation"] is True
    assert here.sent(case, "follow-up", done="We repaired it.").state == "sent"

    here.pass_time(4 * WEEK)
    assert here.sent(case).state == "sent"


def test_a_trial_that_ends_holds_nothing_back_any_more(company: MakeCompany) -> None:
    here = company()
    case, other = here.bad_answer(), here.bad_answer({"email": "other@example.com", "name": "Other"})
    assigned(here, case)
    assigned(here, other, experiment="other2345678")
    for _ in "12":  # as for a case that was assigned in the very moment of the end
        here.instance.hub("apology").publish("apology.ended", {"experiment": "trial2345678", "state": "stopped"})
        here.pass_time(timedelta(minutes=1))
    case = here.cases.get(case.id)
    assert here.kinds(case).count("trial_ended") == 1
    assert (here.sent(case).state, case.reask_at is not None) == ("sent", True)
    with pytest.raises(Refused):
        here.letters.draft(here.cases.get(other.id), Wish("apology"), BUDI)


def test_the_letter_of_an_arm_leaves_by_itself_or_waits_for_a_person(company: MakeCompany) -> None:
    here = company()
    gift = {"value": "EUR 10", "cost_cents": 1000, "currency": "EUR"}
    case = assigned(here, here.bad_answer(), arm="both", apology="apology-promise", compensation=gift)
    here.pass_time(timedelta(minutes=6))
    (offer,) = here.letters.offers.of_cases([case.id])
    assert (offer.state, offer.kind, offer.manner, offer.trial, offer.cost_cents) == (
        "sent", "both", "promise", "trial2345678", 1000,
    )  # fmt: skip
    assert "EUR 10" in offer.words
    other = here.bad_answer({"email": "other@example.com", "name": "Other"})
    assigned(here, other, arm="apology", apology="apology", approve=True)
    assert states(here, other) == [("apology", "draft", "")]


def test_an_arm_whose_text_is_not_there_is_work_for_a_person(company: MakeCompany) -> None:
    here = company()
    case = assigned(here, here.bad_answer(), arm="apology", apology="gone")
    (step,) = [each for each in here.cases.history(case.id) if each.kind == "letter_missing"]
    assert step.detail == {"why": "text: there is no such text"}


def test_a_trial_asks_again_at_its_own_time_and_once(company: MakeCompany) -> None:
    here = company()
    case = assigned(here, here.bad_answer())
    here.closed(case)
    here.pass_time(timedelta(days=4))
    assert here.cases.get(case.id).invitation == ""
    with pytest.raises(Refused):
        here.asking.call_off(here.cases.get(case.id), BUDI)
    here.deeds.reopen(here.cases.get(case.id), BUDI)  # calls nothing off: the time is the same for all arms
    here.pass_time(timedelta(days=3, hours=1))
    assert here.cases.get(case.id).invitation != ""
    assert here.kinds(case).count("asked_again") == 1
