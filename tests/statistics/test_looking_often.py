"""Looking at every moment fools nobody: simulated trials with fixed seeds, and what the ordinary test does to them."""

from collections.abc import Sequence
from math import sqrt
from random import Random

import pytest

from feedbackhub.statistics import (
    SEQUENCE_FROM,
    EProcess,
    Share,
    arms_needed,
    difference_sequence,
    e_process,
    e_process_needed,
    share_sequence,
    two_sided_p,
)

TRIALS = 300
LOOKS = 20
#: Where nothing is to be found; the guarantee itself, without an allowance for chance: the seeds are fixed.
AT_MOST = 0.05


def outcomes(random: Random, share: float, n: int) -> list[bool]:
    """Return whether each person of an arm was won."""
    return [random.random() < share for _ in range(n)]


def ordinary_alarm(one: Sequence[bool], other: Sequence[bool], looks: int) -> bool:
    """Tell whether the z test of two shares finds a difference at one of the looks at least."""
    step, won = len(one) // looks, [0, 0]
    for look in range(1, looks + 1):
        span = slice((look - 1) * step, look * step)
        won = [won[0] + sum(one[span]), won[1] + sum(other[span])]
        n, pooled = look * step, sum(won) / (2 * look * step)
        error = sqrt(2 * pooled * (1 - pooled) / n)
        if error and two_sided_p((won[0] - won[1]) / n / error) <= 0.05:
            return True
    return False


@pytest.mark.parametrize("share", [0.3, 0.05])
def test_without_an_effect_the_e_process_hardly_ever_stops_while_the_ordinary_test_does(share: float) -> None:
    random, alarms, fooled = Random(20261121), 0, 0
    for _ in range(TRIALS):
        one, other = outcomes(random, share, 300), outcomes(random, share, 300)
        alarms += e_process(one, other).stopped
        fooled += ordinary_alarm(one, other, LOOKS)
    # The process is looked at after every block here, far more often than 20 times.
    assert alarms <= AT_MOST * TRIALS
    assert fooled >= 3 * AT_MOST * TRIALS


@pytest.mark.parametrize("block", [(1, 2), (3, 1)])
def test_unequal_arms_are_no_more_often_fooled(block: tuple[int, int]) -> None:
    random, alarms = Random(7), 0
    for _ in range(TRIALS):
        one, other = outcomes(random, 0.3, 150 * block[0]), outcomes(random, 0.3, 150 * block[1])
        alarms += e_process(one, other, block=block).stopped
    assert alarms <= AT_MOST * TRIALS


@pytest.mark.parametrize(
    ("one", "other", "block"), [(0.45, 0.23, (1, 1)), (0.35, 0.23, (1, 1)), (0.45, 0.23, (1, 2)), (0.1, 0.25, (2, 1))]
)
def test_a_planted_effect_is_found_with_the_planned_power(one: float, other: float, block: tuple[int, int]) -> None:
    random, found, ratio = Random(3), 0, block[1] / block[0]
    n = e_process_needed(one, other, ratio=ratio)
    for _ in range(TRIALS):
        arms = outcomes(random, one, n), outcomes(random, other, round(n * ratio))
        found += e_process(*arms, block=block).stopped
    # Two and a half standard errors, and the 6 % by which the need may be off.
    assert found / TRIALS == pytest.approx(0.8, abs=0.07)


def test_being_allowed_to_look_costs_people() -> None:
    shares = (0.45, 0.23), (0.3, 0.2), (0.05, 0.02), (0.9, 0.7)
    costs = [e_process_needed(*each) / arms_needed(*each) for each in shares]
    assert all(1.6 < cost < 2.1 for cost in costs)


def test_shuffled_assignment_finds_nothing() -> None:
    random, alarms = Random(11), 0
    people = outcomes(random, 0.45, 150) + outcomes(random, 0.23, 150)
    assert e_process(people[:150], people[150:]).stopped
    for _ in range(TRIALS):
        random.shuffle(people)
        alarms += e_process(people[:150], people[150:]).stopped
    assert alarms <= AT_MOST * TRIALS


@pytest.mark.parametrize(("one", "other"), [(0.3, 0.3), (0.45, 0.23), (0.05, 0.05), (0.05, 0.02)])
def test_the_confidence_sequence_holds_the_truth_at_all_looks_together(one: float, other: float) -> None:
    random, missed = Random(5), 0
    for _ in range(TRIALS):
        first, second = outcomes(random, one, 400), outcomes(random, other, 400)
        missed += any(not held(first[:n], second[:n], one - other) for n in range(SEQUENCE_FROM, 401, 10))
    assert missed <= AT_MOST * TRIALS


def test_the_sequence_holds_where_a_small_arm_stands_against_a_large_one() -> None:
    random, missed = Random(2), 0
    for _ in range(TRIALS):
        first, second = outcomes(random, 0.05, 240), outcomes(random, 0.05, 9 * 240)
        missed += any(not held(first[:n], second[: 9 * n], 0.0) for n in range(SEQUENCE_FROM, 241, 10))
    assert missed <= AT_MOST * TRIALS


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.9])
def test_one_share_s_sequence_holds_it_at_every_look_by_going_through_all_that_may_happen(share: float) -> None:
    # The chance of each number won so far, of those in which the interval has held the share at every look.
    still = {0: 1.0}
    for n in range(1, 81):
        grown: dict[int, float] = {}
        for won, chance in still.items():
            for more, likely in ((0, 1 - share), (1, share)):
                interval = share_sequence(Share(won + more, n))
                assert interval is not None
                if interval.low <= share <= interval.high:
                    grown[won + more] = grown.get(won + more, 0.0) + chance * likely
        still = grown
    assert 0.95 <= sum(still.values()) < 1


def held(one: Sequence[bool], other: Sequence[bool], truth: float) -> bool:
    """Tell whether the sequence holds the true difference at a look."""
    found = difference_sequence(Share(sum(one), len(one)), Share(sum(other), len(other)), tightest=800)
    assert found is not None
    return found.low <= truth <= found.high


def test_evidence_once_sufficient_is_not_taken_back() -> None:
    process = EProcess()
    for _ in range(15):
        process.add(1, 0)
    # 1, 16/9, 9/4, 64/25 and 25/9 are the factors of the first five blocks: 28.4 together, the first above 20.
    assert process.stopped_at == 5
    early = process.p
    for _ in range(15):
        process.add(0, 1)
    assert (process.stopped, process.stopped_at, process.p) == (True, 5, early)
    assert process.e < 1


def test_who_does_not_fill_a_block_waits() -> None:
    one, other = [True] * 5, [False] * 3
    assert e_process(one, other, block=(2, 1)).blocks == 2
    assert e_process(one, []).blocks == 0
    assert (e_process([], []).e, e_process([], []).p) == (1.0, 1.0)
