"""What holds for all counts: intervals hold what was seen, are mirror images, shrink, and cover what they promise."""

from itertools import product
from math import comb, isclose, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.statistics import (
    Interval,
    Share,
    Votes,
    adjusted_wald,
    band_of,
    difference_of_shares,
    few,
    mix_test,
    nps_bounds,
    nps_difference,
    nps_interval,
    t_of,
    wilson,
    z_of,
)

COUNT = st.integers(0, 100_000)
VOTES = st.builds(Votes, COUNT, COUNT, COUNT).filter(lambda votes: votes.n > 0)
SHARE = st.tuples(COUNT, COUNT).filter(any).map(lambda pair: Share(pair[0], sum(pair)))
LEVEL = st.floats(0.5, 0.999)


def interval_of(votes: Votes, level: float = 0.95) -> Interval:
    """Return the interval of votes that are there."""
    found = nps_interval(votes, level)
    assert found is not None
    return found


@given(VOTES, LEVEL)
def test_the_interval_holds_the_score_and_stays_on_the_scale(votes: Votes, level: float) -> None:
    found = interval_of(votes, level)
    assert votes.score is not None
    assert -1 <= found.low <= votes.score <= found.high <= 1
    assert found.low < found.high


@given(VOTES)
def test_with_promoters_and_detractors_exchanged_everything_is_mirrored(votes: Votes) -> None:
    found, mirrored = interval_of(votes), interval_of(Votes(votes.promoters, votes.passives, votes.detractors))
    assert isclose(found.low, -mirrored.high, abs_tol=1e-9)
    assert isclose(found.high, -mirrored.low, abs_tol=1e-9)


@given(st.integers(1, 5000), st.sampled_from([(1, 0, 0), (0, 1, 0), (0, 0, 1)]))
def test_answers_all_alike_still_leave_doubt_that_shrinks(n: int, kind: tuple[int, int, int]) -> None:
    few_votes, more = (Votes(*(each * m for each in kind)) for m in (n, 2 * n))
    narrow, wide = interval_of(more), interval_of(few_votes)
    assert 0 < narrow.high - narrow.low < wide.high - wide.low


@given(VOTES, VOTES)
def test_a_difference_turns_its_sign_with_its_order(one: Votes, other: Votes) -> None:
    there, back = nps_difference(one, other), nps_difference(other, one)
    assert there is not None
    assert back is not None
    assert isclose(there.low, -back.high, abs_tol=1e-9)
    assert isclose(there.high, -back.low, abs_tol=1e-9)
    assert there.excludes_zero == back.excludes_zero or isclose(min(map(abs, there)), 0, abs_tol=1e-9)


@given(VOTES)
def test_equal_votes_show_no_difference(votes: Votes) -> None:
    found = nps_difference(votes, votes)
    assert found is not None
    assert not found.excludes_zero
    assert mix_test(votes, votes) is None or mix_test(votes, votes).p == pytest.approx(1)  # type: ignore[union-attr]


@given(VOTES)
def test_the_other_interval_holds_the_score_as_well(votes: Votes) -> None:
    found = adjusted_wald(votes)
    assert found is not None
    assert votes.score is not None
    assert -1 <= found.low <= votes.score <= found.high <= 1


@given(VOTES, st.floats(0, 1))
def test_bounds_never_leave_the_scale(votes: Votes, rate: float) -> None:
    found = nps_bounds(votes, rate)
    assert found is not None
    assert all(isfinite(end) and -1 - 1e-9 <= end <= 1 + 1e-9 for end in found)


@given(SHARE, LEVEL)
def test_a_shares_interval_holds_it_and_lies_between_0_and_1(share: Share, level: float) -> None:
    found = wilson(share, level)
    assert found is not None
    assert share.value is not None
    assert 0 <= found.low <= share.value <= found.high <= 1
    assert found.low < found.high


@given(SHARE, SHARE)
def test_a_difference_of_shares_lies_between_minus_1_and_1(one: Share, other: Share) -> None:
    found = difference_of_shares(one, other)
    assert found is not None
    assert one.value is not None
    assert other.value is not None
    assert -1 - 1e-12 <= found.low <= one.value - other.value <= found.high <= 1 + 1e-12


@pytest.mark.parametrize("n", [5, 10, 20])
@pytest.mark.parametrize("shares", [(0.02, 0.08, 0.9), (0.2, 0.3, 0.5), (0.1, 0.3, 0.6), (0.4, 0.3, 0.3)])
def test_nineteen_of_twenty_intervals_hold_the_truth(n: int, shares: tuple[float, float, float]) -> None:
    """Exactly, by going through all possible samples."""
    down, passive, up = shares
    truth, covered = up - down, 0.0
    for d, r in product(range(n + 1), repeat=2):
        if d + r > n:
            continue
        found = interval_of(Votes(d, n - d - r, r))
        if found.low <= truth + 1e-12 and truth - 1e-12 <= found.high:
            covered += comb(n, d) * comb(n - d, r) * down**d * up**r * passive ** (n - d - r)
    assert covered >= 0.946


@given(st.integers(-1000, 1000).filter(lambda score: not 0 <= score <= 10))
def test_other_numbers_are_no_scores(score: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 10"):
        band_of(score)


@pytest.mark.parametrize("score", [True, 5.0, "5", None])
def test_only_whole_numbers_are_scores(score: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        band_of(score)  # type: ignore[arg-type]


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Votes(-1)
    with pytest.raises(ValueError, match="between"):
        Share(3, 2)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        z_of(level)
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_of(level, 5)


def test_t_is_what_tables_say() -> None:
    table = {1: 12.7062, 2: 4.3027, 10: 2.2281, 100: 1.9840}
    assert {freedom: round(t_of(0.95, freedom), 4) for freedom in table} == table


def test_how_few_is_few() -> None:
    assert [few(n) for n in (0, 1, 9, 10, 29, 30, 1000)] == ["none", "counts", "counts", "flag", "flag", "", ""]
