"""What the report says of counts, from none to many, and what it keeps silent about."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Figure, Query, Refused, Report
from feedbackhub.reporting import before, spans, steps
from feedbackhub_plugins.nps.analysis import Nps
from tests.nps.counts import DAY, Counts
from tests.nps.independent import interval_of, mean_of

MARCH = Query(date(2026, 3, 1), date(2026, 3, 31))
SCORES = st.dictionaries(st.integers(0, 10), st.integers(1, 40), max_size=11)


def report(counts: Counts, query: Query = MARCH) -> Report:
    """Return the report on counts."""
    return Nps(counts).report(query)  # type: ignore[arg-type]


def figure(of: Report, label: str) -> Figure:
    """Return a figure by its label."""
    (found,) = (each for each in of.figures if each.label == label)
    return found


def cells(of: Report, *columns: str) -> list[tuple[object, ...]]:
    """Return some columns of the table of groups."""
    (table,) = (each for each in of.tables if each.title == "Groups")
    places = [list(table.columns).index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in table.rows]


@hypothesis.settings(max_examples=40)
@given(SCORES, st.integers(0, 20))
def test_the_figures_are_those_of_an_independent_computation(scores: dict[int, int], silent: int) -> None:
    counts = Counts()
    counts.add(scores, silent)
    answers = list(Counter(scores).elements())
    found = figure(report(counts), "Net promoter score")
    assert found.n == len(answers)
    if len(answers) < 10:
        assert (found.value, found.low, found.high) == (None, None, None)
        return
    low, high = interval_of(answers)
    assert found.value == pytest.approx(100 * mean_of(answers))
    assert (found.low, found.high) == (pytest.approx(100 * low, abs=1e-3), pytest.approx(100 * high, abs=1e-3))


@pytest.mark.parametrize(
    ("n", "few"), [(0, "none"), (1, "counts"), (9, "counts"), (10, "flag"), (29, "flag"), (30, "")]
)
@pytest.mark.parametrize("score", [0, 7, 10])
def test_from_none_to_many_answers_that_are_all_alike(n: int, few: str, score: int) -> None:
    counts = Counts()
    counts.add({score: n}, silent=1)
    found = report(counts, replace(MARCH, by="team", options={"step": "week"}))
    top = figure(found, "Net promoter score")
    value = {0: -100, 7: 0, 10: 100}[score]
    assert (top.n, top.few, top.value) == (n, few, value if n >= 10 else None)
    assert (top.low is not None and top.high is not None and top.low < top.high) == (n >= 10)
    assert figure(found, "Change from the days before").value is None
    assert bool(found.charts) == (n > 0)


def test_groups_stand_by_name_and_differ_only_where_that_is_shown() -> None:
    counts = Counts()
    counts.add({10: 30, 8: 4, 2: 1}, silent=3, team="Zoo")
    counts.add({10: 12, 8: 8, 2: 20}, silent=10, team="Alpha")
    counts.add({10: 15, 8: 10, 2: 8}, team="Middle")
    counts.add({10: 4}, team="")
    counts.add({}, silent=2, team="Silent")
    found = report(counts, replace(MARCH, by="team"))
    assert cells(found, "Group", "Score", "Answers", "Asked", "Response rate %", "Against the others") == [
        ("Alpha", -20, 40, 50, 80, "lower"),
        ("Middle", 21, 33, 33, 100, "no difference shown"),
        ("Silent", None, 0, 2, None, "no data"),
        ("Zoo", 83, 35, 38, 92, "higher"),
        ("(not given)", None, 4, 4, None, "too few to say"),
    ]
    assert [row[0] for row in found.charts[2].table.rows] == ["Alpha", "Middle", "Zoo"]


@pytest.mark.parametrize("silent", [0, 1])
def test_what_the_silent_may_think_is_said_only_where_somebody_kept_silent(silent: int) -> None:
    counts = Counts()
    counts.add({10: 20, 2: 20}, silent=silent)
    said = [note for note in report(counts, MARCH).notes if "Had everybody who was asked answered" in note]
    assert len(said) == silent


def test_many_equal_groups_are_not_ranked_by_noise() -> None:
    """Twenty groups draw from the same urn: one in twenty lies outside its own 95 % interval, and none is named."""
    counts = Counts()
    for number in range(20):
        wobble = (number * 7) % 11 - 5
        counts.add({10: 50 + wobble, 8: 30, 3: 20 - wobble}, team=f"G{number:02}")
    found = report(counts, replace(MARCH, by="team"))
    assert {said for (said,) in cells(found, "Against the others")} == {"no difference shown"}


def test_periods_are_compared_and_a_difference_is_shown_or_not() -> None:
    counts = Counts()
    counts.add({10: 30, 8: 10, 3: 5}, day=date(2026, 2, 10))
    counts.add({10: 10, 8: 10, 3: 25}, day=date(2026, 3, 1))
    counts.add({10: 11, 8: 11, 3: 23}, day=date(2026, 4, 20))
    change = "Change from the days before"
    lower = figure(report(counts), change)
    assert (lower.value, lower.note) == (pytest.approx(-800 / 9), "lower · 45 answers before")
    assert lower.high is not None
    assert lower.high < 0
    april = replace(MARCH, since=date(2026, 4, 1), until=date(2026, 5, 1))
    assert figure(report(counts, april), change).note == "no difference shown · 45 answers before"
    alone = report(counts, replace(MARCH, compare=False))
    assert [each.label for each in alone.figures][:2] == ["Net promoter score", "Response rate"]
    few_then = Counts()
    few_then.add({10: 9}, day=date(2026, 2, 10))
    few_then.add({10: 40}, day=DAY)
    assert figure(report(few_then), change).note == "too few to say · 9 answers before"


def test_a_mix_that_moved_under_an_equal_score_is_said() -> None:
    counts = Counts()
    counts.add({10: 50, 8: 0, 3: 50}, day=date(2026, 2, 10))
    counts.add({10: 10, 8: 80, 3: 10}, day=DAY)
    assert [note for note in report(counts).notes if "mix" in note] == [
        "The score shows no difference, but the mix of promoters, passives and detractors has changed."
    ]


@pytest.mark.parametrize(
    ("n", "note"), [(9, "9 of 9 asked"), (29, "29 of 29 asked · small sample"), (30, "30 of 30 asked")]
)
def test_a_response_rate_of_few_asks_says_so(n: int, note: str) -> None:
    counts = Counts()
    counts.add({10: n})
    assert figure(report(counts), "Response rate").note == note


def test_more_answers_than_asks_give_no_rate_but_a_note() -> None:
    counts = Counts()
    counts.add({10: 30}, silent=-10)
    found = report(counts)
    rate = figure(found, "Response rate")
    assert (rate.value, rate.few, rate.note) == (None, "none", "30 of 20 asked")
    assert [note for note in found.notes if "open links" in note] != []


def test_what_is_no_score_is_left_out_and_said() -> None:
    counts = Counts()
    counts.add({10: 12, "11": 2, "good": 1, "7.5": 1})
    found = report(counts)
    assert figure(found, "Net promoter score").n == 12
    assert "4 answers were no whole number from 0 to 10 and are not counted." in found.notes


def test_several_surveys_are_counted_together_and_named() -> None:
    counts = Counts("nps", "yearly")
    counts.add({10: 20})
    counts.add({0: 20}, survey="yearly")
    assert figure(report(counts), "Net promoter score").value == 0
    assert "Answers of several surveys are counted together: nps, yearly." in report(counts).notes
    assert figure(report(counts, replace(MARCH, survey="yearly")), "Net promoter score").value == -100


def test_where_nobody_asks_the_question_the_report_says_what_to_do() -> None:
    found = report(Counts(), replace(MARCH, survey="post-contact"))
    assert [(each.value, each.few) for each in found.figures] == [(None, "none")]
    assert "bundled survey nps" in found.notes[0]


def test_every_text_is_in_the_readers_language() -> None:
    counts = Counts()
    counts.add({10: 30, 3: 5}, silent=5, team="A")
    counts.add({10: 5}, team="B")
    found = report(counts, replace(MARCH, by="team", language="id"))
    texts = [found.title, *(each.label for each in found.figures), *found.notes, *(each.title for each in found.charts)]
    texts += [column for each in found.tables for column in each.columns]
    assert [text for text in texts if not text.startswith("<")] == []


def test_what_is_no_dimension_is_refused() -> None:
    with pytest.raises(Refused):
        report(Counts(), replace(MARCH, by="mood"))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800), st.sampled_from(["day", "week", "month"]))
def test_spans_hold_every_day_once_and_in_order(since: date, more: int, step: str) -> None:
    until = since + timedelta(days=more)
    parts = spans(since, until, step)
    assert [day for _, days in parts for day in days] == [since + timedelta(days=at) for at in range(more + 1)]
    assert [name for name, _ in parts] == sorted({name for name, _ in parts})
    earlier = before(Query(since, until))
    assert (earlier.until - earlier.since, earlier.until) == (until - since, since - timedelta(days=1))


def test_spans_are_chosen_by_the_length_or_by_the_reader() -> None:
    since = date(2026, 1, 1)
    chosen = {days: steps(since, since + timedelta(days=days - 1)) for days in (1, 14, 15, 182, 183)}
    assert chosen == {
        1: ["day", "week", "month"], 14: ["day", "week", "month"], 15: ["week", "month"], 182: ["week", "month"],
        183: ["month"],
    }  # fmt: skip
    assert steps(since, date(2026, 12, 31), "day") == ["day"]
    assert steps(since, date(2028, 12, 31), "day") == ["month"]


def test_a_trend_takes_spans_long_enough_for_an_estimate() -> None:
    counts = Counts()
    for day in range(1, 31):
        counts.add({10: 1, 9: 1}, day=date(2026, 3, day))
    by_week, by_choice = report(counts), report(counts, replace(MARCH, options={"step": "day"}))
    assert [row[0] for row in by_week.charts[1].table.rows] == [
        "2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30",
    ]  # fmt: skip
    assert [row[4] for row in by_week.charts[1].table.rows] == [2, 14, 14, 14, 14, 2]
    assert [row[1] for row in by_week.charts[1].table.rows] == [None, 100, 100, 100, 100, None]
    assert [each.title for each in by_choice.charts] == ["Answers by score"]
