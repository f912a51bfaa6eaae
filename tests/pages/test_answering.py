"""Answering: the rating is kept at once, corrections lose nothing, and questions follow where they apply."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from feedbackhub.contract.errors import Unavailable
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import reopen_contact
from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.clock import SetClock
from tests.pages.visits import Visitor

Ask = Callable[..., InvitationView]
Visit = Callable[[InvitationView], Visitor]


def test_a_happy_answer_leads_to_the_thanks(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    answer = visitor.send(satisfaction="5", solved="yes", comment="Quick and kind.")
    assert (answer.status_code, answer.location) == (303, f"{visitor.path}/thanks?lang=en")
    assert "Thank you. Your answer has been saved" in visitor.client.get(answer.location).text
    stored = visitor.stored()
    assert dict(stored.answers) == {"satisfaction": 5, "solved": "yes", "comment": "Quick and kind."}
    assert (stored.confidence, stored.via, stored.language) == ("human", "page", "en")


def test_an_unhappy_answer_is_kept_before_the_page_asks_on(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    answer = visitor.send(satisfaction="1", comment="It's late & broken.")
    assert answer.status_code == 200
    assert visitor.asked() == ["call_back"]
    assert visitor.stored().answers == {"satisfaction": 1, "comment": "It's late & broken."}
    visitor.send(call_back="yes")
    assert visitor.asked() == ["call_back_phone", "call_back_time"]
    answer = visitor.send(call_back_phone="+62 812 3456 789", call_back_time="morning")
    assert "We are sorry that we let you down" in visitor.client.get(answer.location).text
    assert visitor.stored().answers == {
        "satisfaction": 1, "comment": "It's late & broken.", "call_back": "yes",
        "call_back_phone": "+62 812 3456 789", "call_back_time": "morning",
    }  # fmt: skip


def test_who_saw_the_following_questions_at_once_is_not_asked_them_again(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    visitor.look()
    script = {"seen-before": "call_back call_back_phone call_back_time"}
    assert visitor.send(satisfaction="1", **script).status_code == 303


def test_a_mistake_is_named_with_a_link_and_loses_nothing(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    answer = visitor.send(
        satisfaction="2", solved="no", comment="Nobody rang.", call_back="yes", call_back_phone="call me", solution="77"
    )
    assert answer.status_code == 422
    assert '<a href="#f-call_back_phone">' in answer.text
    assert "This does not look like a phone number" in answer.text
    assert "Please choose a number from 1 to 5." in answer.text
    assert 'value="call me"' in answer.text
    assert visitor.chosen() == [("satisfaction", "2"), ("solved", "no"), ("call_back", "yes")]
    kept = {"satisfaction": 2, "solved": "no", "comment": "Nobody rang.", "call_back": "yes"}
    assert visitor.stored().answers == kept


def test_an_empty_form_asks_for_an_answer_and_stores_nothing(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    answer = visitor.send(comment="   ")
    assert answer.status_code == 422
    assert "Please answer this question." in answer.text
    assert visitor.stored() is None


def test_answers_of_another_survey_are_left_alone(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask(topic="loyalty"))
    assert visitor.send(satisfaction="5", courtesy="4").status_code == 422
    assert visitor.stored() is None
    assert visitor.send(recommend="9", satisfaction="5").status_code == 303


def test_a_question_answered_twice_in_one_form_is_asked_again(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    answer = visitor.send(satisfaction=["1", "5"], solved="yes")
    assert answer.status_code == 422
    assert "Please choose only one answer." in answer.text
    assert visitor.stored().answers == {"solved": "yes"}


def test_an_answer_can_be_changed_for_a_day(ask: Ask, visit: Visit, clock: SetClock) -> None:
    visitor = visit(ask())
    visitor.send(satisfaction="4", solved="yes", comment="Fine")
    clock.move(timedelta(hours=23))
    text = visitor.look().text
    assert "You can change your answer until Mar 3, 2026, 11:10" in text
    assert visitor.chosen() == [("satisfaction", "4"), ("solved", "yes")]
    visitor.send(satisfaction="5", solved="yes", comment="Better")
    assert visitor.stored().answers == {"satisfaction": 5, "solved": "yes", "comment": "Better"}
    clock.move(timedelta(hours=2))
    assert "can no longer be changed" in visitor.look().text
    assert visitor.send(satisfaction="1").status_code == 409
    assert visitor.stored().answers["satisfaction"] == 5


def test_a_link_expires(ask: Ask, visit: Visit, clock: SetClock) -> None:
    visitor = visit(ask())
    visitor.look()
    clock.move(timedelta(days=15))
    assert visitor.send(satisfaction="5").status_code == 410
    answer = visitor.look()
    assert (answer.status_code, "This link has expired" in answer.text) == (410, True)
    assert visitor.stored() is None


def test_a_contact_that_goes_on_takes_the_question_back(ask: Ask, visit: Visit, core: Core) -> None:
    visitor = visit(ask(deliver=False))
    visitor.look()
    reopen_contact(core, "helpdesk", "T-1")
    assert visitor.send(satisfaction="5").status_code == 410
    answer = visitor.look()
    assert (answer.status_code, "taken back" in answer.text) == (410, True)


@pytest.mark.parametrize("at", ["looking", "storing"])
def test_when_the_database_is_gone_what_was_typed_is_kept(
    ask: Ask, visit: Visit, core: Core, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    visitor = visit(ask())
    visitor.look()

    def gone(*_: object) -> None:
        raise Unavailable("the database does not answer", timedelta(seconds=3))

    with monkeypatch.context() as patch:
        patch.setattr(core.store, "glance" if at == "looking" else "write", gone)
        answer = visitor.send(satisfaction="2", comment='<b>"late"', call_back="no")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"
    assert '<input type="hidden" name="comment" value="&lt;b&gt;&#34;late&#34;">' in answer.text
    assert visitor.stored() is None
    visitor.page = visitor.page.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", "”")
    assert visitor.send().status_code == 303
    assert visitor.stored().answers["satisfaction"] == 2


def test_a_body_beyond_all_bounds_is_refused(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    assert visitor.send(satisfaction="5", comment="x" * 2_000_000).status_code == 413
    long = {"satisfaction": "5", "comment": "x" * 50_000}
    answer = visitor.client.post(visitor.path, data=long, headers=visitor.headers)
    assert (answer.status_code, "Please shorten this" in answer.text) == (422, True)
    assert visitor.stored().answers == {"satisfaction": 5}


@pytest.mark.parametrize("text", ["\x00", "a\x00b\x1b[31m", "\u202egnp.exe", "😀" * 100, "\ufeff", "ع" * 500, "= 1+1"])
def test_odd_letters_are_taken_or_left_out(ask: Ask, visit: Visit, text: str) -> None:
    visitor = visit(ask())
    assert visitor.send(satisfaction="5", solved="yes", comment=text).status_code == 303
    said = visitor.stored().answers.get("comment", "")
    assert [sign for sign in "\x00\x1b\u202e\ufeff" if sign in said] == []
