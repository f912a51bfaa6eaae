"""Asking again: planned when a case closes, once, never past a refusal; the first answer stays as it was."""

from datetime import timedelta

import pytest

from feedbackhub import Refused
from feedbackhub_plugins.recovery.second_answers import compared
from tests.recovery_offers.company import BUDI, Company
from tests.recovery_offers.conftest import MakeCompany

LATER = timedelta(days=3, hours=1)


def test_a_better_answer_stands_beside_the_first_one_which_stays(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    first = here.hub.read.response(case.response)
    here.closed(case)
    assert here.cases.get(case.id).reask_at == here.hub.clock.now() + timedelta(days=3)
    here.pass_time(LATER)
    case = here.answered_again(case, 4)
    found = compared(here.hub, case)
    assert (found.first, found.then, found.went, found.is_low) == ("2|5", "4|5", "better", False)
    assert (case.state, case.again_low, here.hub.read.response(case.response)) == ("closed", False, first)
    assert here.hub.read.response(case.again_response).after_response == case.response
    here.pass_time(timedelta(days=10))
    assert here.kinds(case).count("asked_again") == 1
    assert here.instance.faults() == []


def test_an_answer_that_is_bad_again_reopens_the_case_and_opens_no_other(company: MakeCompany) -> None:
    here = company()
    case = here.closed(here.bad_answer())
    here.pass_time(LATER)
    again = here.answered_again(case, 1)
    assert (again.state, again.outcome, again.again_low) == ("open", "", True)
    assert len(here.cases.of_person(case.customer)) == 1
    types = [each.type for each in here.hub.read.events(types=("recovery.*",))]
    assert types.count("recovery.answered_again") == 1
    assert types[-1] == "recovery.reopened"


@pytest.mark.parametrize("outcome", ["unfounded", "duplicate", "unreachable"])
def test_nobody_is_asked_again_where_there_is_nothing_to_ask(outcome: str, company: MakeCompany) -> None:
    here = company()
    case = here.closed(here.bad_answer(), outcome)
    here.pass_time(LATER)
    assert (case.reask_at, here.cases.get(case.id).invitation) == (None, "")


def test_a_reopened_case_asks_later_and_a_person_may_say_when_or_not_at_all(company: MakeCompany) -> None:
    here = company(reask={"on": False})
    case = here.closed(here.bad_answer())
    assert case.reask_at is None
    here.asking.plan(case, here.hub.clock.now() + timedelta(days=1), BUDI)
    here.deeds.reopen(here.cases.get(case.id), BUDI)
    here.pass_time()
    here.pass_time(timedelta(days=2))
    assert here.cases.get(case.id).invitation == ""

    here.asking.plan(here.cases.get(case.id), here.hub.clock.now() + timedelta(days=1), BUDI)
    here.asking.call_off(here.cases.get(case.id), BUDI)
    here.pass_time(timedelta(days=2))
    assert here.cases.get(case.id).invitation == ""

    here.asking.plan(here.cases.get(case.id), here.hub.clock.now(), BUDI)
    here.pass_time()
    assert here.cases.get(case.id).invitation != ""
    with pytest.raises(Refused):
        here.asking.plan(here.cases.get(case.id), here.hub.clock.now(), BUDI)


def stopped(here: Company) -> None:
    stop = next(each.stop_link for each in here.instance.sent if each.kind == "first")
    path = stop.removeprefix("https://feedback.example.com")
    here.instance.browser().post(path, data={"List-Unsubscribe": "One-Click"})


def test_whoever_wants_no_more_is_not_asked_and_the_case_says_why(company: MakeCompany) -> None:
    here = company()
    case = here.closed(here.bad_answer())
    stopped(here)
    here.pass_time(LATER)
    (step,) = [each for each in here.cases.history(case.id) if each.kind == "reask_refused"]
    assert here.cases.get(case.id).invitation == ""
    assert step.detail["why"] != ""


def test_one_person_with_two_cases_is_asked_again_once_within_the_days_between(company: MakeCompany) -> None:
    here = company(settings={"throttle": {"days": 0}})
    first = here.bad_answer()
    here.closed(first)
    here.pass_time(LATER)
    second = here.bad_answer()
    here.closed(second)
    here.pass_time(LATER)
    assert here.cases.get(first.id).invitation != ""
    (step,) = [each for each in here.cases.history(second.id) if each.kind == "reask_refused"]
    assert step.detail["why"] == "The customer was asked again of late, about another answer."
    here.asking.plan(here.cases.get(second.id), here.hub.clock.now() + timedelta(days=31), BUDI)
    here.pass_time(timedelta(days=31))
    assert here.cases.get(second.id).invitation != ""
