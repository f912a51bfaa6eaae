"""A result whose plan was changed is withheld, and one that could end early claims no more than may be looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from feedbackhub import Query
from feedbackhub.statistics import Interval, Share
from feedbackhub_plugins.apology.contrasts import Contrast, needed
from feedbackhub_plugins.apology.effect_figures import verdict
from feedbackhub_plugins.apology.effect_study import Study
from feedbackhub_plugins.apology.gestures_read import read_cases
from feedbackhub_plugins.apology.records import Assignment
from tests.apology.conftest import World, world

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

__all__ = ["world"]

HUNDRED = [Cell("nothing", 20, 40, 40), Cell("apology", 45, 25, 30)]
STRONG = [Cell("nothing", 20, 80, 100), Cell("apology", 90, 60, 50)]


@pytest.mark.parametrize("state", ["running", "ended"])
def test_a_plan_that_was_changed_in_the_database_shows_no_result(state: str) -> None:
    found = study(plan(stopping="fixed"), HUNDRED, state)
    bent = replace(found, experiment=replace(found.experiment, kept={**found.plan.as_json(), "alpha": 0.2}))
    shown = report(bent)
    assert [(each.value, each.note) for each in shown.figures] == [
        (None, "no result: the plan was changed after the start")
    ]
    assert [each.title for each in shown.tables] == ["What others found"]
    assert [each.title for each in shown.charts] == ["An apology against money: here and elsewhere"]
    assert not any(str(row[0]).startswith("Here") for row in shown.charts[0].table.rows)
    assert sum(note.startswith("This is not the plan that was frozen") for note in shown.notes) == 1


def test_what_ended_an_experiment_is_what_its_record_says() -> None:
    weak = [Cell("nothing", 30, 70), Cell("apology", 33, 67)]
    taken_back = report(study(plan(), weak, "ended", reason="e-process"))
    assert sum("the evidence sufficed then" in note for note in taken_back.notes) == 1
    assert not any("planned end" in note for note in taken_back.notes)
    by_a_person = report(study(plan(), STRONG, "stopped", reason="holidays"))
    assert sum("A person stopped the experiment (holidays)" in note for note in by_a_person.notes) == 1
    assert not any("ended early" in note for note in by_a_person.notes)


@pytest.mark.parametrize(
    ("stopping", "state", "said"),
    [
        ("fixed", "running", "not decided"), ("fixed", "stopped", "more won back"),
        ("e-process", "running", "more won back"), ("e-process", "stopped", "more won back"),
    ],
)  # fmt: skip
def test_a_plan_that_looks_once_decides_nothing_before(stopping: str, state: str, said: str) -> None:
    found = report(study(plan(stopping=stopping), STRONG, state))
    assert figure(found, "apology less nothing").note == f"{said} · holds at every look"
    decision = "not decided" if said == "not decided" else f"decided: {said}"
    assert column(table(found, "Safe to look at every day"), "Decision") == [decision]


def evenly(times: int, *cells: Cell) -> list[Assignment]:
    """Return the same people so many times after each other, so that outcomes are spread over the order."""
    n = sum(each.won + each.lost + each.silent for each in cells)
    return [one for at in range(times) for one in assignments(cells, first=1 + n * at)]


def test_where_one_could_stop_early_a_result_needs_the_evidence() -> None:
    # Newcombe's interval of 60 of 200 less 40 of 200 is above 0, the evidence is 7 of the 20 that are needed.
    people = evenly(20, Cell("nothing", 2, 8), Cell("apology", 3, 7))
    early = report(Study(experiment(plan(), "ended", "full"), people, {}, {}, LATER))
    ordinary = table(early, "Differences as for a single look")
    assert column(ordinary, "Interval from")[0] > 0
    assert (column(ordinary, "Result"), column(ordinary, "Number needed")) == (["no difference shown"], [None])
    assert figure(early, "apology less nothing").note == "no difference shown · holds at every look"
    assert "they promise too much" in table(early, "For statisticians").note
    once = report(Study(experiment(plan(stopping="fixed"), "ended", "full"), people, {}, {}, LATER))
    assert column(table(once, "Differences at the planned end"), "Result") == ["more won back"]
    assert "they promise too much" not in table(once, "For statisticians").note


@pytest.mark.parametrize(("arm", "said"), [((2, 3), "more won back"), ((0, 5), "fewer won back")])
def test_what_the_evidence_has_decided_is_told_before_its_size_is_known(arm: tuple[int, int], said: str) -> None:
    first = (1, 4) if arm[0] else (2, 3)
    people = evenly(20, Cell("nothing", *first), Cell("apology", *arm))
    found = report(Study(experiment(plan(n_each=100_000), "ended", "e-process"), people, {}, {}, LATER))
    difference = figure(found, "apology less nothing")
    assert difference.low < 0 < difference.high
    words = f"{said} · how large the difference is remains open"
    assert difference.note == f"{words} · holds at every look"
    assert column(table(found, "Safe to look at every day"), "Decision") == [f"decided: {said}"]
    assert column(table(found, "Differences as for a single look"), "Number needed") == [None]
    assert f"apology against nothing: decided, {words}. Chance drew the arms, so this is what the treatment did." in (
        found.notes
    )  # fmt: skip


def test_what_was_decided_and_made_up_for_since_is_told_without_a_direction() -> None:
    won, lost = [Cell("nothing", 0, 40), Cell("apology", 40)], [Cell("nothing", 40), Cell("apology", 0, 40)]
    people = [*assignments(won), *assignments(lost, first=81)]
    found = report(Study(experiment(plan(), "ended", "e-process"), people, {}, {}, LATER))
    open_ = "how large the difference is remains open"
    assert figure(found, "apology less nothing").note == f"{open_} · holds at every look"
    assert column(table(found, "Safe to look at every day"), "Decision") == [open_]


def test_an_interval_that_leaves_0_out_decides_nothing_before_the_evidence() -> None:
    found = Contrast("a", "b", Share(60, 100), Share(40, 100), Interval(0.01, 0.39), 0.95, safe=True, shown=False)
    assert (verdict(T, found), needed(found)) == ("not decided", None)
    assert verdict(T, replace(found, safe=False)) == "no difference shown"
    assert verdict(T, replace(found, interval=None)) == "no difference shown"


def test_tables_for_a_single_look_say_so_where_one_could_look_early() -> None:
    cells = [Cell(arm.name, won, 100 - won, stratum=at) for at in "ab" for arm, won in (
        (NOTHING, 20), (APOLOGY, 50), (MONEY, 21), (BOTH, 51))]  # fmt: skip
    for stopping, results, caveats in (
        ("fixed", ["more won back", "no difference shown", "no difference shown"], 0), ("e-process", [None] * 3, 2),
    ):  # fmt: skip
        of = plan(NOTHING, APOLOGY, MONEY, BOTH, stopping=stopping, strata=("channel",))
        found = report(study(of, cells, "ended", reason="full"))
        together = table(found, "Apology and compensation together")
        assert column(together, "Result") == results
        notes = (together.note, table(found, "Within strata").note)
        assert sum("they promise too much" in note for note in notes) == caveats


def test_a_further_bad_answer_of_somebody_in_an_experiment_is_no_choice_of_an_agent(world: World) -> None:
    one = world.started()
    first = world.assigned("ann")
    world.run(timedelta(days=40))
    again = world.bad_answer("ann", number=2)
    world.opened(again)
    world.run()
    world.bad_answer("bob")
    query = Query(date(2026, 1, 1), date(2027, 12, 31), compare=False)
    found = read_cases(world.hub, query, None, manners=False)
    assert (len(found.cases), found.in_trials) == (1, 2)
    world.book.stop(one.id, "Enough.", "boss@acme.example")
    world.run(timedelta(days=40))
    world.bad_answer("ann", number=3)
    found = read_cases(world.hub, query, None, manners=False)
    assert (len(found.cases), found.in_trials) == (2, 2)
    assert first.response != again
