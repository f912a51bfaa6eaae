"""The house: what one process does for all is done once; what each does for itself, by each."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from feedbackhub.contract.errors import Unavailable
from feedbackhub.loop import house as module
from feedbackhub.loop.core import Core
from feedbackhub.loop.house import House
from feedbackhub.loop.housekeeping import EACH, JOBS, MAY_WAIT
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.links import new_public_id

MINUTE = timedelta(minutes=1)


def houses(core: Core, number: int = 2) -> list[House]:
    """Return the houses of as many processes."""
    return [House(replace(core, process=new_public_id())) for _ in range(number)]


def test_the_jobs_of_each_process_and_those_that_wait_are_jobs() -> None:
    assert JOBS.keys() >= EACH | MAY_WAIT


def test_one_process_runs_a_job_for_all(core: Core, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    jobs = {"shared": (MINUTE, lambda _: ran.append("shared")), "trace": (MINUTE, lambda _: ran.append("own"))}
    monkeypatch.setattr(module, "JOBS", jobs)
    processes = houses(core, 1 if core.store.is_sqlite else 3)
    for _ in range(2):
        ran.clear()
        for each in processes:
            each.keep()
        assert sorted(ran) == ["own"] * len(processes) + ["shared"]
        clock.move(MINUTE)
    clock.move(timedelta(days=-1))
    ran.clear()
    for each in processes:
        each.keep()
    assert sorted(ran) == ["own"] * len(processes) + ["shared"], "a clock that was set back stops nothing"


def test_a_job_that_lasts_is_not_begun_twice_and_taken_over_when_its_process_has_died(
    core: Core, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    if core.store.is_sqlite:
        return  # one process
    ran, let_go = list[int](), threading.Event()

    def last(_: Core) -> None:
        ran.append(1)
        let_go.wait(20)

    monkeypatch.setattr(module, "JOBS", {"returned": (MINUTE, last)})
    one, other = houses(core)
    for _ in range(5):
        one.keep()
        other.keep()
        clock.move(timedelta(seconds=40))
    assert len(ran) == 1, "it is held for as long as it lasts"
    clock.move(2 * MINUTE)  # the first process is silent
    other.keep()
    let_go.set()
    one.wait(10)
    other.wait(10)
    assert len(ran) == 2


def test_a_job_that_fails_harms_no_other(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def fail(_: Core) -> None:
        raise Unavailable("away")

    def break_(_: Core) -> None:
        raise KeyError("broken")

    jobs = {"a": (MINUTE, fail), "b": (MINUTE, break_), "c": (MINUTE, lambda _: ran.append("c"))}
    monkeypatch.setattr(module, "JOBS", jobs)
    House(core).keep()
    assert ran == ["c"]
