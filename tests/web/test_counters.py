"""Counting hits: at most the limit within any window, and nothing kept of visitors who are gone."""

import threading
from collections.abc import Iterator

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.web.counters import Counters


@pytest.fixture
def at() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(1_000_000, tick=False) as traveller:
        yield traveller


def test_the_limit_holds_within_the_window_and_hits_are_forgotten_after_it(at: time_machine.Traveller) -> None:
    counters = Counters()
    assert [counters.hit("a", 2, 60) for _ in range(3)] == [None, None, 60]
    at.shift(59)
    assert counters.hit("a", 2, 60) == 1
    at.shift(1)
    assert counters.hit("a", 2, 60) is None


def test_visitors_do_not_count_for_each_other(at: time_machine.Traveller) -> None:
    counters = Counters()
    assert [counters.hit(who, 1, 60) for who in ("a", "b", "a")] == [None, None, 60]


def test_visitors_who_are_gone_take_no_memory(at: time_machine.Traveller) -> None:
    counters = Counters()
    for number in range(1000):
        counters.hit(f"visitor {number}", 5, 60)
    assert len(counters) == 1000
    at.shift(61)
    counters.hit("somebody else", 5, 60)
    assert len(counters) == 1


def test_many_at_once_get_no_more_than_the_limit() -> None:
    counters, taken = Counters(), []

    def come() -> None:
        for _ in range(50):
            if counters.hit("a", 100, 60) is None:
                taken.append(1)

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 100


@given(st.lists(st.floats(0, 30, allow_nan=False), max_size=40), st.integers(1, 5), st.integers(1, 60))
def test_no_window_ever_holds_more_than_the_limit(waits: list[float], limit: int, expiry: int) -> None:
    counters, taken = Counters(), []
    with time_machine.travel(1_000_000, tick=False) as traveller:
        now = 1_000_000.0
        for wait in waits:
            now += wait
            traveller.move_to(now)
            if counters.hit("a", limit, expiry) is None:
                taken.append(now)
    for begin in taken:
        assert sum(begin <= at < begin + expiry - 0.001 for at in taken) <= limit
