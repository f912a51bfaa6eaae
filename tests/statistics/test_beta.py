"""The beta and the chi-square distribution against scipy, far beyond what tables hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from feedbackhub.statistics import beta_quantile, chi_square_tail, incomplete_beta

PARAMETER = st.floats(0.3, 1e5)
SHARE = st.sampled_from((0.001, 0.025, 0.3, 0.5, 0.975, 0.999))


@settings(max_examples=60, deadline=None)
@given(PARAMETER, PARAMETER, SHARE)
def test_quantiles_of_the_beta_distribution_are_scipys(a: float, b: float, share: float) -> None:
    assert beta_quantile(share, a, b) == pytest.approx(stats.beta.ppf(share, a, b), rel=1e-7, abs=1e-15)


@settings(max_examples=60, deadline=None)
@given(PARAMETER, PARAMETER, st.floats(0, 1))
def test_shares_below_a_value_are_scipys(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(st.floats(0, 5000), st.integers(1, 2000))
def test_tails_of_chi_square_are_scipys(value: float, freedom: int) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-8, abs=1e-12)


def test_the_ends_are_the_ends() -> None:
    assert (beta_quantile(0, 2, 3), beta_quantile(1, 2, 3)) == (0, 1)
    assert (incomplete_beta(2, 3, -1), incomplete_beta(2, 3, 2)) == (0, 1)
    assert chi_square_tail(0, 3) == 1


@pytest.mark.parametrize("wrong", [(-0.1, 1, 1), (1.1, 1, 1), (0.5, 0, 1), (0.5, 1, float("nan"))])
def test_what_is_no_beta_distribution_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="must lie"):
        beta_quantile(*wrong)


@pytest.mark.parametrize("wrong", [(-1.0, 3), (float("nan"), 3), (1.0, 0)])
def test_what_is_no_chi_square_distribution_is_refused(wrong: tuple[float, int]) -> None:
    with pytest.raises(ValueError, match="or more"):
        chi_square_tail(*wrong)
