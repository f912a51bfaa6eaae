"""Answers: kept at once, amended, and never lost to a machine."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from feedbackhub.contract.errors import NotFound
from feedbackhub.loop.collect import NotOpen, Sighting, submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import reopen_contact
from feedbackhub.loop.judge import judge
from feedbackhub.loop.page import look_up
from feedbackhub.loop.shelf import publish
from feedbackhub.loop.suppress import opt_out
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.links import new_public_id
from feedbackhub.machinery.settings import AskEntry
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import (
    DAY,
    GOOD,
    HOUR,
    answer,
    answer_by_machine,
    asked,
    at_once,
    ended,
    events,
    person,
    rows,
    run,
    with_settings,
)
from tests.surveys.writing import written

MINUTE = timedelta(minutes=1)
BAD = {"satisfaction": "1", "solved": "no", "call_back": "yes", "call_back_phone": "+1 415 555 2671"}


def stored(core: Core) -> dict[str, object]:
    """Return the answers of the one response."""
    (row,) = rows(core, tables.response)
    return dict(row.answers)


def kind(core: Core, invitation: str) -> str:
    """Return which page is behind an invitation's link."""
    return look_up(core, core.links.token(invitation)).kind


def test_an_answer_is_stored_with_what_the_card_shows(core: Core) -> None:
    done = answer(core, asked(core, channel="phone"), {**BAD, "comment": "Slow 🙁"})
    assert (done.revision, done.stored, done.complete, done.low, done.missing) == (1, True, True, True, ())
    (row,) = rows(core, tables.response)
    assert (row.headline_question, row.headline, row.headline_max, row.score) == ("satisfaction", 1, 5, 0)
    assert (row.low, row.solved, row.wants_call, row.comment, row.via) == (True, False, True, "Slow 🙁", "page")
    given = {each.question: (each.role, each.value, each.score) for each in rows(core, tables.answer)}
    assert given["satisfaction"] == ("satisfaction", 1, 0)
    assert given["comment"] == ("comment", "Slow 🙁", None)
    assert events(core, "response.") == ["response.recorded"], "questions that were shown are still open"


def test_good_answers_are_kept_beside_bad_and_missing_ones(core: Core) -> None:
    done = answer(core, asked(core), {"comment": "no rating", "solved": "perhaps", "who": "me"})
    assert (done.stored, done.complete, done.values) == (True, False, {"comment": "no rating"})
    assert sorted(problem.question_id for problem in done.problems) == ["solved", "who"]
    assert stored(core) == {"comment": "no rating"}
    assert events(core, "response.") == ["response.recorded"], "not settled while something was refused"


def test_nothing_usable_stores_nothing(core: Core) -> None:
    done = answer(core, asked(core), {"satisfaction": "9"})
    assert (done.response, done.stored, done.complete) == ("", False, False)
    assert rows(core, tables.response) == []


def test_the_last_answer_of_a_person_wins_and_all_are_kept(core: Core, clock: SetClock) -> None:
    invitation = asked(core)
    first = answer(core, invitation, {"satisfaction": "2"})
    clock.move(5 * MINUTE)
    second = answer(core, invitation, {"satisfaction": "4", "comment": "better"})
    assert second.response == first.response
    assert (first.revision, second.revision) == (1, 2)
    assert stored(core) == {"satisfaction": 4, "comment": "better"}
    assert [row.answers for row in rows(core, tables.revision)] == [
        {"satisfaction": 2}, {"satisfaction": 4, "comment": "better"},
    ]  # fmt: skip
    assert sorted(row.question for row in rows(core, tables.answer)) == ["comment", "satisfaction"]
    assert events(core, "response.") == ["response.recorded", "response.changed"]


def test_a_machine_never_overwrites_a_person(core: Core, clock: SetClock) -> None:
    invitation = asked(core)
    answer(core, invitation, {"satisfaction": "5"})
    clock.move(MINUTE)
    done = answer_by_machine(core, invitation, {"satisfaction": "1"})
    assert (done.stored, done.revision) == (False, 2)
    assert stored(core) == {"satisfaction": 5}
    assert [row.confidence for row in rows(core, tables.revision)] == ["human", "suspect"]
    clock.move(MINUTE)
    assert answer(core, invitation, {"satisfaction": "4"}).revision == 3


def test_a_person_clears_a_machines_answer_and_begins_a_clock_of_its_own(core: Core, clock: SetClock) -> None:
    invitation = asked(core)
    run(core, clock, HOUR)
    answer_by_machine(core, invitation, {"satisfaction": "1"})
    (row,) = rows(core, tables.response)
    assert (row.confidence, row.signs) == ("suspect", ["honeypot", "no_page", "right_after_sending"])
    assert rows(core, tables.invitation)[0].state == "sent", "the person may still be reminded"
    judge(core, row.public_id, "discarded")
    run(core, clock, 2 * DAY)
    assert kind(core, invitation) == "open"
    answer(core, invitation, GOOD)
    (row,) = rows(core, tables.response)
    assert (row.confidence, row.signs, row.verdict, row.created_at) == ("human", [], "", clock.now())
    assert rows(core, tables.invitation)[0].state == "answered"
    assert events(core, "response.") == [
        "response.recorded", "response.changed", "response.settled", "response.changed",
    ]  # fmt: skip
    clock.move(DAY - MINUTE)
    assert kind(core, invitation) == "open"
    clock.move(MINUTE)
    assert kind(core, invitation) == "answered"


def test_what_a_person_accepted_no_machine_replaces(core: Core, clock: SetClock) -> None:
    invitation = asked(core)
    done = answer_by_machine(core, invitation, {"satisfaction": "4"})
    judge(core, done.response, "accepted")
    clock.move(MINUTE)
    assert not answer_by_machine(core, invitation, {"satisfaction": "1"}).stored
    assert stored(core) == {"satisfaction": 4}
    assert rows(core, tables.invitation)[0].state == "answered"
    with pytest.raises(NotFound):
        judge(core, new_public_id(), "accepted")


def test_machines_answer_over_machines(core: Core, clock: SetClock) -> None:
    invitation = asked(core)
    for value in ("1", "2", "3"):
        assert answer_by_machine(core, invitation, {"satisfaction": value}).stored
    assert stored(core) == {"satisfaction": 3}


def test_several_ratings_within_a_minute_are_a_weak_sign(core: Core, clock: SetClock) -> None:
    invitation = asked(core)
    seen = Sighting({}, "", core.links.page_proof(invitation, START - MINUTE))
    for value in ("1", "3", "5"):
        submit(core, invitation, {"satisfaction": value}, sighting=seen)
        clock.move(timedelta(seconds=2))
    assert [row.signs for row in rows(core, tables.revision)] == [
        ["no_language"], ["no_language"], ["no_language", "many_ratings"],
    ]  # fmt: skip
    assert stored(core) == {"satisfaction": 3}


def test_an_answer_may_be_changed_for_a_day(core: Core, clock: SetClock) -> None:
    invitation = asked(core)
    answer(core, invitation)
    clock.move(DAY - timedelta(seconds=1))
    answer(core, invitation, {"satisfaction": "3"})
    clock.move(timedelta(seconds=1))
    with pytest.raises(NotOpen) as closed:
        answer(core, invitation, {"satisfaction": "1"})
    assert (closed.value.kind, stored(core)) == ("answered", {"satisfaction": 3})


def test_closed_invitations_say_why(core: Core, clock: SetClock) -> None:
    expired = asked(core, "1")
    clock.move(15 * DAY)
    cancelled = asked(core, "2", {"email": "bob@example.org"})
    reopen_contact(core, "helpdesk", "2")
    stopped = asked(core, "3", {"email": "eve@example.org"})
    opt_out(core, stopped)
    for invitation, why in ((expired, "expired"), (cancelled, "cancelled"), (stopped, "stopped")):
        with pytest.raises(NotOpen) as closed:
            answer(core, invitation)
        assert closed.value.kind == why == kind(core, invitation)
    with pytest.raises(NotFound):
        submit(core, new_public_id(), GOOD)
    assert look_up(core, "forged").kind == look_up(core, core.links.token(new_public_id())).kind == "unknown"
    assert rows(core, tables.response) == []


def test_a_company_vouches_for_answers_through_its_own_interface(core: Core) -> None:
    done = submit(core, asked(core), {"satisfaction": 2}, via="api")
    (row,) = rows(core, tables.response)
    assert (done.stored, row.confidence, row.via) == (True, "human", "api")


@pytest.fixture
def strict(core: Core) -> Core:
    """An instance whose survey requires an answer to its second question."""
    why = "id: why, type: text, role: comment, text: Why?, required: true"
    text = written("id: rating, type: csat, text: How?", why)
    core.store.write(lambda connection: publish(connection, text, "tests", START))
    return with_settings(core, ask=(AskEntry(name="default", survey="short", channels=("mail",)),))


def test_a_rating_is_kept_though_something_required_is_missing(strict: Core) -> None:
    done = answer(strict, asked(strict), {"rating": "1"})
    assert (done.stored, done.complete, done.missing, done.low) == (True, False, ("why",), True)
    assert rows(strict, tables.invitation)[0].state == "answered"
    assert stored(strict) == {"rating": 1}


def test_an_unfinished_answer_settles_after_half_an_hour_of_quiet(strict: Core, clock: SetClock) -> None:
    core, invitation = strict, asked(strict)
    answer(core, invitation, {"rating": "2"})
    run(core, clock, 20 * MINUTE)
    answer(core, invitation, {"rating": "3"})
    run(core, clock, 29 * MINUTE)
    assert "response.settled" not in events(core)
    run(core, clock, MINUTE)
    assert events(core, "response.") == ["response.recorded", "response.changed", "response.settled"]
    run(core, clock, DAY)
    assert events(core, "response.settled") == ["response.settled"]


def test_an_unfinished_answer_settles_at_once_when_it_is_completed(strict: Core, clock: SetClock) -> None:
    core, invitation = strict, asked(strict)
    answer(core, invitation, {"rating": "2"})
    clock.move(MINUTE)
    answer(core, invitation, {"rating": "2", "why": "slow"})
    run(core, clock, DAY)
    assert events(core, "response.") == ["response.recorded", "response.changed", "response.settled"]


def test_thirty_two_answers_at_once_make_one_response_and_the_last_counts(core: Core) -> None:
    invitation = asked(core)
    seen = person(core, invitation)
    values = [{"satisfaction": str(n % 5 + 1), "comment": f"number {n}"} for n in range(32)]
    work = [partial(submit, core, invitation, each, "api", None if n % 2 else seen) for n, each in enumerate(values)]
    done = at_once(work)
    assert sorted(each.revision for each in done) == list(range(1, 33))
    assert len({each.response for each in done}) == 1
    (row,) = rows(core, tables.response)
    revisions = rows(core, tables.revision)
    assert [each.number for each in revisions] == list(range(1, 33))
    last = [each for each in revisions if each.confidence == "human"][-1]
    assert (row.answers, row.revision) == (last.answers, last.number)
    by_number = {each.revision: each.values for each in done}
    assert row.answers == by_number[last.number]
    assert {each.question: each.value for each in rows(core, tables.answer)} == row.answers
    assert len(events(core, "response.recorded")) == 1


def test_machines_and_persons_at_once_leave_the_last_person(core: Core) -> None:
    invitation = asked(core)
    work = [partial(answer_by_machine, core, invitation, {"satisfaction": "1"}) for _ in range(8)]
    work += [partial(submit, core, invitation, {"satisfaction": "5", "comment": str(n)}) for n in range(8)]
    at_once(work)
    (row,) = rows(core, tables.response)
    last = [each for each in rows(core, tables.revision) if each.confidence == "human"][-1]
    assert (row.confidence, row.answers, row.revision) == ("human", last.answers, last.number)


def test_answering_judging_sending_and_expiring_at_once_lose_nothing(core: Core, clock: SetClock) -> None:
    invitations = [asked(core, str(n), {"email": f"{n}@example.org"}) for n in range(6)]
    machine = [answer_by_machine(core, each, {"satisfaction": "1"}) for each in invitations]
    clock.move(HOUR)
    work: list[Callable[[], object]] = [partial(answer, core, each) for each in invitations]
    work += [partial(judge, core, each.response, "accepted") for each in machine]
    work += [partial(run, core, clock) for _ in range(2)]
    at_once(work)
    assert {row.confidence for row in rows(core, tables.response)} == {"human"}
    assert {row.state for row in rows(core, tables.invitation)} == {"answered"}


def test_answers_keep_the_survey_and_dimensions_they_were_asked_with(core: Core) -> None:
    invitation = asked(core, team="Billing")
    ended(core, "2", team="Sales")
    view = look_up(core, core.links.token(invitation))
    assert view.survey is not None
    assert (view.kind, view.survey.name, view.answered, view.names["customer"]["name"]) == (
        "open", "post-contact", False, "Ann",
    )  # fmt: skip
    answer(core, invitation)
    again = look_up(core, core.links.token(invitation))
    assert (again.answered, again.values) == (True, {"satisfaction": 5, "comment": "Thank you"})
    assert again.open_until == START + DAY


def test_looking_never_writes(core: Core) -> None:
    invitation = asked(core)
    before = [len(rows(core, table)) for table in tables.metadata.sorted_tables]
    for _ in range(3):
        look_up(core, core.links.token(invitation), "ar", "de")
    assert [len(rows(core, table)) for table in tables.metadata.sorted_tables] == before
