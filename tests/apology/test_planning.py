"""The planner, what stands against a start, who is taken in, and forms: all without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from feedbackhub import Refused
from feedbackhub.statistics import Share
from feedbackhub_plugins.apology.eligibility import REASONS, Candidate, reason_against, stratum_of
from feedbackhub_plugins.apology.forms import STEPS, changed, fields_of
from feedbackhub_plugins.apology.plan import Arm, Compensation, Plan, Who, Won, digest_of
from feedbackhub_plugins.apology.planner import Measured, Wish, forecast, rate_of
from feedbackhub_plugins.apology.planning_page import DEFAULTS, wish_of
from feedbackhub_plugins.apology.records import Assignment
from feedbackhub_plugins.apology.starting import problems_in

from .conftest import TWO, plan

CASE = Candidate("standard", 10.0, frozenset({"low"}), frozenset(), {"topic": "Delivery", "segment": "gold"})
MONEY = Compensation(value="a voucher", cost_cents=500, currency="EUR")
SURVEYS = {"re-ask", "standard"}


def test_the_numbers_of_the_literature_come_out() -> None:
    found = forecast(Wish(0.23, 0.22), Measured())
    assert (found.n_each, found.weeks, found.answers) == (72, None, None)
    assert forecast(Wish(0.2, 0.1), Measured()).n_each == 294
    assert forecast(Wish(0.2, 0.1, (1, 1, 1, 1)), Measured()).n_each == 392


def test_looking_all_the_time_costs_more_customers_than_one_look() -> None:
    found = forecast(Wish(0.2, 0.1), Measured())
    assert found.n_looking > found.n_each
    assert found.n_total == 2 * found.n_looking
    assert forecast(Wish(0.2, 0.1, looks=False), Measured()).n_total == 2 * found.n_each


def test_the_volume_gives_weeks_with_a_range_and_answers_by_the_response_rate() -> None:
    measured = Measured((10, 12, 9, 11), Share(40, 100), Share(20, 100))
    found = forecast(Wish(0.2, 0.1), measured, n_each=105)
    assert found.weeks is not None and found.answers is not None
    assert found.weeks[0] == 20
    assert found.weeks[2] is not None
    assert found.weeks[1] < 20 < found.weeks[2]
    assert found.answers[0] == 84
    assert found.answers[1] < 84 < found.answers[2]
    assert forecast(Wish(0.2, 0.1), Measured((1,)), n_each=105).weeks[2] is not None  # type: ignore[index]
    assert forecast(Wish(0.2, 0.1, per_week=21.0), measured, n_each=105).weeks == (10, 10, 10)


@given(st.lists(st.integers(0, 10_000), max_size=8))
def test_a_rate_lies_within_its_range_and_nobody_is_no_rate(weeks: list[int]) -> None:
    found = rate_of(weeks)
    if not sum(weeks):
        assert found is None
    else:
        assert found is not None
        assert 0 <= found[1] <= found[0] <= found[2]


@pytest.mark.parametrize("name,text", [
    ("baseline", "0"), ("baseline", "100"), ("effect", ""), ("effect", "x"), ("arms", "1"), ("arms", "7"),
    ("alpha", "0"), ("power", "100"), ("per_week", "-1"), ("per_week", "nan"), ("effect", "inf"), ("arms", "٣"),
])  # fmt: skip
def test_the_planner_names_the_field_that_is_wrong(name: str, text: str) -> None:
    assert wish_of({**DEFAULTS, name: text}, Measured(), 21) == (None, [name])


def test_the_planner_takes_the_baseline_from_enough_second_asks() -> None:
    for won, n, baseline in ((14, 29, None), (15, 30, 0.5), (0, 30, None), (30, 30, None), (0, 0, None)):
        measured = Measured(won=Share(won, n))
        wish, _ = wish_of(DEFAULTS, measured, 21)
        assert wish is not None
        assert (measured.baseline, wish.baseline) == (baseline, baseline or 0.2)


def against(wanted: Plan, measured: Measured | None = None, may: bool = True, ways: bool = True) -> list[str]:
    """Return the fields that stand against a start."""
    return [each.field for each in problems_in(wanted, measured or Measured(), SURVEYS, ways, may)]


def test_a_sound_plan_may_start_and_an_unsound_one_hears_everything_at_once() -> None:
    assert against(plan()) == []
    arms = (Arm(name="nothing"), Arm(name="other"), Arm(name="money", compensation=MONEY),
            Arm(name="money", compensation=MONEY.model_copy(update={"currency": "IDR"}), weight=2))  # fmt: skip
    unsound = plan(arms=arms, survey="gone", who=Who(surveys=("lost", "gone")), baseline=0.95, effect=0.1)
    assert against(unsound, ways=False) == ["arms", "arms", "arms", "survey", "who.surveys", "who.surveys",
                                            "who.surveys", "", "effect"]  # fmt: skip


def test_no_volume_and_years_of_waiting_stand_against_a_start() -> None:
    assert against(plan(per_week=None)) == ["per_week"]
    assert against(plan(per_week=None), Measured((3, 4))) == []
    assert against(plan(per_week=0.5)) == ["n_each"]


def test_a_company_may_forbid_that_an_arm_does_nothing() -> None:
    assert against(plan(), may=False) == ["arms"]
    assert against(plan(arms=(TWO[1], Arm(name="money", compensation=MONEY))), may=False) == []


@pytest.mark.parametrize("reason,wanted,case", [
    ("", {}, {}),
    ("owed", {}, {"flags": frozenset({"owed", "legal"}), "is_known": False}),
    ("safety", {}, {"flags": frozenset({"safety"})}),
    ("legal", {}, {"flags": frozenset({"legal"})}),
    ("call", {}, {"reasons": frozenset({"low", "call"})}),
    ("", {"calls_too": True}, {"reasons": frozenset({"low", "call"})}),
    ("staff", {}, {"reasons": frozenset({"staff"})}),
    ("", {}, {"reasons": frozenset({"low", "staff"})}),
    ("unknown", {}, {"is_known": False}),
    ("survey", {"surveys": ("other",)}, {}),
    ("score", {"score_at_most": 5.0}, {}),
    ("score", {"score_at_most": 5.0}, {"score": None}),
    ("", {"score_at_most": 10.0}, {}),
    ("topic", {"exclude_topics": ("delivery",)}, {}),
    ("segment", {"exclude_segments": (" Gold ",)}, {}),
    ("tag", {"exclude_tags": ("vip",)}, {"tags": frozenset({"VIP", "x"})}),
    ("word", {"exclude_words": ("refund",)}, {"comment": "I want my REFUND!"}),
    ("", {"exclude_words": ("fund",)}, {"comment": "I want my refund"}),
    ("made_good", {}, {"is_made_good": True}),
    ("apologised", {}, {"is_apologised": True}),
    ("unreachable", {}, {"is_reachable": False}),
])  # fmt: skip
def test_why_a_case_is_not_taken_in(reason: str, wanted: dict[str, Any], case: dict[str, Any]) -> None:
    assert reason_against(plan(who=Who(**wanted)), replace(CASE, **case)) == reason
    assert reason == "" or reason in REASONS


def test_the_cap_on_apologies_matters_only_where_there_are_any() -> None:
    money = plan(arms=(TWO[0], Arm(name="money", compensation=MONEY)))
    assert reason_against(money, replace(CASE, is_apologised=True)) == ""


def test_strata_are_severity_and_frozen_dimensions() -> None:
    wanted = plan(strata=("severity", "topic", "language"))
    assert stratum_of(wanted, CASE) == "severe\x1fDelivery\x1f"
    assert stratum_of(wanted, replace(CASE, score=None)) == "unknown\x1fDelivery\x1f"
    assert stratum_of(wanted, replace(CASE, score=25.0, dimensions={"topic": "x" * 200})) == f"bad\x1f{'x' * 100}\x1f"
    assert stratum_of(plan(), CASE) == ""


@pytest.mark.parametrize("score,low,least,won", [
    (None, False, None, False), (100, False, None, True), (0, True, None, False), (70, False, 70.0, True),
    (69, False, 70.0, False), (70, True, 70.0, True),
])  # fmt: skip
def test_when_a_second_answer_is_won_back(score: float | None, low: bool, least: float | None, won: bool) -> None:
    assert Won(score_at_least=least).holds(score, low) is won


def test_a_plan_survives_being_kept_and_its_digest_tells_every_change() -> None:
    one = plan(who=Who(exclude_topics=("a",)), strata=("severity",))
    assert Plan.model_validate(one.as_json()) == one
    assert digest_of(Plan.model_validate(one.as_json()).as_json()) == digest_of(one.as_json())
    assert digest_of(one.as_json()) != digest_of(one.model_copy(update={"alpha": 0.04}).as_json())
    with pytest.raises(ValidationError):
        one.alpha = 0.1  # type: ignore[misc]


def test_planned_sizes_follow_the_weights() -> None:
    uneven = plan(arms=(Arm(name="a", weight=4), Arm(name="b", weight=6)), n_each=100)
    assert (uneven.planned(), uneven.weights()) == ({"a": 100, "b": 150}, (2, 3))


@pytest.mark.parametrize("bad", [
    {"name": ""}, {"name": "\ud800"}, {"name": "a\nb"}, {"arms": []}, {"alpha": True}, {"alpha": 0.5}, {"n_each": 0},
    {"reask_days": 0}, {"checkpoints": []}, {"strata": ["mood"]}, {"survey": "A B"}, {"unknown": 1},
    {"arms": [{"name": "a"}, {"name": "b", "compensation": {"value": "x", "cost_cents": -1, "currency": "EUR"}}]},
    {"arms": [{"name": "a"}, {"name": "b", "compensation": {"value": "x", "cost_cents": 1, "currency": "eur"}}]},
])  # fmt: skip
def test_plans_that_make_no_sense_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Plan.model_validate({"name": "x", **bad})


def test_forms_show_a_plan_and_give_the_same_back() -> None:
    one = plan(
        arms=(TWO[0], Arm(name="both", apology="apology", compensation=MONEY, weight=2)), strata=("severity", "team"),
        who=Who(surveys=("standard",), score_at_most=25.0, calls_too=True, exclude_words=("a", "b c")),
        won=Won(score_at_least=60.0), handling_cents=150, currency="EUR", approve=False, stopping="fixed",
    )  # fmt: skip
    fields = fields_of(one)
    lists = {name: tuple(fields.pop(name)) for name in ("surveys", "strata")}
    form = {name: text for name, text in fields.items() if isinstance(text, str)} | {"calls_too": "yes"}
    found = one
    for step in STEPS:
        found = changed(found, step, form, lists)
    assert found == one


@pytest.mark.parametrize("step,form,names", [
    ("question", {"name": ""}, ["name"]),
    ("question", {"name": "x" * 81, "score_at_most": "ten"}, ["name", "score_at_most"]),
    ("arms", {"arm-0-name": "a"}, ["arms"]),
    ("arms", {"arm-0-name": "a", "arm-3-name": "No Spaces"}, ["arm-3-name"]),
    ("arms", {"arm-0-name": "a", "arm-1-name": "b", "arm-1-cost": "1.000"}, ["arm-1-cost", "arm-1-value", "currency"]),
    ("arms", {"arm-0-name": "a", "arm-1-name": "b", "arm-1-weight": "0"}, ["arm-1-weight"]),
    ("arms", {"arm-0-name": "a", "arm-1-name": "b", "handling": "-1"}, ["handling"]),
    ("outcome", {"survey": "re-ask", "reask_days": "", "window_days": "x", "checkpoints": "1, y"},
     ["checkpoints", "reask_days", "window_days"]),
    ("outcome", {"survey": "re-ask", "reask_days": "7", "window_days": "14", "checkpoints": "1", "won": "score"},
     ["score_at_least"]),
    ("size", {"baseline": "0", "effect": "x", "alpha": "50", "power": "10", "n_each": "1.5", "stopping": "?",
              "design": ""}, ["alpha", "baseline", "design", "effect", "n_each", "power", "stopping"]),
])  # fmt: skip
def test_forms_name_each_field_that_is_wrong(step: str, form: dict[str, str], names: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        changed(plan(), step, form, {})
    assert [each.field for each in refused.value.problems] == names


@given(st.dictionaries(st.sampled_from([*fields_of(plan()), "arm-0-cost"]), st.text(max_size=30), max_size=12),
       st.sampled_from(STEPS))  # fmt: skip
def test_no_form_breaks_the_page(form: dict[str, str], step: str) -> None:
    try:
        changed(plan(), step, form, {})
    except Refused as refused:
        assert all(each.field for each in refused.problems)


def test_an_assignment_counts_by_days_from_the_second_ask() -> None:
    fields = dict.fromkeys(Assignment.__slots__) | {"received": ()}
    assert Assignment(**fields).answered_within(90) is False  # type: ignore[arg-type]
    assert Assignment(**fields).won_within(90) is False  # type: ignore[arg-type]
