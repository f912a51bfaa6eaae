"""The life of a case: opened by a bad answer, told of, overdue, escalated, taken on, waiting, closed."""

from datetime import timedelta

from feedbackhub import Gesture, Identifier
from feedbackhub.loop.judge import judge
from feedbackhub.office.erasing import erase_person
from feedbackhub_plugins.recovery.deeds import Carrier

from .conftest import ANN, BOSS, LEAD, MONDAY, Here


def test_a_bad_answer_opens_a_case_for_its_team_and_a_good_one_none(here: Here) -> None:
    case = here.case("1", rating=1)
    here.answer("2", rating=5)
    assert [each.id for each in here.all()] == [case.id]
    assert (case.state, case.owner, case.reasons, case.flags) == ("open", ANN, ("low",), ())
    assert (case.acknowledge_by - case.opened_at, case.score) == (timedelta(hours=24), 0.0)
    (opened,) = here.events()
    assert opened.type == "recovery.opened"
    assert dict(opened.payload) == {
        "case": case.id, "response": case.response, "customer": case.customer, "contact": case.contact,
        "survey": "post-contact", "reasons": ["low"], "flags": [], "score": 0.0, "dimensions": dict(case.dimensions),
    }  # fmt: skip


def test_what_nobody_does_is_reminded_of_overdue_and_escalated_level_by_level(here: Here) -> None:
    case = here.case()
    here.at("2 12:35", "2 16:35", "2 20:00", "3 03:00", "3 12:35", "3 16:40")
    here.at("4 12:45", "4 16:50", "5 12:55", "7 12:00")
    assert here.kinds(case) == [
        "opened", "told", "reminded", "overdue", "reminded", "escalated", "reminded", "escalated"
    ]  # fmt: skip
    case = here.cases.get(case.id)
    assert (case.state, case.level, case.overdue_at) == ("open", 2, case.acknowledge_by + timedelta(minutes=4))
    assert [each.type for each in here.events()] == [
        "recovery.opened", "recovery.overdue", "recovery.escalated", "recovery.escalated"
    ]  # fmt: skip
    assert [each.to.value for each in here.mails] == [ANN] * 4 + [ANN, LEAD] * 2 + [ANN, BOSS, LEAD]
    first = here.mails[0]
    assert first.subject == "New case: Billing"
    assert f"https://feedback.example.com/x/recovery/cases/{case.id}" in first.text
    assert "c1@example.com" not in first.text + first.html


def test_one_person_gets_one_mail_about_all_cases(here: Here) -> None:
    here.at("2 18:00")
    for number in ("1", "2", "3"):
        here.answer(number)
    assert here.mails == []
    here.at("3 09:05")
    assert [(each.to.value, each.subject) for each in here.mails] == [(ANN, "3 cases need you")]


def test_a_case_of_no_team_is_everybodys(here: Here) -> None:
    case = here.case(team="Nowhere")
    here.at("2 12:35")
    assert case.owner == ""
    assert [each.to.value for each in here.mails] == [BOSS]


def test_who_takes_a_case_on_is_reminded_no_more_until_it_is_due(here: Here) -> None:
    case = here.case(team="Nowhere")
    taken = here.deeds.acknowledge(case, ANN)
    assert (taken.state, taken.owner, taken.due_at) == ("acknowledged", ANN, case.resolve_by)
    assert here.deeds.undo(taken, ANN).owner == ""
    here.deeds.acknowledge(here.cases.get(case.id), ANN)
    here.at("3 12:35", "4 12:35", "5 12:25")
    assert here.mails == []
    here.at("5 12:35")
    assert here.kinds(case) == ["opened", "acknowledged", "undone", "acknowledged", "overdue"]


def test_a_waiting_case_comes_back_by_itself(here: Here) -> None:
    case = here.deeds.wait(here.case(), ANN, MONDAY + timedelta(days=3), "The part comes on Thursday.")
    here.at("3 12:00", "5 09:55")
    assert here.cases.get(case.id).state == "waiting"
    here.at("5 10:05")
    back = here.cases.get(case.id)
    assert (back.state, back.next_at) == ("acknowledged", None)
    assert [each.subject for each in here.mails] == ["Its waiting time is over: Billing"]


def test_a_clock_that_was_ahead_parks_nothing(here: Here) -> None:
    case = here.case()
    here.at("12 10:00")
    assert here.cases.get(case.id).overdue_at is not None
    here.at("2 13:00", "2 13:10")
    back = here.cases.get(case.id)
    assert (back.overdue_at, back.watch_at) == (None, MONDAY + timedelta(hours=23, minutes=10))
    here.at("3 12:40")
    assert here.cases.get(case.id).overdue_at is not None


def test_a_closed_case_rests_and_a_slip_is_taken_back(here: Here) -> None:
    case = here.case()
    closed = here.deeds.close(case, ANN, "solved", "Refunded.")
    here.at("3 13:00", "5 13:00")
    assert (closed.state, here.mails) == ("closed", [])
    back = here.deeds.undo(closed, ANN)
    assert (back.state, back.outcome, back.closed_at, back.due_at) == ("open", "", None, case.due_at)
    assert [each.type for each in here.events()] == ["recovery.opened", "recovery.closed", "recovery.reopened"]


def test_a_second_bad_answer_of_a_person_joins_the_open_case(here: Here) -> None:
    case = here.case("1")
    again = here.answer("2", customer={"email": "c1@example.com"}, call_back="yes")
    (joined,) = here.all()
    assert (joined.id, joined.joined, joined.reasons) == (case.id, (again.public_id,), ("low", "call"))
    assert joined.due_at < case.due_at
    assert [dict(each.payload) for each in here.events()][1:] == [{"case": case.id, "response": again.public_id}]
    here.deeds.close(joined, ANN, "solved")
    third = here.case("3", customer={"email": "c1@example.com"})
    assert third.id != case.id


def test_a_call_made_takes_the_case_on(here: Here) -> None:
    case = here.case(call_back="yes")
    assert case.acknowledge_by - case.opened_at == timedelta(hours=2)
    here.hub.record_gesture(Gesture("call_back", case.customer, ANN, response=case.response))
    here.run(minutes=1)
    called = here.cases.get(case.id)
    assert (called.state, here.kinds(case)) == ("acknowledged", ["opened", "acknowledged"])


def test_answers_that_do_not_count_open_nothing_and_a_discarded_one_closes_its_case(here: Here) -> None:
    case = here.case()
    judge(here.instance.core, case.response, "discarded")
    here.run(minutes=1)
    ended = here.cases.get(case.id)
    assert (ended.state, ended.outcome) == ("closed", "discarded")
    judge(here.instance.core, case.response, "")
    here.run(minutes=1)
    assert here.cases.get(case.id).state == "open"
    here.answer("2", test=True)
    old = here.instance.answer(here.instance.ask("3", customer={"email": "c3@example.com"}), 1)
    judge(here.instance.core, old.public_id, "discarded")
    here.run(days=20)
    judge(here.instance.core, old.public_id, "")
    here.run(minutes=1)
    assert [each.id for each in here.all()] == [case.id]


def test_words_about_the_erased_go_and_the_course_stays(here: Here) -> None:
    case = here.case(topic="Her broken arm")
    here.deeds.note(case, ANN, "Lives at 5 Elm Street.")
    here.deeds.change(case, ANN, carrier=Carrier("T-77", "https://desk.example/T-77", quiet=False))
    erase_person(here.instance.core, [Identifier("email", "c1@example.com")], "admin")
    assert [each.text for each in here.cases.history(case.id)] == ["", "", ""]
    here.run(minutes=1)
    gone = here.cases.get(case.id)
    assert (gone.dimensions["topic"], gone.dimensions["team"]) == ("", "Billing")
    assert (gone.reference, gone.url, gone.state, gone.outcome, gone.score) == ("", "", "closed", "erased", 0.0)
    assert here.kinds(case) == ["opened", "note", "carried", "closed"]
