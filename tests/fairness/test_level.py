"""From where on groups are called different: 1 of 100 equal companies, not 5."""

import pytest
from scipy.stats import chi2_contingency

from feedbackhub.statistics import Part
from feedbackhub_plugins.fairness.judging import Judged, judge


def two(good: int) -> Judged:
    """Return two teams with 50 answers each, of which so many are good in the first, and as many bad in the other."""
    return judge([Part("a", (), {1: good, 0: 50 - good}), Part("b", (), {1: 50 - good, 0: good})])


@pytest.mark.parametrize(("good", "differ"), [(25, False), (30, False), (31, False), (33, True), (36, True)])
def test_what_chance_does_in_one_of_twenty_companies_is_no_difference(good: int, differ: bool) -> None:
    p = chi2_contingency([[good, 50 - good], [50 - good, good]], correction=False).pvalue
    assert (p < 0.01) == differ
    assert two(good).detectable == differ


def test_of_nine_answers_nothing_is_said_of_ten_something() -> None:
    found = judge([Part(name, (), {1: n - 4, 0: 4}) for name, n in (("nine", 9), ("ten", 10), ("many", 50))])
    assert (found.groups, sorted(found.compared.standings)) == (["ten", "many"], ["many", "ten"])
    assert dict(found.sizes) == {"nine": 9, "ten": 10, "many": 50}
