"""The most messages per second and channel."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.loop.rates import FULL, Bucket

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_rate_lets_one_seconds_worth_go_and_then_as_much_as_time_brings() -> None:
    bucket = Bucket(FULL, NOW, 5).at(NOW)
    assert bucket.ready == 5
    bucket = bucket.without(5)
    assert bucket.ready == 0
    bucket = bucket.at(NOW + timedelta(seconds=0.4))
    assert bucket.ready == 2
    assert bucket.at(NOW + timedelta(hours=1)).ready == 5


def test_a_rate_below_one_sends_one_message_every_so_often() -> None:
    bucket, sent = Bucket(FULL, NOW, 0.1), 0
    for second in range(100):
        bucket = bucket.at(NOW + timedelta(seconds=second))
        sent += bucket.ready
        bucket = bucket.without(bucket.ready)
    assert sent == 10


def test_what_was_not_used_may_go_later() -> None:
    assert Bucket(FULL, NOW, 5).at(NOW).without(2).ready == 3


@given(
    st.floats(0.1, 50),
    st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 100)), max_size=60),
)
def test_no_more_goes_than_the_rate_allows_however_the_clock_steps(
    rate: float, steps: list[tuple[float, int]]
) -> None:
    bucket, now, forward, sent = Bucket(FULL, NOW, rate), NOW, 0.0, 0
    for step, wanted in steps:
        now += timedelta(seconds=step)
        forward += max(0.0, step)
        bucket = bucket.at(now)
        begun = min(wanted, bucket.ready)
        bucket, sent = bucket.without(begun), sent + begun
    assert sent <= max(1.0, rate) + rate * forward + 1e-6
