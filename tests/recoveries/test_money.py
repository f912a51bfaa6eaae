"""Money in against money out: held against an independent simulation, and every reason why nothing is worked out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.reporting.assumptions import Range, Spread
from feedbackhub.statistics import Interval, Share
from feedbackhub_plugins.recovery.recoveries_money import Account, Money, account, gestures_cost
from feedbackhub_plugins.recovery.recoveries_people import Costs
from feedbackhub_plugins.recovery.recoveries_retention import Kept

KEPT = Kept(Share(60, 100), Share(90, 200), 0.15, Interval(0.03, 0.27), 300)
COSTS = Costs(Counter(EUR=40_000), Counter(compensation=40), Counter(apology=30), Counter(compensation=40_000))
ACCOUNT = Account(KEPT, COSTS, 250, "EUR", Range(90, 120, 160), Range(6, 8, 12))


def ends(found: Spread | None) -> list[float]:
    """Return the ends and the middle."""
    assert found is not None
    return [found.low, found.middle, found.high]


def test_it_is_what_an_independent_simulation_makes_of_the_same_inputs() -> None:
    chance, n = np.random.default_rng(20), 400_000

    def pert(low: float, likely: float, high: float) -> np.ndarray:
        width = high - low
        return low + width * chance.beta(1 + 4 * (likely - low) / width, 1 + 4 * (high - likely) / width, n)

    customers = 100 * chance.normal(0.15, 0.24 / (2 * 1.959963984540054), n)
    earned, spent = customers * pert(90, 120, 160), 400 + 250 * pert(6, 8, 12)
    found = account(ACCOUNT)
    for mine, theirs in (
        (found.customers, customers), (found.earned, earned), (found.spent, spent), (found.ratio, earned / spent),
        (found.net, earned - spent),
    ):  # fmt: skip
        low, middle, high = np.quantile(theirs, [0.025, 0.5, 0.975])
        assert ends(mine) == pytest.approx([low, middle, high], abs=0.03 * (high - low))
    assert found.why == ""


def test_the_same_inputs_give_the_same_result() -> None:
    assert account(ACCOUNT) == account(ACCOUNT)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"currency": ""}, "currency"),
        ({"margin": None}, "margin"),
        ({"work": None}, "work"),
        ({"costs": replace(COSTS, cents=Counter(EUR=1, IDR=1))}, "currencies"),
        ({"costs": Costs(unpriced=Counter(compensation=3))}, "costs"),
        ({"costs": Costs(), "cases": 0}, "nothing"),
        ({"work": Range(0, 0, 0), "costs": Costs(unpriced=Counter(apology=9))}, "nothing"),
        ({"kept": Kept(Share(5, 9), Share(90, 200))}, "few"),
        ({"kept": Kept(Share(0, 0), Share(90, 200))}, "nobody"),
        ({"kept": Kept(Share(0, 0), Share(0, 0))}, "nobody"),
        ({"kept": Kept(Share(5, 20), Share(6, 20), left_out=40)}, "alone"),
    ],
)
def test_without_what_it_needs_there_is_no_return_and_it_says_why(changed: dict[str, object], why: str) -> None:
    found = account(replace(ACCOUNT, **changed))  # type: ignore[arg-type]
    assert (found.ratio, found.why) == (None, why)


def test_what_is_known_is_said_although_the_rest_is_missing() -> None:
    whole = account(ACCOUNT)
    assert account(replace(ACCOUNT, work=None)) == Money(whole.customers, whole.earned, why="work")
    assert account(replace(ACCOUNT, margin=None)) == Money(whole.customers, None, whole.spent, why="margin")
    foreign = account(replace(ACCOUNT, costs=replace(COSTS, cents=Counter(IDR=1))))
    assert foreign == Money(whole.customers, whole.earned, why="currencies")


def test_a_margin_of_nothing_earns_nothing() -> None:
    found = account(replace(ACCOUNT, margin=Range(0, 0, 0)))
    assert [ends(found.earned), ends(found.ratio)] == [[0, 0, 0], [0, 0, 0]]
    assert found.net is not None
    assert found.net.high < 0


def test_compensations_without_a_cost_count_as_the_mean_of_the_others() -> None:
    costs = replace(COSTS, unpriced=Counter(compensation=20, apology=30))
    assert gestures_cost(COSTS, "EUR") == 400
    assert gestures_cost(costs, "EUR") == 600
    assert gestures_cost(Costs(), "EUR") == 0


@given(st.floats(-1, 1), st.floats(0, 0.5), st.integers(10, 1000))
def test_results_are_in_order_and_within_what_can_be(middle: float, half: float, n: int) -> None:
    interval = Interval(max(-1.0, middle - half), min(1.0, middle + half))
    found = account(replace(ACCOUNT, kept=Kept(Share(0, n), Share(0, n), middle, interval, 2 * n)), runs=200)
    for each in (found.customers, found.earned, found.spent, found.ratio, found.net):
        assert ends(each) == sorted(ends(each))
    assert -n <= ends(found.customers)[0] <= ends(found.customers)[2] <= n
