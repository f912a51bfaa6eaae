"""A few deaths on each database; `python -m bench.soak kills` dies hundreds of times."""

import pytest

from bench.soak.kills import kill_again
from bench.soak.verdict import broken


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_nothing_acknowledged_is_lost_or_there_twice_however_often_the_processes_are_killed(kind: str) -> None:
    found = kill_again(kind, kills=5, answers=40, callers=4)
    assert broken(found.problems) == [], found.told()
    assert len(found.deaths) == 5
    assert found.ledger.answers > 0
