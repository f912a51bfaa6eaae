"""What holds for all counts of a trial: nothing from nothing, mirror images, bounds, and intervals around estimates."""

from math import isclose, isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub.statistics import (
    SEQUENCE_FROM,
    EProcess,
    Interval,
    Share,
    arms_needed,
    beta_binomial,
    block_of,
    conditional_odds_ratio,
    difference_of_shares,
    difference_sequence,
    e_process_needed,
    e_process_power,
    exact_binomial,
    freeman_halton,
    pearson,
    power_of,
    risk_e_value,
    risk_e_value_of_interval,
    share_sequence,
    stratified,
    two_arms,
)

COUNT = st.integers(0, 3000)
SHARE = st.tuples(COUNT, COUNT).filter(any).map(lambda pair: Share(pair[0], sum(pair)))
FEW = st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(any).map(lambda pair: Share(pair[0], sum(pair)))
LEVEL = st.floats(0.5, 0.999)


def holds(interval: Interval | None, value: float | None) -> bool:
    """Tell whether an interval, if there is one, holds a value and is a proper one."""
    if interval is None:
        return True
    hair = 1e-12 * (1 + abs(value or 0))
    finite = all(map(isfinite, interval))
    return value is not None and finite and interval.low - hair <= value <= interval.high + hair


@given(SHARE, SHARE, LEVEL)
def test_two_arms_exchanged_are_mirrored(one: Share, other: Share, level: float) -> None:
    found, mirrored = two_arms(one, other, level), two_arms(other, one, level)
    assert found is not None
    assert mirrored is not None
    assert found.difference == -mirrored.difference
    assert isclose(found.difference_interval.low, -mirrored.difference_interval.high, abs_tol=1e-12)
    assert isclose(found.p, mirrored.p, rel_tol=1e-6)
    for here, there in ((found.ratio, mirrored.ratio), (found.odds, mirrored.odds)):
        assert not here or not there or isclose(here * there, 1, rel_tol=1e-9)
    assert (found.needed is None) == (mirrored.needed is None)
    if found.needed and mirrored.needed:
        assert isclose(found.needed.value, mirrored.needed.value, rel_tol=1e-9)
        assert found.needed.harms is not mirrored.needed.harms


@given(SHARE, SHARE, LEVEL)
def test_every_interval_of_two_arms_holds_what_was_seen(one: Share, other: Share, level: float) -> None:
    found = two_arms(one, other, level)
    assert found is not None
    assert holds(found.difference_interval, found.difference)
    assert -1 <= found.difference_interval.low <= found.difference_interval.high <= 1
    assert holds(found.ratio_interval, found.ratio)
    assert holds(found.odds_interval, found.odds)
    assert 0 <= found.p <= 1
    if found.needed:
        assert holds(found.needed.interval, found.needed.value)
        assert found.needed.interval.low >= 1
    alone = share_sequence(one, level)
    assert alone is not None
    assert holds(alone, one.value)
    assert 0 <= alone.low < alone.high <= 1
    sequence = difference_sequence(one, other, level)
    assert (sequence is None) == (min(one.whole, other.whole) < SEQUENCE_FROM)
    assert holds(sequence, found.difference)


@given(SHARE, SHARE, st.integers(1, 10_000))
def test_looking_always_costs_width(one: Share, other: Share, tightest: int) -> None:
    plain = difference_of_shares(one, other)
    for found in filter(None, (difference_sequence(one, other, tightest=tightest), plain)):
        assert -1 <= found.low < found.high <= 1
    grown = Share(100 * one.part, 100 * one.whole), Share(100 * other.part, 100 * other.whole)
    first, later = difference_sequence(one, other, tightest=tightest), difference_sequence(*grown, tightest=tightest)
    assert later is None or first is None or later.high - later.low < first.high - first.low


@given(st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=5), LEVEL)
def test_strata_together_stay_within_bounds(strata: list[tuple[Share, Share]], level: float) -> None:
    found = stratified(strata, level)
    assert found is not None
    assert -1 <= found.difference <= 1
    assert holds(found.interval, found.difference)
    assert holds(found.odds_interval, found.odds)
    assert found.p is None or 0 <= found.p <= 1
    assert (found.strata, found.left_out) == (len(strata), 0)
    mirrored = stratified([(other, one) for one, other in strata], level)
    assert mirrored is not None
    assert isclose(mirrored.difference, -found.difference, abs_tol=1e-12)
    assert isclose(mirrored.sato, found.sato, abs_tol=1e-7)


@given(SHARE, SHARE)
def test_an_empty_stratum_changes_nothing(one: Share, other: Share) -> None:
    alone, beside = stratified([(one, other)]), stratified([(one, other), (Share(0, 0), Share(2, 7))])
    assert alone is not None
    assert beside is not None
    assert beside.left_out == 7
    assert (beside.difference, beside.interval, beside.odds) == (alone.difference, alone.interval, alone.odds)
    assert isclose(alone.difference, one.part / one.whole - other.part / other.whole, abs_tol=1e-12)


ROWS = st.lists(st.lists(st.integers(0, 8), min_size=2, max_size=2), min_size=2, max_size=4)


@given(ROWS)
def test_the_exact_test_cares_for_no_order(rows: list[list[int]]) -> None:
    found = freeman_halton(rows)
    if found is None:
        assert pearson(rows) is None
        return
    assert 0 < found <= 1
    turned, back = freeman_halton(list(zip(*rows, strict=True))), freeman_halton(rows[::-1])
    assert turned == pytest.approx(found, rel=1e-9)
    assert back == pytest.approx(found, rel=1e-9)


@given(FEW, FEW)
@settings(max_examples=40)
def test_the_conditional_odds_ratio_lies_within_its_interval_and_nearer_to_1(one: Share, other: Share) -> None:
    found, arms = conditional_odds_ratio(one, other), two_arms(one, other)
    assert arms is not None
    if found is None or found.value is None:
        return
    assert found.low <= found.value * (1 + 1e-9)
    assert found.high is None or found.value <= found.high * (1 + 1e-9)
    if found.value and arms.odds:
        assert (found.value > 1) == (arms.odds > 1) or isclose(found.value, arms.odds, rel_tol=1e-6)


SPLIT = st.integers(1, 3).flatmap(
    lambda na: st.integers(1, 3).flatmap(
        lambda nb: st.tuples(
            st.just((na, nb)), st.lists(st.tuples(st.integers(0, na), st.integers(0, nb)), max_size=30)
        )
    )
)


@given(SPLIT)
def test_the_e_process_exchanged_says_the_same(made: tuple[tuple[int, int], list[tuple[int, int]]]) -> None:
    (na, nb), blocks = made
    one, other = EProcess(block=(na, nb)), EProcess(block=(nb, na))
    least = 1.0
    for a, b in blocks:
        one.add(a, b)
        other.add(b, a)
        assert one.e > 0
        assert one.p <= least
        least = one.p
    assert isclose(one.e, other.e, rel_tol=1e-9)
    assert (one.blocks, one.stopped) == (len(blocks), one.p <= 0.05)
    mirrored = EProcess(block=(na, nb))
    for a, b in blocks:
        mirrored.add(na - a, nb - b)
    assert isclose(one.e, mirrored.e, rel_tol=1e-9)


@pytest.mark.parametrize("block", [(1, 1), (2, 1), (1, 3)])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_a_block_s_evidence_is_1_at_most_on_average_where_there_is_no_difference(
    block: tuple[int, int], share: float
) -> None:
    (na, nb), before = block, [(1, 0), (1, 1), (0, 1), (1, 0)]

    def grown(one: int, other: int) -> float:
        process = EProcess(block=block)
        for each in before:
            process.add(*each)
        start = process.e
        process.add(one, other)
        return process.e / start

    people = [format(at, f"0{na + nb}b") for at in range(2 ** (na + nb))]
    average = sum(
        share ** who.count("1") * (1 - share) ** who.count("0") * grown(who[:na].count("1"), who[na:].count("1"))
        for who in people
    )
    assert average <= 1 + 1e-12


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_blocks_are_as_the_weights_are(one: float, other: float) -> None:
    few, many = block_of(one, other)
    assert 1 <= min(few, many) <= max(few, many) <= 20
    assert block_of(other, one) == (many, few)
    if 1 / 20 <= one / other <= 20:
        assert 0.9 <= few / many / (one / other) <= 1.1


def test_extreme_weights_still_make_a_block() -> None:
    assert (block_of(1e-300, 1e300), block_of(1, 1), block_of(2, 1)) == ((1, 20), (1, 1), (2, 1))


PROBABILITY = st.floats(0.02, 0.98)


@given(PROBABILITY, PROBABILITY, st.floats(0.001, 0.2), st.floats(0.3, 0.99), st.floats(0.2, 5))
def test_so_many_people_have_the_power_asked_for(
    one: float, other: float, alpha: float, power: float, ratio: float
) -> None:
    if abs(one - other) < 0.01:
        return
    n = arms_needed(one, other, alpha, power, ratio)
    assert power_of(one, other, n, alpha, ratio) >= power - 1e-9
    assert n == 1 or power_of(one, other, n - 1, alpha, ratio) < power + 1e-9
    more = e_process_needed(one, other, alpha, power, ratio)
    assert more >= n
    assert e_process_power(one, other, more, alpha, ratio) >= power - 1e-9


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.01, 0.99))
def test_an_exact_chance_is_a_chance(part: int, more: int, share: float) -> None:
    found = exact_binomial(part, part + more, share)
    assert 0 <= found <= 1
    assert isclose(found, exact_binomial(more, part + more, 1 - share), rel_tol=1e-6, abs_tol=1e-300)


@given(SHARE, SHARE)
@settings(max_examples=10)
def test_what_is_believed_adds_up(one: Share, other: Share) -> None:
    found, mirrored = beta_binomial(one, other), beta_binomial(other, one)
    assert isclose(found.larger + found.smaller, 1, abs_tol=1e-9)
    assert isclose(found.larger, mirrored.smaller, abs_tol=1e-12)
    # The loss of the one choice less that of the other is the difference of the means.
    assert isclose(found.loss - mirrored.loss, found.other.mean - found.one.mean, abs_tol=1e-9)


@given(st.floats(0.001, 1000))
def test_an_association_and_its_inverse_are_explained_alike(ratio: float) -> None:
    assert risk_e_value(ratio) >= 1
    assert isclose(risk_e_value(ratio), risk_e_value(1 / ratio), rel_tol=1e-9)


def test_the_nearer_end_counts() -> None:
    assert risk_e_value_of_interval(Interval(0.9, 3.0)) == 1
    assert risk_e_value_of_interval(Interval(1.2, 3.0)) == risk_e_value(1.2)
    assert risk_e_value_of_interval(Interval(0.3, 0.5)) == risk_e_value(0.5)
