"""What comes in badly, or is nothing, or is far too much: None or a refusal in words, never a wrong number."""

from math import inf

import pytest

from feedbackhub.statistics import (
    ArmCost,
    Chosen,
    EProcess,
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
    difference_sequence,
    dominated,
    e_process,
    e_process_needed,
    exact_binomial,
    factorial,
    freeman_halton,
    interaction,
    logistic,
    msprt,
    pearson,
    power_of,
    risk_e_value,
    sample_ratio,
    sequence_scale,
    share_sequence,
    stratified,
    tables,
    two_arms,
)

NOBODY, SOME = Share(0, 0), Share(3, 10)


def test_nothing_from_nothing() -> None:
    empty, full = ArmCost(NOBODY, 1), ArmCost(Share(0, 5), 1)
    made = (
        two_arms(NOBODY, SOME), two_arms(SOME, NOBODY), sample_ratio([0, 0], [1, 1]), stratified([]),
        stratified([(NOBODY, SOME), (SOME, NOBODY)]), pearson([]), pearson([[0, 0], [3, 4]]), pearson([[3, 0], [4, 0]]),
        freeman_halton([]), freeman_halton([[0, 0], [3, 4]]), conditional_odds_ratio(NOBODY, SOME),
        conditional_odds_ratio(Share(0, 4), Share(0, 5)), conditional_odds_as_r_prints(NOBODY, SOME),
        difference_sequence(NOBODY, NOBODY), share_sequence(NOBODY),
        confidence_sequence(0.5, 0.1, 1), confidence_sequence(0.5, 0, 100),
        factorial(SOME, SOME, NOBODY, SOME), contrast([SOME, NOBODY], [1, -1]), interaction([]),
        interaction([(SOME, SOME)]), interaction([(SOME, SOME), (NOBODY, SOME), (Share(0, 3), Share(0, 4))]),
        association([]), association([Chosen(True, True, (1.0,))]), cuped([]), cuped([Measured(True, 1, 2)]),
        empty.per_person, cost_per_win(empty), cost_per_win(full), cost_per_win_interval(full),
        cost_per_win_interval(empty), cost_of_one_more(empty, full), cost_of_one_more(full, empty),
    )  # fmt: skip
    assert set(made) == {None}
    assert dominated({"empty": empty}) == {}
    assert [(each.ratio, each.p) for each in msprt([(NOBODY, SOME), (Share(0, 9), Share(0, 9))])] == [(1, 1), (1, 1)]


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
        lambda: share_sequence(SOME, 1),
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


def test_a_ratio_is_broken_only_where_chance_is_no_explanation() -> None:
    found = [sample_ratio(counts, [1, 1]) for counts in ([540, 460], [552, 448], [553, 447])]
    # Their p-values by the normal distribution: 0.0114, 0.00101 and 0.00080.
    assert [each is not None and each.broken for each in found] == [False, False, True]


@pytest.mark.parametrize(("chosen", "outside"), [((2, 50), 100), ((50, 98), 100), ((2, 98), 200), ((6, 94), 0)])
def test_people_with_hardly_anybody_alike_on_the_other_side_are_counted(chosen: tuple[int, int], outside: int) -> None:
    # A hundred of either kind: the model of the choice finds the shares of both kinds themselves.
    people = [
        Chosen(at < n, at % 2 == 0, (float(kind),)) for kind, n in enumerate(chosen) for at in range(100)
    ]  # fmt: skip
    found = association(people)
    assert found is not None
    assert tuple(found.chances) == pytest.approx((min(chosen) / 100, max(chosen) / 100), abs=1e-9)
    assert found.outside == outside
