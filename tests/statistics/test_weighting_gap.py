"""By how much weights move a mean: the error, against resampling everybody who was asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.statistics import Stratum, poststratify, weighted_mean, weighting_gap

STRATA = [(400, 90, 60), (300, 150, 120), (200, 120, 50)]


def strata(of: list[tuple[int, int, int]]) -> list[Stratum]:
    """Return strata by how many were asked, answered, and were pleased."""
    return [
        Stratum((str(at),), asked, {1.0: good, 0.0: n - good}) for at, (asked, n, good) in enumerate(of)
    ]  # fmt: skip


def test_the_error_is_that_of_resampling_everybody_who_was_asked() -> None:
    chance = np.random.default_rng(3)
    asked = np.array([each[0] for each in STRATA])
    drawn = np.stack(
        [chance.multinomial(m, [good / m, (n - good) / m, (m - n) / m], size=40_000) for m, n, good in STRATA], axis=1
    )
    n = drawn[:, :, 0] + drawn[:, :, 1]
    gaps = (asked / asked.sum() * drawn[:, :, 0] / n).sum(axis=1) - drawn[:, :, 0].sum(axis=1) / n.sum(axis=1)
    found = weighting_gap(strata(STRATA))
    assert found is not None
    gap, interval = found
    assert (interval.high - interval.low) / 2 == pytest.approx(1.959964 * gaps.std(), rel=0.02)
    assert gap == pytest.approx(gaps.mean(), abs=0.001)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(2, 30), st.integers(0, 30)), min_size=1, max_size=5))
def test_the_gap_is_that_of_both_means(drawn: list[tuple[int, int, int]]) -> None:
    held = strata([(silent + n, n, min(good, n)) for silent, n, good in drawn])
    found = weighting_gap(held)
    if found is not None:
        raw, weighted = weighted_mean(held, [1.0] * len(held)), weighted_mean(held, poststratify(held))
        assert found[0] == pytest.approx(weighted.value - raw.value, abs=1e-12)
        assert found[1].low < found[0] < found[1].high


@pytest.mark.parametrize(
    "of", [[], [(0, 0, 0)], [(9, 1, 1), (9, 5, 2)], [(9, 0, 0), (9, 5, 2)], [(9, 5, 5), (9, 3, 3)]]
)
def test_where_strata_say_too_little_there_is_no_gap(of: list[tuple[int, int, int]]) -> None:
    assert weighting_gap(strata(of)) is None
