"""Estimates drawn together and the limits of chance: the reference's numbers, and what must always hold."""

from math import sqrt
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from feedbackhub.statistics import (
    ALARM,
    ALERT,
    Prior,
    beta_posterior,
    funnel_limits,
    over_dispersion,
    shrunk,
    spread_interval,
    spread_of,
)
from tests.statistics.vectors import Vector, one

SHARE = st.floats(0, 1)
VARIANCE = st.floats(1e-6, 10)


def listed(name: str, expected: str) -> list[Vector]:
    """Return a vector of lists as one vector for each place of them."""
    whole = one(name)
    return [
        Vector(f"{name}[{at}]", whole.section, {key: value[at] for key, value in whole.inputs.items()
                                                if isinstance(value, list)},
               {key: value[at] for key, value in whole.expected.items() if isinstance(value, list)},
               whole.tolerance, whole.relative)
        for at in range(len(whole.expected[expected]))
    ]  # fmt: skip


@pytest.mark.parametrize("vector", listed("agent_shrinkage_fixed_prior", "shrunk"), ids=lambda each: each.name)
def test_shares_are_drawn_to_a_given_prior(vector: Vector) -> None:
    x, n = vector.inputs["x"], vector.inputs["n"]
    given_prior = one("agent_shrinkage_fixed_prior").inputs
    found = beta_posterior(x, n, Prior(given_prior["a"], given_prior["b"]))
    assert vector.disagreements({"raw": x / n, "shrunk": found.value, "low": found.low, "high": found.high}) == {}


def test_scores_are_drawn_together_as_far_as_they_lie_apart() -> None:
    vector = one("agent_shrinkage_nps_dl")
    variances = [var / n for var, n in zip(vector.inputs["var_unit"], vector.inputs["n"], strict=True)]
    spread = spread_of(vector.inputs["nps"], variances)
    assert spread is not None
    found = {
        "Q": spread.q, "tau2": spread.tau2, "mu": spread.middle, "se_mu": spread.error,
        "metafor_tau2": spread.tau2, "metafor_mu": spread.middle,
    }  # fmt: skip
    assert vector.disagreements(found) == {}
    assert spread.p == pytest.approx(stats.chi2.sf(spread.q, 4), abs=1e-12)
    drawn = [
        shrunk(value, variance, spread.middle, spread.tau2).value
        for value, variance in zip(vector.inputs["nps"], variances, strict=True)
    ]
    assert drawn == pytest.approx(vector.expected["shrunk"], abs=vector.tolerance)
    assert drawn == pytest.approx(vector.expected["metafor_blup"], abs=vector.tolerance)


@pytest.mark.parametrize("vector", listed("funnel_limits", "low95"), ids=lambda each: each.name)
def test_the_limits_of_chance(vector: Vector) -> None:
    p, n = one("funnel_limits").inputs["p0"], vector.inputs["n"]
    inner, outer = (funnel_limits(p, p * (1 - p), n, level) for level in (ALERT, ALARM))
    found = {"low95": inner.low, "high95": inner.high, "low998": outer.low, "high998": outer.high}
    assert vector.disagreements(found) == {}
    clipped = funnel_limits(p, p * (1 - p), n, ALARM, reach=(0, 1))
    assert clipped == (max(outer.low, 0), min(outer.high, 1))


def test_limits_that_are_moved_apart_are_so_many_times_as_wide() -> None:
    narrow, wide = funnel_limits(0.5, 0.25, 100), funnel_limits(0.5, 0.25, 100, dispersion=4)
    assert wide.high - 0.5 == pytest.approx(2 * (narrow.high - 0.5))


def test_limits_of_nobody_are_refused() -> None:
    with pytest.raises(ValueError, match="answer"):
        funnel_limits(0.5, 0.25, 0)


@given(SHARE, st.integers(0, 400), st.floats(0.5, 200), SHARE)
def test_a_drawn_share_lies_between_what_was_seen_and_what_was_known(
    share: float, whole: int, strength: float, known: float
) -> None:
    part, prior = round(share * whole), Prior.around(known, strength)
    centre = prior.good / (prior.good + prior.bad)
    found = beta_posterior(part, whole, prior)
    assert 0 <= found.low <= found.high <= 1
    if whole:
        assert min(centre, part / whole) - 1e-9 <= found.value <= max(centre, part / whole) + 1e-9


@pytest.mark.parametrize("known", [0.0, 1.0])
def test_nobody_is_sure_of_all_or_nothing(known: float) -> None:
    low, high = beta_posterior(10, 10, Prior.around(known, 10))[1:]
    assert 0 < low < high < 1


@given(st.floats(-1, 1), VARIANCE, st.floats(-1, 1), VARIANCE)
def test_more_answers_are_drawn_less(value: float, variance: float, middle: float, tau2: float) -> None:
    far, near = shrunk(value, variance / 2, middle, tau2), shrunk(value, variance, middle, tau2)
    assert abs(near.value - middle) <= abs(far.value - middle) + 1e-12
    assert near.low <= near.value <= near.high


def test_without_a_spread_everything_lies_on_the_middle() -> None:
    assert shrunk(0.9, 0.01, 0.5, 0.0) == (0.5, 0.5, 0.5)


def test_values_that_lie_closer_than_chance_have_no_spread() -> None:
    spread = spread_of([0.5, 0.51, 0.49], [0.01, 0.01, 0.01])
    assert spread is not None
    assert (spread.tau2, spread.freedom) == (0, 2)
    assert spread_interval([0.5, 0.51, 0.49], [0.01, 0.01, 0.01], middle=0.5) == (0, pytest.approx(0, abs=0.01))


def test_of_one_group_or_none_nothing_is_said() -> None:
    alone = spread_of([0.5], [0.01])
    assert alone is not None
    assert (alone.p, alone.tau2) == (None, 0)
    assert (spread_of([], []), spread_interval([], [], 0.0)) == (None, None)


def test_the_interval_of_a_spread_is_where_q_has_its_usual_bounds() -> None:
    values, variances = [0.1, -0.3, 0.25, -0.02, 0.4], [0.01, 0.02, 0.005, 0.01, 0.03]
    found = spread_interval(values, variances, middle=0.0)
    assert found is not None
    for tau2, bound in ((found.low, 0.975), (found.high, 0.025)):
        q = sum(value**2 / (variance + tau2) for value, variance in zip(values, variances, strict=True))
        assert q == pytest.approx(stats.chi2.ppf(bound, 5), rel=1e-9)


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_the_interval_of_a_spread_holds_it_where_few_groups_are_measured_against_each_other(groups: int) -> None:
    """Of two groups one tells the other: taken for two, the interval held the truth in 82 of 100 cases."""
    chance, held, tries = Random(7), 0, 400
    error, between = 0.02, 0.1
    for _ in range(tries):
        drawn = [chance.gauss(0, between) + chance.gauss(0, error) for _ in range(groups)]
        others = groups / (groups - 1)
        values = [(each - fmean(drawn)) * others for each in drawn]
        found = spread_interval(values, [error**2 * others] * groups, middle=0.0, freedom=groups - 1)
        assert found is not None
        held += found.low <= between**2 * others <= found.high
    assert stats.binomtest(held, tries, 0.95).pvalue > 0.01


@pytest.mark.parametrize("wrong", [0.0, -1.0])
def test_a_variance_that_is_none_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        spread_of([0.1], [wrong])
    with pytest.raises(ValueError, match="above 0"):
        shrunk(0.1, wrong, 0.0, 0.1)


def test_more_good_answers_than_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="the whole"):
        beta_posterior(11, 10, Prior(8, 2))


def test_groups_within_chance_are_not_dispersed() -> None:
    quantiles = [float(stats.norm.ppf((at + 0.5) / 40)) for at in range(40)]
    assert (over_dispersion([]), over_dispersion(quantiles), over_dispersion([9.0] * 9)) == (1, 1, 1)


def test_dispersion_throughout_is_told_from_one_who_stands_out() -> None:
    quantiles = [float(stats.norm.ppf((at + 0.5) / 40)) for at in range(40)]
    assert over_dispersion([*quantiles[:-1], 9.0]) == 1
    winsorised = [min(max(2 * each, 2 * quantiles[4]), 2 * quantiles[35]) for each in quantiles]
    wide = over_dispersion([2 * each for each in quantiles])
    assert wide == pytest.approx(sum(each**2 for each in winsorised) / 40)
    assert wide > 1 + 2 * sqrt(2 / 40)
