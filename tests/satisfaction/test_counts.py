"""What the report says of counts: which answers are good ones, on which scales, and what it keeps silent about."""

from collections import Counter
from dataclasses import replace
from datetime import date
from math import isfinite

import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub import Query, QuestionInfo, Refused, Report, Way
from feedbackhub_plugins.satisfaction.analysis import Satisfaction
from feedbackhub_plugins.satisfaction.scales import Scale
from tests.satisfaction.counts import LESS, MORE, Counts, cells, figure, question

MARCH = Query(date(2026, 3, 1), date(2026, 3, 31))
CSAT = question("happy", "satisfaction")
GOOD, BAD, MEAN = "Satisfied (4–5)", "Dissatisfied (1–2)", "Mean (1–5)"
CHANGE = "Change from the days before"


def report(counts: Counts, query: Query = MARCH, **options: str) -> Report:
    """Return the report on counts."""
    return Satisfaction(counts).report(replace(query, options=options))  # type: ignore[arg-type]


def of(*given: dict[object, int], **more: object) -> Counts:
    """Return counts of one question on satisfaction."""
    counts = Counts(after=[CSAT])
    for each in given:
        counts.add("happy", each, **more)  # type: ignore[arg-type]
    return counts


@settings(max_examples=40)
@given(st.dictionaries(st.integers(1, 5), st.integers(1, 40), max_size=5), st.integers(0, 20))
def test_share_and_mean_are_those_of_an_independent_computation(given: dict[object, int], silent: int) -> None:
    answers = [int(str(each)) for each in Counter(given).elements()]
    found = report(of(given, silent=silent))
    good, mean = figure(found, GOOD), figure(found, MEAN)
    assert (good.n, mean.n) == (len(answers), len(answers))
    if len(answers) < 10:
        assert (good.value, good.low, mean.value, mean.low) == (None, None, None, None)
        return
    part = sum(each >= 4 for each in answers)
    wilson = scipy.stats.binomtest(part, len(answers)).proportion_ci(method="wilson")
    assert (good.value, good.low, good.high) == pytest.approx((part / len(answers), wilson.low, wilson.high))
    assert mean.value == pytest.approx(sum(answers) / len(answers))
    if len(set(answers)) > 1:
        error = scipy.stats.sem(answers)
        low, high = scipy.stats.t.interval(0.95, len(answers) - 1, sum(answers) / len(answers), error)
        assert (mean.low, mean.high) == (pytest.approx(max(1, low)), pytest.approx(min(5, high)))


@pytest.mark.parametrize(
    ("n", "few"), [(0, "none"), (1, "counts"), (9, "counts"), (10, "flag"), (29, "flag"), (30, "")]
)
@pytest.mark.parametrize("answer", [1, 3, 5])
def test_answers_all_alike_have_no_interval_of_the_mean_and_it_says_so(n: int, few: str, answer: int) -> None:
    found = report(of({answer: n}, silent=1), replace(MARCH, by="team"), show="mean")
    mean, good = figure(found, MEAN), figure(found, GOOD)
    assert (mean.n, mean.few, good.few) == (n, few, few)
    assert (mean.value, mean.low, mean.high) == (answer if n >= 10 else None, None, None)
    assert ("all answers are alike, so there is no interval" in mean.note) == (n >= 10)
    assert (good.low is not None) == (n >= 10)
    assert figure(found, CHANGE).value is None
    assert bool(found.charts) == (n > 0)


def test_changes_are_shown_or_not() -> None:
    counts = of({5: 30, 4: 10, 1: 5}, day=date(2026, 2, 10))
    counts.add("happy", {5: 10, 4: 10, 1: 25})
    found = report(counts)
    lower, mean = figure(found, CHANGE), figure(found, "Change of the mean")
    assert (lower.value, lower.note) == (pytest.approx(-20 / 45), "lower · 45 answers before")
    assert lower.high is not None
    assert lower.high < 0
    before, now = [5] * 30 + [4] * 10 + [1] * 5, [5] * 10 + [4] * 10 + [1] * 25
    welch = scipy.stats.ttest_ind(now, before, equal_var=False).confidence_interval()
    assert (mean.low, mean.high) == (pytest.approx(welch.low), pytest.approx(welch.high))
    assert (lower.way, lower.n) == (Way("report", "causes"), None)
    alone = report(counts, replace(MARCH, compare=False))
    assert [each.label for each in alone.figures] == [GOOD, MEAN, BAD, "Response rate"]


def test_alike_in_both_periods_is_no_difference_without_an_interval() -> None:
    counts = of({5: 40}, day=date(2026, 2, 10))
    counts.add("happy", {5: 40})
    found = figure(report(counts), "Change of the mean")
    assert (found.value, found.low, found.high) == (0, None, None)
    assert found.note == "all answers are alike, so there is no interval · 40 answers before"


def test_answers_that_moved_under_an_equal_share_are_said() -> None:
    counts = of({4: 60, 3: 40}, day=date(2026, 2, 10))
    counts.add("happy", {5: 60, 3: 40})
    assert [note for note in report(counts).notes if "Wilcoxon" in note] == [
        "The share shows no difference, but the answers as a whole have moved (Wilcoxon's rank sum test)."
    ]


def test_where_less_is_better_answers_are_turned_round() -> None:
    """The old effort score: 1 was very low effort."""
    counts = Counts(after=[question("effort", "effort", 1, 5, LESS)])
    counts.add("effort", {1: 30, 2: 10, 3: 6, 4: 3, 5: 1})
    found = report(counts)
    assert found.title == "How easy is it for customers?"
    good, bad = figure(found, "Found it easy (1–2)"), figure(found, "Found it hard (4–5)")
    assert (good.value, bad.value) == (40 / 50, 4 / 50)
    assert figure(found, MEAN).value == pytest.approx((30 * 5 + 10 * 4 + 6 * 3 + 3 * 2 + 1) / 50)
    assert [way.values for way in (good.way, bad.way) if way] == [
        {"question": "effort", "score": "1-5"}, {"question": "effort", "score": "4-5"},
    ]  # fmt: skip
    assert "Less is better in effort: these answers are turned round, so that more is better." in found.notes
    assert [row[1] for row in found.charts[0].table.rows] == [1, 3, 6, 10, 30]


def test_ease_is_five_to_seven_of_seven() -> None:
    counts = Counts(after=[question("ease", "effort", 1, 7)])
    counts.add("ease", {1: 2, 2: 3, 3: 4, 4: 6, 5: 15, 6: 30, 7: 40})
    found = report(counts)
    assert figure(found, "Found it easy (5–7)").value == 0.85
    assert figure(found, "Found it hard (1–3)").value == pytest.approx(0.09)
    assert [row[2] for row in found.charts[0].table.rows] == ["bad"] * 3 + ["in between"] + ["good"] * 3


def test_means_of_different_scales_are_never_added_up() -> None:
    counts = Counts(after=[CSAT], shop=[question("stars", "satisfaction", 1, 10)])
    counts.add("happy", {5: 40, 2: 10})
    counts.add("stars", {10: 10, 9: 5, 8: 5, 1: 10}, survey="shop")
    found = report(counts)
    assert (figure(found, "Satisfied").value, figure(found, "Satisfied").n) == (55 / 80, 80)
    assert (figure(found, MEAN).value, figure(found, MEAN).n) == (pytest.approx(4.4), 50)
    assert found.notes[:2] == [
        "Answers of several surveys are counted together: after, shop.",
        (
            "Questions have different scales: the share counts good answers on all of them, the mean only those on the "
            "scale 1–5 and leaves 30 answers out (1–10)."
        ),
    ]
    assert found.figures[0].way == Way(values={"question": "happy,stars"})
    one = report(counts, replace(MARCH, survey="shop"))
    assert figure(one, "Mean (1–10)").n == 30


@pytest.mark.parametrize(
    ("scale", "good", "easy", "bad"),
    [
        (Scale(0, 1), [1], [1], [0]),
        (Scale(1, 3), [3], [3], [1]),
        (Scale(1, 4), [3, 4], [3, 4], [1, 2]),
        (Scale(1, 5), [4, 5], [4, 5], [1, 2]),
        (Scale(1, 7), [6, 7], [5, 6, 7], [1, 2, 3]),
        (Scale(0, 10), [9, 10], [6, 7, 8, 9, 10], [0, 1, 2, 3, 4]),
    ],
)
def test_which_answers_are_good(scale: Scale, good: list[int], easy: list[int], bad: list[int]) -> None:
    assert (list(scale.good(False)), list(scale.good(True)), list(scale.bad)) == (good, easy, bad)


def test_what_is_no_number_is_left_out_and_said() -> None:
    counts = Counts(after=[CSAT, question("mood", "satisfaction", None, None)])
    counts.add("happy", {5: 12, "6": 2, "4.5": 1, "good": 1})
    found = report(counts)
    assert figure(found, GOOD).n == 12
    assert "4 answers are no numbers on the scale of their question and are not counted." in found.notes
    assert "Left out, as their answers are no numbers: mood." in found.notes


def test_the_first_that_is_asked_is_shown_unless_another_is_chosen() -> None:
    counts = Counts(after=[question("kind", "courtesy"), question("fixed", "solution"), CSAT])
    assert report(counts).title == "How satisfied are customers?"
    assert report(counts, measure="solution").title == "How good are our solutions for customers?"
    nobody = report(counts, measure="effort")
    assert [(each.label, each.value, each.few) for each in nobody.figures] == [("Ease", None, "none")]
    assert "role effort, such as the bundled survey effort" in nobody.notes[0]
    assert "role satisfaction" in report(Counts(other=[])).notes[0]


def test_courtesy_empathy_and_solution_stand_side_by_side() -> None:
    aspects = [question("kind", "courtesy"), question("felt", "empathy"), question("fixed", "solution")]
    counts = Counts(after=[CSAT, *aspects])
    for name, answers in {"happy": {5: 40}, "kind": {5: 40}, "felt": {4: 30, 1: 10}, "fixed": {5: 5}}.items():
        counts.add(name, answers, silent=-1)  # type: ignore[arg-type]
    found = report(counts, replace(MARCH, by="team"))
    title = "Courtesy, empathy and solution"
    assert cells(found, title, "Asked about", "Share %", "Answers", "Mean", "Mean from") == [
        ("Courtesy", 100, 40, 5, None), ("Empathy", 75, 40, 3.25, 2.83), ("Solution", None, 5, None, None),
    ]  # fmt: skip
    (chart,) = (each for each in found.charts if each.title == title)
    assert [row[:2] for row in chart.table.rows] == [["Courtesy", 100], ["Empathy", 75], ["Solution", None]]
    (table,) = (each for each in found.tables if each.title == title)
    chosen = [way.values["o-measure"] for way in table.ways if way]
    assert chosen == ["courtesy", "empathy", "solution"]


def test_groups_stand_by_name_and_differ_only_where_that_is_shown() -> None:
    counts = of({5: 30, 4: 4, 2: 1}, silent=3, team="Zoo")
    counts.add("happy", {5: 12, 3: 8, 2: 20}, silent=10, team="Alpha")
    counts.add("happy", {5: 22, 3: 11}, team="Middle")
    counts.add("happy", {5: 4}, team="")
    by_team = replace(MARCH, by="team")
    found = report(counts, by_team)
    assert cells(found, "Groups", "Group", "Share %", "Mean", "Answers", "Response rate %", "Against the others") == [
        ("Alpha", 30, 3.1, 40, 80, "lower"),
        ("Middle", 66.7, 4.33, 33, 100, "no difference shown"),
        ("Zoo", 97.1, 4.8, 35, 92, "higher"),
        ("(not given)", None, None, 4, None, "too few to say"),
    ]
    (table,) = (each for each in found.tables if each.title == "Groups")
    zoo = {"question": "happy", "score": "1-5", "team": "Zoo"}
    assert [way and way.values for way in table.ways][2:] == [zoo, None]
    by_mean = report(counts, by_team, show="mean")
    assert cells(by_mean, "Groups", "Mean", "Share %", "Against the others")[:2] == [
        (3.1, 30, "lower"), (4.33, 66.7, "no difference shown"),
    ]  # fmt: skip


def test_what_the_silent_ones_could_change() -> None:
    notes = report(of({5: 30, 1: 10}, silent=40)).notes
    assert [note for note in notes if "Had everybody" in note] == [
        (
            "Had everybody who was asked answered, the share could lie anywhere from 38 to 88 %: those who keep silent "
            "may think otherwise."
        )
    ]


def test_every_text_is_in_the_readers_language() -> None:
    counts = of({5: 30, 3: 5}, silent=5, team="A")
    counts.add("happy", {5: 5}, team="B")
    found = report(counts, replace(MARCH, by="team", language="id"), show="mean")
    texts = [found.title, *(each.label for each in found.figures), *found.notes, *(each.title for each in found.charts)]
    texts += [column for each in found.tables for column in each.columns]
    assert [text for text in texts if not text.startswith("<")] == []


def test_what_is_not_counted_together_is_refused() -> None:
    with pytest.raises(Refused):
        report(of({5: 1}), replace(MARCH, by="mood"))


QUESTIONS = st.builds(
    question,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["satisfaction", "effort", "courtesy", "empathy", "solution"]),
    st.none() | st.integers(0, 1),
    st.none() | st.integers(1, 10),
    st.sampled_from([MORE, LESS]),
)
VALUES = st.integers(-1, 11).map(str) | st.sampled_from(["", "yes", "4.5"])
GIVEN = st.dictionaries(VALUES, st.integers(1, 50), max_size=6)


def numbers(of: Report) -> list[object]:
    """Return every number of a report."""
    rows = [*(each.table for each in of.charts), *of.tables]
    cells = [cell for each in rows for row in each.rows for cell in row]
    return [*cells, *(end for each in of.figures for end in (each.value, each.low, each.high))]


@settings(max_examples=60)
@given(
    st.lists(QUESTIONS, max_size=4, unique_by=lambda each: each.id),
    st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), GIVEN, st.sampled_from(["", "A", "B"])), max_size=6),
    st.sampled_from(["", "mean"]),
)
def test_whatever_was_asked_and_answered_gives_a_report(
    asked: list[QuestionInfo], answers: list[tuple[str, dict[object, int], str]], show: str
) -> None:
    counts = Counts(after=asked)
    for name, values, team in answers:
        counts.add(name, values, team=team)
    found = report(counts, replace(MARCH, by="team"), show=show)
    assert [each for each in numbers(found) if isinstance(each, float) and not isfinite(each)] == []
    for each in found.figures:
        assert (each.value is None) or (each.low is None) == (each.high is None)
        assert each.low is None or each.low <= each.value <= each.high  # type: ignore[operator]
