"""Strata of few asks: their counts are shown, and no rate is made of them."""

from datetime import date

import pytest

from feedbackhub import Query
from feedbackhub_plugins.silence.analysis import Silence
from tests.silence.people import People


@pytest.mark.parametrize(("asked", "rate"), [(9, None), (10, 50.0)])
def test_a_stratum_of_few_asks_has_no_rate(asked: int, rate: float | None) -> None:
    people = People()
    people.add({"5": 5}, silent=asked - 5, channel="chat")
    query = Query(date(2026, 3, 1), date(2026, 3, 31), options={"strata": "channel"})
    report = Silence(people).report(query)  # type: ignore[arg-type]
    (strata,) = (each for each in report.tables if each.title == "Strata")
    (row,) = (dict(zip(strata.columns, row, strict=True)) for row in strata.rows)
    assert (row["Asked"], row["Answers"], row["Response rate %"]) == (asked, 5, rate)
