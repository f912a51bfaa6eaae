"""A result whose plan was changed is withheld, and one that could end early claims no more than may be looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from feedbackhub import Query
from feedbackhub_plugins.apology.gestures_read import read_cases
from tests.apology.conftest import World, world

from .planted import APOLOGY, BOTH, MONEY, NOTHING, Cell, column, figure, plan, report, study, table

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


def test_where_one_could_stop_early_a_result_needs_the_interval_that_holds_at_every_look() -> None:
    # Newcombe's interval of 37 of 100 less 22 of 100 is above 0, the sequence is not.
    cells = [Cell("nothing", 22, 78), Cell("apology", 37, 63)]
    early = report(study(plan(), cells, "ended", reason="full"))
    ordinary = table(early, "Differences as for a single look")
    assert column(ordinary, "Interval from")[0] > 0
    assert (column(ordinary, "Result"), column(ordinary, "Number needed")) == (["no difference shown"], [None])
    assert figure(early, "apology less nothing").note == "no difference shown · holds at every look"
    once = report(study(plan(stopping="fixed"), cells, "ended", reason="full"))
    assert column(table(once, "Differences at the planned end"), "Result") == ["more won back"]


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
