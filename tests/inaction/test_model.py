"""The model: the reference's numbers, what can never happen whatever is assumed, and ranges that are the same again."""

from __future__ import annotations

from collections.abc import Mapping

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.reporting.assumptions import Range
from feedbackhub_plugins.inaction.assumptions import ASSUMPTIONS, NEEDED
from feedbackhub_plugins.inaction.model import Inputs, complaint_rate, cost_of_inaction, revenue_at_risk
from feedbackhub_plugins.inaction.simulate import Chance, inputs_of, spread
from tests.statistics.vectors import named, one

#: What the model calls an input or a result that the reference calls otherwise.
OURS = {
    "complaints_per_month": "complaints", "share_complainers_satisfied": "solved", "loss_if_satisfied": "lost_solved",
    "loss_if_dissatisfied": "lost_unsolved", "loss_if_silent": "lost_silent", "wom_influence": "influence",
    "handling_cost": "handling", "rework_cost": "rework", "annual_value": "margin",
}  # fmt: skip
NAMED = {each.name: each for each in ASSUMPTIONS}
DEFAULTS: Mapping[str, Range] = {
    **{name: each.default for name, each in NAMED.items() if each.default is not None},
    "contacts": Range(900, 1000, 1100, measured=True),
}
SHARES = st.floats(0, 1)
INPUTS = st.builds(
    Inputs, complaints=st.floats(0, 1e5), complaint_rate=st.floats(0.01, 1), solved=SHARES, lost_solved=SHARES,
    lost_unsolved=SHARES, lost_silent=SHARES, told=st.floats(0, 100), influence=SHARES, lost_anyway=SHARES,
    contacts_each=st.floats(1, 5), handling=st.floats(0, 100), rework=st.floats(0, 100), margin=st.floats(0, 1e5),
)  # fmt: skip


def test_the_reference_has_no_other_numbers_of_this_section() -> None:
    assert sorted(each.name for each in named("", "6-coi")) == [
        "cost_of_inaction_26_silent", "revenue_at_risk_ctma", "silent_multiplier",
    ]  # fmt: skip


def test_the_cost_of_inaction_is_the_references() -> None:
    vector = one("cost_of_inaction_26_silent")
    found = cost_of_inaction(Inputs(**{OURS.get(name, name): value for name, value in vector.inputs.items()}))
    assert vector.disagreements({
        "customers_with_problem": found.with_problem, "complaints": found.complaints, "silent": found.silent,
        "lost_complainers": found.lost_complainers, "lost_silent": found.lost_silent, "lost_customers": found.lost,
        "prospects_deterred": found.deterred, "handling_cost": found.handled, "margin_lost": found.margin_lost,
        "margin_not_won": found.margin_not_won, "total": found.total, "per_month": found.total / 12,
    }) == {}  # fmt: skip
    assert len(vector.expected) == 12


def test_the_revenue_at_risk_is_the_references() -> None:
    vector = one("revenue_at_risk_ctma")
    given = dict(vector.inputs)
    given["revenue"] = given.pop("annual_revenue_per_customer")
    found = revenue_at_risk(**given)
    assert vector.disagreements({
        "with_problem": found.with_problem, "at_risk": found.at_risk, "revenue_at_risk": found.revenue,
        "people_told": found.told,
    }) == {}  # fmt: skip


def test_the_silent_are_counted_as_in_the_reference() -> None:
    vector = one("silent_multiplier")
    rate = complaint_rate(vector.inputs["silent_per_complaint"])
    assert vector.disagreements({"complaint_rate": rate, "problems_for_10_complaints": 10 / rate}) == {}


def test_half_who_complain_make_a_tenth_of_the_cost_of_26_silent_ones() -> None:
    """The science page's warning: this one assumption is worth an order of magnitude."""
    vector = one("cost_of_inaction_26_silent")
    inputs = Inputs(**{OURS.get(name, name): value for name, value in vector.inputs.items()})
    half = cost_of_inaction(inputs._replace(complaint_rate=complaint_rate(1)))
    assert half.with_problem == 2400
    assert round(cost_of_inaction(inputs._replace(complaint_rate=0.05)).total) == 415_920
    assert cost_of_inaction(inputs).total > 7 * half.total


@given(INPUTS, st.floats(1, 3))
def test_more_problems_never_cost_less(inputs: Inputs, times: float) -> None:
    more = cost_of_inaction(inputs._replace(complaints=inputs.complaints * times))
    assert more.total >= cost_of_inaction(inputs).total


@given(INPUTS, st.sampled_from(["lost_solved", "lost_unsolved", "lost_silent", "influence"]), SHARES)
def test_more_who_leave_or_stay_away_never_cost_less(inputs: Inputs, name: str, more: float) -> None:
    raised = inputs._replace(**{name: max(more, getattr(inputs, name))})
    assert cost_of_inaction(raised).total >= cost_of_inaction(inputs).total


@given(INPUTS, SHARES)
def test_what_leaves_anyway_is_taken_off_and_never_beyond_nothing(inputs: Inputs, anyway: float) -> None:
    found = cost_of_inaction(inputs._replace(lost_anyway=max(anyway, inputs.lost_anyway)))
    assert 0 <= found.lost <= cost_of_inaction(inputs).lost
    assert min(found) >= 0


@given(INPUTS, SHARES)
def test_solving_more_never_costs_more_while_it_keeps_customers(inputs: Inputs, more: float) -> None:
    hypothesis.assume(inputs.lost_solved <= inputs.lost_unsolved)
    better = cost_of_inaction(inputs._replace(solved=max(more, inputs.solved)))
    assert better.total <= cost_of_inaction(inputs).total * (1 + 1e-12)


@given(INPUTS)
def test_the_parts_add_up(inputs: Inputs) -> None:
    found = cost_of_inaction(inputs)
    assert found.complaints + found.silent == pytest.approx(found.with_problem)
    assert found.lost <= found.with_problem * (1 + 1e-9)
    assert found.margin_lost == pytest.approx(found.lost * inputs.margin)


def test_the_same_inputs_give_the_same_range_and_other_inputs_another() -> None:
    first, again = (spread([each.lost for each in Chance(2000).costs(DEFAULTS)]) for _ in range(2))
    other = {**DEFAULTS, "silent": Range(0, 1, 5)}
    assert first == again
    assert spread([each.lost for each in Chance(2000).costs(other)]).high < first.high


def test_inputs_of_two_groups_that_are_alike_are_drawn_alike() -> None:
    """Groups differ by what is known of them: a group with twice the contacts costs twice as much, run by run."""
    chance = Chance(200)
    some = chance.costs({**DEFAULTS, "contacts": Range(100, 100, 100)})
    more = chance.costs({**DEFAULTS, "contacts": Range(200, 200, 200)})
    assert [each.lost * 2 for each in some] == pytest.approx([each.lost for each in more])


def test_the_silent_move_the_result_more_than_anything_else_by_default() -> None:
    middle, swung = Chance(2000).swings(DEFAULTS)
    widest = max(swung, key=lambda each: abs(each.high.lost - each.low.lost))
    assert widest.name == "silent"
    assert widest.low.lost < middle.lost < widest.high.lost
    assert {each.name for each in swung} == set(NEEDED) - {"lost_anyway"}


def test_a_problem_takes_at_least_one_contact() -> None:
    likely = {name: each.likely for name, each in DEFAULTS.items()}
    assert inputs_of({**likely, "contacts_each": 0.2}).complaints == 500
    assert inputs_of({**likely, "contacts_each": 2.0}).complaints == 250


def test_26_is_an_assumption_with_its_source_and_stands_nowhere_else() -> None:
    quoting = [each.name for each in NAMED.values() if "26" in each.source or 26 in ends_of(each.default)]
    assert quoting == ["silent"]
    assert "about half of individual customers do not complain" in NAMED["silent"].source


def ends_of(range_: Range | None) -> tuple[float, ...]:
    """Return the numbers of a default."""
    return () if range_ is None else (range_.low, range_.likely, range_.high)


def test_every_assumption_has_a_source_and_money_has_no_default() -> None:
    assert [each.name for each in NAMED.values() if not each.source] == []
    without = {each.name for each in NAMED.values() if each.default is None}
    assert without == {"currency", "margin", "handling", "rework", "contacts", "customers", "revenue"}
