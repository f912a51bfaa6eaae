"""Repeated contacts on both databases, against a recount that looks at every pair of contacts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from feedbackhub import Figure, Query, Report
from feedbackhub.contract.records import Identifier
from feedbackhub.loop.core import Core
from feedbackhub.loop.merging import merge
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.store.queries import people
from tests.solved.company import DAY, MINUTE, Company, Plan, settings_for_company

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUERY = Query(date(2026, 3, 16), date(2026, 4, 12))
NOW = datetime(2026, 4, 13, 9, tzinfo=UTC)
SAME = {"merged-a": "merged-b"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everybody is asked how it went."""
    return settings_for_company(settings)


@pytest.fixture
def company(core: Core, clock: SetClock) -> Company:
    """Lets plans happen."""
    return Company(core, clock)


def planned(seed: int = 5) -> list[Plan]:
    """Return contacts of six weeks: most customers once, some often, some unknown, some called by the company."""
    chance = random.Random(seed)
    people_ = [f"c{number}" for number in range(25)] + ["merged-a", "merged-b"] * 3 + [""]
    found = []
    for number in range(110):
        ended = NOON + number * timedelta(hours=9) + chance.randrange(300) * MINUTE
        said: tuple[tuple[str, str], ...] = ()
        who, direction = chance.choice(people_), "outbound" if chance.random() < 0.1 else "inbound"
        if who and direction == "inbound" and chance.random() < 0.5:
            said = (("solved", chance.choice(["yes", "yes", "no"])), ("contacts", chance.choice(["1", "1", "2", "3+"])))
        found.append(Plan(
            ended, who, chance.choice([None, 5 * MINUTE, 2 * DAY]), chance.choice(["invoice", "delivery", ""]),
            chance.choice(["Billing", "Technical"]), direction=direction, said=said,
            reopened=3 * DAY if number % 25 == 7 and number < 100 else None,
        ))  # fmt: skip
    return found


def recount(plans: list[Plan], days: int, same: bool, keep: Callable[[Plan], bool]) -> Counter[str]:
    """Return after how many contacts of the query's days the customer came back, looking at every pair."""
    found: Counter[str] = Counter()
    for one in plans:
        if one.direction != "inbound" or not keep(one) or not QUERY.since <= one.ended.date() <= QUERY.until:
            continue
        if not one.who:
            found["strangers"] += 1
        elif same and not one.topic:
            continue
        elif NOW - one.ended < days * DAY:
            found["young"] += 1
        else:
            found["back" if came_back(one, plans, days, same) else "away"] += 1
    return found


def came_back(one: Plan, plans: list[Plan], days: int, same: bool) -> bool:
    """Tell whether the customer of a contact came back, looking at all contacts."""
    if one.reopened is not None and one.reopened <= days * DAY:
        return True
    return any(
        other.direction == "inbound" and person(other) == person(one)
        and timedelta(0) < other.began - one.ended <= days * DAY and (not same or other.topic == one.topic)
        for other in plans
    )  # fmt: skip


def design_effect_of(plans: list[Plan], days: int, same: bool) -> float:
    """Return how much larger the variance is as several contacts are one customer's, by statsmodels."""
    kept = [
        plan for plan in plans
        if plan.who and plan.direction == "inbound" and QUERY.since <= plan.ended.date() <= QUERY.until
        and NOW - plan.ended >= days * DAY and (plan.topic or not same)
    ]  # fmt: skip
    back = np.array([float(came_back(plan, plans, days, same)) for plan in kept])
    groups = np.unique([person(plan) for plan in kept], return_inverse=True)[1]
    fitted = sm.OLS(back, np.ones(len(back))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    return max(1.0, float(fitted.bse[0] ** 2 * len(back) / (back.mean() * (1 - back.mean()))))


def person(plan: Plan) -> str:
    """Return who a customer is, after merging."""
    return SAME.get(plan.who, plan.who)


def figure(of: Report, label: str) -> Figure:
    """Return a figure by its label."""
    (found,) = (each for each in of.figures if each.label == label)
    return found


def merge_two(core: Core) -> None:
    """Say that two customers are one person."""
    with core.store.read() as connection:
        known = [
            people.customers_with(connection, [Identifier("email", f"{name}@example.org")])[0].customer_id
            for name in ("merged-a", "merged-b")
        ]
        ids = [people.customer_row(connection, each).person_id for each in known]
    merge(core, ids[0], ids[1], "tests")


LABELS = {
    (7, False): "Came back within 7 days", (14, False): "Came back within 14 days",
    (7, True): "Came back within 7 days, same topic", (14, True): "Came back within 14 days, same topic",
}  # fmt: skip


def test_every_number_is_that_of_a_recount_by_pairs(core: Core, company: Company) -> None:
    plans = planned()
    company.live(plans, NOW)
    merge_two(core)
    found = company.report("repeat-contacts", QUERY)
    assert found.as_of == NOW
    for (days, same), label in LABELS.items():
        counted = recount(plans, days, same, lambda plan: True)
        back, whole = counted["back"], counted["back"] + counted["away"]
        shown = figure(found, label)
        assert (shown.value, shown.n, shown.counts, label) == (back / whole, whole, "Contacts", label)
        effect = design_effect_of(plans, days, same)
        assert (shown.low, shown.high) == pytest.approx(
            proportion_confint(back / effect, whole / effect, method="wilson")
        )
        assert back > 5
    counted = recount(plans, 7, False, lambda plan: True)
    assert f"{counted['young']} contacts are left out, as 7 days have not passed since." in found.notes
    assert f"{counted['strangers']} contacts are left out, as their customer is not known." in found.notes
    filters_keep_contacts_and_not_what_follows_them(company, plans)
    what_was_said_is_set_against_what_was_done(found, plans)
    first_contact_is_solved_and_once_of_those_who_answered_both(company, plans)


def filters_keep_contacts_and_not_what_follows_them(company: Company, plans: list[Plan]) -> None:
    """Whoever comes back to another team came back."""
    technical = company.report("repeat-contacts", replace(QUERY, where={"team": "Technical"}, by="topic"))
    counted = recount(plans, 7, False, lambda plan: plan.team == "Technical")
    shown = figure(technical, LABELS[7, False])
    whole = counted["back"] + counted["away"]
    assert (shown.value, shown.n) == (counted["back"] / whole, whole)
    topics = {row[0]: row[4] for row in technical.tables[0].rows}
    for topic in ("invoice", "delivery", ""):
        each = recount(plans, 7, False, lambda plan, topic=topic: (plan.team, plan.topic) == ("Technical", topic))
        assert topics[topic or "(not given)"] == each["back"] + each["away"]


def what_was_said_is_set_against_what_was_done(found: Report, plans: list[Plan]) -> None:
    """The table, the share of agreement and kappa are those of an independent computation."""
    table = Counter(
        (dict(plan.said)["solved"], came_back(plan, plans, 7, False)) for plan in plans
        if plan.said and QUERY.since <= plan.ended.date() <= QUERY.until and NOW - plan.ended >= 7 * DAY
    )  # fmt: skip
    solved, unsolved = ([table[said, True], table[said, False]] for said in ("yes", "no"))
    assert [row[1:3] for row in found.tables[-1].rows] == [solved, unsolved]
    agreed = figure(found, "What was said and what was done agree")
    assert agreed.value == pytest.approx((solved[1] + unsolved[0]) / table.total())
    kappa = cohens_kappa([unsolved, solved])
    shown = figure(found, "Agreement beyond chance (kappa)")
    wanted = (kappa.kappa, kappa.kappa_low, kappa.kappa_upp)
    assert [shown.value, shown.low, shown.high] == [round(each, 2) for each in wanted]
    back = figure(found, "Said it was solved, and came back within 7 days")
    assert (shown.n, back.value) == (table.total(), pytest.approx(solved[0] / sum(solved)))


def first_contact_is_solved_and_once_of_those_who_answered_both(company: Company, plans: list[Plan]) -> None:
    """Both reports say the same."""
    said = [dict(plan.said) for plan in plans if plan.said and QUERY.since <= plan.ended.date() <= QUERY.until]
    first = sum(each == {"solved": "yes", "contacts": "1"} for each in said)
    for name in ("repeat-contacts", "solved"):
        shown = figure(company.report(name, QUERY), "Solved at the first contact, customers say")
        assert (shown.n, shown.value) == (len(said), pytest.approx(first / len(said)))


def test_without_contacts_there_is_no_data_and_the_page_says_so(company: Company) -> None:
    company.live([], NOW)
    found = company.report("repeat-contacts", replace(QUERY, by="team"))
    assert {each.value for each in found.figures} == {None}
    assert {each.few for each in found.figures} == {"none"}
    assert (list(found.charts), [len(each.rows) for each in found.tables]) == ([], [2])


@pytest.mark.parametrize("survey", ["", "post-contact"])
def test_that_a_survey_narrows_the_contacts_is_said(company: Company, survey: str) -> None:
    said = company.report("repeat-contacts", replace(QUERY, survey=survey)).notes
    assert [note for note in said if note.startswith("Only contacts after which the chosen survey")] == [
        "Only contacts after which the chosen survey was asked are looked at; coming back counts after any."
    ] * bool(survey)


def test_of_few_contacts_only_counts_are_shown(company: Company) -> None:
    company.live([Plan(NOON + number * 2 * DAY, "ann", said=(("solved", "yes"),)) for number in (8, 9, 11)], NOW)
    found = company.report("repeat-contacts", QUERY)
    shown = figure(found, LABELS[7, False])
    assert (shown.value, shown.low, shown.few, shown.note) == (None, None, "counts", "2 of 3 contacts · too few to say")
    assert [row[1:4] for row in found.tables[-1].rows] == [[2, 1, None], [0, 0, None]]
    assert "Fewer than 10 customers both answered and had time to come back, so nothing is said of agreement." in [
        *found.notes
    ]
