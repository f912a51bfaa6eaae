"""Every subscriber gets every event once and in order, however slow the transactions are."""

from bench.soak.sequencer import publish_slowly


def test_slow_transactions_and_dying_pumps_lose_and_double_nothing() -> None:
    found = publish_slowly(writers=16, seconds=2.0, slowest=0.5)
    assert found.problems == []
    assert found.events > 20
    assert found.handed["every"] == found.handed["clumsy"] == found.events
