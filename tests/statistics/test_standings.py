"""Groups beside the others on the same kind of case, against matrices and against statsmodels."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from feedbackhub.statistics import Part, chi_square_tail, compared

VALUE = st.sampled_from((-1, 0, 1))
PARTS = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz")), st.lists(VALUE, min_size=1, max_size=15), max_size=14
)


def parts_of(answers: dict[tuple[str, str], list[int]]) -> list[Part]:
    """Return answers by group and kind."""
    return [Part(group, kind, Counter(values)) for (group, kind), values in answers.items()]


def by_matrices(parts: Sequence[Part], groups: Sequence[str]) -> tuple[float, int]:
    """Return the distance and the degrees of freedom from the covariance written out, with its pseudo-inverse."""
    beyond, covariance = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for kind in {part.kind for part in parts}:
        own = [part for part in parts if part.kind == kind]
        values = [value for part in own for value in Counter(part.counts).elements()]
        ns = np.array([sum(part.n for part in own if part.group == group) for group in groups])
        totals = np.array([sum(part.total for part in own if part.group == group) for group in groups])
        beyond += totals - ns * np.mean(values)
        variance = np.var(values, ddof=1) if len(values) > 1 else 0.0
        covariance += variance * (np.diag(ns) - np.outer(ns, ns) / len(values))
    inverse = np.linalg.pinv(covariance, rcond=1e-9)
    return float(beyond @ inverse @ beyond), int(np.linalg.matrix_rank(covariance, tol=1e-7))


@settings(max_examples=60, deadline=None)
@given(PARTS, st.sets(st.sampled_from("abcdef"), min_size=1))
def test_the_distance_is_that_of_the_whole_covariance(
    answers: dict[tuple[str, str], list[int]], groups: set[str]
) -> None:
    parts = parts_of(answers)
    found, (q, freedom) = compared(parts, groups), by_matrices(parts, sorted(groups))
    assert (found.q, found.freedom) == (pytest.approx(q, rel=1e-6, abs=1e-8), freedom)


def test_two_groups_are_compared_as_by_cochran_mantel_and_haenszel() -> None:
    tables = {"x": [[20, 5], [14, 9]], "y": [[8, 12], [3, 16]], "z": [[30, 2], [25, 6]]}
    parts = [
        Part(group, kind, {1: row[0], 0: row[1]})
        for kind, table in tables.items()
        for group, row in zip("ab", table, strict=True)
    ]
    found = compared(parts, "ab")
    tested = StratifiedTable([np.array(table) for table in tables.values()]).test_null_odds(correction=False)
    assert (found.q, found.freedom) == (pytest.approx(tested.statistic), 1)
    assert chi_square_tail(found.q, 1) == pytest.approx(tested.pvalue)
    assert found.standings["a"].distance == pytest.approx(-found.standings["b"].distance)


def test_one_kind_of_case_is_pearsons_chi_square() -> None:
    counts = [[30, 10], [22, 18], [41, 9], [12, 6]]
    found = compared([Part(str(at), "all", {1: row[0], 0: row[1]}) for at, row in enumerate(counts)], "0123")
    n = sum(map(sum, counts))
    assert found.q == pytest.approx(stats.chi2_contingency(counts, correction=False).statistic * (n - 1) / n)
    own, others = 30 / 40, (22 + 41 + 12) / (40 + 50 + 18)
    assert found.standings["0"].difference == pytest.approx(own - others)
    assert found.standings["0"].expected == pytest.approx(others)


def test_harder_cases_are_not_held_against_who_has_them() -> None:
    hard, easy = {1: 20, 0: 20}, {1: 38, 0: 2}
    parts = [
        Part("a", "hard", {1: 40, 0: 40}), Part("a", "easy", {1: 19, 0: 1}),
        Part("b", "hard", hard), Part("b", "easy", easy),
    ]  # fmt: skip
    found = compared(parts, "ab")
    assert found.standings["a"].value < found.standings["b"].value
    assert found.standings["a"].difference == pytest.approx(0)
    assert found.p == 1


def test_who_stands_out_among_many_is_found_though_all_together_show_little() -> None:
    equal = [Part(f"{at:02}", "all", {1: 80, 0: 20}) for at in range(40)]
    found = compared([*equal, Part("odd", "all", {1: 60, 0: 40})], {part.group for part in equal} | {"odd"})
    assert found.p is not None
    assert chi_square_tail(found.q, found.freedom) > 0.5
    assert found.p < 0.002


def test_a_lone_bad_answer_among_few_is_not_taken_for_more() -> None:
    good = [Part(f"{at:02}", "all", {1: 12}) for at in range(60)]
    found = compared([*good, Part("unlucky", "all", {1: 11, 0: 1})], {part.group for part in good} | {"unlucky"})
    assert found.standings["unlucky"].distance < -7
    assert found.p is not None
    assert found.p > 0.5


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Part("a", "x", {1: 20, 0: 3})],
        [Part("a", "x", {1: 20, 0: 3}), Part("b", "y", {1: 20, 0: 3})],
        [Part("a", "x", {1: 20}), Part("b", "x", {1: 30})],
        [Part("a", "x", {0: 1})],
    ],
    ids=["nobody", "one group", "no kind in common", "all answers alike", "one answer"],
)
def test_where_nothing_can_be_compared_nothing_is_said(parts: list[Part]) -> None:
    found = compared(parts, "ab")
    assert (found.p, found.q, found.freedom, dict(found.standings)) == (None, 0, 0, {})


def test_a_group_beside_others_not_in_question_is_compared_with_them() -> None:
    found = compared([Part("a", "x", {1: 20, 0: 3}), Part("", "x", {1: 20, 0: 20})], "a")
    assert (found.freedom, list(found.standings)) == (1, ["a"])
