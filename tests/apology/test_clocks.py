"""What wrong clocks may and may not do: the order of the log and of assignment holds, whatever times say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedbackhub import GestureRecord, Response
from feedbackhub_plugins.apology.looking import is_full
from feedbackhub_plugins.apology.outcomes import is_of_arm, outcome_of
from feedbackhub_plugins.apology.records import Assignment
from feedbackhub_plugins.apology.ripe import has_answered, is_ahead, is_open, ripe

from .conftest import plan

DAY = timedelta(days=1)
THEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
BLANK: Mapping[str, Any] = dict.fromkeys(Assignment.__slots__)
ONE = Assignment(**{
    **BLANK, "number": 1, "arm": "nothing", "assigned_at": THEN, "reask_at": THEN + 7 * DAY, "is_over": False,
    "window_ends_at": THEN + 21 * DAY, "again": "", "received": (),
})  # fmt: skip
CLOSED = replace(ONE, is_over=True)


def moved(days: float, **more: Any) -> Assignment:
    """Return the same person as a clock that is so many days off would have dated them."""
    by = days * DAY
    return replace(
        ONE, assigned_at=ONE.assigned_at + by, reask_at=ONE.reask_at + by, window_ends_at=ONE.window_ends_at + by,
        **more,
    )  # fmt: skip


def answer(day: float, score: float | None = 100.0, counted: bool = True, changed: float | None = None) -> Response:
    """Return a second answer of so many days after the assignment."""
    of = {each.name: None for each in fields(Response)}
    told = {
        "public_id": "again", "score": score, "low": score == 0, "counted": counted, "answered_at": THEN + day * DAY,
        "changed_at": THEN + (day if changed is None else changed) * DAY,
    }  # fmt: skip
    return Response(**{**of, **told})  # type: ignore[arg-type]


def after(one: Assignment, *answers: Response) -> Assignment:
    """Return the assignment after its answer was read so many times."""
    for each in answers:
        one = replace(one, **outcome_of(plan(), one, each))
    return one


@pytest.mark.parametrize(("day", "counts"), [(8, True), (21, True), (21.1, False)])
def test_an_answer_counts_until_the_end_of_the_window(day: float, counts: bool) -> None:
    found = after(ONE, answer(day))
    assert (found.again, found.won, has_answered(found)) == ("again", True, counts)


def test_an_answer_behind_a_closed_window_is_late_whatever_the_clock_says() -> None:
    found = after(CLOSED, answer(8))
    assert (found.again, found.won, has_answered(found)) == ("again", True, False)
    assert found.answered_within(30)
    assert not has_answered(after(found, answer(8, changed=9)))
    discarded = after(found, answer(8, counted=False))
    assert (discarded.again, discarded.answered_at) == ("", None)
    assert not has_answered(after(discarded, answer(8)))


def test_an_answer_seen_in_time_counts_whenever_it_is_judged() -> None:
    suspect = after(ONE, answer(8, counted=False))
    assert (suspect.again, suspect.won, has_answered(suspect)) == ("again", None, False)
    accepted = after(replace(suspect, is_over=True), answer(8))
    assert (accepted.won, has_answered(accepted), accepted.answered_at) == (True, True, THEN + 8 * DAY)
    assert after(accepted, answer(8, counted=False)).answered_at is None
    assert has_answered(after(accepted, answer(8, counted=False), answer(8)))


@pytest.mark.parametrize(("closed", "changed", "won"), [(False, 20, False), (False, 22, True), (True, 9, True)])
def test_an_answer_changes_until_the_window_is_closed_or_over(closed: bool, changed: float, won: bool) -> None:
    first = replace(after(ONE, answer(8)), is_over=closed)
    assert after(first, answer(8, 0.0, changed=changed)).won is won


@pytest.mark.parametrize(("day", "more", "noted"), [
    (1, {}, True), (-1, {}, False), (-1, {"response": "first"}, True), (21, {}, True), (22, {}, False),
    (9, {}, True), (1, {"imported": True}, False), (22, {"response": "first"}, False),
])  # fmt: skip
def test_gestures_from_the_assignment_to_the_end_of_the_window_are_noted(
    day: float, more: dict[str, Any], noted: bool
) -> None:
    of = {each.name: None for each in fields(GestureRecord)} | {"imported": False, "response": "", **more}
    gesture = GestureRecord(**{**of, "at": THEN + day * DAY})  # type: ignore[arg-type]
    one = replace(ONE, response="first")
    assert is_of_arm(one, gesture) is noted
    assert is_of_arm(replace(one, answered_at=THEN + 8 * DAY), gesture) is (noted and day <= 8)


def test_an_answer_without_a_rating_is_none() -> None:
    assert has_answered(after(ONE, answer(8, None))) is False


@pytest.mark.parametrize(("days", "ahead"), [(0, False), (-3000, False), (20.9, False), (21.1, True), (3000, True)])
def test_who_is_dated_further_away_than_a_window_is_ahead(days: float, ahead: bool) -> None:
    one = moved(days)
    assert is_ahead(one, THEN) is ahead
    assert is_open(one, THEN) is (not ahead and days > -21)
    assert not is_ahead(replace(one, is_over=True), THEN)


def test_who_is_dated_a_little_ahead_is_waited_for() -> None:
    late = THEN + 22 * DAY
    people = [moved(0), moved(15, number=2), moved(1, number=3), moved(-1, number=4)]
    assert [each.number for each in ripe(people, late)] == [1]
    assert [each.number for each in ripe([people[0], moved(90, number=2), *people[2:]], late)] == [1, 3, 4]


@pytest.mark.parametrize(("held", "full"), [
    ([], True),
    ([CLOSED], True),
    ([CLOSED, moved(1)], False),
    ([CLOSED, moved(3000)], True),
    # Nothing was closed yet, or what was closed ends later than now: then the clock itself is wrong.
    ([moved(3000)], False),
    ([moved(2900, is_over=True), moved(3000)], False),
])  # fmt: skip
def test_nobody_dated_years_ahead_keeps_an_experiment_from_its_end(held: list[Assignment], full: bool) -> None:
    assert is_full(held, THEN + 22 * DAY) is full
