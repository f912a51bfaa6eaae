"""The numbers of experiments against scipy 1.17 and statsmodels 0.15, over a grid: computed there, not copied."""

from itertools import product
from random import Random

import numpy as np
import pytest
from scipy import integrate, optimize, stats
from scipy.stats.contingency import odds_ratio
from statsmodels.api import GLM, OLS, Logit, add_constant, families
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.treatment.treatment_effects import TreatmentEffect

from feedbackhub.statistics import (
    Chosen,
    Measured,
    Share,
    arcsine_needed,
    association,
    benjamini_hochberg,
    beta_binomial,
    bonferroni,
    conditional_odds_ratio,
    contrast,
    cuped,
    exact_arms_needed,
    exact_binomial,
    freeman_halton,
    holm,
    interaction,
    logistic,
    msprt,
    pearson,
    sample_ratio,
    stratified,
    two_arms,
)

PAIRS = [
    (Share(a, n), Share(b, m)) for n, m in ((1, 1), (7, 12), (40, 25), (210, 212), (1500, 300))
    for a, b in product((0, n // 5, n // 2, n), (0, m // 4, m))
]  # fmt: skip


def name_of(pair: tuple[Share, Share]) -> str:
    """Return a pair's counts, as the tests' name."""
    return "-".join(f"{each.part}of{each.whole}" for each in pair)


@pytest.mark.parametrize("pair", PAIRS, ids=name_of)
def test_two_arms(pair: tuple[Share, Share]) -> None:
    one, other = pair
    found, (a, c), (b, d) = two_arms(one, other), cells(one), cells(other)
    assert found is not None
    around = confint_proportions_2indep(a, a + c, b, b + d, compare="diff", method="newcomb")
    # statsmodels' Newcombe is not held to the ends by rounding: 1e-9 is far less than anything shown.
    assert tuple(found.difference_interval) == pytest.approx(around, abs=1e-9)
    assert found.p == pytest.approx(stats.fisher_exact([[a, c], [b, d]]).pvalue, rel=1e-6, abs=0)
    if not a * b * c * d:
        assert (found.ratio is None, found.odds is None) == (not b, not b * c)
        return
    table = Table2x2([[a, c], [b, d]])
    assert (found.ratio, found.odds) == pytest.approx((table.riskratio, table.oddsratio), rel=1e-12)
    assert found.ratio_interval == pytest.approx(table.riskratio_confint(), rel=1e-9)
    assert found.odds_interval == pytest.approx(table.oddsratio_confint(), rel=1e-9)


def cells(arm: Share) -> tuple[int, int]:
    """Return how many were won and how many lost."""
    return arm.part, arm.whole - arm.part


@pytest.mark.parametrize("pair", [each for each in PAIRS if each[0].whole < 1000], ids=name_of)
def test_the_conditional_odds_ratio(pair: tuple[Share, Share]) -> None:
    found, table = conditional_odds_ratio(*pair), [cells(pair[0]), cells(pair[1])]
    if found is None:
        assert 0 in np.sum(table, axis=0)
        return
    theirs = odds_ratio(table, kind="conditional")
    around = theirs.confidence_interval(0.95)
    values = (found.value, found.low, found.high)
    assert [np.inf if each is None else each for each in values] == pytest.approx(
        [theirs.statistic, around.low, around.high], rel=1e-7
    )


TABLES = [
    [[5, 3], [2, 9]], [[94, 116], [41, 171], [48, 162]], [[3, 4, 1], [0, 5, 2], [6, 1, 1]],
    [[12, 0], [7, 3], [9, 2], [4, 8]], [[0, 3, 4], [6, 1, 2]], [[3, 3], [3, 4]],
]  # fmt: skip


@pytest.mark.parametrize("rows", TABLES, ids=str)
def test_tables(rows: list[list[int]]) -> None:
    found = pearson(rows)
    assert found is not None
    theirs = stats.chi2_contingency(rows, correction=False)
    assert (found.chi_square, found.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-10)
    assert (found.freedom, found.least) == (theirs.dof, pytest.approx(theirs.expected_freq.min()))
    if found.corrected is not None:
        corrected = stats.chi2_contingency(rows, correction=True)
        assert (found.corrected, found.corrected_p) == pytest.approx((corrected.statistic, corrected.pvalue), rel=1e-10)


@pytest.mark.parametrize("rows", [each for each in TABLES if sum(map(sum, each)) < 60], ids=str)
def test_the_exact_test_counts_every_table(rows: list[list[int]]) -> None:
    # All tables of these margins by scipy's own chances of them.
    margins = [sum(row) for row in rows], [sum(column) for column in zip(*rows, strict=True)]
    likely = stats.random_table(*margins)
    seen, found = likely.pmf(np.array(rows)), 0.0
    for table in every_table(*margins):
        chance = likely.pmf(np.array(table))
        found += chance if chance <= seen * (1 + 1e-7) else 0.0
    assert freeman_halton(rows) == pytest.approx(found, rel=1e-9)


def every_table(rows: list[int], columns: list[int]) -> list[list[tuple[int, ...]]]:
    """Return every table of these margins."""
    if len(rows) == 1:
        return [[tuple(columns)]]
    fillings = [each for each in product(*(range(have + 1) for have in columns)) if sum(each) == rows[0]]
    return [
        [filling, *rest] for filling in fillings
        for rest in every_table(rows[1:], [have - cell for have, cell in zip(columns, filling, strict=True)])
    ]  # fmt: skip


def test_strata() -> None:
    random = Random(4)
    for _ in range(30):
        pairs = [(some(random), some(random)) for _ in range(random.randint(2, 6))]
        found = stratified(pairs)
        theirs = StratifiedTable([np.array([cells(one), cells(other)]) for one, other in pairs])
        assert found is not None
        assert found.odds == pytest.approx(theirs.oddsratio_pooled, rel=1e-10)
        assert found.odds_interval == pytest.approx(theirs.oddsratio_pooled_confint(), rel=1e-9)
        test = theirs.test_null_odds(correction=False)
        assert (found.chi_square, found.p) == pytest.approx((test.statistic, test.pvalue), rel=1e-9)


def some(random: Random) -> Share:
    """Return an arm with both outcomes."""
    whole = random.randint(4, 60)
    return Share(random.randint(1, whole - 1), whole)


def test_a_common_difference_of_one_stratum_has_the_plain_error() -> None:
    one, other = Share(30, 70), Share(20, 80)
    found = stratified([(one, other)])
    assert found is not None
    error = (30 / 70 * 40 / 70 / 70 + 20 / 80 * 60 / 80 / 80) ** 0.5
    assert (found.difference, found.robins) == pytest.approx((30 / 70 - 20 / 80, error), rel=1e-12)


def test_whether_groups_differ() -> None:
    random = Random(9)
    for _ in range(15):
        groups = [(some(random), some(random)) for _ in range(random.randint(2, 4))]
        rows, won = [], []
        for at, pair in enumerate(groups):
            for treated, arm in zip((1, 0), pair, strict=True):
                rows.append([treated, *(at == other for other in range(len(groups)))])
                won.append(cells(arm))
        common = GLM(np.array(won), np.array(rows, float), family=families.Binomial()).fit(tol=1e-12)
        found = interaction(groups)
        assert found is not None
        # The model with an interaction is saturated: what is left of the deviance is the test.
        assert found.ratio == pytest.approx(common.deviance, abs=1e-7)
        assert found.p == pytest.approx(stats.chi2.sf(common.deviance, len(groups) - 1), rel=1e-6)
        assert (found.log_odds, found.error) == pytest.approx((common.params[0], common.bse[0]), rel=1e-6)


def test_logistic_regression() -> None:
    made = np.random.default_rng(3)
    x = np.column_stack([np.ones(300), made.normal(size=300), 1e6 + 1e4 * made.random(300), made.integers(0, 2, 300)])
    won = made.random(300) < 1 / (1 + np.exp(-0.7 * x[:, 1] - x[:, 3]))
    # They are given the large column centred, which changes nothing but the constant.
    centred = x - np.array([0, 0, 1e6, 0])
    theirs = Logit(won, centred).fit(disp=0, tol=1e-12)
    found = logistic(x.tolist(), [Share(int(each), 1) for each in won])
    assert found.coefficients[1:] == pytest.approx(theirs.params[1:], rel=1e-6)
    assert found.errors[1:] == pytest.approx(theirs.bse[1:], rel=1e-6)
    assert found.likelihood == pytest.approx(theirs.llf, rel=1e-10)


def test_what_agents_chose() -> None:
    made = np.random.default_rng(8)
    about = np.column_stack([made.integers(1, 6, 400), made.normal(size=400)])
    treated = made.random(400) < 1 / (1 + np.exp(1 - 0.4 * about[:, 0]))
    won = made.random(400) < 0.2 + 0.1 * treated + 0.08 * about[:, 0]
    people = [Chosen(bool(t), bool(y), tuple(map(float, row))) for t, y, row in zip(treated, won, about, strict=True)]
    found, exog = association(people), add_constant(about)
    assert found is not None
    assert found.linear is not None
    choice = Logit(treated.astype(float), exog).fit(disp=0, tol=1e-12)
    theirs = TreatmentEffect(OLS(won.astype(float), exog), treated.astype(int), results_select=choice)
    assert found.coefficients == pytest.approx(choice.params, rel=1e-6)
    assert found.weighted == pytest.approx(theirs.ipw(return_results=False)[0], rel=1e-6)
    assert found.linear.regression == pytest.approx(theirs.ra(return_results=False)[0], rel=1e-6)
    assert found.linear.value == pytest.approx(theirs.aipw(return_results=False)[0], rel=1e-6)
    # The error leaves out that the choice was modelled, which makes it the larger one (Lunceford and Davidian 2004).
    assert found.linear.error == pytest.approx(theirs.aipw().results_gmm.bse[0], rel=0.05)


def test_many_questions() -> None:
    chances = [0.001, 0.04, 0.03, 0.9, 0.03, 1e-9]
    for ours, name in ((holm, "holm"), (bonferroni, "bonferroni"), (benjamini_hochberg, "fdr_bh")):
        assert ours(chances) == pytest.approx(multipletests(chances, method=name)[1], rel=1e-12)


COUNTED = [
    (0, 4, 0.5), (0, 9, 0.3), (5, 9, 0.5), (9, 9, 0.7), (9, 12, 0.02), (600, 3000, 0.5), (5210, 10_000, 0.5),
    (3, 40, 0.25), (40_000, 100_000, 0.402), (1, 1, 0.1),
]  # fmt: skip


@pytest.mark.parametrize(("part", "whole", "share"), COUNTED)
def test_the_exact_sample_ratio(part: int, whole: int, share: float) -> None:
    theirs = stats.binomtest(part, whole, share).pvalue
    assert exact_binomial(part, whole, share) == pytest.approx(theirs, rel=1e-7, abs=0)


def test_the_sample_ratio_of_unequal_arms() -> None:
    found = sample_ratio([510, 240, 260], [2, 1, 1])
    assert found is not None
    theirs = stats.chisquare([510, 240, 260], [505, 252.5, 252.5])
    assert (found.chi_square, found.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-10)


@pytest.mark.parametrize("ratio", [0.5, 1, 3])
@pytest.mark.parametrize(("one", "other"), [(0.45, 0.23), (0.05, 0.02), (0.9, 0.8)])
def test_how_many_people_are_needed(one: float, other: float, ratio: float) -> None:
    def lacking(n: float) -> float:
        """Return how much power so many people lack, from the two normal distributions themselves."""
        pooled = (one + ratio * other) / (1 + ratio)
        null = stats.norm(0, np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / (ratio * n))))
        true = stats.norm(abs(one - other), np.sqrt(one * (1 - one) / n + other * (1 - other) / (ratio * n)))
        return float(true.sf(null.isf(0.025)) - 0.8)

    wanted = optimize.brentq(lacking, 2, 1e5, xtol=1e-9)
    assert exact_arms_needed(one, other, ratio=ratio) == pytest.approx(wanted, rel=1e-6)


def test_how_many_people_are_needed_by_the_arcsine() -> None:
    apart = 2 * (np.arcsin(np.sqrt(0.45)) - np.arcsin(np.sqrt(0.23)))
    theirs = NormalIndPower().solve_power(apart, alpha=0.05, power=0.8)
    assert arcsine_needed(0.45, 0.23) == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(("one", "other"), [(Share(7, 12), Share(4, 13)), (Share(0, 5), Share(3, 3)),
                                            (Share(300, 900), Share(310, 880))], ids=str)  # fmt: skip
def test_what_is_believed(one: Share, other: Share) -> None:
    found = beta_binomial(one, other, (0.5, 0.5))
    first, second = (stats.beta(a.part + 0.5, a.whole - a.part + 0.5) for a in (one, other))
    larger = integrate.quad(lambda x: first.pdf(x) * second.cdf(x), 0, 1, points=[first.mean()], limit=200)[0]
    assert found.larger == pytest.approx(larger, abs=1e-7)
    assert found.one.interval == pytest.approx(first.interval(0.95), rel=1e-8)


def test_means_with_what_was_known_before() -> None:
    made = np.random.default_rng(2)
    treated, before = made.random(80) < 0.5, made.normal(50, 10, 80)
    value = before + 3 * treated + made.normal(0, 4, 80)
    found = cuped([Measured(bool(t), x, y) for t, x, y in zip(treated, before, value, strict=True)])
    assert found is not None
    rest = value - np.cov(before, value)[0, 1] / before.var(ddof=1) * before
    theirs = stats.ttest_ind(rest[treated], rest[~treated], equal_var=False)
    assert found.difference == pytest.approx(rest[treated].mean() - rest[~treated].mean(), rel=1e-9)
    assert found.interval == pytest.approx(theirs.confidence_interval(), rel=1e-9)


def test_a_sum_of_shares_of_one_and_another_is_newcombes() -> None:
    one, other = Share(56, 70), Share(48, 80)
    found = contrast([one, other], [1, -1])
    assert found is not None
    theirs = confint_proportions_2indep(56, 70, 48, 80, compare="diff", method="newcomb")
    assert found.interval == pytest.approx(theirs, abs=1e-9)


def test_the_mixture_test_of_unequal_arms_is_the_normal_mixture_integrated() -> None:
    (found,) = msprt([(Share(10, 50), Share(60, 200))], 0.01)
    # The difference has the variance V / 80, with 80 people in each arm by the harmonic mean; V as the formula has it.
    error = np.sqrt((0.2 * 0.8 + 0.3 * 0.7) / 80)
    both = stats.norm(0, error), stats.norm(0, 0.1)
    mixed = integrate.quad(lambda d: both[0].pdf(-0.1 - d) * both[1].pdf(d), -2, 2, points=[-0.1, 0])
    assert found.ratio == pytest.approx(mixed[0] / both[0].pdf(-0.1), rel=1e-7)
