"""Means and shares: the reference's numbers, and an independent library's where the reference has none."""

from collections import Counter

import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub.statistics import (
    Interval,
    Moments,
    Share,
    agresti_coull,
    clopper_pearson,
    difference_of_means,
    jeffreys,
    mean_interval,
    rank_test,
    t_of,
    wald_of_share,
    wilson,
)
from tests.statistics.vectors import Vector, one, required

SHARES = [each for each in required() if each.section == "2-csat" and "x" in each.inputs]
COUNTS = st.dictionaries(st.integers(1, 7), st.integers(1, 60), min_size=1, max_size=7)


def moments(counts: dict[int, int]) -> Moments:
    """Return the moments of answers that are there."""
    found = Moments.of(counts)
    assert found is not None
    return found


def ends(interval: Interval | None) -> Interval:
    """Return an interval that can be made."""
    assert interval is not None
    return interval


def every(counts: dict[int, int]) -> list[int]:
    """Return the answers one by one."""
    return list(Counter(counts).elements())


@pytest.mark.parametrize("vector", SHARES, ids=lambda each: each.name)
def test_every_interval_of_a_share(vector: Vector) -> None:
    share = Share(vector.inputs["x"], vector.inputs["n"])
    found = {"p": share.value}
    for name, made in {
        "wald": wald_of_share(share), "wilson": wilson(share), "clopper": clopper_pearson(share),
        "jeffreys": jeffreys(share),
    }.items():  # fmt: skip
        found |= {f"{name}_low": ends(made).low, f"{name}_high": ends(made).high}
    raw = ends(agresti_coull(share))
    found |= {"agresti_coull_low_raw": raw.low, "agresti_coull_high_raw": raw.high}
    assert sorted(found) == sorted(vector.expected)
    assert vector.disagreements(found) == {}


@pytest.mark.parametrize("x,n", [(0, 7), (3, 7), (7, 7), (33, 1000), (999, 1000), (52_345, 123_456)])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.998])
def test_the_exact_interval_is_scipys(x: int, n: int, level: float) -> None:
    expected = scipy.stats.binomtest(x, n).proportion_ci(level, "exact")
    assert clopper_pearson(Share(x, n), level) == pytest.approx((expected.low, expected.high), abs=1e-10)


def test_no_share_of_nothing() -> None:
    nothing = Share(0, 0)
    made = {each(nothing) for each in (wald_of_share, agresti_coull, clopper_pearson, jeffreys)}
    assert made == {None}


def test_the_mean_of_satisfaction() -> None:
    vector = one("csat_mean_1to5")
    counts = dict(zip(vector.inputs["scores"], vector.inputs["counts"], strict=True))
    found, interval = moments(counts), ends(mean_interval(moments(counts)))
    assert found.variance is not None
    named = {
        "n": found.n, "mean": found.mean, "var": found.variance, "sd": found.variance**0.5, "se": found.error,
        "t_low": interval.low, "t_high": interval.high, "top2": Share(counts[4] + counts[5], found.n).value,
    }  # fmt: skip
    assert sorted(named) == sorted(vector.expected)
    assert vector.disagreements(named) == {}


def test_the_mean_of_effort_and_the_share_that_agrees() -> None:
    vector = one("ces_1to7")
    counts = dict(zip(vector.inputs["scores"], vector.inputs["counts"], strict=True))
    found, interval = moments(counts), ends(mean_interval(moments(counts)))
    agree = Share(counts[5] + counts[6] + counts[7], found.n)
    wilsons = ends(wilson(agree))
    named = {
        "n": found.n, "mean": found.mean, "se": found.error, "t_low": interval.low, "t_high": interval.high,
        "agree": agree.value, "wilson_low": wilsons.low, "wilson_high": wilsons.high,
    }  # fmt: skip
    assert sorted(named) == sorted(vector.expected)
    assert vector.disagreements(named) == {}


# scipy loses digits where one side's answers are all alike, and says so.
@pytest.mark.filterwarnings("ignore:Precision loss")
@settings(max_examples=40)
@given(COUNTS, COUNTS, st.sampled_from([0.9, 0.95, 0.999]))
def test_differences_of_means_are_scipys(counts: dict[int, int], others: dict[int, int], level: float) -> None:
    first, second = every(counts), every(others)
    found = difference_of_means(moments(counts), moments(others), level)
    varied = len(first) > 1 and len(second) > 1 and (len(counts) > 1 or len(others) > 1)
    assert (found is not None) == varied
    if found is not None:
        expected = scipy.stats.ttest_ind(first, second, equal_var=False).confidence_interval(level)
        assert found == pytest.approx((expected.low, expected.high), abs=1e-8)


@settings(max_examples=40)
@given(COUNTS, COUNTS)
def test_ordered_answers_are_compared_as_scipy_does(counts: dict[int, int], others: dict[int, int]) -> None:
    found = rank_test(counts, others)
    assert (found is None) == (set(counts) == set(others) and len(counts) == 1)
    if found is not None:
        expected = scipy.stats.mannwhitneyu(every(counts), every(others), method="asymptotic")
        assert (found.u, found.p) == pytest.approx((expected.statistic, expected.pvalue), abs=1e-10)


@given(COUNTS)
def test_answers_against_themselves_did_not_move(counts: dict[int, int]) -> None:
    found = rank_test(counts, counts)
    assert found is None or (found.z, found.p) == (0, 1)


@pytest.mark.parametrize("freedom", [1, 1.5, 2, 7.25, 33.3, 1999.5, 2000, 1e6])
@pytest.mark.parametrize("level", [0.1, 0.5, 0.95, 0.9995, 0.999999])
def test_t_with_any_freedom_is_scipys(freedom: float, level: float) -> None:
    assert t_of(level, freedom) == pytest.approx(scipy.stats.t.ppf((1 + level) / 2, freedom), rel=1e-8)


def test_means_of_nothing_of_one_and_of_answers_all_alike() -> None:
    assert Moments.of({}) is None
    assert Moments.of({5: 0}) is None
    assert mean_interval(None) is None
    single, alike = moments({4: 1}), moments({5: 50})
    assert (single.mean, single.variance, single.error, mean_interval(single)) == (4, None, None, None)
    assert (alike.mean, alike.variance, alike.error, mean_interval(alike)) == (5, 0, 0, None)
    assert difference_of_means(alike, alike) is None
    assert difference_of_means(alike, single) is None
    assert difference_of_means(None, alike) is None
    against = ends(difference_of_means(alike, moments({1: 10, 5: 10})))
    assert against.low < 2 < against.high
    assert rank_test({}, {1: 2}) is None
    assert rank_test({1: 2}, {}) is None
    with pytest.raises(ValueError, match="negative"):
        Moments.of({1: -1})
