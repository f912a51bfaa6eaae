"""Answers of the same customers: the sandwich variance, against statsmodels and against single answers."""

from itertools import chain

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub.statistics import (
    Moments,
    Share,
    clustered,
    design_effect,
    difference_of_clumped,
    difference_of_shares,
    mean_interval,
    thinned,
    wilson,
    wilson_of_clumped,
)

CUSTOMERS = st.lists(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=4), min_size=2, max_size=30)


def sums(customers: list[list[int]]) -> list[tuple[int, int]]:
    """Return the sum of each customer's answers and how many they are."""
    return [(sum(each), len(each)) for each in customers]


@settings(max_examples=40)
@given(CUSTOMERS)
def test_the_error_is_that_of_statsmodels(customers: list[list[int]]) -> None:
    answers = np.array(list(chain.from_iterable(customers)), dtype=float)
    groups = np.repeat(np.arange(len(customers)), [len(each) for each in customers])
    fitted = sm.OLS(answers, np.ones(len(answers))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    found = clustered(sums(customers))
    assert found is not None
    assert found.mean == pytest.approx(fitted.params[0], abs=1e-12)
    assert found.error == pytest.approx(fitted.bse[0], abs=1e-7)


@given(st.dictionaries(st.sampled_from([-1, 0, 1]), st.integers(1, 30), min_size=2))
def test_when_nobody_answers_twice_it_is_the_interval_of_a_mean(counts: dict[int, int]) -> None:
    found = clustered([(value, 1) for value, n in counts.items() for _ in range(n)])
    assert found is not None
    assert found.interval() == pytest.approx(mean_interval(Moments.of(counts)))


def test_customers_who_say_the_same_twice_make_it_no_surer() -> None:
    once = clustered([(1, 1)] * 12 + [(-1, 1)] * 8)
    twice = clustered([(2, 2)] * 12 + [(-2, 2)] * 8)
    assert once is not None
    assert twice is not None
    assert (once.mean, once.error) == (pytest.approx(twice.mean), pytest.approx(twice.error))
    assert (once.n, twice.n, twice.customers) == (20, 40, 20)


def test_nothing_one_customer_and_answers_all_alike() -> None:
    assert clustered([]) is None
    assert clustered([(0, 0)]) is None
    alone, alike = clustered([(3, 4)]), clustered([(2, 2), (1, 1), (3, 3)])
    assert alone is not None
    assert alike is not None
    assert (alone.mean, alone.error, alone.interval()) == (0.75, None, None)
    assert (alike.mean, alike.error, alike.interval()) == (1, 0, None)


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from([0, 1]), min_size=1, max_size=6), min_size=2, max_size=20))
def test_the_design_effect_is_the_ratio_of_both_variances_of_statsmodels(customers: list[list[int]]) -> None:
    answers = np.array(list(chain.from_iterable(customers)), dtype=float)
    found, share = design_effect(sums(customers)), answers.mean()
    if share in (0, 1):
        assert found == 1
        return
    groups = np.repeat(np.arange(len(customers)), [len(each) for each in customers])
    fitted = sm.OLS(answers, np.ones(len(answers))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert found == pytest.approx(max(1.0, fitted.bse[0] ** 2 * len(answers) / (share * (1 - share))), rel=1e-5)


def test_who_says_the_same_four_times_counts_once() -> None:
    customers = [(4, 4)] * 60 + [(0, 4)] * 40
    effect = design_effect(customers)
    assert effect == pytest.approx(4 * 100 / 99)
    assert wilson_of_clumped(Share(240, 400), 4) == pytest.approx(wilson(Share(60, 100)))
    assert thinned(Share(240, 400), 4) == Share(60, 100)
    one, other = (Share(240, 400), 4.0), (Share(50, 100), 1.0)
    assert difference_of_clumped(one, other) == pytest.approx(difference_of_shares(Share(60, 100), Share(50, 100)))
    assert difference_of_clumped((Share(0, 0), 4.0), other) is None
