"""Ranges, what chance draws from them, and what is said of many draws."""

from __future__ import annotations

import random
from statistics import fmean, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.reporting.assumptions import Range, Spread, draws, percentile, plain, seeded


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_chance_stays_within_what_is_thought_possible(low: float, part: float, width: float, measured: bool) -> None:
    high = low * (1 + width) + width
    likely = min(high, low + part * (high - low))
    found = draws(random.Random(1), Range(low, likely, high, measured, high), 50)
    least = 0.0 if measured else low
    assert all(least - 1e-9 <= each <= high * (1 + 1e-12) for each in found)


def test_pert_has_the_mean_that_its_source_gives_it() -> None:
    found = draws(random.Random(7), Range(0, 1, 26), 20_000)
    assert fmean(found) == pytest.approx((0 + 4 * 1 + 26) / 6, abs=0.1)


def test_what_was_measured_is_drawn_so_that_its_interval_holds_95_of_100() -> None:
    found = draws(random.Random(7), Range(0.4, 0.5, 0.6, measured=True), 20_000)
    assert sum(0.4 <= each <= 0.6 for each in found) / len(found) == pytest.approx(0.95, abs=0.01)


def test_a_percentile_is_an_outcome_that_was_seen() -> None:
    ordered = [float(each) for each in range(1, 101)]
    assert [percentile(ordered, share) for share in (0.05, 0.5, 0.95)] == [5, 50, 95]
    assert percentile([3.0], 0.05) == 3
    assert percentile(ordered, 0.25) == pytest.approx(quantiles(ordered, n=4, method="inclusive")[0], abs=1)


def test_a_range_in_the_wrong_order_is_refused() -> None:
    with pytest.raises(ValueError, match="in this order"):
        Range(2, 1, 3)


def test_a_spread_lies_where_it_is_said_to() -> None:
    assert Spread.of([float(each) for each in range(100, 0, -1)], 0.05, 0.95) == Spread(5, 50, 95)


def test_chance_hangs_on_the_name_and_the_values() -> None:
    one, same = seeded("margin", 1.0, 2.0), seeded("margin", 1.0, 2.0)
    assert [one.random() for _ in range(3)] == [same.random() for _ in range(3)]
    assert len({seeded(*each).random() for each in (("margin", 1.0), ("work", 1.0), ("margin", 1.5))}) == 3


def test_numbers_do_not_feign_more_than_is_known() -> None:
    assert [plain(each) for each in (0, 0.012345, 1.2345, 123.4, 557_040.0, -98_765)] == [
        0, 0.0123, 1.23, 123, 557_000, -98_800,
    ]  # fmt: skip
