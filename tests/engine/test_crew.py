"""A crew: hands that take the most urgent first, and leave one free for other lanes."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from feedbackhub.loop.crew import Crew
from tests.engine.hands import wait_for

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """What a crew looks at of a claimed task."""

    lane: str
    priority: int
    number: int
    due_at: datetime = NOW


class Work:
    """Work that ends when it is told to."""

    def __init__(self) -> None:
        self.begun: list[Any] = []
        self.let_go = threading.Event()

    def __call__(self, row: Any) -> None:
        """Begin, and wait for the end."""
        self.begun.append(row)
        self.let_go.wait(20)


def test_no_lane_alone_has_all_the_hands() -> None:
    work = Work()
    crew = Crew("test", 3, work, lambda: None)
    crew.start()
    crew.take([Row("slow", 0, number) for number in range(5)])  # type: ignore[list-item]
    wait_for(lambda: len(work.begun) == 2)
    crew.take([Row("quick", 10, 9)])  # type: ignore[list-item]
    wait_for(lambda: len(work.begun) == 3)
    assert [row.lane for row in work.begun] == ["slow", "slow", "quick"]
    assert crew.hands_for("slow") == -3
    assert len(crew.stop()) == 3
    work.let_go.set()
    assert crew.wait(10)


def test_what_waits_is_begun_most_urgent_first() -> None:
    work, low = Work(), threading.Event()
    crew = Crew("test", 1, work, low.set)
    assert crew.room("mail") == 4
    crew.take([Row("mail", priority, number) for number, priority in enumerate((10, 3, 0, 0))])  # type: ignore[list-item]
    assert (crew.room("mail"), crew.room("sms")) == (0, 4)
    crew.start()
    work.let_go.set()
    wait_for(lambda: len(work.begun) == 4)
    assert [(row.priority, row.number) for row in work.begun] == [(0, 2), (0, 3), (3, 1), (10, 0)]
    assert low.wait(10), "who claims is told that hands get free"
    assert crew.stop() == []
    assert crew.wait(10)
