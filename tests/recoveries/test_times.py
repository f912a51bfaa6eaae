"""The median of waits that may go on: held against statsmodels, and what it says of none, few and all alike."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from feedbackhub_plugins.recovery.recoveries_times import Median, Wait, median_wait

WAITS = st.lists(st.builds(Wait, st.integers(1, 60).map(float), st.booleans()), min_size=2, max_size=60)


@given(WAITS.filter(lambda waits: any(each.is_over for each in waits)))
def test_it_is_the_median_of_kaplan_and_meier_with_the_interval_of_brookmeyer_and_crowley(waits: list[Wait]) -> None:
    curve = SurvfuncRight([each.hours for each in waits], [each.is_over for each in waits])
    found = median_wait(waits)
    # statsmodels calls it reached below one half only; at exactly one half the earlier moment is as good.
    reached = [hours for hours, left in zip(curve.surv_times, curve.surv_prob, strict=True) if left <= 0.5 + 1e-12]
    assert found.value == (reached[0] if reached else None)
    inner = [left for left in curve.surv_prob if 1e-12 < left < 1]
    if not inner:
        assert (found.low, found.high) == (None, None)
        return
    with np.errstate(all="ignore"):  # it takes the logarithm of 0 where nobody waits any longer
        low, high = curve.quantile_ci(0.5, method="cloglog")
    assert found.low == (None if math.isnan(low) else low)
    assert found.high == (None if math.isnan(high) or math.isinf(high) else high)


def test_waits_that_go_on_are_not_left_out() -> None:
    over = [Wait(float(hours), True) for hours in range(1, 11)]
    parked = [Wait(100.0, False) for _ in range(8)]
    assert median_wait(over).value == 5
    assert median_wait([*over, *parked]).value == 9
    exactly_half = [*(Wait(hours, True) for hours in (1, 1, 2, 2, 3)), *[Wait(3, False)] * 5]
    assert median_wait(exactly_half).value == 3
    assert median_wait([*over, *parked, *parked]) == Median(26, 10, None, 8.0, None)


def test_of_nothing_nothing_is_said() -> None:
    assert median_wait([]) == Median(0, 0)
    assert median_wait([Wait(3, False)]) == Median(1, 0)
    assert median_wait([Wait(0, True)] * 20) == Median(20, 20, 0)
