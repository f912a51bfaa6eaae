"""What holds for all counts of a trial: nothing from nothing, mirror images, bounds, and intervals around estimates."""

from math import inf, isclose, isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub.statistics import (
    SEQUENCE_FROM,
    ArmCost,
    Chosen,
    EProcess,
    Interval,
    Measured,
    NotEstimable,
    Share,
    TooManyTables,
    arcsine_needed,
    arms_needed,
    association,
    beta_binomial,
    block_of,
    conditional_odds_as_r_prints,
    conditional_odds_ratio,
    confidence_sequence,
    contrast,
    cost_of_one_more,
    cost_per_win,
    cost_per_win_interval,
    cuped,
    difference_of_shares,
    difference_sequence,
    dominated,
    e_process,
    e_process_needed,
    e_process_power,
    exact_binomial,
    factorial,
    freeman_halton,
    interaction,
    logistic,
    msprt,
    pearson,
    power_of,
    risk_e_value,
    risk_e_value_of_interval,
    sample_ratio,
    sequence_scale,
    stratified,
    tables,
    two_arms,
)

COUNT = st.integers(0, 3000)
SHARE = st.tuples(COUNT, COUNT).filter(any).map(lambda pair: Share(pair[0], sum(pair)))
FEW = st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(any).map(lambda pair: Share(pair[0], sum(pair)))
LEVEL = st.floats(0.5, 0.999)
NOBODY, SOME = Share(0, 0), Share(3, 10)


def holds(interval: Interval | None, value: float | None) -> bool:
    """Tell whether an interval, if there is one, holds a value and is a proper one."""
    if interval is None:
        return True
    hair = 1e-12 * (1 + abs(value or 0))
    finite = all(map(isfinite, interval))
    return value is not None and finite and interval.low - hair <= value <= interval.high + hair


def test_nothing_from_nothing() -> None:
    empty, full = ArmCost(NOBODY, 1), ArmCost(Share(0, 5), 1)
    made = (
        two_arms(NOBODY, SOME), two_arms(SOME, NOBODY), sample_ratio([0, 0], [1, 1]), stratified([]),
        stratified([(NOBODY, SOME), (SOME, NOBODY)]), pearson([]), pearson([[0, 0], [3, 4]]), pearson([[3, 0], [4, 0]]),
        freeman_halton([]), freeman_halton([[0, 0], [3, 4]]), conditional_odds_ratio(NOBODY, SOME),
        conditional_odds_ratio(Share(0, 4), Share(0, 5)), conditional_odds_as_r_prints(NOBODY, SOME),
        difference_sequence(NOBODY, NOBODY), confidence_sequence(0.5, 0.1, 1), confidence_sequence(0.5, 0, 100),
        factorial(SOME, SOME, NOBODY, SOME), contrast([SOME, NOBODY], [1, -1]), interaction([]),
        interaction([(SOME, SOME)]), interaction([(SOME, SOME), (NOBODY, SOME), (Share(0, 3), Share(0, 4))]),
        association([]), association([Chosen(True, True, (1.0,))]), cuped([]), cuped([Measured(True, 1, 2)]),
        empty.per_person, cost_per_win(empty), cost_per_win(full), cost_per_win_interval(full),
        cost_per_win_interval(empty), cost_of_one_more(empty, full), cost_of_one_more(full, empty),
    )  # fmt: skip
    assert set(made) == {None}
    assert dominated({"empty": empty}) == {}
    assert [(each.ratio, each.p) for each in msprt([(NOBODY, SOME), (Share(0, 9), Share(0, 9))])] == [(1, 1), (1, 1)]


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


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: two_arms(SOME, SOME, 1), lambda: sample_ratio([1], [1]), lambda: sample_ratio([1, 2], [1, 0]),
        lambda: sample_ratio([1, -2], [1, 1]), lambda: sample_ratio([1, 2], [1, 1, 1]),
        lambda: exact_binomial(3, 2, 0.5), lambda: arms_needed(0.3, 0.3), lambda: arms_needed(0, 0.3),
        lambda: arms_needed(0.2, 0.3, ratio=0), lambda: power_of(0.2, 0.3, 0), lambda: arcsine_needed(0.2, 0.2),
        lambda: e_process_needed(0.2, 0.2), lambda: EProcess(0), lambda: EProcess(block=(0, 1)),
        lambda: EProcess(prior=(0, 1)), lambda: EProcess().add(2, 0), lambda: EProcess().add(0, -1),
        lambda: block_of(0, 1), lambda: block_of(1, inf), lambda: sequence_scale(0), lambda: sequence_scale(9, 1),
        lambda: confidence_sequence(0, -1, 5), lambda: difference_sequence(SOME, SOME, 2),
        lambda: pearson([[1], [1, 2]]), lambda: freeman_halton([[1, -1], [1, 2]]),
        lambda: conditional_odds_ratio(SOME, SOME, 0), lambda: conditional_odds_as_r_prints(SOME, SOME, 1),
        lambda: ArmCost(SOME, -1), lambda: contrast([SOME], [1, 2]), lambda: logistic([], []),
        lambda: logistic([[1.0]], [SOME, SOME]),
        lambda: risk_e_value(0), lambda: beta_binomial(SOME, SOME, (0, 1)), lambda: msprt([], 0),
        lambda: association([Chosen(True, True, ()), Chosen(False, True, (1.0,))]),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        wrong()  # type: ignore[operator]


def test_where_nobody_is_left_to_compare_with_nothing_is_estimated() -> None:
    apart = [Chosen(at > 20, at % 3 == 0, (float(at),)) for at in range(40)]
    twice = [Chosen(at % 2 == 0, at % 3 == 0, (at % 7, 2.0 * (at % 7))) for at in range(40)]
    for people in (apart, twice):
        with pytest.raises(NotEstimable):
            association(people)


def test_what_is_the_same_of_everybody_is_left_out() -> None:
    people = [Chosen(at % 2 == 0, at % 3 == 0, (at % 5, 7.0)) for at in range(60)]
    found, without = association(people), association([Chosen(p.treated, p.won, p.about[:1]) for p in people])
    assert found is not None
    assert without is not None
    assert found.coefficients == (*without.coefficients, 0.0)
    assert (found.linear, found.weighted) == (without.linear, without.weighted)
    assert found.balance[1].before == found.balance[1].after == 0


def test_too_many_tables_are_refused_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tables.MOST_TABLES == 400_000
    monkeypatch.setattr(tables, "MOST_TABLES", 4000)
    with pytest.raises(TooManyTables):
        freeman_halton([[500, 500]] * 4)


def test_weights_that_tell_nothing_leave_the_plain_difference() -> None:
    people = [Chosen(at % 2 == 0, at % 3 == 0, ()) for at in range(60)]
    found = association(people)
    assert found is not None
    assert (found.weighted, found.inverse) == pytest.approx((found.naive, found.naive), abs=1e-12)
    assert (found.effective_treated, found.effective_others, found.outside) == (30, 30, 0)


def test_a_find_of_harm_says_so() -> None:
    found = two_arms(Share(10, 100), Share(40, 100))
    assert found is not None
    assert found.needed is not None
    assert found.needed.harms
    assert found.needed.value == pytest.approx(1 / 0.3)


def test_few_people_are_no_broken_ratio() -> None:
    early, later = sample_ratio([0, 4], [1, 1]), sample_ratio([0, 40], [1, 1])
    assert early is not None
    assert later is not None
    assert (early.enough, early.broken) == (False, False)
    assert (later.enough, later.broken) == (True, True)


def test_evidence_beyond_all_numbers_stays_a_number_or_infinite() -> None:
    found = e_process([True] * 3000, [False] * 3000)
    assert (found.e, found.p, found.stopped) == (inf, 0.0, True)
