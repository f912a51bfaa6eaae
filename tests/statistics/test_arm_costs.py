"""What winning a customer back costs in each arm; expected values are worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.statistics import (
    ArmCost,
    Dominated,
    Share,
    cost_of_one_more,
    cost_per_win,
    cost_per_win_interval,
    dominated,
    wilson,
)

COSTS = st.integers(0, 1000)
SHARES = st.tuples(st.integers(0, 300), st.integers(0, 300)).filter(any).map(lambda pair: Share(pair[0], sum(pair)))
ARMS = st.builds(ArmCost, SHARES, COSTS, COSTS)


def test_what_everybody_gets_and_what_only_the_won_get() -> None:
    arm = ArmCost(Share(20, 100), each=2, won=5)
    assert (arm.total, arm.per_person, cost_per_win(arm)) == (300, 3, 15)
    interval, share = cost_per_win_interval(arm), wilson(Share(20, 100))
    assert interval is not None
    assert share is not None
    # What only the won get is certain for each of them; the rest is shared by more or by fewer.
    assert interval == pytest.approx((2 / share.high + 5, 2 / share.low + 5))


def test_an_arm_as_dear_that_wins_fewer_is_dominated_and_one_as_good_that_is_dearer_too() -> None:
    good, worse, dearer = ArmCost(Share(40, 100), 3), ArmCost(Share(10, 100), 3), ArmCost(Share(40, 100), 4)
    arms = {"good": good, "worse": worse, "dearer": dearer}
    assert dominated(arms) == {"worse": Dominated("good", shown=True), "dearer": Dominated("good", shown=False)}


def test_arms_alike_in_both_do_not_dominate_each_other() -> None:
    assert dominated({"one": ArmCost(Share(4, 10), 3), "other": ArmCost(Share(8, 20), 3)}) == {}


def test_a_dearer_arm_that_wins_more_has_a_price_for_one_more() -> None:
    better, cheaper = ArmCost(Share(40, 100), 5), ArmCost(Share(30, 100), 1)
    assert dominated({"better": better, "cheaper": cheaper}) == {}
    assert cost_of_one_more(better, cheaper) == pytest.approx(40)
    assert cost_of_one_more(cheaper, better) is None


def test_of_several_that_beat_an_arm_the_one_that_wins_most_is_named() -> None:
    arms = {"bad": ArmCost(Share(1, 100), 9), "fair": ArmCost(Share(30, 100), 2), "best": ArmCost(Share(50, 100), 8)}
    assert dominated(arms) == {"bad": Dominated("best", shown=True)}


@given(st.dictionaries(st.sampled_from("abcde"), ARMS, min_size=1))
def test_somebody_is_always_left_who_is_not_dominated(arms: dict[str, ArmCost]) -> None:
    found = dominated(arms)
    assert set(found) < set(arms)
    for name, each in found.items():
        assert cost_of_one_more(arms[name], arms[each.by]) is None
        assert cost_of_one_more(arms[each.by], arms[name]) is None


@given(ARMS)
def test_the_interval_holds_the_cost_of_a_win(arm: ArmCost) -> None:
    cost, interval = cost_per_win(arm), cost_per_win_interval(arm)
    assert (cost is None) == (interval is None) == (not arm.share.part)
    if cost is not None and interval is not None:
        assert interval.low <= cost * (1 + 1e-9)
        assert cost <= interval.high * (1 + 1e-9)
