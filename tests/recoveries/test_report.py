"""The report on a planted company: held against own SQL and arithmetic, and on what is missing, mixed or erased."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from statsmodels.stats.proportion import proportion_confint

from bench.planted_recoveries import enter, judge, report_of
from bench.planted_recoveries_company import RecoveryPlan
from bench.planted_recoveries_rows import PlantedRecoveries, plant_recoveries
from bench.planted_rows import BASE
from bench.planted_trying import report_on
from feedbackhub import Figure, Query, Report, Way
from feedbackhub.loop.core import Core
from feedbackhub.loop.merging import merge
from feedbackhub.office.erasing import erase_person
from feedbackhub.reporting.assumptions import Entry
from feedbackhub_plugins.recovery.recoveries_analysis import Recoveries

Followed = tuple[int, str, bool, bool, float, int]
SMALL = RecoveryPlan(seed=4, customers=500)
DAY = timedelta(days=1)


@pytest.fixture
def planted(core: Core) -> PlantedRecoveries:
    """A company whose margin and costs are entered."""
    enter(core, SMALL)
    return plant_recoveries(core, SMALL)


def figure(of: Report, beginning: str) -> Figure:
    """Return a figure by how its label begins."""
    (found,) = (each for each in of.figures if each.label.startswith(beginning))
    return found


def rows(of: Report, title: str) -> dict[str, list[object]]:
    """Return a table's rows by their first cell."""
    (table,) = (each for each in of.tables if each.title == title)
    return {str(row[0]): list(row[1:]) for row in table.rows}


def change(core: Core, statement: str, **values: Any) -> None:
    """Change rows."""
    core.store.write(lambda connection: connection.execute(text(statement), values))


def people(core: Core) -> list[Followed]:
    """Return what own SQL says of each customer followed: score, segment, made good, stayed, money given, cases."""
    with core.store.read() as connection:
        answers = connection.execute(text(
            "SELECT r.customer_id, r.created_at, r.score, i.segment, r.public_id FROM response r"
            " JOIN invitation i ON i.id = r.invitation_id WHERE r.low ORDER BY r.created_at"
        )).all()  # fmt: skip
        gifts = connection.execute(text("SELECT customer_id, at, cost_cents FROM gesture")).all()
        contacts = connection.execute(text("SELECT customer_id, ended_at FROM contact")).all()
        cases = connection.execute(text("SELECT response, closed_at FROM plugin_recovery_case")).all()
    solved = {row.response: moment(row.closed_at) for row in cases}
    found = []
    for who, at, score, segment, public_id in answers:
        since = moment(at)
        end = since + 14 * DAY
        if end + 30 * DAY > core.clock.now():
            continue
        given = [row.cost_cents or 0 for row in gifts if row.customer_id == who and since <= moment(row.at) <= end]
        closed = solved.get(public_id)
        good = bool(given) or (closed is not None and closed <= end)
        back = any(row.customer_id == who and end < moment(row.ended_at) <= end + 30 * DAY for row in contacts)
        found.append((score, segment, good, back, sum(given) / 100, int(public_id in solved)))
    return found


def moment(value: Any) -> Any:
    """Return a moment as either database hands it out."""
    if value is None or isinstance(value, datetime):
        return value
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def test_it_is_what_own_sql_and_arithmetic_say_and_holds_the_truth(core: Core, planted: PlantedRecoveries) -> None:
    found, followed = report_of(core, planted), people(core)
    counts = Counter((score, segment, good, back) for score, segment, good, back, _, _ in followed)
    strata = sorted({(score, segment) for score, segment, *_ in followed})
    cells = np.array([
        [float(counts[*each, *kind]) for kind in ((True, True), (True, False), (False, True), (False, False))]
        for each in strata
    ])  # fmt: skip
    a, c, b, d = cells.T
    one, other, n = a + c, b + d, cells.sum(axis=1)
    weights = (one * other / n).sum()
    difference = float(((a / one - b / other) * one * other / n).sum() / weights)
    p = ((one**2 * b - other**2 * a + one * other * (other - one) / 2) / n**2).sum()
    error = float(np.sqrt(difference * p + ((a * d + b * c) / (2 * n)).sum()) / weights)
    stayed = figure(found, "Stayed more often")
    ends = [100 * (difference + sign * 1.959963984540054 * error) for sign in (0, -1, 1)]
    assert [stayed.value, stayed.low, stayed.high] == pytest.approx(ends, abs=0.051)
    assert stayed.n == len(followed)
    treated, staying = int(one.sum()), int(a.sum())
    low, high = proportion_confint(staying, treated, method="wilson")
    assert rows(found, "Did customers stay?")["Made good within 14 days"] == [
        staying, treated, *(round(100 * each) for each in (staying / treated, low, high)),
    ]  # fmt: skip
    money_is_simulated_apart(found, difference, error, treated, followed)
    assert {name for name, holds in judge(core, planted).items() if not holds} == set()


def money_is_simulated_apart(
    found: Report, difference: float, error: float, treated: int, followed: list[Followed]
) -> None:
    """The return is what an independent simulation makes of it."""
    chance, n = np.random.default_rng(1), 200_000
    margin = 90 + 70 * chance.beta(1 + 4 * 30 / 70, 1 + 4 * 40 / 70, n)
    work = 6 + 6 * chance.beta(1 + 4 * 2 / 6, 1 + 4 * 4 / 6, n)
    paid = sum(given for _, _, good, _, given, _ in followed if good)
    spent = paid + sum(cases for *_, cases in followed) * work
    low, middle, high = np.quantile(chance.normal(difference, error, n) * treated * margin / spent, [0.025, 0.5, 0.975])
    mine = figure(found, "Return for each unit spent (estimate, association)")
    assert [mine.low, mine.value, mine.high] == pytest.approx([low, middle, high], abs=0.04 * float(high - low))
    assert rows(found, "Money in against money out (estimate)")["Cost of gestures, EUR"][1] == pytest.approx(paid, 0.01)
    assert mine.way == Way("page", "assumptions")


def test_what_is_missing_or_mixed_is_said_and_never_added(core: Core, planted: PlantedRecoveries) -> None:
    analysis = core.plugins.owner("feedbackhub_analyses", "recoveries")[1]  # type: ignore[index]
    assert isinstance(analysis, Recoveries)

    def why() -> list[object]:
        of = figure(report_of(core, planted), "Return for each unit spent")
        return [of.value, of.note]

    stamp = analysis.stamp()
    analysis.book.put("work", None, "t")
    assert analysis.stamp() != stamp
    assert why() == [None, "nothing entered: the cost of the work on one case is missing"]
    analysis.book.put("work", Entry(0, 0, 0, "", "ours"), "t")
    change(core, "UPDATE gesture SET currency = 'USD' WHERE cost_cents = 500")
    mixed = report_of(core, planted)
    note = "costs in several currencies are not added: USD, EUR"
    assert figure(mixed, "Return for each unit spent").note == note
    steps = rows(mixed, "Money in against money out (estimate)")
    assert sorted(name for name in steps if name.startswith("Cost")) == [
        "Cost of gestures, EUR", "Cost of gestures, USD",
    ]  # fmt: skip
    change(core, "UPDATE gesture SET withdrawn_at = at")
    change(core, "UPDATE plugin_recovery_case SET state = 'open', outcome = '', closed_at = NULL")
    assert why() == [None, "no data: there is nobody in one of the two groups"]
    nothing = report_on(core, "recoveries", Query(planted.until + DAY, planted.until + 2 * DAY))
    assert {each.value for each in nothing.figures} == {None}
    assert {each.few for each in nothing.figures} == {"none"}


def test_people_found_to_be_one_count_once_and_who_is_erased_is_still_counted(
    core: Core, planted: PlantedRecoveries
) -> None:
    before = report_of(core, planted)
    merge(core, BASE, BASE + 1, "tests")
    erase_person(core, "c1000000005".rjust(12, "0"), "tests")
    after = report_of(core, planted)
    # Two people were one, and what an erased one did afterwards nobody knows any more; all that was done stays counted.
    assert figure(after, "Stayed more often").n == (figure(before, "Stayed more often").n or 0) - 2
    assert "Of 1 bad answers nobody knows whose they are, so nobody can follow them." in after.notes
    assert rows(after, "What was done for customers") == rows(before, "What was done for customers")
    assert rows(after, "What became of the cases")["Opened"] == rows(before, "What became of the cases")["Opened"]


def test_the_own_system_tells_who_stayed_and_of_whom_it_says_nothing_they_are_left_out(core: Core) -> None:
    plan = replace(SMALL, by_attribute=True)
    enter(core, plan)
    planted = plant_recoveries(core, plan)
    assert set(judge(core, planted).values()) == {True}
    known = figure(report_of(core, planted), "Stayed more often").n
    change(core, "UPDATE customer SET attributes = '{}' WHERE id < :until", until=BASE + 50)
    found = report_of(core, planted)
    assert figure(found, "Stayed more often").n == (known or 0) - 50
    assert "Of 50 customers your system does not say whether they stayed; they are left out." in found.notes


def test_chance_comes_first_and_everything_else_is_called_an_association(core: Core) -> None:
    plan = replace(SMALL, by_chance=True)
    enter(core, plan)
    planted = plant_recoveries(core, plan)
    assert set(judge(core, planted).values()) == {True}
    found = report_of(core, planted)
    stayed = figure(found, "Stayed more often")
    assert stayed.label == "Stayed more often, where something was given (estimate, drawn by chance)"
    assert stayed.way == Way("report", "apology")
    assert "Difference within groups alike (association)" in rows(found, "Did customers stay?")
    causal = ("because", "thanks to", "effect", "wins back", "caused")
    change(core, "UPDATE plugin_recovery_case SET trial = NULL")
    said = report_of(core, planted)
    words = " ".join([*said.notes, *(each.label for each in said.figures), *(each.title for each in said.charts)])
    assert [each for each in causal if each in words] == []
    assert "association" in figure(said, "Return for each unit spent").label


def test_second_answers_are_held_against_the_first_and_silence_is_counted_in_three_ways(
    core: Core, planted: PlantedRecoveries
) -> None:
    again = [each.ask.number for each in planted.people if each.ask.answered_at and each.has_case][:40]
    for at, number in enumerate(again):
        ask_again(core, number, None if at % 4 == 3 else {0: 0, 1: 50, 2: 100}[at % 3], at)
    found = report_of(core, planted)
    firsts = [planted.people[number].ask.values["satisfaction"] for number in again]
    seconds = [None if at % 4 == 3 else {0: 0, 1: 50, 2: 100}[at % 3] for at in range(40)]
    pairs = [(25 * (int(first) - 1), second) for first, second in zip(firsts, seconds, strict=True)]
    better = sum(second is not None and second > first for first, second in pairs)
    silent = sum(second is None for _, second in pairs)
    low, high = proportion_confint(better, 40, method="wilson")
    label = "Better second answers, of all who were asked again"
    assert [figure(found, label).value, figure(found, label).n] == [better / 40, 40]
    assert (figure(found, label).low, figure(found, label).high) == pytest.approx((low, high))
    ways = rows(found, "Better second answers, counted in three ways")
    assert [row[:2] for row in ways.values()] == [[better, 40], [better, 40 - silent], [better + silent, 40]]
    table = rows(found, "Second answers against the first")
    assert table["25"][:5] == [
        sum(first == 25 for first, _ in pairs),
        sum(first == 25 and second is not None and second > 25 for first, second in pairs),
        0,
        sum(first == 25 and second == 0 for first, second in pairs),
        sum(first == 25 and second is None for first, second in pairs),
    ]
    assert any("regression to the mean" in each for each in found.notes)


def ask_again(core: Core, number: int, score: int | None, at: int) -> None:
    """Put a second ask after an answer, and a second answer unless there is none."""
    first, key = BASE + number, 2 * BASE + at
    copied = (
        "customer_id, contact_id, agent_id, survey_version_id, survey, survey_type, ladder, step, reminders,"
        " reminder_after, edit_window, channel, team, topic, product, brand, language, segment, country, contact_at,"
        " created_at, due_at, sent_at, expires_at, ended_at"
    )
    change(core, (
        f"INSERT INTO invitation (id, public_id, state, after_response_id, {copied})"
        f" SELECT :key, :name, :state, :first, {copied} FROM invitation WHERE id = :first"
    ), key=key, name=f"j{key}", state="expired" if score is None else "answered", first=first)  # fmt: skip
    if score is None:
        return
    answered = (
        "customer_id, survey_version_id, answers, complete, confidence, signs, revision, via, language,"
        " headline_question, headline, headline_max, low, solved, wants_call, comment, created_at, changed_at,"
        " settled_at"
    )
    change(core, (
        f"INSERT INTO response (id, public_id, invitation_id, score, {answered})"
        f" SELECT :key, :name, :key, :score, {answered} FROM response WHERE id = :first"
    ), key=key, name=f"s{key}", score=score, first=first)  # fmt: skip
