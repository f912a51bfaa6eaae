"""When to take care, where things go, and what to say first: pure functions over what the card shows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from feedbackhub.loop.card_parts import Caution, Opening, PastContact, PastGesture, Rating, Trend, Wish
from feedbackhub.loop.careful import apologies_in, careful, opening, trend
from tests.app_fixtures import START
from tests.loop.story import DAY, HOUR

RATING = Rating("r", START - DAY, START - DAY, "chat", "", "", "invoice", "How?", 5, 5, 100, False, True, "")
LOW = replace(RATING, value=1, score=0, low=True)
UNSOLVED = replace(RATING, solved=False)
LONG_AGO = START - timedelta(days=91)
CONTACT = PastContact("c", START - DAY, "chat", "", "", "delivery", "7", "", 1, False)
REOPENED = replace(CONTACT, reopened=True)
APOLOGY = PastGesture("g", "apology", START - HOUR, "", "", "", 1)
WISH = Wish("r", START - HOUR, "", "")


@pytest.mark.parametrize(
    ("scores", "where"),
    [
        ([], "too_few"),
        ([0, 0, 100], "too_few"),
        ([None, None, 50, 50], "too_few"),
        ([100, 100, 0, 0], "up"),
        ([0, 0, 100, 100], "down"),
        ([50, 50, 50, 50], "steady"),
        ([60, 60, 50, 50], "steady"),
        ([63, 63, 50, 50], "up"),
        ([0, 0, 100, 100, 100], "down"),
    ],
)
def test_the_trend_compares_the_newer_half_with_the_older(scores: list[int | None], where: Trend) -> None:
    assert trend([replace(RATING, score=score) for score in scores]) == where


@pytest.mark.parametrize(
    ("ratings", "gestures", "wishes", "contacts", "cautions"),
    [
        ([], [], [], [], []),
        ([RATING], [], [], [CONTACT], []),
        ([LOW], [], [], [], [Caution("low_last")]),
        ([RATING, LOW], [], [], [], []),
        ([RATING, LOW, LOW], [], [], [], [Caution("low_again", {"n": 2})]),
        ([LOW, replace(LOW, at=LONG_AGO)], [], [], [], [Caution("low_last")]),
        ([replace(LOW, at=LONG_AGO)], [], [], [], []),
        ([UNSOLVED], [], [], [], [Caution("not_solved")]),
        ([RATING, UNSOLVED], [], [], [], []),
        ([], [], [], [REOPENED], []),
        ([], [], [], [REOPENED, REOPENED], [Caution("reopened_often")]),
        ([], [], [], [REOPENED, replace(REOPENED, at=LONG_AGO)], []),
        ([], [APOLOGY], [], [], []),
        ([], [APOLOGY, APOLOGY], [], [], [Caution("apologies", {"n": 2, "days": 90})]),
        ([], [APOLOGY, replace(APOLOGY, kind="compensation")], [], [], []),
        ([], [], [WISH], [], []),
        ([], [], [WISH, replace(WISH, at=START - 3 * DAY)], [], [Caution("call_waiting", {"days": 3})]),
        (
            [replace(LOW, solved=False)], [APOLOGY, APOLOGY], [replace(WISH, at=START - DAY)], [],
            [Caution("call_waiting", {"days": 1}), Caution("low_last"), Caution("not_solved"),
             Caution("apologies", {"n": 2, "days": 90})],
        ),
    ],
)  # fmt: skip
def test_reasons_to_take_care_come_weightiest_first(
    ratings: list[Rating], gestures: list[PastGesture], wishes: list[Wish], contacts: list[PastContact],
    cautions: list[Caution],
) -> None:  # fmt: skip
    received = apologies_in(gestures, most=2, days=90, now=START)
    assert list(careful(ratings, received, wishes, contacts, START)) == cautions


@pytest.mark.parametrize(
    ("ratings", "gestures", "wishes", "contacts", "said"),
    [
        ([], [], [], [], None),
        ([LOW], [], [WISH], [], Opening("call_wish")),
        ([LOW], [], [], [], Opening("unhappy_topic", {"topic": "invoice"})),
        ([replace(LOW, topic="")], [], [], [], Opening("unhappy", {"topic": ""})),
        ([LOW], [APOLOGY], [], [], Opening("after_gesture")),
        ([LOW], [replace(APOLOGY, at=START - 2 * DAY)], [], [], Opening("unhappy_topic", {"topic": "invoice"})),
        ([replace(LOW, solved=False)], [APOLOGY], [], [], Opening("solved_now_topic", {"topic": "invoice"})),
        ([UNSOLVED], [], [], [], Opening("solved_now_topic", {"topic": "invoice"})),
        ([replace(RATING, comment="Lovely")], [], [], [], Opening("thank_words")),
        ([RATING], [], [], [], Opening("thank_topic", {"topic": "invoice"})),
        ([replace(RATING, score=50)], [], [], [], None),
        ([replace(RATING, score=50)], [], [], [CONTACT], Opening("last_topic", {"topic": "delivery"})),
        ([replace(LOW, at=LONG_AGO)], [], [], [replace(CONTACT, topic="")], Opening("last_contact", {"topic": ""})),
        ([], [], [], [replace(CONTACT, at=LONG_AGO)], None),
    ],
)
def test_one_thing_is_worth_saying_first(
    ratings: list[Rating], gestures: list[PastGesture], wishes: list[Wish], contacts: list[PastContact],
    said: Opening | None,
) -> None:  # fmt: skip
    assert opening(ratings, gestures, wishes, contacts, START) == said
