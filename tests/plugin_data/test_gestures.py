"""What plugins do for customers and about them: gestures, the cap on apologies, whom to reach, who works here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import (
    Apologies,
    Channel,
    Gesture,
    Identifier,
    Letter,
    Message,
    NotFound,
    PermanentFailure,
    Reach,
    Receipt,
    Refused,
    TemporaryFailure,
)  # fmt: skip
from feedbackhub.loop.card_parts import PastGesture
from feedbackhub.loop.careful import apologies_in
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Gestures, Settings
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.users import invite_user
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import DAY, answer, asked, ended, rows, run
from tests.loop.suppressing import suppress_address
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Guest
from tests.plugin_data.work import call_off, only, retry

ANN = Identifier("email", "ann@example.org")
MOBILE = Identifier("phone", "+493055512345")


class Post(Channel):
    """A channel that fails as it was told to."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.reaches = name, (kind,)  # type: ignore[misc]
        self.plan: list[BaseException] = []

    def deliver(self, message: Message) -> Receipt:
        """Take the message."""
        if self.plan:
            raise self.plan.pop(0)
        return Receipt()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Flowers are given, too."""
    return settings.model_copy(update={"gestures": Gestures(kinds={"flowers": "Flowers"})})


@pytest.fixture
def guest() -> Guest:
    """A plugin that makes good."""
    return Guest("maker", tasks=lambda hub: [])


@pytest.fixture
def post() -> Post:
    """A channel to mail addresses."""
    return Post("post", "email")


@pytest.fixture
def core(open_with: OpenWith, guest: Guest, post: Post) -> Core:
    """An instance with both, and a second channel."""
    return open_with(guest, Guest("posts", channels=lambda hub: [post, Post("pager", "phone")]))


@pytest.fixture
def ann(core: Core) -> str:
    """A customer with a mail address and a number; her public id."""
    return ended(core, "1", {"email": ANN.value, "phone": MOBILE.value}, ask=False).contact.customer or ""


def told(core: Core) -> list[tuple[str, Any]]:
    """Return the events about letters."""
    return [(row.type, row.payload) for row in rows(core, tables.event) if row.type.startswith("letter.")]


def test_a_gesture_is_recorded_with_all_it_says(core: Core, guest: Guest, ann: str, clock: SetClock) -> None:
    contact = rows(core, tables.contact)[0].public_id
    made = guest.hub.record_gesture(Gesture(
        "apology", ann, "Bo", contact=contact, manner="promise", words="It will not happen again.\nBo", note="by mail",
    ))  # fmt: skip
    given = guest.hub.record_gesture(Gesture("compensation", ann, "Bo", value="Voucher", cost_cents=500, currency="EUR",
                                             at=clock.now() + timedelta(minutes=1)))  # fmt: skip
    assert ((made.nth, made.recent), (given.nth, given.recent)) == ((1, 1), (1, 1))
    newest, oldest = guest.hub.read.gestures_of(ann)
    assert (oldest.id, oldest.manner, oldest.words, oldest.contact, oldest.response, oldest.at) == (
        made.id, "promise", "It will not happen again.\nBo", contact, "", START,
    )  # fmt: skip
    assert (newest.id, newest.value, newest.cost_cents, newest.currency) == (given.id, "Voucher", 500, "EUR")
    run(core, clock)
    [event] = guest.hub.read.events(types=("gesture.recorded",))[:1]
    assert {name: event.payload[name] for name in ("gesture", "contact", "kind", "customer")} == {
        "gesture": made.id, "contact": contact, "kind": "apology", "customer": ann,
    }  # fmt: skip
    assert "words" not in event.payload


def test_a_key_is_recorded_once_and_gives_the_same_gesture(core: Core, guest: Guest, ann: str) -> None:
    gesture = Gesture("apology", ann, "Bo", key="offer-1")
    made = guest.hub.record_gesture(gesture)
    assert guest.hub.record_gesture(gesture) == made
    assert guest.hub.record_gesture(replace(gesture, key="offer-2")).nth == 2
    assert len(guest.hub.read.gestures_of(ann)) == 2


def test_what_was_taken_back_is_not_there_unless_asked_for(core: Core, guest: Guest, ann: str) -> None:
    made = guest.hub.record_gesture(Gesture("apology", ann, "Bo", key="offer-1"))
    guest.hub.withdraw_gesture(made.id)
    assert guest.hub.read.gestures_of(ann) == []
    assert [each.withdrawn for each in guest.hub.read.gestures_of(ann, withdrawn=True)] == [True]
    assert guest.hub.read.apologies(ann) == Apologies(0, 2, 90)
    with pytest.raises(NotFound):
        guest.hub.withdraw_gesture(made.id)


def test_a_third_apology_in_ninety_days_is_one_too_many(core: Core, guest: Guest, ann: str, clock: SetClock) -> None:
    seen = [guest.hub.read.apologies(ann).too_many]
    for _ in range(3):
        guest.hub.record_gesture(Gesture("apology", ann, "Bo"))
        guest.hub.record_gesture(Gesture("call_back", ann, "Bo"))
        seen.append(guest.hub.read.apologies(ann).too_many)
        clock.move(DAY)
    assert seen == [False, False, True, True]
    clock.move(87 * DAY)
    assert guest.hub.read.apologies(ann) == Apologies(2, 2, 90)
    clock.move(DAY)
    assert guest.hub.record_gesture(Gesture("apology", ann, "Bo")).recent == 2


def test_the_cap_is_the_whole_persons(core: Core, guest: Guest, ann: str) -> None:
    other = ended(core, "2", {"phone": "+493055599999"}, ask=False).contact.customer or ""
    for customer in (ann, other):
        guest.hub.record_gesture(Gesture("apology", customer, "Bo"))
    assert guest.hub.read.apologies(other).n == 1
    ended(core, "3", {"email": ANN.value, "phone": "+493055599999"}, ask=False)
    assert (guest.hub.read.apologies(ann).n, guest.hub.read.apologies(other).n) == (2, 2)
    assert len(guest.hub.read.gestures_of(other)) == 2


@given(st.lists(st.integers(-200, 0), max_size=12), st.integers(1, 20), st.integers(1, 150))
def test_one_apology_more_never_makes_fewer(days_ago: list[int], most: int, days: int) -> None:
    made = [PastGesture("g", "apology", START + each * DAY, "", "", "", 1) for each in days_ago]
    found = apologies_in(made, most, days, START)
    assert found.n == sum(each > -days for each in days_ago)
    one_more = apologies_in([*made, PastGesture("g", "apology", START, "", "", "", 1)], most, days, START)
    assert one_more.n == found.n + 1
    assert found.too_many == (one_more.n > most)


def test_kinds_are_those_of_the_core_and_of_the_settings(core: Core, guest: Guest, ann: str) -> None:
    assert guest.hub.record_gesture(Gesture("flowers", ann, "Bo")).nth == 1
    with pytest.raises(Refused, match=r"must be one of apology, compensation, call_back, flowers$"):
        guest.hub.record_gesture(Gesture("hug", ann, "Bo"))


def test_a_wrong_gesture_is_refused(core: Core, guest: Guest, ann: str) -> None:
    other = ended(core, "2", {"email": "ben@example.org"}, ask=False).contact
    right = Gesture("apology", ann, "Bo")
    anything: Any = ("words", 1, True)
    for wrong in (
        {"kind": ""}, {"kind": None}, {"manner": "loud"}, {"kind": "compensation", "manner": "plain"},
        {"by": "x" * 201}, {"words": "x" * 10_001}, {"words": None}, {"value": "a\nb"}, {"note": "\0"},
        {"cost_cents": -1}, {"cost_cents": 1.5}, {"cost_cents": True}, {"currency": "euro"},
        {"at": datetime(2026, 1, 1)}, {"key": "x" * 1001}, {"customer": "x" * 13},  # noqa: DTZ001
    ):  # fmt: skip
        with pytest.raises(Refused):
            guest.hub.record_gesture(replace(right, **wrong))
    for each in anything:
        with pytest.raises(Refused):
            guest.hub.record_gesture(each)
    for strange in ({"customer": "AAAAAAAAAAAA"}, {"contact": other.id}, {"response": "AAAAAAAAAAAA"}):
        with pytest.raises(NotFound):
            guest.hub.record_gesture(replace(right, **strange))
    assert rows(core, tables.gesture) == []


def test_erasing_removes_the_words_and_leaves_the_count(core: Core, guest: Guest, ann: str) -> None:
    guest.hub.record_gesture(Gesture("apology", ann, "Bo", manner="plain", words="Sorry, Ann", note="Ann cried"))
    erase_person(core, ann, "tests")
    [row] = rows(core, tables.gesture)
    assert (row.kind, row.manner, row.words, row.note) == ("apology", "plain", "", "")
    for read in (guest.hub.read.gestures_of, guest.hub.read.apologies, guest.hub.reach):
        with pytest.raises(NotFound):
            read(ann)
    with pytest.raises(NotFound):
        guest.hub.record_gesture(Gesture("apology", ann, "Bo", words="Sorry, Ann"))


def test_a_customer_is_reached_by_the_first_channel_that_is_open(core: Core, guest: Guest, ann: str) -> None:
    assert guest.hub.reach(ann, ("pager", "post")) == Reach("pager", MOBILE)
    assert guest.hub.reach(ann, ("gone", "post")) == Reach("post", ANN)
    assert guest.hub.reach(ann) is not None
    suppress_address(core, "phone", MOBILE.value, "bounce", "tests")
    assert guest.hub.reach(ann, ("pager", "post")) == Reach("post", ANN)
    assert guest.hub.reach(ann, ("pager",)) is None
    suppress_address(core, "email", ANN.value, "opt_out", "tests")
    assert guest.hub.reach(ann, ("pager", "post")) is None


def test_staff_are_those_who_may_sign_in(core: Core, guest: Guest, clock: SetClock) -> None:
    assert guest.hub.read.staff() == []
    for name, role in (("Lea", "manager"), ("Bo", "agent")):
        invite_user(core.store, clock, f"{name.lower()}@example.com", name, role, "tests")
    assert [(each.name, each.email, each.role) for each in guest.hub.read.staff()] == [
        ("Bo", "bo@example.com", "agent"), ("Lea", "lea@example.com", "manager"),
    ]  # fmt: skip
    assert [each.name for each in guest.hub.read.staff("manager")] == ["Lea"]


def letter(about: str) -> Letter:
    return Letter("post", ANN, "Sorry", "We are sorry.", about=about)


def test_a_plugin_learns_what_became_of_a_letter(core: Core, guest: Guest, post: Post, clock: SetClock) -> None:
    post.plan = [PermanentFailure("no such box")]
    guest.hub.send(letter("offer-1"))
    run(core, clock)
    about = {"plugin": "maker", "about": "offer-1"}
    assert told(core) == [("letter.failed", about)]
    retry(core, only(core))
    run(core, clock)
    assert told(core) == [("letter.failed", about), ("letter.sent", about)]
    guest.hub.send(letter(""))
    run(core, clock)
    assert len(told(core)) == 2


def test_a_letter_that_nobody_is_to_get_is_told_as_dropped(
    core: Core, guest: Guest, post: Post, ann: str, clock: SetClock
) -> None:
    post.plan = [TemporaryFailure("busy")]
    guest.hub.send(letter("called-off"))
    run(core, clock)
    call_off(core, only(core))
    post.plan = [TemporaryFailure("busy")]
    guest.hub.send(letter("erased"))
    run(core, clock)
    erase_person(core, ann, "tests")
    suppress_address(core, "email", ANN.value, "opt_out", "tests")
    guest.hub.send(letter("unwanted"))
    run(core, clock)
    assert [(type_, payload["about"]) for type_, payload in told(core)] == [
        ("letter.dropped", "called-off"), ("letter.dropped", "erased"), ("letter.dropped", "unwanted"),
    ]  # fmt: skip


@pytest.mark.parametrize("about", ["x" * 65, "ann@example.org", "Ann Example", "é", "a\nb", 1])
def test_what_a_letter_is_about_is_an_id(core: Core, guest: Guest, about: Any) -> None:
    with pytest.raises(Refused):
        guest.hub.send(letter(about))


def test_a_task_that_runs_twice_finds_the_ask_that_it_made(core: Core, guest: Guest, clock: SetClock) -> None:
    done = answer(core, asked(core))
    assert guest.hub.read.asked_after(done.response) == []
    made = guest.hub.ask("re-ask", after=done.response, due=clock.now() + DAY)
    with pytest.raises(Refused, match="asked about again already"):
        guest.hub.ask("re-ask", after=done.response)
    [found] = guest.hub.read.asked_after(done.response)
    assert (found.public_id, found.after_response, found.survey, found.sent_at) == (made, done.response, "re-ask", None)
    run(core, clock, 2 * DAY)
    again = answer(core, made, {"satisfaction": "5"})
    second = guest.hub.read.response(again.response)
    assert (second.invitation, second.after_response, second.rating) == (made, done.response, 5)
    assert guest.hub.read.asked_after(again.response) == []
    with pytest.raises(NotFound):
        guest.hub.read.asked_after("AAAAAAAAAAAA")
