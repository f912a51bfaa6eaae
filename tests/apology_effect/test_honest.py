"""What the report on an experiment must never show, and what it says where there is little or nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from feedbackhub.loop.report_json import report_json
from feedbackhub.statistics import Share, difference_sequence
from feedbackhub_plugins.apology.contrasts import against_first
from feedbackhub_plugins.apology.effect import nobody
from feedbackhub_plugins.apology.effect_more import wrong
from feedbackhub_plugins.apology.effect_study import Study
from feedbackhub_plugins.apology.evidence import evidence
from feedbackhub_plugins.apology.ripe import ripe

from .planted import (
    APOLOGY,
    BOTH,
    LATER,
    MONEY,
    NOTHING,
    Cell,
    T,
    assignments,
    column,
    experiment,
    figure,
    plan,
    report,
    study,
    table,
)

#: Ordinary p-values and the names of ordinary methods, which have no place beside an experiment that runs.
ORDINARY = re.compile(r"\bp [<=]|\bp-value|Fisher|Newcombe|Wilson|Holm|Woolf|Katz|Chance alone", re.IGNORECASE)
HUNDRED = [Cell("nothing", 20, 40, 40), Cell("apology", 45, 25, 30)]


def test_no_ordinary_number_is_anywhere_while_it_runs() -> None:
    found = report(study(plan(), HUNDRED))
    told = json.loads(report_json(found))
    # What others published is over long ago; the test of the arms' sizes names its own limit.
    elsewhere = ("What others found", "Are the arms as large as planned?")
    own = [each for each in told["tables"] if each["title"] not in elsewhere]
    assert not ORDINARY.search(json.dumps([told["figures"], own, told["charts"][0]]))
    sizes = table(found, "Are the arms as large as planned?")
    assert column(sizes, "Chi-square") == [None] * 4
    assert [each.title for each in found.tables if "single look" in each.title or "planned end" in each.title] == []


def test_intervals_of_a_running_experiment_hold_at_every_look_for_all_arms_together() -> None:
    arms = (NOTHING, APOLOGY, MONEY, BOTH)
    found = report(study(plan(*arms), [Cell(arm.name, 30, 70) for arm in arms]))
    difference = figure(found, "apology less nothing")
    assert difference.level == pytest.approx(1 - 0.05 / 3)
    assert difference.note == "no difference shown · holds at every look"
    assert column(table(found, "Safe to look at every day"), "Evidence needed") == [60, 60, 60]


def test_evidence_follows_the_weights_and_the_size_of_the_plan() -> None:
    uneven = plan(NOTHING, APOLOGY.model_copy(update={"weight": 2}), n_each=300)
    found = study(uneven, [Cell("nothing", 30, 70), Cell("apology", 45, 55)])
    (one,) = found.evidence.values()
    assert one.process.block == (2, 1)
    assert one.process.blocks == 50
    assert one.interval == difference_sequence(Share(45, 100), Share(30, 100), 0.95, 300 + 600)
    assert [each.interval for each in against_first(found)] == [one.interval]


def test_nothing_is_no_data_and_never_zero() -> None:
    found = report(study(plan(), []))
    assert [(each.value, each.low, each.high) for each in found.figures] == [(None, None, None)] * 3
    assert {each.note for each in found.figures} == {"no data"}
    assert "apology against nothing: no data, for one of the arms holds nobody whose outcome is known." in found.notes
    assert "NaN" not in report_json(found)


def test_no_experiment_shows_what_is_known_from_elsewhere() -> None:
    found = nobody(T, LATER)
    assert (found.figures[0].value, found.figures[0].note) == (None, "no data")
    assert found.charts[0].table.rows[0] == [
        "Nottingham, 5 euros (RECONSTRUCTED)", 21.9, 12.9, 30.4, 420,
    ]  # fmt: skip
    assert found.charts[0].table.rows[-1][1:] == [None, None, None, None]


def test_an_empty_arm_is_compared_with_nothing() -> None:
    found = report(study(plan(), [Cell("nothing", 3, 1)]))
    difference = figure(found, "apology less nothing")
    assert (difference.value, difference.note) == (None, "no data")


def test_a_few_outcomes_are_counted_only() -> None:
    found = report(study(plan(), [Cell("nothing", 1, 3), Cell("apology", 2, 2)]))
    assert (figure(found, "Won back: apology").value, figure(found, "Won back: apology").note) == (None, "2 of 4")


def test_whoever_was_not_asked_again_is_said_to_be_so() -> None:
    silent = assignments([Cell("nothing", 0, 0, 50), Cell("apology", 0, 0, 50)])
    people = [replace(each, asked_at=None) for each in silent]
    found = report(Study(experiment(plan()), people, {}, {}, LATER))
    said = "Nobody was asked again yet, so that nobody could answer: look at the second ask before the result."
    assert said in found.notes


def test_silence_alone_says_nothing() -> None:
    found = report(study(plan(), [Cell("nothing", 0, 0, 50), Cell("apology", 0, 0, 50)]))
    assert "Nobody answered the second ask: silence alone says nothing about the arms." in found.notes
    rows = table(found, "Those who did not answer, counted three ways").rows
    assert [row[2:] for row in rows] == [(0, None, None), (None, None, None), (None, -100, 100)]


@pytest.mark.parametrize(("without", "said"), [(50, 0), (51, 1)])
def test_an_arm_that_was_mostly_not_carried_out_is_said_to_be_so(without: int, said: int) -> None:
    people = assignments(HUNDRED)
    missed = {each.number for each in people if each.arm == "apology"}
    missed = set(sorted(missed)[:without])
    people = [replace(each, received=()) if each.number in missed else each for each in people]
    notes = report(Study(experiment(plan()), people, {}, {}, LATER)).notes
    assert sum(each.startswith("Most customers in the arm apology did not get what it says") for each in notes) == said


@pytest.mark.parametrize(
    "cells",
    [
        [Cell("nothing", 100, 100, 100), Cell("apology", 60, 60, 60)],
        [Cell("nothing", 50, 150, 100), Cell("apology", 60, 20, 220)],
    ],
    ids=["assigned", "answered"],
)
@pytest.mark.parametrize("state", ["running", "ended"])
def test_uneven_arms_show_no_result(cells: list[Cell], state: str) -> None:
    found = report(study(plan(), cells, state))
    assert [(each.value, each.note) for each in found.figures] == [
        (None, "no result: the arms are not as large as planned")
    ]
    assert [each.title for each in found.tables] == ["Are the arms as large as planned?", "What others found"]
    assert sum(note.startswith("No result is shown") for note in found.notes) == 1
    assert [each.title for each in found.charts] == ["An apology against money: here and elsewhere"]


def test_only_those_before_the_first_open_window_count() -> None:
    people = assignments([Cell("nothing", 30), Cell("apology", 30)])
    # The eleventh window is still open; later ones are over by clocks that had gone back.
    people[10] = replace(people[10], window_ends_at=LATER + timedelta(days=1))
    assert [each.number for each in ripe(people, LATER)] == list(range(1, 11))


def test_a_clock_that_ran_ahead_keeps_nobody_waiting() -> None:
    people = assignments([Cell("nothing", 30), Cell("apology", 30)])
    ahead = LATER + timedelta(days=3000)
    people[10] = replace(people[10], assigned_at=ahead, reask_at=ahead, window_ends_at=ahead)
    assert len(ripe(people, LATER)) == 59


def test_what_was_over_once_stays_over_when_the_clock_goes_back() -> None:
    people = [replace(each, is_over=True) for each in assignments([Cell("nothing", 30), Cell("apology", 30)])]
    assert len(ripe(people, LATER - timedelta(days=3000))) == 60


def test_an_answer_after_the_window_does_not_count() -> None:
    people = [replace(each, answered_at=each.window_ends_at + timedelta(days=1)) for each in assignments(HUNDRED)]
    (found,) = evidence(plan(), people, LATER)
    assert (found.one.part, found.other.part) == (0, 0)


def test_one_person_in_several_arms_is_left_out_and_listed() -> None:
    people = assignments(HUNDRED)
    one, other = (next(each for each in people if each.arm == arm) for arm in ("nothing", "apology"))
    twin = [each for each in people if each.arm == "nothing"][1:3]
    merged = {other.customer: one.customer, twin[1].customer: twin[0].customer}
    found = report(Study(experiment(plan()), people, merged, {}, LATER))
    listed = table(found, "Left out: one person in several arms")
    assert listed.rows == [(one.customer, "nothing"), (other.customer, "apology")]
    assert [way.name for way in listed.ways if way] == [one.customer, other.customer]
    assert column(table(found, "Arms"), "Outcome known") == [98, 99]
    assert column(table(found, "Arms"), "Assigned") == [100, 100]


def test_an_experiment_that_ended_early_shows_safe_intervals_first_and_says_why() -> None:
    strong = [Cell("nothing", 20, 80, 100), Cell("apology", 90, 60, 50)]
    found = report(study(plan(), strong, "ended", reason="e-process"))
    difference = figure(found, "apology less nothing")
    assert difference.note == "more won back · holds at every look"
    ordinary = table(found, "Differences as for a single look").rows[0]
    assert 100 * difference.low < ordinary[2] < ordinary[3] < 100 * difference.high
    assert sum("ended early, for the evidence sufficed (apology)" in note for note in found.notes) == 1


def test_a_fixed_plan_at_its_end_is_looked_at_once() -> None:
    found = report(study(plan(stopping="fixed"), HUNDRED, "ended"))
    assert figure(found, "apology less nothing").note == "more won back"
    assert [each.title for each in found.tables][:2] == ["Arms", "Differences at the planned end"]
    stopped = report(study(plan(stopping="fixed"), HUNDRED, "stopped", reason="holidays"))
    assert figure(stopped, "apology less nothing").note == "more won back · holds at every look"
    assert sum("A person stopped the experiment (holidays)" in note for note in stopped.notes) == 1


def test_nobody_is_to_be_apologised_to_where_no_difference_is_shown() -> None:
    found = report(study(plan(stopping="fixed"), [Cell("nothing", 40, 60), Cell("apology", 45, 55)], "ended"))
    needed = figure(found, "Number needed to apologise: apology")
    assert (needed.value, needed.low, needed.high, needed.note) == (None, None, None, "no difference shown")
    worse = report(study(plan(stopping="fixed"), [Cell("nothing", 70, 30), Cell("apology", 30, 70)], "ended"))
    assert figure(worse, "Number needed to apologise: apology").value is None
    assert figure(worse, "Number needed to apologise: apology").note == "fewer won back"


def test_one_of_several_arms_beyond_its_own_interval_is_no_difference_yet() -> None:
    # Fisher's p of 107 of 400 against 80 of 400 is 0.030: shown where it is the only question, not as one of three.
    first, ahead = Cell("nothing", 80, 320), Cell("apology", 107, 293)
    alone = report(study(plan(stopping="fixed"), [first, ahead], "ended"))
    assert figure(alone, "apology less nothing").note == "more won back"
    assert figure(alone, "Number needed to apologise: apology").value == pytest.approx(400 / 27)
    three = [first, ahead, Cell("money", 81, 319), Cell("both", 82, 318)]
    found = report(study(plan(NOTHING, APOLOGY, MONEY, BOTH, stopping="fixed"), three, "ended"))
    assert figure(found, "apology less nothing").low > 0
    assert figure(found, "apology less nothing").note == "no difference shown"
    assert figure(found, "Number needed to apologise: apology").value is None
    assert column(table(found, "Differences at the planned end"), "Result") == ["no difference shown"] * 3
    assert not any("this is what the treatment did" in note for note in found.notes)


def test_what_differs_from_the_arm_is_less_or_more() -> None:
    (one,) = assignments([Cell("apology", 1)])
    told = [wrong(arm, replace(one, received=got)) for arm, got in (
        (BOTH, ("apology", "call_back")), (APOLOGY, ("apology", "compensation")), (APOLOGY, ("apology",)),
    )]  # fmt: skip
    assert told == [({"compensation"}, set()), (set(), {"compensation"}), (set(), set())]


def test_days_behind_a_closed_window_have_not_passed_with_it() -> None:
    people = [replace(each, is_over=True) for each in assignments(HUNDRED)]
    found = Study(experiment(plan()), people, {}, {}, people[0].reask_at)
    passed = {row[1]: row[2] for row in table(report(found), "Outcomes by day").rows}
    assert passed == {1: 100, 7: 100, 30: 0, 90: 0}


def test_days_count_from_the_second_ask_and_only_for_whom_they_have_passed() -> None:
    early = assignments(HUNDRED)[0].reask_at + timedelta(days=20)
    found = table(report(study(plan(), HUNDRED, now=early)), "Outcomes by day")
    by_arm = {tuple(row[:2]): row[2:6] for row in found.rows}
    (arm,) = (row for row in table(report(study(plan(), HUNDRED)), "Arms").rows if row[0] == "apology")
    ends = {tuple(row[:2]): row[6:] for row in found.rows}
    assert (ends[("apology", 7)], ends[("apology", 30)]) == (arm[-2:], (None, None))
    assert by_arm[("apology", 1)] == (100, 0, 0, 0.0)
    assert by_arm[("apology", 7)] == (100, 70, 45, 45.0)
    assert by_arm[("apology", 30)] == (0, 0, 0, None)


def test_the_own_result_stands_beside_what_is_known() -> None:
    found = report(study(plan(NOTHING, APOLOGY, MONEY, stopping="fixed"), [*HUNDRED, Cell("money", 30, 70)], "ended"))
    forest = next(each for each in found.charts if each.title == "An apology against money: here and elsewhere")
    assert [row[0] for row in forest.table.rows] == [
        "Here: apology less money", "Nottingham, 5 euros (RECONSTRUCTED)",
        "Nottingham, 2.50 euros (RECONSTRUCTED)",
        "Late riders (2022): no counts",
    ]  # fmt: skip
    assert forest.table.rows[0][1] == 15.0
