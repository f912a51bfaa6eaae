"""A clock that jumps is not believed at once."""

from datetime import timedelta

import pytest

from feedbackhub.loop.steady import Steady
from feedbackhub.machinery.clock import SetClock
from tests.app_fixtures import START

MINUTE = timedelta(minutes=1)


class Machine:
    """A clock that can be set, and seconds that are counted whatever it says."""

    def __init__(self) -> None:
        self.clock, self.counted = SetClock(START), 1000.0
        self.steady = Steady(self.clock, 5 * MINUTE, lambda: self.counted)

    def runs(self, by: timedelta) -> bool:
        """Let time pass and return whether the clock is doubted then."""
        self.clock.move(by)
        self.counted += by.total_seconds()
        return self.steady.doubtful()

    def jumps(self, by: timedelta) -> bool:
        """Set the clock and return whether it is doubted."""
        self.clock.move(by)
        return self.steady.doubtful()


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_time_that_passes_is_believed(machine: Machine) -> None:
    assert [machine.runs(span) for span in (MINUTE, timedelta(hours=3), timedelta(days=30))] == [False, False, False]


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-1), timedelta(days=400)])
def test_a_jump_is_doubted_until_it_has_stood_for_a_while(machine: Machine, by: timedelta) -> None:
    assert machine.jumps(by)
    assert [machine.runs(MINUTE) for _ in range(6)] == [True, True, True, True, False, False]


def test_a_clock_that_is_set_back_right_is_believed_at_once(machine: Machine) -> None:
    assert machine.jumps(timedelta(days=400))
    assert machine.runs(MINUTE)
    assert not machine.jumps(timedelta(days=-400))


def test_a_second_jump_begins_the_wait_anew(machine: Machine) -> None:
    machine.jumps(timedelta(hours=1))
    machine.runs(4 * MINUTE)
    assert machine.jumps(timedelta(hours=1))
    assert machine.runs(4 * MINUTE)
    assert not machine.runs(MINUTE)


def test_small_corrections_are_nothing(machine: Machine) -> None:
    assert [machine.jumps(timedelta(seconds=each)) for each in (5, -20, 90)] == [False, False, False]
