"""The required numbers of experiments once more, from planted assignments to the report's JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from feedbackhub import Report
from feedbackhub.loop.report_json import report_json
from feedbackhub.statistics import Share
from feedbackhub_plugins.apology.effect_costs import Spent
from feedbackhub_plugins.apology.effect_study import Study
from feedbackhub_plugins.apology.gestures import told
from feedbackhub_plugins.apology.gestures_read import KNOWN, Case, Cases
from feedbackhub_plugins.apology.plan import Arm
from tests.statistics.vectors import one as vector

from .planted import APOLOGY, BOTH, LATER, MONEY, NOTHING, Cell, T, assignments, experiment, plan, report, study

SMALL, LARGE = (MONEY.model_copy(update={"name": name}) for name in ("small", "large"))


def as_json(found: Report) -> dict[str, Any]:
    """Return a report as the API gives it."""
    return json.loads(report_json(found))  # type: ignore[no-any-return]


def rows(found: Mapping[str, Any], title: str) -> list[dict[str, Any]]:
    """Return the rows of a table by its headings; a heading that comes again is counted."""
    table = next(each for each in found["tables"] if each["title"] == title)
    heads: list[str] = []
    for head in table["columns"]:
        heads.append(head if head not in heads else f"{head} {sum(each.startswith(head) for each in heads) + 1}")
    return [dict(zip(heads, row, strict=True)) for row in table["rows"]]


def at_the_end(*arms: tuple[Arm, int, int], spent: Spent | None = None, **more: Any) -> dict[str, Any]:
    """Return the JSON of an experiment that went to its planned end: won of so many in each arm."""
    cells = [Cell(arm.name, won, whole - won) for arm, won, whole in arms]
    weights = {arm.name: whole for arm, _, whole in arms}
    of = plan(*(arm for arm, _, _ in arms), stopping="fixed", **more)
    # The published arms are not equally large: what is tested here is not the ratio.
    kept = of.model_copy(update={"arms": tuple(
        arm.model_copy(update={"weight": weights[arm.name]}) for arm in of.arms
    )})  # fmt: skip
    return as_json(report(study(kept, cells, "ended"), spent))


def figure(found: Mapping[str, Any], label: str) -> dict[str, Any]:
    return next(each for each in found["figures"] if each["label"] == label)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [("apology_vs_small", APOLOGY, SMALL), ("small_vs_large", SMALL, LARGE),
     ("apology_vs_pooled_money", APOLOGY, MONEY), ("nominal_45_vs_23_n100", APOLOGY, MONEY)],
)  # fmt: skip
def test_two_arms_meet_the_reference(name: str, one: Arm, other: Arm) -> None:
    wanted = vector(name)
    given, expected = wanted.inputs, wanted.expected
    found = at_the_end((other, given["x2"], given["n2"]), (one, given["x1"], given["n1"]))
    difference = figure(found, f"{one.name} less {other.name}")
    close = {"abs": wanted.tolerance}
    assert [difference[each] for each in ("value", "low", "high")] == [
        pytest.approx(expected[each], **close) for each in ("risk_difference", "rd_newcombe_low", "rd_newcombe_high")
    ]
    (ratios,) = rows(found, "For statisticians")
    numbers = [ratios[head] for head in ("Risk ratio", "From", "To", "Odds ratio (sample)", "From 2", "To 2")]
    names = ("risk_ratio", "rr_katz_low", "rr_katz_high", "odds_ratio_sample", "or_woolf_low", "or_woolf_high")
    assert numbers == [pytest.approx(expected[each], **close) for each in names]
    # R stops looking for it at four digits.
    assert ratios["Odds ratio (conditional)"] == pytest.approx(expected["odds_ratio_cmle"], abs=1e-4)
    assert float(ratios["Fisher's p"]) == pytest.approx(expected["fisher_p_two_sided"], rel=1e-6)
    (line,) = rows(found, "Differences at the planned end")
    if expected["rd_newcombe_low"] > 0:
        assert [line["Number needed"], line["From"], line["To"]] == [
            pytest.approx(expected[each], abs=1e-4) for each in ("nnt", "nnt_low", "nnt_high")
        ]
    else:
        assert (line["Number needed"], line["Result"]) == (None, "no difference shown")


def test_three_arms_together_meet_the_reference() -> None:
    wanted = vector("apology_omnibus_3arm")
    counts = zip((APOLOGY, SMALL, LARGE), wanted.inputs["withdrew"], wanted.inputs["n"], strict=True)
    found = at_the_end(*counts)
    note = next(each["note"] for each in found["tables"] if each["title"] == "For statisticians")
    expected = wanted.expected
    assert f"chi-square {expected['chisq']:.9g} with 2 degrees of freedom, p = {expected['p']:.7g}." in note
    assert f"(Freeman and Halton): p = {expected['fisher_freeman_halton_p']:.7g}." in note


@pytest.mark.parametrize(("name", "arm"), [("apology_arm_apology", APOLOGY), ("apology_arm_large", LARGE)])
def test_a_single_arm_meets_the_reference(name: str, arm: Arm) -> None:
    wanted = vector(name)
    found = at_the_end((NOTHING, 41, 212), (arm, wanted.inputs["x"], wanted.inputs["n"]))
    share = figure(found, f"Won back: {arm.name}")
    names = ("p", "wilson_low", "wilson_high")
    assert [share[each] for each in ("value", "low", "high")] == [
        pytest.approx(wanted.expected[each], abs=wanted.tolerance) for each in names
    ]


def test_costs_meet_the_reference() -> None:
    wanted = vector("apology_cost_per_withdrawn")
    arms = {name: each["x"] for name, each in wanted.inputs["arms"].items()}
    spent = Spent()
    for name, each in wanted.inputs["arms"].items():
        spent.cents[name] = round(100 * each["payment"] * each["x"])
    found = at_the_end(
        (APOLOGY, arms["apology"], 210), (SMALL, arms["small"], 212), (LARGE, arms["large"], 210), spent=spent,
        handling_cents=100,
    )  # fmt: skip
    lines = {each["Arm"]: each for each in rows(found, "What a customer won back costs")}
    # The letters of the arms with money count as sent to all, as in the study.
    expected = wanted.expected
    for name in arms:
        found_of = [lines[name][head] for head in ("Spent, EUR", "Per customer won back, EUR")]
        assert found_of == [pytest.approx(expected[name][each], abs=1e-9) for each in ("total", "cost_per_withdrawn")]
    one_more = "One more than the next cheaper arm, EUR"
    assert (lines["large"]["Beaten by"], lines["large"][one_more]) == ("apology: cheaper and better (dominated)", None)
    alone = at_the_end((SMALL, arms["small"], 212), (LARGE, arms["large"], 210), spent=spent, handling_cents=100)
    large = rows(alone, "What a customer won back costs")[1]
    assert large[one_more] == pytest.approx(expected["icer_large_vs_small"], abs=1e-9)


@pytest.mark.parametrize("name", ["srm_2arm", "srm_4arm_ok"])
def test_the_sample_ratio_meets_the_reference(name: str) -> None:
    wanted = vector(name)
    sizes: Sequence[int] = wanted.inputs["observed"]
    arms = (NOTHING, APOLOGY, MONEY, BOTH)[: len(sizes)]
    cells = [Cell(arm.name, 0, 0, n) for arm, n in zip(arms, sizes, strict=True)]
    found = as_json(report(study(plan(*arms, stopping="fixed"), cells, "ended")))
    assigned = rows(found, "Are the arms as large as planned?")[: len(sizes)]
    assert assigned[0]["Chi-square"] == pytest.approx(wanted.expected["chisq"], abs=1e-9)
    refused = wanted.expected["p"] < 0.001
    assert {each["As planned?"] for each in assigned} == {"no: p < 0.001" if refused else "yes"}
    assert (figure_notes(found)[0] == "no result: the arms are not as large as planned") is refused


def figure_notes(found: Mapping[str, Any]) -> list[str]:
    return [each["note"] for each in found["figures"]]


def test_two_gestures_in_four_arms_meet_the_reference() -> None:
    wanted = vector("factorial_2x2")
    arms = (NOTHING, APOLOGY, MONEY, BOTH)
    counts = zip(arms, wanted.inputs["success"], wanted.inputs["n"], strict=True)
    lines = rows(at_the_end(*counts), "Apology and compensation together")
    expected = wanted.expected
    names = ("rd_apology_main", "rd_compensation_main", "interaction_rd")
    errors = ("se_main", "se_main", "interaction_se")
    assert [each["Difference, percentage points"] for each in lines] == [
        pytest.approx(100 * expected[each], abs=1e-5) for each in names
    ]
    assert [each["Standard error"] for each in lines] == [pytest.approx(100 * expected[e], abs=1e-5) for e in errors]


def test_strata_meet_the_reference() -> None:
    wanted = vector("heterogeneity_lrt")
    given = wanted.inputs
    cells = [
        Cell(arm, won, whole - won, stratum=str(at))
        for arm, key in (("nothing", "control"), ("apology", "treat"))
        for at, (won, whole) in enumerate(zip(given[f"{key}_success"], given[f"{key}_n"], strict=True))
    ]
    of = plan(NOTHING, APOLOGY, stopping="fixed", strata=("channel",))
    (line,) = rows(as_json(report(study(of, cells, "ended"))), "Within strata")
    assert float(line["p that strata differ"]) == pytest.approx(wanted.expected["p"], abs=1e-6)
    assert line["Strata"] == 3


def test_the_evidence_meets_the_reference() -> None:
    wanted = vector("safe_two_proportion_eprocess")
    order = [
        Cell(arm, int(won), int(not won))
        for one, other in zip(wanted.inputs["ya"], wanted.inputs["yb"], strict=True)
        for arm, won in (("apology", one), ("nothing", other))
    ]
    people = [one for at, cell in enumerate(order) for one in assignments([cell], first=at + 1)]
    assert all(a.number < b.number for a, b in pairwise(people))
    found = Study(experiment(plan()), people, {}, {}, LATER)
    (line,) = rows(as_json(report(found)), "Safe to look at every day")
    assert line["Evidence now"] == pytest.approx(wanted.expected["e"][-1], abs=1e-10)
    assert (line["Blocks counted"], line["Decision"]) == (12, "not decided")


def test_the_e_value_meets_the_reference() -> None:
    wanted = vector("evalue_unmeasured_confounding")
    gone = Share(94, 200), Share(48, 200)
    assert gone[0].part / gone[1].part == pytest.approx(wanted.inputs["rr"][0])
    cases = [
        Case(f"{at} {share.part}", frozenset(names), at < share.part, None, ("",) * len(KNOWN))
        for share, names in zip(gone, ({"apology"}, ()), strict=True)
        for at in range(share.whole)
    ]
    (line,) = rows(as_json(told(T, Cases(cases), None)), "Among people alike in what is known (association)")
    assert line["E-value"] == pytest.approx(wanted.expected["e_value"][0], abs=1e-6)
