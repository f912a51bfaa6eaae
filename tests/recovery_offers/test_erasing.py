"""Whoever is erased leaves no words in letters, and none that is still to leave goes out."""

from datetime import timedelta

from feedbackhub import Identifier
from feedbackhub.office.erasing import erase_person
from feedbackhub_plugins.recovery.drafting import Wish
from tests.recovery_offers.company import ANN, BUDI
from tests.recovery_offers.conftest import MakeCompany


def test_words_go_and_what_was_approved_does_not_leave(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    gift = {"gift": "a voucher for Ann", "cost_cents": 500, "currency": "EUR"}
    sent = here.sent(case, "apology-compensation", **gift)
    here.approved(case, "follow-up", done="We rang Ann.")
    here.letters.draft(case, Wish("call", when="when Ann likes"), BUDI)
    erase_person(here.instance.core, (Identifier("email", ANN["email"]),), "tests")
    here.pass_time(timedelta(minutes=10))
    found = here.letters.offers.of_cases([case.id])
    assert [(each.state, each.words, each.subject, each.gift, each.value) for each in found] == [
        ("sent", "", "", "", ""), ("withdrawn", "", "", "", ""), ("withdrawn", "", "", "", ""),
    ]  # fmt: skip
    assert (found[0].id, found[0].cost_cents) == (sent.id, 500)
    assert len([each for each in here.instance.sent if each.kind == "letter"]) == 1
    assert here.instance.faults() == []
