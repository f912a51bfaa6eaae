"""What reports measure: scores, shares and means of counted values, made by the same functions."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Way
from feedbackhub.reporting import (
    Asked,
    Counted,
    MeanMeasure,
    Measure,
    ScoreMeasure,
    ShareMeasure,
    Words,
    answers_way,
    change,
    estimate,
    groups_table,
    share,
    spot,
)
from feedbackhub.statistics import Share
from tests.satisfaction.counts import question

SCORE = ScoreMeasure("Score", "Score")
SOLVED = ShareMeasure("Solved", "Solved %", good=frozenset({"yes"}), among=frozenset({"yes", "no"}))
MEAN = MeanMeasure("Mean", "Mean", numbers={str(number): number for number in range(11)})
MEASURES = [SCORE, SOLVED, MEAN]
VALUES = st.dictionaries(
    st.sampled_from([*map(str, range(12)), "yes", "no", "partly", ""]), st.integers(0, 60), max_size=8
).map(Counter)
T = Words(SimpleNamespace(translate=lambda text, language: text), "en")  # type: ignore[arg-type]


@pytest.mark.parametrize("measure", MEASURES)
@given(VALUES, VALUES)
def test_an_estimate_lies_in_its_interval_and_a_difference_in_its(
    measure: Measure, values: Counter[str], others: Counter[str]
) -> None:
    value, interval = measure.value(values), measure.interval(values)
    assert (value is None) == (measure.n(values) == 0)
    if interval is not None and value is not None:
        assert interval.low - 1e-9 <= value <= interval.high + 1e-9
    other, difference = measure.value(others), measure.difference(values, others)
    if difference is not None and value is not None and other is not None:
        assert difference.low - 1e-9 <= value - other <= difference.high + 1e-9


@pytest.mark.parametrize("measure", MEASURES)
@given(VALUES)
def test_pictures_show_what_figures_say(measure: Measure, values: Counter[str]) -> None:
    figure, place = estimate(T, measure, values), spot(measure, "a", values)
    assert (figure.n, figure.n == 0) == (place.n, figure.few == "none")
    assert (figure.value is None) == (place.value is None)
    for told, drawn in ((figure.value, place.value), (figure.low, place.low), (figure.high, place.high)):
        assert (told is None and drawn is None) or told * measure.shown == pytest.approx(drawn)  # type: ignore[operator]


def test_values_that_mean_nothing_are_left_out() -> None:
    values = {"yes": 3, "no": 1, "partly": 7, "10": 2, "0": 1, "11": 4}
    assert [each.n(values) for each in MEASURES] == [3, 4, 3]
    assert [each.value(values) for each in MEASURES] == [pytest.approx(100 / 3), 0.75, pytest.approx(20 / 3)]


def test_what_rests_on_contacts_says_so() -> None:
    contacts = ShareMeasure("Came back", "%", noun="Contacts", good=frozenset("b"), among=frozenset("ab"))
    assert [estimate(T, each, {}).counts for each in (contacts, SOLVED)] == ["Contacts", ""]
    assert change(T, contacts, {"a": 40}, {"a": 30, "b": 9}).note == "lower · 39 before"


@pytest.mark.parametrize(("part", "whole", "note"), [(0, 0, "no data"), (2, 9, "2 of 9"), (2, 10, "small sample")])
def test_a_share_of_few_is_counted_only(part: int, whole: int, note: str) -> None:
    found = share(T, "Solved", Share(part, whole))
    assert (found.note, found.value) == (note, 0.2 if whole == 10 else None)


def test_ways_lead_to_the_answers_of_all_questions_and_of_a_group() -> None:
    asked = [Asked("one", question("b", "x")), Asked("two", question("a", "x")), Asked("two", question("b", "x"))]
    assert answers_way(asked) == Way(values={"question": "a,b"})
    now = Counted()
    now.groups |= {"A": Counter(yes=20), "": Counter(no=3)}
    way = answers_way(asked, "1-2")
    found: Any = groups_table(T, SOLVED, now, now.names, "team", way=way)
    assert found.ways == [Way(values={"question": "a,b", "score": "1-2", "team": "A"}), None]
    assert [row[0] for row in found.rows] == ["A", "(not given)"]


def test_the_interval_of_a_mean_ends_where_its_scale_does() -> None:
    measure = MeanMeasure("Mean", "Mean", numbers={str(number): number for number in range(1, 6)})
    # Of 8 fives, a three and a two: t reaches from 3.73 to 5.27 (scipy 1.17.1: t.interval(.95, 9, 4.5, sem)).
    found = measure.interval({"5": 8, "3": 1, "2": 1})
    assert found is not None
    assert (round(found.low, 2), found.high) == (3.73, 5)
