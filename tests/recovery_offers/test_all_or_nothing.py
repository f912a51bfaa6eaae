"""A machine that dies on the way of a letter, or of asking again, loses neither; whatever runs again is done once."""

from datetime import timedelta
from typing import Any

import pytest

from feedbackhub import Call
from feedbackhub.machinery.plugin_hub import PluginHub
from feedbackhub_plugins.recovery.leaving import Leaving
from feedbackhub_plugins.recovery.letters import Letters
from tests.recovery_offers.company import BUDI
from tests.recovery_offers.conftest import MakeCompany
from tests.recovery_offers.test_making_good import RULE, assigned, states

SOON, NEXT_TRY = timedelta(minutes=6), timedelta(seconds=11)


def dies(*_: Any, **__: Any) -> None:
    raise OSError("the machine is gone")


@pytest.mark.parametrize("by", ["rule", "trial"])
def test_a_letter_that_was_drafted_when_the_machine_died_leaves_nevertheless(
    by: str, company: MakeCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = company(offers=RULE if by == "rule" else {})
    case = here.bad_answer()
    with monkeypatch.context() as patch:
        patch.setattr(Letters, "approve", dies)
        if by == "trial":
            assigned(here, case, arm="apology", apology="apology")
        here.pass_time(timedelta(minutes=16) if by == "rule" else timedelta(0))
        assert states(here, case) == [("apology", "draft", "")]
    here.pass_time(NEXT_TRY)
    assert states(here, case) == [("apology", "approved", "")]
    here.pass_time(SOON)
    assert states(here, case) == [("apology", "sent", "")]


def test_what_was_recorded_by_a_run_that_died_is_taken_back_with_its_letter(company: MakeCompany) -> None:
    here = company()
    case, leaving = here.bad_answer(), Leaving(here.letters)
    offer = here.sent(case)
    (gesture,) = here.hub.read.gestures_of(case.customer)
    assert offer.gestures == (gesture.id,)
    # As if the run that recorded it had died before it wrote that down.
    unnoted = here.letters.offers.change(offer, {"gestures": []})
    here.letters.did_not_arrive(unnoted, BUDI)
    here.pass_time()
    leaving.record(Call({"offer": offer.id}, 1, here.hub.clock.now()))
    assert [each.id for each in here.hub.read.gestures_of(case.customer)] == [gesture.id]
    leaving.record(Call({"offer": offer.id}, 2, here.hub.clock.now()))
    assert list(here.hub.read.gestures_of(case.customer)) == []


def test_an_ask_that_was_made_when_the_machine_died_is_told_once(
    company: MakeCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = company(reask={"on": False})
    case = here.closed(here.bad_answer())
    here.asking.plan(case, here.hub.clock.now() + timedelta(days=1), BUDI)

    def told() -> list[dict[str, Any]]:
        return [dict(each.payload) for each in here.hub.read.events(types=("recovery.asked_again",))]

    with monkeypatch.context() as patch:
        patch.setattr(PluginHub, "apply", dies)
        here.pass_time(timedelta(days=1))
        (asked,) = here.hub.read.asked_after(case.response)
        assert (here.cases.get(case.id).invitation, told()) == ("", [])
    here.pass_time(NEXT_TRY)
    assert here.cases.get(case.id).invitation == asked.public_id
    assert told() == [{"case": case.id, "invitation": asked.public_id}]
    asked_for = here.cases.get(case.id).reask_at
    assert asked_for is not None
    here.asking.run(Call({"case": case.id, "at": asked_for.isoformat()}, 2, here.hub.clock.now()))
    assert here.kinds(case).count("asked_again") == 1
