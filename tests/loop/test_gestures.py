"""Gestures: counted for the whole person, about the person's own things, and taken back with what they did."""

from datetime import datetime

import pytest

from feedbackhub import Identifier
from feedbackhub.contract.errors import NotFound
from feedbackhub.loop.card import read_card
from feedbackhub.loop.core import Core
from feedbackhub.loop.gestures import GestureNote, record_gesture, withdraw_gesture
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.links import new_public_id
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import DAY, HOUR, answer, asked, at_once, ended, events, rows

EMAIL, PHONE = Identifier("email", "ann@example.org"), Identifier("phone", "+14155552671")
WISH = {"satisfaction": "1", "call_back": "yes"}


def settled(core: Core) -> list[datetime | None]:
    """Return when each wish was fulfilled."""
    return [row.call_settled_at for row in rows(core, tables.response)]


@pytest.fixture
def ann(core: Core) -> str:
    """A customer who wants a call; her public id."""
    answer(core, asked(core, "1"), WISH)
    return read_card(core, [EMAIL]).customer


def test_gestures_are_counted_by_kind_for_the_whole_person(core: Core, ann: str) -> None:
    ended(core, "2", {"phone": PHONE.value}, ask=False)
    other = read_card(core, [PHONE]).customer
    ended(core, "3", {"email": EMAIL.value, "phone": PHONE.value}, ask=False)
    first = record_gesture(core, GestureNote("apology", ann, "Bo"))
    assert (first.nth, record_gesture(core, GestureNote("apology", other, "Bo")).nth) == (1, 2)
    assert record_gesture(core, GestureNote("compensation", ann, "Bo", value="5 EUR", cost_cents=500)).nth == 1
    withdraw_gesture(core, first.id)
    assert record_gesture(core, GestureNote("apology", ann, "Bo")).nth == 2
    card = read_card(core, customer=ann)
    assert sorted((each.kind, each.nth) for each in card.gestures) == [
        ("apology", 2), ("apology", 2), ("compensation", 1),
    ]  # fmt: skip


def test_gestures_at_once_are_the_first_and_the_second(core: Core, ann: str) -> None:
    found = at_once([lambda: record_gesture(core, GestureNote("apology", ann, "Bo"))] * 4)
    assert sorted(each.nth for each in found) == [1, 2, 3, 4]


def test_a_call_fulfils_the_wish_and_taking_it_back_opens_it_again(core: Core, clock: SetClock, ann: str) -> None:
    clock.move(HOUR)
    gesture = record_gesture(core, GestureNote("call_back", ann, "Bo")).id
    assert settled(core) == [clock.now()]
    assert read_card(core, customer=ann).wishes == ()
    clock.move(HOUR)
    withdraw_gesture(core, gesture, customer=ann)
    assert settled(core) == [None]
    assert len(read_card(core, customer=ann).wishes) == 1
    with pytest.raises(NotFound):
        withdraw_gesture(core, gesture)


def test_an_earlier_call_fulfils_no_later_wish(core: Core, ann: str) -> None:
    record_gesture(core, GestureNote("call_back", ann, "Bo", at=START - DAY, imported=True))
    assert settled(core) == [None]


def test_what_belongs_to_others_does_not_exist(core: Core, ann: str) -> None:
    theirs = answer(core, asked(core, "2", {"email": "bob@example.org"}))
    contact = ended(core, "3", {"email": "bob@example.org"}).contact
    anonymous = ended(core, "4", {}).contact
    bob = contact.customer
    assert bob is not None
    wrong = [
        GestureNote("apology", new_public_id(), "Bo"),
        GestureNote("apology", ann, "Bo", response=theirs.response),
        GestureNote("apology", ann, "Bo", contact=contact.id),
        GestureNote("apology", ann, "Bo", contact=anonymous.id),
        GestureNote("apology", ann, "Bo", agent=new_public_id()),
        GestureNote("apology", ann, "Bo", response=new_public_id()),
    ]
    for note in wrong:
        with pytest.raises(NotFound):
            record_gesture(core, note)
    assert rows(core, tables.gesture) == []
    gesture = record_gesture(core, GestureNote("apology", bob, "Bo", response=theirs.response, contact=contact.id)).id
    with pytest.raises(NotFound):
        withdraw_gesture(core, gesture, customer=ann)
    withdraw_gesture(core, gesture, customer=bob)
    assert events(core, "gesture.") == ["gesture.recorded", "gesture.withdrawn"]
