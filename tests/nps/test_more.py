"""What stands beside the score: how many answers are needed, how the mix moved, and customers who answered twice."""

from dataclasses import replace
from datetime import date

import pytest
import scipy.stats

from feedbackhub import Report, ReportTable, Way
from feedbackhub.contract.reading import Group
from tests.nps.counts import DAY, Counts
from tests.nps.test_counts import MARCH, figure, report


def table(of: Report, title: str) -> ReportTable:
    """Return a table by its title."""
    (found,) = (each for each in of.tables if each.title == title)
    return found


def needed(counts: Counts, **options: str) -> list[tuple[object, ...]]:
    """Return the numbers of answers that a report says are needed."""
    rows = table(report(counts, replace(MARCH, options=options)), "How many answers are needed?").rows
    return [tuple(row[1:]) for row in rows]


def test_how_many_answers_are_needed_is_worked_out_for_a_margin_and_a_confidence() -> None:
    counts = Counts()
    counts.add({10: 50, 8: 30, 3: 20})
    assert needed(counts, margin="5", level="95") == [(938, 1537), (3831, 6280), (958, 1570)]
    assert needed(counts, margin="10") == [(235, 385), (958, 1570), (240, 393)]
    assert needed(counts, level="99")[0] > needed(counts, level="90")[0]


@pytest.mark.parametrize("scores", [{}, {10: 9}, {10: 50}, {7: 50}])
def test_answers_that_do_not_vary_leave_the_worst_case_only(scores: dict[object, int]) -> None:
    counts = Counts()
    counts.add(scores)
    assert needed(counts)[0] == (None, 1537)


def test_the_mix_stands_beside_the_one_before_with_its_test() -> None:
    counts = Counts()
    counts.add({10: 60, 8: 20, 3: 20}, day=date(2026, 2, 10))
    counts.add({10: 20, 8: 60, 3: 20}, day=DAY)
    mix = table(report(counts), "Mix of answers")
    assert mix.rows == [("Promoters", 20, 20, 60, 60), ("Passives", 60, 60, 20, 20), ("Detractors", 20, 20, 20, 20)]
    p = scipy.stats.chi2_contingency([[20, 60, 20], [60, 20, 20]]).pvalue
    assert p < 0.001
    assert mix.note == "The mix has changed from the days before (chi-square, p < 0.001)."


def test_a_mix_of_few_answers_is_not_compared_and_one_kind_has_no_test() -> None:
    few, alike = Counts(), Counts()
    few.add({10: 29}, day=date(2026, 2, 10))
    few.add({10: 50})
    assert [each.title for each in report(few).tables] == ["How many answers are needed?"]
    alike.add({10: 40}, day=date(2026, 2, 10))
    alike.add({9: 40})
    assert table(report(alike), "Mix of answers").note == "All answers are of one kind, so there is no test."


def test_numbers_lead_to_what_they_rest_on() -> None:
    counts = Counts()
    counts.add({10: 30, 3: 10}, silent=1, team="A")
    counts.add({10: 5}, team="")
    found = report(counts, replace(MARCH, by="team"))
    ways = {each.label: each.way for each in found.figures}
    answers = {"question": "recommend"}
    assert ways == {
        "Net promoter score": Way(values={**answers, "score": "0-10"}),
        "Change from the days before": Way("report", "causes"),
        "Response rate": Way("report", "silence"),
        "Promoters (9–10)": Way(values={**answers, "score": "9-10"}),
        "Passives (7–8)": Way(values={**answers, "score": "7-8"}),
        "Detractors (0–6)": Way(values={**answers, "score": "0-6"}),
    }
    assert table(found, "Groups").ways == [Way(values={**answers, "score": "0-10", "team": "A"}), None]


class Customers(Counts):
    """Counts with the customers behind them.

    Args:
        given: Customers with their answers, None for those without a name.
    """

    def __init__(self, given: list[tuple[str | None, str, int]]) -> None:
        super().__init__("nps")
        self.given = given

    def grouped(self, records: str, by: tuple[str, ...], filters: object, *, question: str) -> list[Group]:
        """Return how often each customer gave each answer."""
        assert (records, by, question) == ("responses", ("customer", "answer"), "recommend")
        return [Group((customer, answer), n) for customer, answer, n in self.given]


LABEL = "Score, with a customer's answers taken together"


def test_answers_of_one_customer_are_taken_together_when_that_is_chosen() -> None:
    """Ten who recommend and ten who do not, each saying so three times: sixty answers are no surer than twenty."""
    given: list[tuple[str | None, str, int]] = [(f"c{at}", "10" if at < 10 else "2", 3) for at in range(20)]
    together = replace(MARCH, options={"repeats": "yes"})
    found = figure(report(Customers([*given, ("c0", "eleven", 1)]), together), LABEL)
    low, high = scipy.stats.t.interval(0.95, 19, 0, scipy.stats.sem([1] * 10 + [-1] * 10))
    assert (found.n, found.value, found.few) == (60, 0, "flag")
    assert (found.low, found.high) == (pytest.approx(100 * low), pytest.approx(100 * high))
    assert found.note == "20 customers, 20 of them more than once"
    nameless = figure(report(Customers([(None, "10", 20), (None, "2", 20)]), together), LABEL)
    assert nameless.note == "40 customers, 0 of them more than once"


def test_the_interval_of_customers_stays_on_the_scale() -> None:
    one_sided = Customers([(f"c{at}", "10" if at else "2", 2) for at in range(10)])
    found = figure(report(one_sided, replace(MARCH, options={"repeats": "yes"})), LABEL)
    assert (found.value, found.high) == (pytest.approx(80), 100)


@pytest.mark.parametrize(("customers", "few"), [(0, "none"), (1, "counts"), (9, "counts")])
def test_few_customers_say_nothing_however_often_they_answer(customers: int, few: str) -> None:
    counts = Customers([(f"c{at}", "10", 30) for at in range(customers)])
    found = figure(report(counts, replace(MARCH, options={"repeats": "yes"})), LABEL)
    assert (found.value, found.n, found.few) == (None, 30 * customers, few)
