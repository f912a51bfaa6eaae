"""Plugins' code is called behind a guard: what hangs, fails or ends the process costs its caller an error."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from feedbackhub import TemporaryFailure
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.containment import Containment, GivenUp, PluginFault
from feedbackhub.machinery.fuse import FIRST_REST, LONGEST_REST, ROW, Fuse

CLOCK = SetClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def contained() -> Containment:
    return Containment(CLOCK, hands=2)


def call(contained: Containment, fn: Any, limit: float = 5.0) -> Any:
    return contained.call("mine", "deliver pager", fn, limit=limit)


def reason(contained: Containment, fn: Any, limit: float = 5.0) -> str:
    with pytest.raises(PluginFault) as fault:
        call(contained, fn, limit)
    assert (fault.value.plugin, fault.value.what) == ("mine", "deliver pager")
    return fault.value.reason


def outcomes(contained: Containment) -> list[str]:
    return [ran.outcome for ran in contained.trace("mine")]


def test_what_works_is_returned_and_noted(contained: Containment) -> None:
    assert contained.call("mine", "deliver pager", max, 1, 2) == 2
    assert outcomes(contained) == ["ok"]


def test_errors_of_the_contract_pass_and_are_no_faults(contained: Containment) -> None:
    def busy() -> None:
        raise TemporaryFailure("busy")

    with pytest.raises(TemporaryFailure):
        call(contained, busy)
    assert [(ran.outcome, ran.is_fault) for ran in contained.trace()] == [("refused", False)]


@pytest.mark.parametrize("error", [ValueError("ann@example.com"), SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
def test_whatever_else_is_raised_is_a_fault_that_quotes_nobody(contained: Containment, error: BaseException) -> None:
    def fails() -> None:
        raise error

    said = reason(contained, fails)
    assert said.startswith(f"raised {type(error).__name__} in test_containment.py, line ")
    assert "ann" not in said
    assert outcomes(contained) == ["raised"]


def test_what_hangs_is_left_behind_and_the_next_call_works(contained: Containment) -> None:
    never = threading.Event()
    assert reason(contained, never.wait, limit=0.1) == "took longer than 0.1 s"
    assert call(contained, lambda: "fine") == "fine"
    never.set()


def test_a_plugin_all_of_whose_threads_hang_does_not_take_those_of_others(contained: Containment) -> None:
    never = threading.Event()
    for _ in range(2):
        reason(contained, never.wait, limit=0.05)
    assert reason(contained, lambda: "fine", limit=0.05).startswith("found none of its 2 threads free")
    assert contained.call("other", "deliver other", lambda: "fine") == "fine"
    never.set()


def test_threads_are_used_again(contained: Containment) -> None:
    used = {call(contained, threading.current_thread) for _ in range(20)}
    assert [(each.name, each.daemon) for each in used] == [("feedbackhub-plugin-mine", True)]


def test_many_callers_share_a_few_threads(contained: Containment) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda n: contained.call("mine", "deliver pager", lambda: n * 2), range(200)))
    assert found == [n * 2 for n in range(200)]


def test_who_waits_is_let_go_when_the_server_stops(contained: Containment) -> None:
    never, began = threading.Event(), threading.Event()

    def hangs() -> None:
        began.set()
        never.wait()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(call, contained, hangs, 60)
        assert began.wait(30)
        contained.stop()
        assert isinstance(waiting.exception(timeout=30), GivenUp)
    never.set()


def test_what_fails_five_times_in_a_row_rests_and_says_why(contained: Containment) -> None:
    tried: list[int] = []

    def fails() -> None:
        tried.append(1)
        raise ValueError

    for _ in range(ROW):
        reason(contained, fails)
    assert reason(contained, fails).startswith("rests after failing again and again: raised ValueError")
    assert (len(tried), contained.resting()) == (ROW, {"mine": ["deliver pager"]})
    assert contained.call("mine", "check pager", lambda: "fine") == "fine", "something else of the plugin works"


def test_a_wrong_result_is_the_plugins_fault(contained: Containment) -> None:
    assert str(contained.blame("mine", "show orders", "returned int")) == "plugin mine: show orders returned int"
    assert outcomes(contained) == ["wrong"]


def test_fresh_calls_are_handed_out_once(contained: Containment) -> None:
    call(contained, lambda: None)
    assert [ran.outcome for ran in contained.take_fresh()] == ["ok"]
    assert contained.take_fresh() == []


def blown(now: float = 0.0) -> Fuse:
    fuse = Fuse()
    for _ in range(ROW):
        fuse.bad(now, "no luck")
    return fuse


def test_a_fuse_closes_again_after_a_try_that_works() -> None:
    fuse = blown()
    assert [fuse.closed(FIRST_REST - 1), fuse.closed(FIRST_REST), fuse.closed(FIRST_REST)] == [False, True, False]
    fuse.good()
    assert [fuse.closed(FIRST_REST), fuse.closed(FIRST_REST)] == [True, True]


def test_each_failed_try_doubles_the_rest_up_to_five_minutes() -> None:
    fuse, now, rests = blown(), 0.0, []
    for _ in range(8):
        rest = next(seconds for seconds in range(1, 1000) if not fuse.blown(now + seconds))
        rests.append(rest)
        now += rest
        assert fuse.closed(now)
        fuse.bad(now, "no luck")
    assert rests[:3] == [FIRST_REST, FIRST_REST * 2, FIRST_REST * 4]
    assert rests[-1] == LONGEST_REST


def test_a_success_between_failures_keeps_the_fuse_whole() -> None:
    fuse = Fuse()
    for _ in range(20):
        for _ in range(ROW - 1):
            fuse.bad(0.0, "no luck")
        fuse.good()
    assert fuse.closed(0.0)
