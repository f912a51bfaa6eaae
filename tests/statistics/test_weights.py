"""Weights: the reference vectors, and what holds whatever was answered."""

from dataclasses import replace
from math import inf, isfinite, sqrt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedbackhub.statistics import (
    ANY,
    EmptyStratum,
    MarginsDisagree,
    NobodyAnswered,
    NotConverged,
    Share,
    Stratum,
    UnequalKeys,
    UnknownStratum,
    WeightedMean,
    WeightingError,
    collapse,
    collapse_values,
    kish,
    margins_of,
    nps_interval,
    poststratify,
    r_indicator,
    rake,
    response_bounds,
    trim,
    weighted_mean,
    weighted_mean_interval,
    weighted_nps_interval,
    weighted_share_interval,
    wilson,
)
from feedbackhub.statistics.nps import Votes
from tests.statistics.vectors import Vector, one

COUNTS: st.SearchStrategy[dict[float, int]] = st.fixed_dictionaries(
    {-1.0: st.integers(0, 40), 0.0: st.integers(0, 40), 1.0: st.integers(0, 40)}
)


@st.composite
def strata(draw: st.DrawFn, least: int = 1) -> list[Stratum]:
    """Draw a full crossing of two dimensions, every stratum with that many answers and people who keep silent."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    found = []
    for row in range(rows):
        for column in range(columns):
            answers: dict[float, int] = draw(COUNTS.filter(lambda counts: sum(counts.values()) >= least))
            silent = draw(st.integers(0, 400))
            found.append(Stratum((f"r{row}", f"c{column}"), sum(answers.values()) + silent, answers))
    return found


def of(vector: Vector) -> list[Stratum]:
    """Return the strata of a vector."""
    population = vector.inputs.get("population", [0] * 4)
    cells = zip(vector.inputs["cells"], vector.inputs["respondent_counts"], population, strict=True)
    return [
        Stratum(tuple(cell.split("/")), asked, dict(zip((-1, 0, 1), counts, strict=True)))
        for cell, counts, asked in cells
    ]


def cells(held: list[Stratum]) -> list[list[object]]:
    """Return what post-stratification fits."""
    return [[each.key for each in held]]


def values(held: list[Stratum]) -> list[list[object]]:
    """Return what raking fits."""
    return [[each.key[at] for each in held] for at in range(2)]


def test_poststratification_is_that_of_r() -> None:
    vector = one("weight_poststratify")
    held = of(vector)
    weights = poststratify(held)
    found = weighted_mean(held, weights, cells(held))
    plain = weighted_mean(held, [1.0] * len(held))
    numbers = {
        "nps": found.value, "se": found.error, "kish_n_eff": kish(held, weights).n, "unweighted_nps": plain.value,
    }  # fmt: skip
    assert vector.disagreements(numbers) == {}
    assert weights == pytest.approx(vector.expected["cell_weights"], abs=vector.tolerance)


def test_raking_is_that_of_r() -> None:
    vector = one("weight_rake")
    held = of(vector)
    weights = rake(held, [vector.inputs["margin_channel"], vector.inputs["margin_region"]])
    found, worth = weighted_mean(held, weights, values(held)), kish(held, weights)
    numbers = {"nps": found.value, "se": found.error, "kish_n_eff": worth.n, "deff_kish": worth.design_effect}
    assert vector.disagreements(numbers) == {}
    assert weights == pytest.approx(vector.expected["cell_weights"], abs=vector.tolerance)


def test_trimming_is_that_of_r() -> None:
    """R survey 4.1.1, trimWeights, as the brief on statistics quotes it."""
    held = of(one("weight_rake"))
    raked = rake(held, [{"phone": 1400, "chat": 1600}, {"east": 1600, "west": 1400}])
    weights = trim(held, raked, 40, 70)
    assert weights == pytest.approx([42.328780, 70, 40, 56.894960], abs=1e-6)
    assert weighted_mean(held, weights).value == pytest.approx(0.333272414, abs=1e-8)


def test_the_worst_case_is_that_of_arithmetic() -> None:
    vector = one("nonresponse_bounds")
    low, high = response_bounds(vector.inputs["nps"], vector.inputs["response_rate"])
    assert vector.disagreements({"low": low, "high": high}) == {}
    assert response_bounds(0.8, 0.5, (0.0, 1.0)) == pytest.approx((0.4, 0.9))
    with pytest.raises(ValueError, match="between 0 and 1"):
        response_bounds(0.3, 1.2)


def test_classes_and_the_indicator_are_those_of_r() -> None:
    vector = one("weight_ipw_response_propensity")
    given_ = vector.inputs
    kinds = zip(given_["channel"], given_["tenure"], strict=True)
    counts = zip(given_["detractors"], given_["passives"], given_["promoters"], strict=True)
    held = [
        Stratum((str(channel), str(tenure)), asked, dict(zip((-1, 0, 1), each, strict=True)))
        for (channel, tenure), asked, each in zip(kinds, given_["invited"], counts, strict=True)
    ]
    chances = list(zip(vector.expected["propensity"], given_["invited"], strict=True))
    numbers = {
        "nps_class_adjusted": weighted_mean(held, poststratify(held)).value, "r_indicator": r_indicator(chances),
        "nps_unweighted": weighted_mean(held, [1.0] * 6).value,
    }  # fmt: skip
    assert vector.disagreements(numbers) == {}
    assert r_indicator([(0.4, 10), (0.4, 90)]) == pytest.approx(1)
    assert r_indicator([(0.4, 1)]) is None


@settings(max_examples=40)
@given(strata())
def test_raking_meets_its_margins_with_positive_weights(held: list[Stratum]) -> None:
    weights = rake(held, margins_of(held))
    assert min(weights) > 0
    reached = [replace(each, asked=weight * each.n) for each, weight in zip(held, weights, strict=True)]
    for margin, wanted in zip(margins_of(reached), margins_of(held), strict=True):
        assert margin == pytest.approx(wanted, rel=1e-6)


@settings(max_examples=40)
@given(strata())
def test_poststratified_answers_count_as_many_as_were_asked(held: list[Stratum]) -> None:
    weights = poststratify(held)
    assert [weight * each.n for each, weight in zip(held, weights, strict=True)] == pytest.approx(
        [each.asked for each in held]
    )
    found = weighted_mean(held, weights, cells(held))
    assert -1 - 1e-12 <= found.value <= 1 + 1e-12
    assert 1 - 1e-9 <= found.effective <= found.n + 1e-6
    assert 0 < found.worth <= found.n + 1e-6


@settings(max_examples=40)
@given(strata(), st.floats(0.01, 1000))
def test_equal_weights_give_the_raw_number_and_its_interval(held: list[Stratum], weight: float) -> None:
    found = weighted_mean(held, [weight] * len(held))
    down, passive, up = (sum(each.answers[value] for each in held) for value in (-1, 0, 1))
    votes = Votes(down, passive, up)
    assert votes.score is not None
    assert [found.value, found.effective] == pytest.approx([votes.score, votes.n])
    raw = nps_interval(replace(votes))
    assert raw is not None
    if votes.n > 1 and votes.error:
        # The error has n - 1 below it, which makes n answers worth one less.
        assert found.error == pytest.approx(votes.error * sqrt(votes.n / (votes.n - 1)), rel=1e-6)
        assert found.worth == pytest.approx(votes.n - 1)
    assert weighted_nps_interval(found).low <= raw.low + 1e-9
    assert weighted_nps_interval(found).high >= raw.high - 1e-9


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 100)), min_size=1, max_size=6))
def test_a_weighted_share_lies_within_its_interval_on_the_scale(rows: list[tuple[int, int, int]]) -> None:
    assume(any(yes + no for yes, no, _ in rows))
    held = [Stratum((str(at),), yes + no + silent, {0: no, 1: yes}) for at, (yes, no, silent) in enumerate(rows)]
    held = list(collapse(held, 1).strata)
    found = weighted_mean(held, poststratify(held), cells(held))
    low, high = weighted_share_interval(found)
    assert 0 <= low <= found.value + 1e-12
    assert found.value - 1e-12 <= high <= 1
    assert low < high


def test_answers_all_alike_still_leave_doubt() -> None:
    held = [Stratum(("a",), 90, {1: 10}), Stratum(("b",), 10, {1: 10})]
    found = weighted_mean(held, poststratify(held), cells(held))
    assert (found.error, found.value) == (0, 1)
    assert found.worth == pytest.approx(100**2 / (90 * 9 + 10))
    assert weighted_share_interval(found).low < wilson(Share(20, 20)).low  # type: ignore[union-attr]
    assert weighted_nps_interval(found).low < 1
    assert weighted_mean_interval(found) == (1, 1)


def test_a_weighted_mean_has_a_t_interval() -> None:
    """Against scipy.stats.t.interval of the mean of 1 to 5 with equal weights: (1.0367568, 4.9632432)."""
    held = [Stratum(("a",), 5, {1: 1, 2: 1, 3: 1, 4: 1, 5: 1})]
    found = weighted_mean_interval(weighted_mean(held, [1.0]))
    assert found == pytest.approx((1.036756838522439, 4.9632431614775605))
    alone = weighted_mean([Stratum(("a",), 5, {3: 1})], [5.0])
    assert (alone.error, weighted_mean_interval(alone)) == (None, None)


def test_what_is_wrong_is_said_by_name() -> None:
    full, empty, stray = Stratum(("a",), 9, {1: 4}), Stratum(("b",), 9, {}), Stratum(("c",), 0, {1: 2})
    with pytest.raises(NobodyAnswered, match="nobody answered"):
        poststratify([empty])
    with pytest.raises(EmptyStratum, match="nobody answered among b"):
        poststratify([full, empty])
    with pytest.raises(UnknownStratum, match="people are c"):
        poststratify([full, stray])
    with pytest.raises(NobodyAnswered):
        rake([empty], [{"b": 9}])
    with pytest.raises(EmptyStratum, match="nobody answered among b"):
        rake([full, empty], [{"a": 9, "b": 9}])
    with pytest.raises(UnknownStratum, match="people are c"):
        rake([full, stray], [{"a": 9}])
    with pytest.raises(UnknownStratum):
        rake([full], [{"a": 9}, {"x": 9}])
    with pytest.raises(NobodyAnswered):
        kish([full], [0.0])
    with pytest.raises(NobodyAnswered):
        weighted_mean([], [])
    with pytest.raises(UnequalKeys, match="same dimensions"):
        collapse([full, Stratum(("a", "b"), 1, {1: 1})], 3)
    with pytest.raises(ValueError, match="negative"):
        Stratum(("a",), -1, {})
    assert issubclass(NotConverged, WeightingError)


@pytest.mark.parametrize("margins", [[{"a": 9}, {"x": 10}], [{"a": 0}, {"x": 0}], [{"a": 9}, {}], []])
def test_margins_that_do_not_agree_are_refused(margins: list[dict[str, float]]) -> None:
    key = ("a", "x")[: len(margins)]
    with pytest.raises(MarginsDisagree, match="different totals"):
        rake([Stratum(key, 9, {1: 4})], margins)


def test_margins_that_cannot_be_met_together_are_refused() -> None:
    """Only (a, x) and (b, y) answered: a must count 10 by one margin and 90 by the other."""
    held = [Stratum(("a", "x"), 0, {1: 5}), Stratum(("b", "y"), 0, {1: 5})]
    with pytest.raises(NotConverged, match="did not converge within 50 rounds") as caught:
        rake(held, [{"a": 10, "b": 90}, {"x": 90, "y": 10}], most=50)
    assert (caught.value.rounds, round(caught.value.gap, 3)) == (50, 0.8)


@settings(max_examples=40)
@given(strata(least=0), st.integers(1, 60))
def test_collapsing_keeps_everybody_and_leaves_no_small_stratum(held: list[Stratum], least: int) -> None:
    for found in (collapse(held, least), collapse_values(held, least)):
        assert sum(each.asked for each in found.strata) == sum(each.asked for each in held)
        assert sum(each.n for each in found.strata) == sum(each.n for each in held)
        assert sum(each.total for each in found.strata) == sum(each.total for each in held)
    cells_ = collapse(held, least).strata
    assert len(cells_) == 1 or min(each.n for each in cells_) >= least
    for at in range(2):
        by_value: dict[str, int] = {}
        for each in collapse_values(held, least).strata:
            by_value[each.key[at]] = by_value.get(each.key[at], 0) + each.n
        assert len(by_value) == 1 or min(by_value.values()) >= least


def test_small_strata_join_those_that_share_most() -> None:
    held = [
        Stratum(("chat", "a"), 50, {1: 20}), Stratum(("chat", "b"), 10, {1: 3}), Stratum(("chat", "c"), 10, {1: 4}),
        Stratum(("phone", "a"), 40, {1: 30}),
    ]  # fmt: skip
    found = collapse(held, 5)
    assert [(each.key, each.n, each.asked) for each in found.strata] == [
        (("chat", ANY), 7, 20), (("chat", "a"), 20, 50), (("phone", "a"), 30, 40),
    ]  # fmt: skip
    assert found.merged == {("chat", ANY): (("chat", "b"), ("chat", "c"))}
    assert [each.key for each in collapse(held, 25).strata] == [("chat", ANY), ("phone", "a")]
    assert [each.key for each in collapse(held, 29).strata] == [(ANY, ANY)]
    assert collapse([], 5).strata == ()


@settings(max_examples=40)
@given(strata(), st.floats(0.1, 1), st.floats(1, 10))
def test_trimmed_weights_keep_their_sum_and_their_limits(held: list[Stratum], low: float, high: float) -> None:
    weights = poststratify(held)
    n, total = sum(each.n for each in held), sum(each.asked for each in held)
    found = trim(held, weights, low * total / n, high * total / n)
    assert sum(weight * each.n for weight, each in zip(found, held, strict=True)) == pytest.approx(total)
    assert all(low * total / n - 1e-9 <= weight <= high * total / n + 1e-9 for weight in found)
    assert trim(held, weights, 0, inf) == weights


def test_limits_that_no_weights_can_meet_are_refused() -> None:
    with pytest.raises(ValueError, match="between the limits"):
        trim([Stratum(("a",), 10, {1: 5})], [2.0], 3, 4)


@settings(max_examples=40)
@given(strata(), st.floats(0, 1))
def test_nothing_is_ever_nan(held: list[Stratum], rate: float) -> None:
    found = weighted_mean(held, rake(held, margins_of(held)), values(held))
    assert all(map(isfinite, (*weighted_nps_interval(found), *response_bounds(found.value, rate), found.worth)))
    assert isinstance(found, WeightedMean)
