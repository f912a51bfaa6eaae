"""What the own last weeks tell a planner, from counted records; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from feedbackhub import Filters, Group
from feedbackhub.statistics import Share
from feedbackhub_plugins.apology.measure import measured_of
from feedbackhub_plugins.apology.plan import Who
from feedbackhub_plugins.apology.planner import Measured

from .conftest import plan

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BAD = ("standard", True, 10, False, "Delivery", "gold")


def measured(
    answers: list[tuple[int, int, tuple[Any, ...]]], sent: int = 0, answered: int = 0, won: int = 0, **who: Any
) -> Measured:  # fmt: skip
    """Return what is measured where so many days ago so many answers came, and so many second asks were sent."""

    def grouped(records: str, by: tuple[str, ...], filters: Filters) -> list[Group]:
        assert filters.until is not None
        if by[0] == "day":
            days = ((str(date(2026, 3, 2) - timedelta(days=ago)), n, rest) for ago, n, rest in answers)
            return [Group((day, *rest), n) for day, n, rest in days]
        assert (filters.survey, filters.until) == ("re-ask", NOW.replace(hour=0) - timedelta(days=14))
        if records == "responses":
            return [Group((100, False), won), Group((0, True), 5)]
        return [Group((True, True), answered), Group((True, False), sent - answered), Group((False, True), 7)]

    clock = SimpleNamespace(now=lambda: NOW)
    return measured_of(SimpleNamespace(clock=clock, read=SimpleNamespace(grouped=grouped)), plan(who=Who(**who)))


def test_weeks_count_from_the_first_answer_good_or_bad() -> None:
    good = ("standard", False, 100, False, "Delivery", "gold")
    assert measured([(1, 3, BAD), (8, 2, BAD), (29, 9, good)]).weeks == (0, 0, 0, 2, 3)
    assert measured([(1, 3, BAD)]).weeks == (3,)
    assert measured([(29, 9, good)]).weeks == (0, 0, 0, 0, 0)
    assert measured([(60, 9, BAD), (0, 4, BAD)]).weeks == ()


@pytest.mark.parametrize(("n", "answer", "who"), [
    (1, BAD, {}),
    (0, ("re-ask", *BAD[1:]), {}),
    (1, BAD, {"surveys": ("standard",)}),
    (0, BAD, {"surveys": ("other",)}),
    (0, (*BAD[:3], True, *BAD[4:]), {}),
    (1, (*BAD[:3], True, *BAD[4:]), {"calls_too": True}),
    (1, BAD, {"score_at_most": 10.0}),
    (0, BAD, {"score_at_most": 9.0}),
    (0, ("standard", True, None, False, None, None), {"score_at_most": 10.0}),
    (0, BAD, {"exclude_topics": (" delivery ",)}),
    (0, BAD, {"exclude_segments": ("GOLD",)}),
    (1, ("standard", True, None, False, None, None), {"exclude_topics": ("delivery",)}),
])  # fmt: skip
def test_bad_answers_are_counted_as_a_plan_takes_them_in(n: int, answer: tuple[Any, ...], who: dict[str, Any]) -> None:
    assert measured([(1, 1, answer)], **who).weeks == (n,)


def test_second_asks_that_were_sent_are_counted_once_their_window_is_over() -> None:
    found = measured([], sent=40, answered=25, won=12)
    assert (found.answered, found.won) == (Share(25, 40), Share(12, 40))
    assert measured([], sent=40, answered=25, won=26).won == Share(25, 40)
