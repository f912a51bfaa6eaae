"""When a customer came back, and how far two judgements agree: what holds whatever the numbers are."""

from __future__ import annotations

from math import inf

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from feedbackhub.reporting.repeats import Visit, gaps
from feedbackhub.statistics import Agreement, kappa_interval

MOMENTS = st.integers(0, 40)
VISITS = st.lists(
    st.tuples(MOMENTS, st.integers(0, 10), st.sampled_from(["", "a", "b"]), st.none() | MOMENTS).map(
        lambda each: Visit(each[0], each[0] + each[1], each[2], inf if each[3] is None else each[3])
    ),
    max_size=12,
)
COUNTS = st.integers(0, 60)


@given(VISITS)
def test_the_next_contact_is_the_nearest_that_begins_later(visits: list[Visit]) -> None:
    for visit, (anything, same) in zip(visits, gaps(visits), strict=True):
        reopened = visit.reopened - visit.ended if visit.reopened >= visit.ended else inf
        later = [each for each in visits if each.began > visit.ended]
        assert anything == min([reopened, *(each.began - visit.ended for each in later)])
        alike = [each.began - visit.ended for each in later if visit.topic and each.topic == visit.topic]
        assert same == min([reopened, *alike])
        assert same >= anything >= 0


def test_contacts_that_overlap_or_end_together_are_no_repeats() -> None:
    chat, mail = Visit(0, 10, "a"), Visit(5, 20, "a")
    assert gaps([chat, mail]) == [(inf, inf), (inf, inf)]
    unknown = Visit(7, 7, "a")
    assert gaps([unknown, unknown]) == [(inf, inf), (inf, inf)]
    assert gaps([]) == []


@hypothesis.settings(max_examples=50)
@given(*[COUNTS.map(lambda each: each + 1)] * 4)
def test_agreement_is_that_of_an_independent_computation(both: int, first: int, second: int, neither: int) -> None:
    found = Agreement(both, first, second, neither)
    interval = kappa_interval(found)
    wanted = cohens_kappa([[both, first], [second, neither]])
    assert found.kappa == pytest.approx(wanted.kappa, abs=1e-12)
    assert interval is not None
    assert interval.low == pytest.approx(max(-1, wanted.kappa_low), abs=1e-9)
    assert interval.high == pytest.approx(min(1, wanted.kappa_upp), abs=1e-9)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_agreement_stays_within_its_ends(both: int, first: int, second: int, neither: int) -> None:
    found = Agreement(both, first, second, neither)
    interval = kappa_interval(found)
    if found.kappa is None:
        assert interval is None
        # Then all lie in one row and one column, or there are none.
        assert max(both, first, second, neither) == found.n
        return
    assert -1 <= found.kappa <= 1
    if interval is not None:
        assert interval.low <= found.kappa <= interval.high


def test_nothing_is_said_of_nothing() -> None:
    nobody = Agreement(0, 0, 0, 0)
    assert (nobody.n, nobody.kappa, nobody.by_chance, kappa_interval(nobody)) == (0, None, None, None)
    assert (Agreement(5, 0, 0, 0).kappa, kappa_interval(Agreement(5, 0, 0, 5))) == (None, None)
    with pytest.raises(ValueError, match="negative"):
        Agreement(-1, 0, 0, 0)
