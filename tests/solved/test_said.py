"""What the report says of counts, from none to many, whatever the question looks like."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from feedbackhub import Figure, Query, QuestionInfo, Report, Way
from feedbackhub.reporting import Asked, contacts_of, solved_means
from feedbackhub_plugins.solved.analysis import MOST, Solved
from tests.solved.counts import OFTEN, PARTLY, SCALE, YES_NO, Counts

MARCH = Query(date(2026, 3, 1), date(2026, 3, 31))
SAID, FIRST = "Solved, customers say", "Solved at the first contact, customers say"


def report(counts: Counts, query: Query = MARCH) -> Report:
    """Return the report on counts."""
    return Solved(counts).report(query)  # type: ignore[arg-type]


def figure(of: Report, label: str) -> Figure:
    """Return a figure by its label."""
    (found,) = (each for each in of.figures if each.label == label)
    return found


def test_the_share_solved_and_its_change_are_those_of_an_independent_computation() -> None:
    counts = Counts()
    counts.add({"yes": 70, "no": 30}, silent=50)
    counts.add({"yes": 40, "no": 40}, day=date(2026, 2, 10))
    found = report(counts)
    shown = figure(found, SAID)
    assert (shown.value, shown.n, shown.way) == (0.7, 100, Way(values={"solved": "yes"}))
    assert (shown.low, shown.high) == pytest.approx(proportion_confint(70, 100, method="wilson"))
    change = figure(found, "Change from the days before")
    assert (change.low, change.high) == pytest.approx(confint_proportions_2indep(70, 100, 40, 80, method="newcomb"))
    assert (change.value, change.note) == (pytest.approx(0.2), "higher · 80 answers before")
    assert figure(found, "Not solved").way == Way(values={"solved": "no"})
    assert figure(found, "Response rate").note == "100 of 150 asked"


@pytest.mark.parametrize(
    ("n", "few"), [(0, "none"), (1, "counts"), (9, "counts"), (10, "flag"), (29, "flag"), (30, "")]
)
def test_from_none_to_many_answers_that_are_all_alike(n: int, few: str) -> None:
    counts = Counts()
    counts.add({"yes": n}, silent=1)
    found = report(counts, replace(MARCH, by="team"))
    top = figure(found, SAID)
    assert (top.n, top.few, top.value) == (n, few, 1 if n >= 10 else None)
    assert (top.low is not None and top.high is not None and top.low < top.high) == (n >= 10)
    assert figure(found, "Change from the days before").value is None
    assert bool(found.charts) == (n > 0)


def test_first_contact_is_solved_and_once_of_those_who_answered_both() -> None:
    counts = Counts()
    counts.add({"yes": 30, "no": 10})
    for solved, times, n in ((True, "1", 18), (True, "2", 6), (False, "1", 5), (True, "3+", 2), (None, "1", 4)):
        counts.add_both(solved, times, n)
    shown = figure(report(counts), FIRST)
    assert (shown.value, shown.n) == (18 / 31, 31)


def test_many_answers_are_counted_in_the_report_that_lasts() -> None:
    counts = Counts()
    counts.add({"yes": MOST, "no": 1})
    shown = figure(report(counts), FIRST)
    assert (shown.value, shown.way) == (None, Way("report", "repeat-contacts"))
    assert shown.note == f"more than {MOST:,} answers: counted in the report on repeated contacts"


def test_a_survey_that_does_not_ask_how_often_is_named() -> None:
    counts = Counts({"post-contact": (YES_NO, OFTEN), "short": (PARTLY,)})
    counts.add({"done": 12, "some": 4, "none": 4}, survey="short")
    counts.add({"yes": 30})
    found = report(counts)
    assert "Answers of several surveys are counted together: post-contact, short." in found.notes
    assert [each for each in found.notes if "short" in each and "at which contact" in each] != []
    alone = report(counts, replace(MARCH, survey="short"))
    assert [each.label for each in alone.figures if each.label == FIRST] == []
    assert figure(alone, SAID).value == 0.6


def test_what_lies_between_yes_and_no_is_part_of_the_whole_and_the_unknown_is_not() -> None:
    counts = Counts({"short": (PARTLY,)})
    counts.add({"done": 12, "some": 4, "none": 4, "no idea": 3, "gone": 2}, survey="short")
    found = report(counts)
    assert [(row[0], row[1]) for row in found.charts[0].table.rows] == [("Yes", 12), ("Partly", 4), ("No", 4)]
    assert (figure(found, SAID).n, figure(found, "Not solved").value) == (20, 0.2)
    assert "5 answers say neither yes nor no nor anything in between and are not counted." in found.notes


def test_where_nobody_asks_the_report_says_what_to_do() -> None:
    found = report(Counts({"nps": ()}))
    assert [(each.value, each.few) for each in found.figures] == [(None, "none")]
    assert "bundled survey post-contact" in found.notes[0]


def test_groups_stand_by_name_and_lead_to_those_not_helped() -> None:
    counts = Counts()
    counts.add({"yes": 20, "no": 60}, team="Zoo")
    counts.add({"yes": 60, "no": 20}, silent=20, team="Alpha")
    counts.add({"yes": 3}, team="")
    (table,) = report(counts, replace(MARCH, by="team")).tables
    assert [(row[0], row[1], row[5], row[-1]) for row in table.rows] == [
        ("Alpha", 75, 25, "higher"), ("Zoo", 25, 75, "lower"), ("(not given)", None, None, "too few to say"),
    ]  # fmt: skip
    assert list(table.ways) == [
        Way(values={"solved": "no", "team": "Alpha"}), Way(values={"solved": "no", "team": "Zoo"}), None,
    ]  # fmt: skip


def test_every_text_is_in_the_readers_language() -> None:
    counts = Counts()
    counts.add({"yes": 30, "no": 5}, silent=5, team="A")
    counts.add_both(True, "1", 30)
    found = report(counts, replace(MARCH, by="team", language="id"))
    texts = [found.title, *(each.label for each in found.figures), *found.notes, *(each.title for each in found.charts)]
    texts += [column for each in found.tables for column in each.columns]
    assert [text for text in texts if not text.startswith("<")] == []


@pytest.mark.parametrize(
    ("question", "meanings"),
    [
        (YES_NO, {"yes": "yes", "no": "no", "maybe": "", "": ""}),
        (PARTLY, {"done": "yes", "some": "partly", "none": "no", "no idea": ""}),
        (SCALE, {"1": "yes", "2": "yes", "3": "partly", "4": "no", "5": "no", "6": "", "0": "", "x": "", "-1": ""}),
        (replace(SCALE, minimum=3, maximum=3), {"3": ""}),
    ],
)
def test_an_answer_means_what_it_is_worth(question: QuestionInfo, meanings: dict[str, str]) -> None:
    assert {value: solved_means(Asked("s", question), value) for value in meanings} == meanings


def test_how_often_contact_was_made_is_read_from_the_answer() -> None:
    read = {value: contacts_of(value) for value in ("1", "2", "3+", " 4 ", "0", "many", "", "1.5", "9999")}
    assert read == {"1": 1, "2": 2, "3+": 3, " 4 ": 4, "0": None, "many": None, "": None, "1.5": None, "9999": None}


@given(st.text(max_size=8))
def test_whatever_was_answered_is_a_number_of_contacts_or_none(value: str) -> None:
    found = contacts_of(value)
    assert found is None or found >= 1
