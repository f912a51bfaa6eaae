"""Forest, funnel and tornado: the picture and its table say the same, and chance looks like chance."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.charts import Dot, Limit, Spot, Swing, forest, funnel, tornado

HEADS = ("Group", "Difference", "From", "To", "Answers")
SAYS = ("more", "no difference shown")
NUMBER, LABEL, COUNT = st.floats(-100, 100), st.text(max_size=5), st.integers(0, 99)
SPOTS = st.lists(st.builds(Spot, LABEL, st.none() | NUMBER, st.none() | NUMBER, st.none() | NUMBER, COUNT), max_size=9)
DOTS = st.lists(st.builds(Dot, LABEL, COUNT, NUMBER), max_size=9)
LIMITS = st.lists(st.builds(Limit, COUNT, NUMBER, NUMBER, NUMBER, NUMBER), max_size=4)
SWINGS = st.lists(st.builds(Swing, LABEL, NUMBER, NUMBER), max_size=9)
NOT_FINITE = st.sampled_from([float("nan"), float("inf"), float("-inf")])


@given(SPOTS, st.booleans())
def test_differences_and_their_table_say_the_same(spots: list[Spot], rtl: bool) -> None:
    chart = forest("Causes", spots, HEADS, SAYS, digits=3, rtl=rtl)
    drawn = [[row[name] for name in ("label", "value", "low", "high", "n")] for row in chart.spec["data"]["values"]]
    assert drawn == [[s.label, s.value, s.low, s.high, s.n] for s in spots]
    rounded = [[round(cell, 3) if isinstance(cell, float) else cell for cell in row] for row in drawn]
    assert [list(row) for row in chart.table.rows] == rounded
    json.dumps(chart.spec, allow_nan=False)


def test_only_a_difference_whose_interval_leaves_out_the_middle_looks_like_one() -> None:
    spots = [
        Spot("above", 3.0, 1.0, 5.0), Spot("touching", 3.0, 0.0, 6.0), Spot("below", -3.0, -5.0, -1.0),
        Spot("unknown", None), Spot("without", 3.0),
    ]  # fmt: skip
    rows = forest("Causes", spots, HEADS, SAYS).spec["data"]["values"]
    assert [row["says"] for row in rows] == ["more", "no difference shown", "more", "", "no difference shown"]


@given(DOTS, LIMITS, st.booleans())
def test_groups_of_a_funnel_and_their_table_say_the_same(dots: list[Dot], limits: list[Limit], rtl: bool) -> None:
    names = ("95 %", "99.8 %")
    chart = funnel("Teams", dots, limits, ("Team", "Answers", "Score"), names, middle=0.0, digits=3, rtl=rtl)
    assert [tuple(row.values()) for row in chart.spec["data"]["values"]] == [(d.label, d.n, d.value) for d in dots]
    assert [tuple(row) for row in chart.table.rows] == [(d.label, d.n, round(d.value, 3)) for d in dots]
    lines = chart.spec["layer"][1]["data"]["values"]
    assert [(each["n"], each["value"], each["limit"]) for each in lines] == [
        (limit.n, value, name)
        for limit in limits
        for value, name in zip((limit.low, limit.high, limit.low_far, limit.high_far), sorted(names * 2), strict=True)
    ]
    json.dumps(chart.spec, allow_nan=False)


@given(SWINGS, st.booleans())
def test_the_assumption_that_matters_most_is_on_top(swings: list[Swing], rtl: bool) -> None:
    chart = tornado("Assumptions", swings, ("Assumption", "Low", "High"), middle=0.0, digits=3, rtl=rtl)
    spans = [abs(float(str(row[2])) - float(str(row[1]))) for row in chart.table.rows]
    assert all(upper >= lower - 0.003 for upper, lower in zip(spans, spans[1:], strict=False))
    drawn = sorted((row["label"], row["end"], row["value"]) for row in chart.spec["data"]["values"])
    ends = [((s.label, "Low", s.low), (s.label, "High", s.high)) for s in swings]
    assert drawn == sorted(end for pair in ends for end in pair)
    json.dumps(chart.spec, allow_nan=False)


@given(NOT_FINITE)
def test_what_is_not_finite_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        forest("Causes", [Spot("a", number)], HEADS, SAYS)
    with pytest.raises(ValueError, match="finite"):
        funnel("Teams", [Dot("a", 1, number)], [], ("a", "b", "c"), ("d", "e"), middle=0.0)
    with pytest.raises(ValueError, match="finite"):
        funnel("Teams", [], [Limit(1, 0.0, number, 0.0, 1.0)], ("a", "b", "c"), ("d", "e"), middle=0.0)
    with pytest.raises(ValueError, match="finite"):
        tornado("Assumptions", [Swing("a", 0.0, number)], ("a", "b", "c"), middle=0.0)


def test_missing_names_of_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="3 columns"):
        funnel("Teams", [], [], ("a", "b"), ("d", "e"), middle=0.0)
    with pytest.raises(ValueError, match="3 columns"):
        tornado("Assumptions", [], ("a",), middle=0.0)
    with pytest.raises(ValueError, match="5 columns"):
        forest("Causes", [], ("a",), SAYS)
