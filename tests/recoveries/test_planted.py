"""Over listed seeds the money report's interval holds what is true of a planted company; also where nothing was won."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bench.planted_recoveries_company import RecoveryPlan
from bench.planted_recoveries_quick import judge_quickly

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("effect", [0.12, 0.0])
def test_in_19_of_20_seeds_the_return_lies_within_its_interval(effect: float) -> None:
    found = [judge_quickly(RecoveryPlan(seed, 500, effect), NOW) for seed in range(1, 21)]
    assert sum(each["the return's interval holds the truth"] for each in found) >= 19
