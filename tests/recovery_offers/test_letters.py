"""An apology is drafted, approved, sent once, and recorded once; until it leaves it can be taken back."""

from datetime import timedelta

import pytest

from feedbackhub import Conflict, Effects, Gesture, PermanentFailure, Refused
from feedbackhub_plugins.recovery.case import Case
from feedbackhub_plugins.recovery.drafting import Wish
from feedbackhub_plugins.recovery.offer_events import OfferEvents
from feedbackhub_plugins.recovery.offers import Offer
from feedbackhub_plugins.recovery.settings import Settings
from tests.recovery_offers.company import ANN, BUDI, Company
from tests.recovery_offers.conftest import MakeCompany

SOON = timedelta(minutes=6)


def problems_of(here: Company, wish: Wish, **customer: str) -> list[str]:
    case = here.bad_answer({**ANN, **customer} if customer else None)
    with pytest.raises(Refused) as refused:
        here.letters.draft(case, wish, BUDI)
    return [each.field for each in refused.value.problems]


def letters(here: Company) -> list[str]:
    return [each.text for each in here.instance.sent if each.kind == "letter"]


def test_an_approved_apology_is_sent_as_it_was_approved_and_recorded_once(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    offer = here.letters.draft(case, Wish("apology"), BUDI)
    offer = here.letters.edit(offer, BUDI, words=offer.words + "\r\n\r\nYours, Budi")
    here.letters.approve(offer, BUDI)
    here.pass_time(SOON)
    offer = here.letters.offers.get(offer.id)
    (letter,) = [each for each in here.instance.sent if each.kind == "letter"]
    assert (offer.state, letter.text, letter.subject, letter.to.value, letter.language, letter.brand.key) == (
        "sent", offer.words, "We are sorry", "ann@example.com", "en", "default",
    )  # fmt: skip
    assert '<p style="margin:0 0 1em" dir="auto">Yours, Budi</p>' in letter.html
    (gesture,) = here.hub.read.gestures_of(case.customer)
    assert (gesture.kind, gesture.manner, gesture.words, gesture.response, gesture.by) == (
        "apology", "plain", offer.words, case.response, BUDI,
    )  # fmt: skip
    assert offer.gestures == (gesture.id,)
    steps = [each for each in here.kinds(case) if each != "untold"]
    assert steps[-4:] == ["drafted", "edited", "approved", "letter_sent"]
    here.pass_time(timedelta(days=2))
    assert (len(letters(here)), len(here.hub.read.gestures_of(case.customer))) == (1, 1)
    assert here.instance.faults() == []


def test_an_approved_letter_can_be_taken_back_until_it_leaves(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    approved = here.approved(case)
    here.pass_time(timedelta(minutes=4))
    back = here.letters.take_back(here.letters.offers.get(approved.id), BUDI)
    here.pass_time(timedelta(hours=1))
    assert (back.state, letters(here)) == ("taken_back", [])

    again = here.letters.approve(back, BUDI)
    here.pass_time(SOON)
    sent = here.letters.offers.get(again.id)
    assert (sent.state, len(letters(here))) == ("sent", 1)
    for deed in (here.letters.take_back, here.letters.discard, here.letters.approve):
        with pytest.raises(Conflict):
            deed(sent, BUDI)


def test_both_a_compensation_and_an_apology_are_recorded_with_their_cost(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    gift = {"gift": "a voucher of EUR 10", "value": "EUR 10", "cost_cents": 800, "currency": "EUR"}
    offer = here.sent(case, "apology-explained", explanation="The parcel lay in the wrong depot.", **gift)
    assert "The parcel lay in the wrong depot." in letters(here)[0]
    assert "a voucher of EUR 10" in letters(here)[0]
    made = {each.kind: each for each in here.hub.read.gestures_of(case.customer)}
    assert (offer.kind, made["apology"].manner) == ("both", "explanation")
    given = made["compensation"]
    assert (given.value, given.cost_cents, given.currency) == ("EUR 10", 800, "EUR")

    withdrawn = here.letters.did_not_arrive(offer, BUDI)
    assert (withdrawn.state, withdrawn.reason) == ("withdrawn", "not_received")
    here.pass_time()
    assert list(here.hub.read.gestures_of(case.customer)) == []


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        (Wish("nothing-like-it"), ["text"]),
        (Wish("apology-explained"), ["explanation"]),
        (Wish("follow-up"), ["done"]),
        (Wish("call"), ["when"]),
        (Wish("compensation"), ["gift"]),
        (Wish("follow-up", done="All", gift="EUR 5"), ["gift"]),
        (Wish("compensation", gift="EUR 5", cost_cents=500), ["currency"]),
        (Wish("apology-explained", explanation="a" * 2001), ["explanation"]),
    ],
)
def test_what_is_missing_for_a_letter_is_said_with_its_field(
    wish: Wish, fields: list[str], company: MakeCompany
) -> None:
    assert problems_of(company(), wish) == fields


def test_a_third_apology_is_warned_of_with_its_source_and_goes_when_a_person_insists(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    for _ in range(2):
        here.hub.record_gesture(Gesture("apology", case.customer, "Budi"))
    offer = here.letters.draft(case, Wish("apology"), BUDI)
    with pytest.raises(Refused) as refused:
        here.letters.approve(offer, BUDI)
    (problem,) = refused.value.problems
    assert (problem.field, problem.reason.partition(". ")[0]) == (
        "despite", "This would be apology number 3 to this customer within 90 days",
    )  # fmt: skip
    assert here.letters.approve(offer, BUDI, despite=True).state == "approved"
    # One on its way counts, too.
    other = here.letters.draft(case, Wish("apology"), BUDI)
    cap = here.letters.cap(other)
    assert cap is not None
    assert cap.n == 3


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("", "words"), ("{{ customer.name }}", "words"),
        ("EUR 5 is yours if you would delete your review", "words"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_said_before_it_is_kept(words: str, field: str, company: MakeCompany) -> None:
    here = company()
    offer = here.letters.draft(here.bad_answer(), Wish("compensation", gift="EUR 5"), BUDI)
    with pytest.raises(Refused) as refused:
        here.letters.edit(offer, BUDI, words=words)
    assert [each.field for each in refused.value.problems] == [field]


def test_a_customer_with_a_phone_only_gets_the_short_text_and_too_long_a_one_is_refused(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer({"phone": "+6281234567890", "name": "Siti", "language": "id"})
    offer = here.letters.draft(case, Wish("follow-up", done="Pesanan Anda sudah kami kirim ulang."), BUDI)
    assert offer.words == (
        "Feedback: Masukan Anda sudah kami baca. Inilah yang kami lakukan: Pesanan Anda sudah kami kirim ulang."
    )
    with pytest.raises(Refused) as refused:
        here.letters.edit(offer, BUDI, words="a" * 460)
    (problem,) = refused.value.problems
    assert (problem.field, problem.reason) == ("words", "takes 4 parts as a short message; at most 3 are sent")


def test_what_waits_for_a_person_stands_in_a_list(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    assert "No letter waits" in here.instance.browser("agent").get("/x/recovery/letters").text
    draft = here.letters.draft(case, Wish("compensation", gift="EUR 5"), BUDI)
    approved = here.approved(case)
    assert {each.id for each in here.letters.offers.waiting()} == {draft.id, approved.id}
    here.pass_time(SOON)
    assert [each.id for each in here.letters.offers.waiting()] == [draft.id]
    assert f"/x/recovery/letters/{draft.id}" in here.instance.browser("agent").get("/x/recovery/letters").text


def failed(here: Company, case: Case) -> Offer:
    offer = here.approved(case, "follow-up", done="We sent it again.")
    here.instance.outbox.failures.append(PermanentFailure("no such mailbox"))
    here.pass_time(SOON)
    return here.letters.offers.get(offer.id)


def test_a_letter_that_failed_comes_back_as_work_and_can_be_sent_again(company: MakeCompany) -> None:
    here = company()
    offer = failed(here, here.closed(here.bad_answer()))
    case = here.cases.get(offer.case)
    assert (offer.state, offer.reason, case.state, list(here.hub.read.gestures_of(case.customer))) == (
        "failed", "not_taken", "open", [],
    )  # fmt: skip
    assert [each.payload["case"] for each in here.hub.read.events(types=("recovery.reopened",))] == [case.id]
    here.letters.approve(offer, BUDI)
    here.pass_time(SOON)
    assert here.letters.offers.get(offer.id).state == "sent"


def test_two_letters_that_failed_bring_a_case_back_once_and_reading_of_it_again_changes_nothing(
    company: MakeCompany,
) -> None:
    here = company()
    case = here.closed(here.bad_answer())
    here.approved(case, "follow-up", done="We sent it twice.")
    here.instance.outbox.failures.append(PermanentFailure("no such mailbox"))
    offer = failed(here, case)
    assert [each.kind for each in here.cases.history(case.id)].count("reopened") == 1
    here.letters.approve(offer, BUDI)
    again = OfferEvents(here.hub, here.hub.settings(Settings), here.letters)
    assert again.handle(here.hub.read.events(types=("letter.failed",))) == Effects([], [], [])


def test_whose_case_it_is_learns_that_a_letter_failed(company: MakeCompany) -> None:
    here = company(channel="outbox", teams={"Billing": {"owner": BUDI}})
    case = here.deeds.acknowledge(here.bad_answer(team="Billing"), BUDI)
    assert failed(here, case).state == "failed"
    here.pass_time(SOON)
    told = [each.subject for each in here.instance.sent if each.to.value == BUDI]
    assert told[-1:] == ["There is something new: Billing"]
    assert here.cases.get(case.id).state == "acknowledged"


def test_a_letter_to_somebody_who_wants_none_is_not_sent(company: MakeCompany) -> None:
    here = company()
    case = here.bad_answer()
    offer = here.approved(case)
    stop = next(each.stop_link for each in here.instance.sent if each.kind == "first")
    path = stop.removeprefix("https://feedback.example.com")
    here.instance.browser().post(path, data={"List-Unsubscribe": "One-Click"})
    here.pass_time(SOON)
    assert (here.letters.offers.get(offer.id).state, letters(here)) == ("dropped", [])
    with pytest.raises(Refused):
        here.letters.approve(here.letters.draft(case, Wish("apology"), BUDI), BUDI)
