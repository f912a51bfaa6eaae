"""Whether customers stay more often: compared within strata, as chance put them, and where nothing can be compared."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from feedbackhub.statistics import Share, difference_sequence
from feedbackhub_plugins.recovery.recoveries_people import Followed, Start
from feedbackhub_plugins.recovery.recoveries_retention import Kept, compare, compare_arms

JANUARY, MARCH = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)


def person(
    good: bool, stayed: bool | None, score: float = 0, segment: str = "", at: datetime = JANUARY, arm: str = ""
) -> Followed:
    """Return a customer who was followed."""
    return Followed(Start("c", at, score, segment, arm=arm), good, stayed, ())


def people(good: bool, stayed: int, all_: int, score: float = 0, arm: str = "") -> list[Followed]:
    """Return customers of whom so many stayed."""
    return [person(good, number < stayed, score, arm=arm) for number in range(all_)]


def test_the_difference_is_mantel_and_haenszels_with_satos_error_as_computed_apart() -> None:
    chance, followed = Random(3), []
    groups = {(0, "a"): (0.2, 0.3), (25, "a"): (0.4, 0.5), (0, "b"): (0.5, 0.7), (25, "b"): (0.6, 0.8)}
    for (score, segment), (stays, given) in groups.items():
        for _ in range(120):
            good = chance.random() < given
            followed.append(person(good, chance.random() < stays + 0.1 * good, score, segment))
    counts = Counter((each.start.score, each.start.segment, each.made_good, each.stayed) for each in followed)
    kinds = ((True, True), (True, False), (False, True), (False, False))
    cells = np.array([[float(counts[score, segment, *kind]) for kind in kinds] for score, segment in groups])
    a, c, b, d = cells.T
    one, other, n = a + c, b + d, cells.sum(axis=1)
    weight = one * other / n
    difference = ((a / one - b / other) * weight).sum() / weight.sum()
    p = ((one**2 * b - other**2 * a + one * other * (other - one) / 2) / n**2).sum()
    q = ((a * d + b * c) / (2 * n)).sum()
    error = np.sqrt(difference * p + q) / weight.sum()
    found = compare(followed, by_month=False)
    assert found.difference == pytest.approx(difference)
    assert found.error == pytest.approx(error)
    assert (found.compared, found.left_out, found.strata) == (480, 0, 4)
    plain = a.sum() / one.sum() - b.sum() / other.sum()
    assert plain > difference + 0.05


def test_who_can_be_compared_with_nobody_alike_is_left_out() -> None:
    followed = [*people(True, 5, 10), *people(False, 3, 10), *people(True, 7, 7, score=25)]
    found = compare(followed, by_month=False)
    assert (found.compared, found.left_out) == (20, 7)
    assert found.difference == pytest.approx(0.2)
    apart = [*people(True, 5, 10), *people(False, 3, 10, score=25)]
    assert compare(apart, by_month=False) == Kept(Share(5, 10), Share(3, 10), left_out=20)


def test_months_make_strata_where_not_all_are_followed_for_as_long() -> None:
    followed = [*people(True, 9, 10), *(person(False, number < 2, at=MARCH) for number in range(10))]
    assert compare(followed, by_month=False).difference == pytest.approx(0.7)
    assert compare(followed, by_month=True).left_out == 20


@pytest.mark.parametrize(("stayed", "difference"), [(0, 0.0), (20, 0.0)])
def test_where_all_stay_or_none_does_the_shares_themselves_leave_doubt(stayed: int, difference: float) -> None:
    found = compare([*people(True, stayed, 20), *people(False, stayed, 20)], by_month=False)
    low, high = confint_proportions_2indep(stayed, 20, stayed, 20, method="newcomb", compare="diff")
    assert found.difference == difference
    assert found.interval == pytest.approx((low, high))


@pytest.mark.parametrize("other", [0, 9])
def test_with_few_or_none_in_one_group_nothing_is_said(other: int) -> None:
    found = compare([*people(True, 5, 50), *people(False, 0, other)], by_month=False)
    assert found == Kept(Share(5, 50), Share(0, other))
    assert compare([], by_month=False) == Kept(Share(0, 0), Share(0, 0))


def test_of_whom_nothing_is_known_is_counted_under_nothing() -> None:
    followed = [*people(True, 5, 10), *people(False, 3, 10), *(person(True, None) for _ in range(4))]
    found = compare(followed, by_month=False)
    assert (found.one, found.unknown) == (Share(5, 10), 4)


def test_in_a_trial_the_arm_counts_whatever_was_done_and_its_interval_holds_at_every_look() -> None:
    # Some in the arm of nothing were given something all the same, and others were forgotten.
    treated = [*people(True, 40, 60, arm="apology"), *people(False, 5, 20, arm="both")]
    nothing = [*people(False, 20, 70, arm="nothing"), *people(True, 8, 10, arm="nothing")]
    found = compare_arms([*treated, *nothing], frozenset({"nothing"}))
    assert (found.one, found.other) == (Share(45, 80), Share(28, 80))
    assert found.difference == pytest.approx(17 / 80)
    assert found.interval == difference_sequence(Share(45, 80), Share(28, 80))
    assert found.by_chance
    early = compare_arms([*treated[:20], *nothing[:20]], frozenset({"nothing"}))
    assert (early.difference, early.interval) == (None, None)
    without = compare_arms(treated, frozenset())
    assert (without.difference, without.other) == (None, Share(0, 0))
