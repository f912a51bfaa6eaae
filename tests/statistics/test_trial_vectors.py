"""Every number of the reference vectors on the apology paper and on experiments, at the tolerance stated there."""

import math
from typing import Any

import pytest

from feedbackhub.statistics import (
    ArmCost,
    Chosen,
    DoublyRobust,
    EProcess,
    Interval,
    Measured,
    Share,
    arcsine_needed,
    arms_needed,
    association,
    benjamini_hochberg,
    beta_binomial,
    bonferroni,
    clopper_pearson,
    cohen_h,
    conditional_odds_as_r_prints,
    confidence_sequence,
    cost_of_one_more,
    cost_per_win,
    cuped,
    dominated,
    exact_arms_needed,
    factorial,
    fisher,
    freeman_halton,
    holm,
    interaction,
    msprt,
    pearson,
    power_of,
    risk_e_value,
    sample_ratio,
    sequence_scale,
    stratified,
    two_arms,
    wilson,
)
from tests.statistics.vectors import Vector, one, reference, required

MINE = [each for each in required() if each.section.startswith(("1-", "4-"))]
PAIRS = [each for each in MINE if "odds_ratio_sample" in each.expected]
SHARES = [each for each in MINE if "cp_low" in each.expected]
#: The keyed hash by which the plugin draws arms is its own: tests/apology.
DRAWN = "assign_hmac_sha256"


def test_every_vector_of_these_sections_has_its_test() -> None:
    single = {
        "apology_omnibus_3arm", "apology_holm_3pairs", "apology_cost_per_withdrawn", "power_two_proportions",
        "srm_2arm", "srm_4arm_ok", "heterogeneity_lrt", "factorial_2x2", "asymptotic_cs_mean",
        "evalue_unmeasured_confounding", "observational_ipw_aipw", "safe_two_proportion_eprocess", DRAWN,
    }  # fmt: skip
    assert {each.name for each in MINE} == single | {each.name for each in (*PAIRS, *SHARES)}
    assert len(MINE) == 19


def met(vector: Vector, found: dict[str, Any]) -> None:
    """Check each number, single or in a list, and that none of the vector is left out."""
    assert sorted(found) == sorted(vector.expected)
    flat, wanted = {}, {}
    for name, value in found.items():
        many, due = (value, vector.expected[name]) if isinstance(value, list) else ([value], [vector.expected[name]])
        assert len(many) == len(due)
        for at, each in enumerate(many):
            flat[f"{name} {at}"], wanted[f"{name} {at}"] = each, due[at]
    made = Vector(vector.name, vector.section, {}, wanted, vector.tolerance, vector.relative)
    assert made.disagreements(flat) == {}


def ends(name: str, interval: Interval | None) -> dict[str, float]:
    """Return an interval's ends as the vectors name them."""
    assert interval is not None
    return {f"{name}_low": interval.low, f"{name}_high": interval.high}


@pytest.mark.parametrize("vector", PAIRS, ids=lambda each: each.name)
def test_two_arms(vector: Vector) -> None:
    given = vector.inputs
    arms = Share(given["x1"], given["n1"]), Share(given["x2"], given["n2"])
    found, as_r = two_arms(*arms, given["conf"]), conditional_odds_as_r_prints(*arms, given["conf"])
    table = pearson([[arm.part, arm.whole - arm.part] for arm in arms])
    assert found is not None
    assert as_r is not None
    assert table is not None
    around = found.difference_interval
    met(vector, {
        "p1": arms[0].value, "p2": arms[1].value, "risk_difference": found.difference,
        **ends("rd_newcombe", around), "risk_ratio": found.ratio, **ends("rr_katz", found.ratio_interval),
        "odds_ratio_sample": found.odds, **ends("or_woolf", found.odds_interval),
        "odds_ratio_cmle": as_r.value, "or_exact_low": as_r.low, "or_exact_high": as_r.high,
        "fisher_p_two_sided": found.p, "chisq_uncorrected": table.chi_square, "chisq_p": table.p,
        "chisq_yates": table.corrected, "chisq_yates_p": table.corrected_p,
        "nnt": 1 / found.difference, "nnt_low": 1 / around.high, "nnt_high": 1 / around.low,
    })  # fmt: skip


@pytest.mark.parametrize("vector", PAIRS, ids=lambda each: each.name)
def test_the_number_needed_is_there_only_where_a_difference_is_shown(vector: Vector) -> None:
    given = vector.inputs
    found = two_arms(Share(given["x1"], given["n1"]), Share(given["x2"], given["n2"]))
    assert found is not None
    if vector.name == "small_vs_large":
        assert found.needed is None
        return
    assert found.needed is not None
    numbers = (found.needed.value, *found.needed.interval)
    wanted = (vector.expected["nnt"], vector.expected["nnt_low"], vector.expected["nnt_high"])
    assert numbers == pytest.approx(wanted, abs=1e-6)
    assert not found.needed.harms


@pytest.mark.parametrize("vector", SHARES, ids=lambda each: each.name)
def test_one_arm(vector: Vector) -> None:
    share = Share(vector.inputs["x"], vector.inputs["n"])
    met(vector, {"p": share.value, **ends("wilson", wilson(share)), **ends("cp", clopper_pearson(share))})


def test_the_headline_of_the_study_as_it_is_quoted() -> None:
    arms = Share(94, 210), Share(41, 212), Share(48, 210)
    assert [round(100 * arm.part / arm.whole) for arm in arms] == [45, 19, 23]
    assert round(100 * (41 + 48) / (212 + 210)) == 21


def test_three_arms_at_once() -> None:
    vector = one("apology_omnibus_3arm")
    rows = [[x, n - x] for x, n in zip(vector.inputs["withdrew"], vector.inputs["n"], strict=True)]
    found = pearson(rows)
    assert found is not None
    exact = freeman_halton(rows)
    met(vector, {
        "chisq": found.chi_square, "df": found.freedom, "p": found.p, "fisher_freeman_halton_p": exact,
    })  # fmt: skip


def test_three_pairs_at_once() -> None:
    vector = one("apology_holm_3pairs")
    arms = Share(94, 210), Share(41, 212), Share(48, 210)
    own = [fisher(arms[0], arms[1]), fisher(arms[0], arms[2]), fisher(arms[1], arms[2])]
    for chances in (vector.inputs["p"], own):
        met(vector, {
            "p_holm": holm(chances), "p_bonferroni": bonferroni(chances), "p_bh": benjamini_hochberg(chances),
        })  # fmt: skip


def test_what_a_withdrawn_rating_cost() -> None:
    vector = one("apology_cost_per_withdrawn")
    handling = vector.inputs["handling_per_contact"]
    arms = {
        name: ArmCost(Share(arm["x"], arm["n"]), handling, arm["payment"])
        for name, arm in vector.inputs["arms"].items()
    }
    found = {name: {"total": arm.total, "cost_per_withdrawn": cost_per_win(arm)} for name, arm in arms.items()}
    assert found == {name: pytest.approx(vector.expected[name], abs=vector.tolerance) for name in arms}
    more = cost_of_one_more(arms["large"], arms["small"])
    assert more == pytest.approx(vector.expected["icer_large_vs_small"], abs=vector.tolerance)
    assert {name: each.by for name, each in dominated(arms).items()} == {"small": "apology", "large": "apology"}
    assert cost_of_one_more(arms["small"], arms["apology"]) is None


def test_how_many_people_each_arm_needs() -> None:
    vector = one("power_two_proportions")
    given = vector.inputs["p1"], vector.inputs["p2"], vector.inputs["alpha"], vector.inputs["power"]
    met(vector, {
        "n_per_arm_raw": exact_arms_needed(*given), "n_per_arm": arms_needed(*given),
        "cohen_h": cohen_h(*given[:2]), "n_arcsine_raw": arcsine_needed(*given),
        "power_n200_45_35": power_of(0.45, 0.35, 200),
    })  # fmt: skip


@pytest.mark.parametrize(
    ("shares", "needed"), [((0.45, 0.23), (72, 96)), ((0.3, 0.2), (294, 392)), ((0.25, 0.2), (1094, 1460))]
)
def test_three_comparisons_need_more_people(shares: tuple[float, float], needed: tuple[int, int]) -> None:
    assert (arms_needed(*shares), arms_needed(*shares, alpha=0.05 / 3)) == needed


@pytest.mark.parametrize("name", ["srm_2arm", "srm_4arm_ok"])
def test_the_sample_ratio(name: str) -> None:
    vector = one(name)
    found = sample_ratio(vector.inputs["observed"], vector.inputs["ratio"])
    assert found is not None
    exact = {"exact_binom_p": found.exact} if "exact_binom_p" in vector.expected else {}
    met(vector, {"chisq": found.chi_square, "df": found.freedom, "p": found.p, **exact})
    assert found.broken is (name == "srm_2arm")


def strata() -> list[tuple[Share, Share]]:
    """Return the strata of the reference."""
    given = one("heterogeneity_lrt").inputs
    treated = map(Share, given["treat_success"], given["treat_n"])
    return list(zip(treated, map(Share, given["control_success"], given["control_n"]), strict=True))


def test_whether_groups_differ_in_what_a_gesture_does() -> None:
    vector, found = one("heterogeneity_lrt"), interaction(strata())
    assert found is not None
    met(vector, {
        "lr": found.ratio, "df": found.freedom, "p": found.p,
        "log_or_common": found.log_odds, "log_or_se": found.error,
    })  # fmt: skip


def test_strata_put_together() -> None:
    # The numbers that SCIENCE.md, section 4, states for the strata of this vector.
    found = stratified(strata())
    assert found is not None
    assert (found.difference, found.robins, found.sato, found.p) == pytest.approx(
        (0.170694350, 0.049577372, 0.049655989, 0.000687705), abs=1e-9
    )
    assert found.odds == pytest.approx(2.243259994, abs=1e-9)
    assert found.odds_interval == pytest.approx((1.403668, 3.585046), abs=1e-6)


def test_two_gestures_in_four_arms() -> None:
    vector = one("factorial_2x2")
    found = factorial(*map(Share, vector.inputs["success"], vector.inputs["n"]))
    assert found is not None
    assert found.first.error == pytest.approx(found.second.error, abs=1e-15)
    met(vector, {
        "rd_apology_main": found.first.value, "rd_compensation_main": found.second.value,
        "se_main": found.first.error, "interaction_rd": found.interaction.value,
        "interaction_se": found.interaction.error, "interaction_z": found.interaction.value / found.interaction.error,
        "logit_interaction": found.log_odds, "logit_interaction_se": found.log_odds_error,
    })  # fmt: skip


def test_the_confidence_sequence_of_a_mean() -> None:
    vector = one("asymptotic_cs_mean")
    given = vector.inputs
    made = [
        confidence_sequence(given["mean"], given["sd"], n, 1 - given["alpha"], given["n_star"]) for n in given["n"]
    ]
    met(vector, {
        "rho": sequence_scale(given["n_star"], given["alpha"]),
        "low": [each.low for each in made if each], "high": [each.high for each in made if each],
    })  # fmt: skip


def test_the_e_process_step_by_step() -> None:
    vector = one("safe_two_proportion_eprocess")
    process = EProcess(prior=tuple(vector.inputs["prior"]))
    evidence, chances = [], []
    for a, b in zip(vector.inputs["ya"], vector.inputs["yb"], strict=True):
        process.add(a, b)
        evidence.append(process.e)
        chances.append(process.p)
    met(vector, {"e": evidence, "p_anytime": chances})
    assert (process.blocks, process.stopped) == (12, False)


def test_what_explains_an_association_away() -> None:
    vector = one("evalue_unmeasured_confounding")
    met(vector, {"e_value": [risk_e_value(ratio) for ratio in vector.inputs["rr"]]})


def chosen() -> list[Chosen]:
    """Return the people of the reference for whom agents chose."""
    given = one("observational_ipw_aipw").inputs
    columns = (given["treat"], given["y"], given["severity"], given["value"])
    return [Chosen(bool(t), bool(y), (s, v)) for t, y, s, v in zip(*columns, strict=True)]


def robust(found: DoublyRobust | None, name: str) -> dict[str, float]:
    """Return the doubly robust numbers as the vectors name them."""
    assert found is not None
    return {
        f"ate_ra_{name}": found.regression, f"ate_aipw_{name}": found.value, f"se_if_aipw_{name}": found.error
    }  # fmt: skip


def test_what_agents_chose() -> None:
    vector, found = one("observational_ipw_aipw"), association(chosen())
    assert found is not None
    severity, value = found.balance
    met(vector, {
        "naive_diff": found.naive, "ps_coef": list(found.coefficients),
        "ps_min": found.chances.low, "ps_max": found.chances.high,
        "ate_ht": found.inverse, "ate_hajek": found.weighted,
        **robust(found.linear, "linear"), **robust(found.logit, "logit"),
        "smd_severity_before": severity.before, "smd_severity_after": severity.after,
        "smd_value_before": value.before, "smd_value_after": value.after,
        "ess_treated": found.effective_treated, "ess_control": found.effective_others,
    })  # fmt: skip


@pytest.mark.parametrize("name", ["bayes_apology_vs_large", "bayes_empty"])
def test_what_is_believed_for_display_only(name: str) -> None:
    vector = reference(name)
    given = vector.inputs
    arms = Share(given["x1"], given["n1"]), Share(given["x2"], given["n2"])
    found = beta_binomial(*arms, (given["a0"], given["b0"]))
    every = {
        "mean1": found.one.mean, "mean2": found.other.mean, "cri1": list(found.one.interval),
        "cri2": list(found.other.interval), "prob_1_gt_2": found.larger, "prob_2_gt_1": found.smaller,
        "expected_loss_choose_1": found.loss,
        "post1": [arms[0].part + 1, arms[0].whole - arms[0].part + 1],
        "post2": [arms[1].part + 1, arms[1].whole - arms[1].part + 1],
    }  # fmt: skip
    met(vector, {key: every[key] for key in vector.expected})


def test_the_mixture_test_for_comparing_only() -> None:
    vector = reference("msprt_two_proportions")
    looks = [(Share(x1, n1), Share(x2, n2)) for x1, n1, x2, n2 in vector.inputs["looks"]]
    found = msprt(looks, vector.inputs["tau2"])
    met(vector, {"lambda": [each.ratio for each in found], "p_always_valid": [each.p for each in found]})


def test_means_with_what_was_known_before() -> None:
    vector = reference("cuped")
    given = vector.inputs
    people = [Measured(bool(t), x, y) for t, x, y in zip(given["treat"], given["x"], given["y"], strict=True)]
    found = cuped(people)
    assert found is not None
    rest = [each.value - found.theta * each.before for each in people]
    variances = [math.fsum((v - math.fsum(all_) / 10) ** 2 for v in all_) / 9 for all_ in (given["y"], rest)]
    wanted = {key: value for key, value in vector.expected.items() if key != "ancova_coef"}
    assert {
        "theta": found.theta, "diff_raw": found.raw, "diff_cuped": found.difference, "r2": found.saved,
        "var_y": variances[0], "var_y_cuped": variances[1],
    } == pytest.approx(wanted, abs=vector.tolerance)  # fmt: skip
