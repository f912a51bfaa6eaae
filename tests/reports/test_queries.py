"""What stands in addresses, read strictly; and tables that spreadsheets run nothing of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import NotFound, Option, Query, Refused, Report, ReportTable
from feedbackhub.office.report_query import Wanted, read_query
from feedbackhub.office.reports import as_csv, table_of

TODAY = date(2026, 3, 31)
STEP = Option("step", "Step", {"": "any", "week": "weeks"}, "")


def refused(wanted: Wanted) -> list[tuple[str, str]]:
    """Return what is wrong with filters."""
    with pytest.raises(Refused) as caught:
        read_query(wanted, TODAY, [STEP])
    return [(each.field, each.reason) for each in caught.value.problems]


def test_without_filters_the_last_30_days_are_meant() -> None:
    assert read_query(Wanted(), TODAY) == Query(date(2026, 3, 2), TODAY)


@pytest.mark.parametrize(
    ("wanted", "since", "until"),
    [
        (Wanted(period="7d"), date(2026, 3, 25), TODAY),
        (Wanted(period="365d", since="2026-03-01"), date(2025, 4, 1), TODAY),
        (Wanted(since="2026-01-01", until="2026-01-31"), date(2026, 1, 1), date(2026, 1, 31)),
        (Wanted(since="2026-03-31"), TODAY, TODAY),
        (Wanted(period="own", until="2026-02-10"), date(2026, 1, 12), date(2026, 2, 10)),
        (Wanted(period="own"), date(2026, 3, 2), TODAY),
    ],
)
def test_days(wanted: Wanted, since: date, until: date) -> None:
    found = read_query(wanted, TODAY)
    assert (found.since, found.until) == (since, until)


def test_everything_that_can_be_chosen() -> None:
    where, options = {"team": "A", "topic": ""}, {"step": "week"}
    wanted = Wanted(basis="contact", survey="nps", by="team", compare="no", where=where, options=options)
    found = read_query(wanted, TODAY, [STEP, Option("x", "X", default="1")], "id", "admin")
    days, chosen = (date(2026, 3, 2), TODAY), {"step": "week", "x": "1"}
    assert found == Query(*days, "contact", "nps", "team", {"team": "A"}, False, "id", "admin", chosen)


@pytest.mark.parametrize(
    ("wanted", "problems"),
    [
        (Wanted(period="5d"), [("period", "must be one of 7d, 30d, 90d, 365d, own")]),
        (Wanted(period="30d", since="soon"), [("since", "must be a day such as 2026-03-31")]),
        (Wanted(since="2026-02-30"), [("since", "must be a day such as 2026-03-31")]),
        (Wanted(until="2026-W10-1"), [("until", "must be a day such as 2026-03-31")]),
        (Wanted(until="1666-01-01"), [("until", "lies too far away")]),
        (Wanted(since="2026-03-02", until="2026-03-01"), [("since", "must not lie after the last day")]),
        (Wanted(since="2000-01-01"), [("since", "must lie within 3660 days of the last day")]),
        (Wanted(basis="asking"), [("basis", "must be answer or contact")]),
        (Wanted(compare="maybe"), [("compare", "must be yes or no")]),
        (Wanted(survey="a\0b"), [("survey", "must be one line of text")]),
        (Wanted(where={"team": "\ud800"}), [("team", "must be one line of text")]),
        (Wanted(where={"team": "x" * 201}), [("team", "is longer than 200")]),
        (Wanted(where={"mood": "x"}), [("mood", "is no dimension")]),
        (Wanted(options={"step": "year"}), [("options", "step must be one of week")]),
        (Wanted(options={"pace": "1"}), [("options", "pace is no option of this analysis")]),
    ],
)
def test_what_means_nothing_is_named(wanted: Wanted, problems: list[tuple[str, str]]) -> None:
    assert refused(wanted) == problems


def test_all_mistakes_are_named_at_once() -> None:
    assert [field for field, _ in refused(Wanted(period="x", basis="x", by="x", compare="x"))] == [
        "period", "basis", "compare", "by",
    ]  # fmt: skip


@given(st.builds(Wanted, *[st.text(max_size=12)] * 7, st.dictionaries(st.text(max_size=8), st.text(max_size=8))))
def test_any_text_gives_a_query_or_a_refusal(wanted: Wanted) -> None:
    try:
        found = read_query(wanted, TODAY, [STEP])
    except Refused as error:
        assert error.problems
    else:
        assert timedelta(0) <= found.until - found.since < timedelta(days=3660)


FORMULAS = ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\uff1d1", "'=1", "\u200b=1"]


def test_no_cell_of_a_download_is_a_formula() -> None:
    table = ReportTable("T", ("=h", "n"), [*((each, -1) for each in FORMULAS), ("ok - fine", -2.5), (None, None)])
    lines = as_csv(table).splitlines()
    assert lines == ["'=h,n", *(f"'{each},-1" for each in FORMULAS), "ok - fine,-2.5", ","]


def test_tables_are_counted_from_one() -> None:
    report = Report("R", tables=[ReportTable("first", (), ()), ReportTable("second", (), ())])
    assert [table_of(report, number).title for number in (1, 2)] == ["first", "second"]
    for number in (0, 3):
        with pytest.raises(NotFound):
            table_of(report, number)
