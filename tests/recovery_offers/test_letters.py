"""An apology is drafted, approved, sent once, and recorded once; until it leaves it can be taken back."""

from datetime import timedelta

import pytest

from feedbackhub import Conflict, Refused
from feedbackhub_plugins.recovery.drafting import Wish
from tests.recovery_offers.company import BUDI
from tests.recovery_offers.conftest import MakeCompany


def test_an_approved_apology_is_sent_as_it_was_approved_and_recorded_once(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    offer = here.letters.draft(case, Wish("apology"), BUDI)
    offer = here.letters.edit(offer, BUDI, words=offer.words + "\n\nYours, Budi")
    here.letters.approve(offer, BUDI)
    here.pass_time(timedelta(minutes=6))
    offer = here.letters.offers.get(offer.id)
    (letter,) = [each for each in here.instance.sent if each.kind == "letter"]
    assert (offer.state, letter.text, letter.subject, letter.to.value) == (
        "sent", offer.words, "We are sorry", "ann@example.com",
    )  # fmt: skip
    (gesture,) = here.hub.read.gestures_of(case.customer)
    assert (gesture.kind, gesture.manner, gesture.words, gesture.response) == (
        "apology", "plain", offer.words, case.response,
    )  # fmt: skip
    assert offer.gestures == (gesture.id,)
    assert [each for each in here.kinds(case) if each != "told"][-4:] == ["drafted", "edited", "approved", "letter_sent"]
