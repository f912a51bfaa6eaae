"""Exact tests of two shares, and what is left of them when many are asked for, against R and scipy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from feedbackhub.statistics import Share, fisher, fisher_more, holm
from tests.statistics.vectors import Vector, one, required

SHARES = st.integers(0, 80).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))
PAIRS = [each for each in required() if "fisher_p_two_sided" in each.expected]


@pytest.mark.parametrize("vector", PAIRS, ids=lambda each: each.name)
def test_the_two_sided_test_is_that_of_r(vector: Vector) -> None:
    given = vector.inputs
    found = fisher(Share(given["x1"], given["n1"]), Share(given["x2"], given["n2"]))
    assert vector.disagreements({"fisher_p_two_sided": found}) == {}


def test_holm_is_that_of_r() -> None:
    vector = one("apology_holm_3pairs")
    wanted = vector.expected["p_holm"]
    assert holm(vector.inputs["p"]) == [pytest.approx(each, rel=1e-6) for each in wanted]
    assert holm([]) == []


@settings(max_examples=60)
@given(SHARES, SHARES)
def test_both_tests_are_those_of_scipy(first: Share, second: Share) -> None:
    table = [[first.part, first.whole - first.part], [second.part, second.whole - second.part]]
    assert fisher(first, second) == pytest.approx(fisher_exact(table)[1], rel=1e-6, abs=1e-12)
    more = fisher_exact(table, alternative="greater")[1]
    assert fisher_more(first, second) == pytest.approx(more, rel=1e-6, abs=1e-12)


def test_a_million_answers_are_no_trouble() -> None:
    assert fisher_more(Share(20_000, 100_000), Share(150_000, 900_000)) < 1e-100
    assert fisher_more(Share(15_000, 100_000), Share(150_000, 900_000)) == pytest.approx(1)
