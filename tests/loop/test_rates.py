"""The most messages per second and channel."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.loop.rates import Rates

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_lane_without_a_rate_takes_all() -> None:
    assert Rates({"email": 1}).take("sms", NOW, 50) == 50


def test_a_rate_lets_one_seconds_worth_go_and_then_as_much_as_time_brings() -> None:
    rates = Rates({"email": 5})
    assert rates.take("email", NOW, 100) == 5
    assert rates.take("email", NOW, 100) == 0
    assert rates.take("email", NOW + timedelta(seconds=0.4), 100) == 2
    assert rates.take("email", NOW + timedelta(hours=1), 100) == 5


def test_a_rate_below_one_sends_one_message_every_so_often() -> None:
    rates = Rates({"email": 0.1})
    sent = sum(rates.take("email", NOW + timedelta(seconds=second), 3) for second in range(100))
    assert sent == 10


def test_what_was_not_used_may_go_later() -> None:
    rates = Rates({"email": 5})
    rates.give_back("email", rates.take("email", NOW, 5))
    assert rates.take("email", NOW, 5) == 5


@given(
    st.floats(0.1, 50),
    st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 100)), max_size=60),
)
def test_no_more_goes_than_the_rate_allows_however_the_clock_steps(
    rate: float, steps: list[tuple[float, int]]
) -> None:
    rates, now, forward, sent = Rates({"email": rate}), NOW, 0.0, 0
    for step, wanted in steps:
        now += timedelta(seconds=step)
        forward += max(0.0, step)
        sent += rates.take("email", now, wanted)
    assert sent <= max(1.0, rate) + rate * forward + 1e-6
