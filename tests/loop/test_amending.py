"""A company's own interface adds to an answer; nothing more is waited for only when everything shown is answered."""

from datetime import timedelta

import pytest

from feedbackhub import ContactEvent
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.store.queries import invitations
from feedbackhub.surveys import visible


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"ask": (AskEntry(name="all", survey="effort", channels=("mailbox",)),)})


@pytest.fixture
def asked(core: Core) -> str:
    body = {"source": "desk", "external_id": "1", "customer": {"email": "ann@example.org"}}
    invitation = record_contact(core, ContactEvent.model_validate(body)).contact.invitation
    assert invitation is not None
    return invitation.id


def stored(core: Core, invitation: str) -> tuple[object, bool]:
    with core.store.read() as connection:
        row = invitations.by_public_id(connection, invitation)
        assert row is not None
        return row.answers, row.settled_at is not None


def question(core: Core, role: str) -> str:
    with core.store.read() as connection:
        version = core.shelf.newest(connection, "effort")
    assert version is not None
    return next(question.id for question in version.survey.questions if question.role == role)


def test_a_comment_that_comes_later_keeps_the_rating(core: Core, asked: str) -> None:
    rating, comment = question(core, "effort"), question(core, "comment")
    submit(core, asked, {rating: 2}, via="api")
    second = submit(core, asked, {comment: "The form asked twice."}, via="api")
    assert second.values == {rating: 2, comment: "The form asked twice."}
    assert stored(core, asked)[0] == {rating: 2, comment: "The form asked twice."}


def test_null_takes_an_answer_back(core: Core, asked: str) -> None:
    rating, comment = question(core, "effort"), question(core, "comment")
    submit(core, asked, {rating: 2, comment: "Wrong person."}, via="api")
    submit(core, asked, {comment: None}, via="api")
    assert stored(core, asked)[0] == {rating: 2}


def test_a_form_sends_all_its_answers(core: Core, asked: str) -> None:
    rating, comment = question(core, "effort"), question(core, "comment")
    submit(core, asked, {rating: "2", comment: "Slow."})
    submit(core, asked, {rating: "3", comment: ""})
    assert stored(core, asked)[0] == {rating: 3}


def test_a_rating_alone_is_left_open_for_half_an_hour(core: Core, clock: SetClock, asked: str) -> None:
    submit(core, asked, {question(core, "effort"): 2}, via="api")
    assert stored(core, asked)[1] is False
    clock.move(timedelta(minutes=31))
    Engine(core).drain()
    assert stored(core, asked)[1] is True


def test_when_everything_shown_is_answered_nothing_is_waited_for(core: Core, asked: str) -> None:
    with core.store.read() as connection:
        version = core.shelf.newest(connection, "effort")
    assert version is not None
    first, *_ = version.survey.questions
    shown = visible(version.survey, {first.id: first.points[-1]})
    everything = {each.id: first.points[-1] if each is first else "Fine." for each in shown}
    assert submit(core, asked, everything, via="api").complete
    assert stored(core, asked)[1] is True
