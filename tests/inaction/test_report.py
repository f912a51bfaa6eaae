"""The report: what is measured and what assumed, money once it is entered, and what it says of itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, stdev

import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from feedbackhub import Figure, Query, Report, Way
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.reporting import Words
from feedbackhub.reporting.assumptions import Entry, Held
from feedbackhub_plugins.inaction.analysis import Inaction
from feedbackhub_plugins.inaction.assumptions import ASSUMPTIONS
from feedbackhub_plugins.inaction.figures import figures
from feedbackhub_plugins.inaction.known import Known, known
from feedbackhub_plugins.inaction.measured import Measured, contacts_range
from feedbackhub_plugins.inaction.notes import notes
from feedbackhub_plugins.inaction.shown import dependence, groups_table, inputs_table
from feedbackhub_plugins.inaction.simulate import Chance
from tests.solved.company import Company, Plan, settings_for_company

MARCH = Query(date(2026, 3, 2), date(2026, 3, 31))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
MONEY = {
    "currency": Entry(word="EUR", source="ours"),
    "margin": Entry(50, 60, 80, "", "ours"),
    "handling": Entry(8, 8, 8, "", "ours"),
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everybody is asked how it went."""
    return settings_for_company(settings)


class Speaks:
    """A hub that only speaks English."""

    def translate(self, text: str, language: str) -> str:
        """Return the text."""
        return text


T = Words(Speaks(), "en")  # type: ignore[arg-type]


def inputs(measured: Measured, **entered: Entry) -> Known:
    """Return what the model is fed with."""
    held = {each.name: Held(each, entered.get(each.name)) for each in ASSUMPTIONS}
    return known(held, measured, 30)


def figure(of: Report, label: str) -> Figure:
    """Return a figure by its label."""
    (found,) = (each for each in of.figures if each.label == label)
    return found


def rows(of: Report, title: str) -> dict[str, list[object]]:
    """Return a table's rows by their first cell."""
    (table,) = (each for each in of.tables if each.title == title)
    return {str(row[0]): list(row[1:]) for row in table.rows}


def plans() -> list[Plan]:
    """Return contacts of four weeks: some unsolved, some called by the company, some before and after."""
    found = [Plan(NOON - timedelta(minutes=1), "early", team="Technical", direction="outbound")]
    for number in range(48):
        said = (("solved", "no" if number % 4 == 0 else "yes"), ("contacts", ("1", "1", "2", "3+")[number % 4]))
        found.append(Plan(
            NOON + number * timedelta(hours=12), f"c{number}", team="Technical" if number % 3 else "Billing",
            direction="outbound" if number % 12 == 11 else "inbound", said=said if number % 12 != 11 else (),
        ))  # fmt: skip
    return found


def test_what_is_measured_is_an_independent_count_and_money_is_shown_once_it_is_entered(
    core: Core, clock: SetClock
) -> None:
    company, done = Company(core, clock), plans()
    company.live(done, NOW)
    found = company.report("inaction", replace(MARCH, by="team"))
    inbound = [each for each in done if each.direction == "inbound"]
    measured_as_counted(found, inbound)
    assert {each.unit for each in found.figures} == {""}
    # Nobody was there before: days without any data would make a month look quieter than it is.
    longer = company.report("inaction", replace(MARCH, since=date(2026, 1, 1)))
    month, same = (rows(each, "What it rests on")["Contacts in a month"] for each in (found, longer))
    assert month == same
    by_team = Counter(each.team for each in inbound)
    groups = rows(found, "By group (model)")
    assert {team: row[0] for team, row in groups.items()} == dict(by_team)
    assert len(groups["Billing"]) == 5
    money_is_shown_once_it_is_entered(core, company)


def measured_as_counted(found: Report, inbound: list[Plan]) -> None:
    """What is measured is what an independent computation makes of the contacts."""
    measured = rows(found, "What it rests on")
    answers = [dict(each.said) for each in inbound if each.said]
    solved, n = sum(each["solved"] == "yes" for each in answers), len(answers)
    low, high = proportion_confint(solved, n, method="wilson")
    assert measured["Share of problems brought forward that are solved (%)"] == [
        *(float(f"{100 * each:.3g}") for each in (low, solved / n, high)), "measured",
        f"{solved} of {n} answers say that it was solved",
    ]  # fmt: skip
    times = [int(each["contacts"].rstrip("+")) for each in answers]
    reach = stats.t.ppf(0.975, n - 1) * stdev(times) / n**0.5
    assert measured["Contacts that one problem takes"][:4] == [
        *(float(f"{each:.3g}") for each in (fmean(times) - reach, fmean(times), fmean(times) + reach)), "measured",
    ]  # fmt: skip
    assert measured["Contacts in a month"][1:] == [
        float(f"{len(inbound) * 365.25 / 12 / 30:.3g}"), measured["Contacts in a month"][2], "measured",
        f"{len(inbound)} inbound contacts in 30 days",
    ]  # fmt: skip
    assert measured["Silent customers for each who complains"][:4] == [0, 1, 26, "assumption, default"]
    assert measured["Margin of one customer in a year"][:4] == [None, None, None, "not entered"]


def money_is_shown_once_it_is_entered(core: Core, company: Company) -> None:
    """Currency and margin make the first figure one of money, at once."""
    analysis = core.plugins.owner("feedbackhub_analyses", "inaction")
    assert analysis is not None
    assert isinstance(analysis[1], Inaction)
    stamp = analysis[1].stamp()
    for name, entry in MONEY.items():
        analysis[1].book.put(name, entry, "tests")
    # Reports are kept for an hour: what was entered must not wait for that.
    assert analysis[1].stamp() != stamp
    rich = company.report("inaction", replace(MARCH, by="team"))
    top = rich.figures[0]
    assert (top.label, top.unit, top.level, top.n) == ("Cost of a year (model)", "EUR", 0.9, None)
    assert top.low is not None
    assert top.value is not None
    assert top.high is not None
    assert 0 < top.low < top.value < top.high
    assert len(rows(rich, "By group (model)")["Billing"]) == 8
    empty = company.report("inaction", replace(MARCH, since=date(2025, 1, 1), until=date(2025, 1, 31)))
    assert [(each.value, each.few) for each in empty.figures] == [(None, "none")]
    assert "Nothing can be worked out before these are known: Contacts in a month." in empty.notes


@pytest.mark.parametrize(("contacts", "days"), [(10, 30), (47, 30), (5000, 365)])
def test_contacts_of_a_month_have_the_score_interval_of_a_count(contacts: int, days: int) -> None:
    found = contacts_range(contacts, days)
    assert found is not None
    scale = 365.25 / 12 / days
    for end in (found.low, found.high):
        mean = end / scale
        assert abs(contacts - mean) / mean**0.5 == pytest.approx(stats.norm.ppf(0.975))
    assert [contacts_range(few, 30) for few in (0, 1, 9)] == [None, None, None]


def test_few_contacts_are_counted_and_nothing_is_worked_out_of_them() -> None:
    few, enough = Measured(contacts=9), Measured(contacts=30)
    said = [*notes(T, inputs(few), [])]
    assert "Nothing can be worked out before these are known: Contacts in a month." in said
    assert "Fewer than 10 inbound contacts do not say how many come in a month." in said
    by_team = replace(MARCH, by="team")
    table = groups_table(T, by_team, inputs(enough), {"A": few, "B": enough}, Chance(50))
    assert [list(row[1:3]) for row in table.rows] == [[9, 0], [30, 0]]
    assert list(table.rows[0][3:]) == [None, None, None]
    assert None not in table.rows[1]


def test_a_share_that_was_entered_is_not_called_a_lack_of_answers() -> None:
    assumed = "The share of problems solved is assumed: fewer than 10 customers have answered that question."
    assert assumed in [*notes(T, inputs(Measured(contacts=30)), [])]
    entered = inputs(Measured(contacts=30), solved=Entry(0.5, 0.6, 0.7, "", "ours"))
    assert assumed not in [*notes(T, entered, [])]


def test_what_was_entered_holds_instead_of_what_was_measured_and_that_instead_of_the_default() -> None:
    measured = Measured(contacts=300, solved=Counter(yes=30, no=10), times=Counter({1: 30, 2: 10}))
    assert inputs(measured).origins["solved"] == "measured"
    assert inputs(Measured(contacts=300, solved=Counter(yes=6, no=3))).origins["solved"] == "default"
    entered = inputs(measured, solved=Entry(0.1, 0.2, 0.3, "", "own"))
    assert (entered.origins["solved"], entered.ranges["solved"].likely) == ("entered", 0.2)
    group = Measured(contacts=30, solved=Counter(yes=1, no=19))
    assert entered.of_group(group)["solved"].likely == 0.2
    assert inputs(measured).of_group(group)["solved"].likely == 0.05
    assert inputs(measured).of_group(group)["contacts"].likely == pytest.approx(30 * 365.25 / 12 / 30)


def test_money_is_said_only_with_a_currency_and_a_margin() -> None:
    measured = Measured(contacts=300)
    for names in ((), ("currency",), ("margin",), ("currency", "handling"), ("margin", "handling")):
        found = inputs(measured, **{name: MONEY[name] for name in names})
        assert found.currency == ""
        shown = figures(T, found, Chance(100).costs(found.ranges), [])
        assert [each.label for each in shown][0] == "Customers lost in a year (model)"
        hint = "Enter the currency and the margin of a customer on the page of assumptions to see the cost in money."
        assert hint in [*notes(T, found, [])]
    rich = inputs(measured, currency=MONEY["currency"], margin=MONEY["margin"])
    assert rich.currency == "EUR"
    assert "Costs of handling are left out, as the cost of one contact is not entered." in [*notes(T, rich, [])]


def test_never_one_number_and_the_model_is_on_the_face_of_everything() -> None:
    found = inputs(Measured(contacts=300), **MONEY)
    chance = Chance(500)
    shown = figures(T, found, chance.costs(found.ranges), chance.risks(found.ranges))
    assert [each.label for each in shown if "model" not in each.label] == []
    assert [each.label for each in shown if each.low is None or each.high is None or each.low >= each.high] == []
    assert [each.way for each in shown] == [Way("page", "assumptions")] * len(shown)
    chart, most = dependence(T, found, chance)
    assert chart is not None
    assert "model, not a measurement" in chart.title
    assert most[0] == "Silent customers for each who complains"
    said = [*notes(T, found, most)]
    assert said[0].startswith("Model, not a measurement")
    assert [each for each in said if each.startswith(f"The result depends most on: {most[0]}.")] != []
    assert [each for each in said if "problems are the cause" in each] != []


def test_revenue_at_risk_appears_once_customers_and_revenue_are_entered() -> None:
    entered = {
        **MONEY, "customers": Entry(100_000, 100_000, 100_000, "", "ours"), "revenue": Entry(500, 500, 500, "", "ours"),
        "problem_rate": Entry(0.4, 0.4, 0.4, "", "CTMA"), "loyalty_drop": Entry(0.25, 0.25, 0.25, "", "CTMA"),
    }  # fmt: skip
    found = inputs(Measured(contacts=300), **entered)
    chance = Chance(50)
    shown = figures(T, found, chance.costs(found.ranges), chance.risks(found.ranges))[-1]
    assert (shown.label, shown.unit, shown.value) == (
        "Revenue at risk in a year, among all customers (another model)", "EUR", 5_000_000,
    )  # fmt: skip
    assert chance.risks(inputs(Measured(contacts=300), **MONEY).ranges) == []


def test_without_any_doubt_there_is_nothing_to_depend_on() -> None:
    sure = {
        each.name: Entry(1, 1, 1, "", "known")
        for each in ASSUMPTIONS if each.kind in ("share", "number") and each.name != "contacts"
    }  # fmt: skip
    found = inputs(Measured(), contacts=Entry(0, 0, 0, "", "none"), **sure)
    assert dependence(T, found, Chance(20)) == (None, [])
    assert {each.value for each in figures(T, found, Chance(20).costs(found.ranges), [])} == {0}


def test_every_input_has_its_place_and_its_way() -> None:
    table = inputs_table(T, inputs(Measured(contacts=300, solved=Counter(yes=30, no=10))))
    assert len(table.rows) == len(table.ways) == len(ASSUMPTIONS) - 1
    ways = dict(zip([row[0] for row in table.rows], table.ways, strict=True))
    assert ways["Share of problems brought forward that are solved (%)"] == Way(values={"solved": "no"})
    assert ways["Share who leave among the silent (%)"] == Way("page", "assumptions/lost_silent")
