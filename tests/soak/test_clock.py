"""The clock jumps: nobody is asked twice, nobody is lost, and quiet hours are kept in the customer's zone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.soak.clock import HOUR, JUMPS, SPANS, ZONES, Glitch, Sent, days, late, problems, quiet_hours

STEP = 4 * HOUR
CONTACTS, SEED = 3, 7


@pytest.fixture(scope="module")
def usual() -> list[Sent]:
    """What these days bring when the clock is right: everybody is asked and reminded once."""
    return days(None, CONTACTS, SEED, STEP)


def test_everybody_is_asked_once_when_the_clock_is_right(usual: list[Sent]) -> None:
    assert sorted(each.kind for each in usual) == ["first"] * CONTACTS + ["reminder"] * CONTACTS


@pytest.mark.parametrize("by", JUMPS, ids=str)
def test_a_jump_that_is_set_right_soon_changes_nothing(by: timedelta, usual: list[Sent]) -> None:
    glitch = Glitch(20 * HOUR, by, SPANS[0])
    assert not any(problems(days(glitch, CONTACTS, SEED, STEP), usual, glitch).values())


@pytest.mark.parametrize("by", JUMPS[1::2], ids=str)
def test_a_jump_that_was_believed_asks_nobody_twice(by: timedelta, usual: list[Sent]) -> None:
    glitch = Glitch(20 * HOUR, by, SPANS[1])
    assert not any(problems(days(glitch, CONTACTS, SEED, STEP), usual, glitch).values())


@pytest.mark.parametrize("number", [1, 2], ids=lambda number: ZONES[number][0])
def test_quiet_hours_are_kept_through_changes_of_the_clocks(number: int) -> None:
    zone, change = ZONES[number]
    found = quiet_hours(zone, change, 4 * HOUR)
    assert (found["not asked"], found["in quiet hours"]) == (0, 0)


def test_what_is_late_since_nothing_could_be_sent_keeps_quiet_hours() -> None:
    assert late("Asia/Jakarta", 4 * HOUR) == {"not asked": 0, "in quiet hours": 0}
