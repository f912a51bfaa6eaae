"""Every number of the reference vectors on scores, shares and differences, at the tolerance stated there."""

import math

import pytest

from feedbackhub.statistics import (
    Share,
    Votes,
    answers_needed,
    answers_needed_each,
    band_of,
    difference_of_shares,
    exact_need,
    exact_need_each,
    interval_of_finite,
    mix_test,
    nps_bounds,
    nps_difference,
    nps_interval,
    t_interval,
    t_of,
    two_sided_p,
    wald,
    weighted_nps,
    wilson,
    z_of,
)
from feedbackhub.statistics.nps import adjusted, adjusted_centre
from tests.statistics.vectors import Vector, named, one, required

GIVEN = {"detractors", "passives", "promoters", "conf"}
SCORES = [each for each in named("nps_", "2-nps") if set(each.inputs) == GIVEN]
SHARES = [each for each in required() if "wilson_low" in each.expected and "x" in each.inputs]
PAIRS = [each for each in required() if "rd_newcombe_low" in each.expected]


def votes_of(vector: Vector, name: str = "") -> Votes:
    """Return the counts of a vector."""
    if name:
        return Votes(*vector.inputs[name])
    return Votes(vector.inputs["detractors"], vector.inputs["passives"], vector.inputs["promoters"])


def everything_about(votes: Votes) -> dict[str, float | None]:
    """Return all that the vectors know of one score."""
    if votes.score is None or votes.variance is None:
        return {"n": votes.n, "nps": None}
    centre, error = adjusted_centre(votes)
    raw, plain, score, t = adjusted(votes, z_of(0.95)), wald(votes), nps_interval(votes), t_interval(votes)
    assert plain is not None
    assert score is not None
    unbiased = votes.variance * votes.n / (votes.n - 1) if votes.n > 1 else None
    return {
        "n": votes.n, "nps": votes.score, "nps_100": 100 * votes.score, "var_mle": votes.variance, "se": votes.error,
        "wald_low": plain.low, "wald_high": plain.high, "var_unbiased": unbiased,
        "se_unbiased": math.sqrt(unbiased / votes.n) if unbiased is not None else None,
        "t_low": t.low if t else None, "t_high": t.high if t else None,
        "aw3_center": centre, "aw3_se": error, "aw3_low_raw": raw.low, "aw3_high_raw": raw.high,
        "aw3_low": max(raw.low, -1), "aw3_high": min(raw.high, 1), "score_low": score.low, "score_high": score.high,
    }  # fmt: skip


def test_the_vectors_are_there() -> None:
    assert (len(SCORES), len(SHARES), len(PAIRS)) == (11, 7, 4)


@pytest.mark.parametrize("vector", SCORES, ids=lambda each: each.name)
def test_a_score_and_its_intervals(vector: Vector) -> None:
    found = everything_about(votes_of(vector))
    assert vector.disagreements({name: found[name] for name in vector.expected}) == {}


def test_a_difference_of_scores() -> None:
    vector = one("nps_diff_period")
    now, before = votes_of(vector, "a"), votes_of(vector, "b")
    mover = nps_difference(now, before)
    assert mover is not None
    assert now.score is not None
    assert before.score is not None
    assert now.error is not None
    assert before.error is not None
    error, z = math.hypot(now.error, before.error), z_of(0.95)
    difference = now.score - before.score
    (middle, spread), (other_middle, other_spread) = adjusted_centre(now), adjusted_centre(before)
    gap, reach = middle - other_middle, math.hypot(spread, other_spread)
    found = {
        "diff": difference, "mover_low": mover.low, "mover_high": mover.high, "se_wald": error,
        "z": difference / error, "p_two_sided": two_sided_p(difference / error),
        "wald_low": difference - z * error, "wald_high": difference + z * error,
        "aw_diff": gap, "aw_se": reach, "aw_low": gap - z * reach, "aw_high": gap + z * reach,
        "aw_z": gap / reach, "aw_p": two_sided_p(gap / reach),
    }  # fmt: skip
    assert sorted(found) == sorted(vector.expected)
    assert vector.disagreements(found) == {}


def test_whether_a_mix_moved() -> None:
    vector = one("nps_distribution_test")
    found = mix_test(votes_of(vector, "a"), votes_of(vector, "b"))
    assert found is not None
    assert vector.disagreements({"chisq": found.chi_square, "df": found.freedom, "p": found.p}) == {}


def test_how_many_answers_are_needed() -> None:
    vector = one("nps_sample_size")
    given = vector.inputs
    up, down = given["p_promoter"], given["p_detractor"]
    variance = up + down - (up - down) ** 2
    found = {
        "var": variance,
        "n_infinite_raw": exact_need(variance, given["margin"]),
        "n_fpc_raw": exact_need(variance, given["margin"], customers=given["N"]),
        "n_per_group_raw": exact_need_each((given["v1"], given["v2"]), given["delta"], power=given["power"]),
        "n_infinite": answers_needed(variance, given["margin"]),
        "n_fpc": answers_needed(variance, given["margin"], customers=given["N"]),
        "n_worst": answers_needed(given["worst_case_var"], given["margin"]),
        "n_per_group": answers_needed_each((given["v1"], given["v2"]), given["delta"], power=given["power"]),
    }
    assert sorted(found) == sorted(vector.expected)
    assert vector.disagreements(found) == {}


def test_when_all_customers_there_are_were_asked() -> None:
    vector = one("nps_fpc_survey")
    votes = votes_of(vector)
    interval = interval_of_finite(votes, vector.inputs["N"])
    assert interval is not None
    error = (interval.high - interval.low) / 2 / t_of(0.95, votes.n - 1)
    found = {"nps": votes.score, "se": error, "t_low": interval.low, "t_high": interval.high}
    assert sorted(found) == sorted(vector.expected)
    assert vector.disagreements(found) == {}


def test_a_weighted_score() -> None:
    vector = one("nps_weighted")
    counts, weights = vector.inputs["counts"], vector.inputs["weights"]
    groups = [Votes(counts[0]), Votes(0, counts[1]), Votes(0, 0, counts[2])]
    found = weighted_nps(list(zip(groups, weights, strict=True)))
    assert found is not None
    named_so = {"nps": found.score, "se": found.error, "kish_n_eff": found.effective}
    assert vector.disagreements({**named_so, "kish_deff": 100 / found.effective}) == {}


def test_what_the_silent_ones_could_change() -> None:
    vector = one("nonresponse_bounds")
    bounds = nps_bounds(Votes(20, 30, 50), vector.inputs["response_rate"])
    assert bounds is not None
    assert vector.disagreements({"low": bounds.low, "high": bounds.high}) == {}


@pytest.mark.parametrize("vector", SHARES, ids=lambda each: each.name)
def test_a_share_and_its_score_interval(vector: Vector) -> None:
    share = Share(vector.inputs["x"], vector.inputs["n"])
    found = wilson(share)
    assert found is not None
    assert vector.disagreements({"p": share.value, "wilson_low": found.low, "wilson_high": found.high}) == {}


@pytest.mark.parametrize("vector", PAIRS, ids=lambda each: each.name)
def test_a_difference_of_shares(vector: Vector) -> None:
    given = vector.inputs
    one_share, other = Share(given["x1"], given["n1"]), Share(given["x2"], given["n2"])
    found = difference_of_shares(one_share, other)
    assert found is not None
    assert one_share.value is not None
    assert other.value is not None
    named_so = {
        "p1": one_share.value, "p2": other.value, "risk_difference": one_share.value - other.value,
        "rd_newcombe_low": found.low, "rd_newcombe_high": found.high,
    }  # fmt: skip
    assert vector.disagreements(named_so) == {}


def test_newcombes_published_example() -> None:
    found = difference_of_shares(Share(56, 70), Share(48, 80))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_bands() -> None:
    vector = one("edge_score_bands")
    letters = {"detractor": "D", "passive": "P", "promoter": "R"}
    assert [letters[band_of(score)] for score in vector.inputs["scores"]] == vector.expected["classes"]
    assert Votes.of(dict.fromkeys(vector.inputs["scores"], 1)).score == pytest.approx(vector.expected["nps"], abs=1e-12)


def test_nothing_from_nothing() -> None:
    nobody = votes_of(one("edge_n0"))
    share = Share(0, 0)
    made = (
        nobody.score, nobody.variance, nobody.error, nps_interval(nobody), wald(nobody), t_interval(nobody),
        nps_difference(nobody, Votes(1, 2, 3)), nps_difference(Votes(1, 2, 3), nobody), nps_bounds(nobody, 0.5),
        mix_test(nobody, Votes(1, 2, 3)), weighted_nps([(nobody, 1.0)]), interval_of_finite(nobody, 10),
        share.value, wilson(share), difference_of_shares(share, Share(1, 2)),
    )  # fmt: skip
    assert set(made) == {None}
