"""Business hours: what is added is what is counted, across nights, holidays, and nights with an hour more or less."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub_plugins.recovery.hours import BusinessHours
from feedbackhub_plugins.recovery.hours_read import spans_of

BERLIN = ZoneInfo("Europe/Berlin")
DAY = ((time(9), time(17)),)
WEEK = BusinessHours(dict.fromkeys(range(5), DAY), BERLIN)


def at(text: str) -> datetime:
    """Return a moment by Berlin's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-02T09:00", 8, "2026-03-02T17:00"),
        ("2026-03-02T10:30", 8, "2026-03-03T10:30"),
        ("2026-03-06T16:00", 2, "2026-03-09T10:00"),  # over a weekend
        ("2026-03-07T12:00", 0, "2026-03-09T09:00"),
        ("2026-03-02T17:00", 0, "2026-03-03T09:00"),
        ("2026-03-27T16:00", 8, "2026-03-30T16:00"),  # the clocks go forward between
        ("2026-10-23T16:00", 8, "2026-10-26T16:00"),  # and back
    ],
)
def test_a_due_time_is_counted_in_business_hours(start: str, hours: int, due: str) -> None:
    assert WEEK.add(at(start), timedelta(hours=hours)) == at(due).astimezone(UTC)


def test_a_holiday_has_no_hours() -> None:
    closed = BusinessHours(WEEK.weekly, BERLIN, frozenset({date(2026, 3, 3)}))
    assert closed.add(at("2026-03-02T16:00"), timedelta(hours=2)) == at("2026-03-04T10:00")


def test_a_night_shift_has_the_hours_that_really_pass() -> None:
    nights = BusinessHours(dict.fromkeys(range(7), ((time(1), time(4)),)), BERLIN)
    assert nights.between(at("2026-03-29T00:00"), at("2026-03-29T12:00")) == timedelta(hours=2)
    assert nights.between(at("2026-10-25T00:00"), at("2026-10-25T12:00")) == timedelta(hours=4)


def test_a_span_may_end_at_midnight() -> None:
    late = BusinessHours(dict.fromkeys(range(7), spans_of("22:00-24:00")), BERLIN)
    assert late.add(at("2026-03-02T23:00"), timedelta(hours=2)) == at("2026-03-03T23:00")


def test_hours_that_are_skipped_or_come_twice_count_once() -> None:
    halves = ((time(1), time(2, 30)), (time(2, 30), time(4)))
    nights = BusinessHours(dict.fromkeys(range(7), halves), BERLIN)
    assert nights.between(at("2026-03-29T00:00"), at("2026-03-29T12:00")) == timedelta(hours=2)
    assert nights.between(at("2026-10-25T00:00"), at("2026-10-25T12:00")) == timedelta(hours=4)


def test_time_without_any_hours_is_an_error_and_not_an_endless_search() -> None:
    with pytest.raises(ValueError, match="there are no business hours"):
        BusinessHours({}, BERLIN).add(at("2026-03-02T09:00"), timedelta(hours=1))
    with pytest.raises(ValueError, match="cannot be taken away"):
        WEEK.add(at("2026-03-02T09:00"), timedelta(hours=-1))


WHOLE = st.integers(0, 23)
SPANS = st.lists(st.tuples(WHOLE, WHOLE), max_size=3).map(
    lambda pairs: spans_of([f"{a:02}:00-{b + 1:02}:00" for n, (a, b) in enumerate(pairs) if n == 0 and a <= b])
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Jakarta", "Africa/Cairo"]).map(ZoneInfo)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=730)).map(lambda span: datetime(2025, 1, 1, tzinfo=UTC) + span)
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=5))


@given(st.lists(SPANS, min_size=7, max_size=7), ZONES, MOMENTS, AMOUNTS)
@settings(max_examples=60, deadline=None)
def test_what_was_added_is_what_lies_between(
    week: list[tuple[tuple[time, time], ...]], zone: ZoneInfo, moment: datetime, amount: timedelta
) -> None:
    hours = BusinessHours(dict(enumerate([*week[:6], DAY])), zone)
    due = hours.add(moment, amount)
    assert due >= moment
    assert hours.between(moment, due) == amount
    assert hours.between(due, moment) == timedelta(0)
    assert hours.opens(hours.opens(moment)) == hours.opens(moment)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", ()),
        ("09:00-17:00", ((time(9), time(17)),)),
        ("13:00-17:00, 9:00 \u2013 12:30", ((time(9), time(12, 30)), (time(13), time(17)))),
        (["00:00-24:00"], ((time(0), time(0)),)),
    ],
)
def test_spans_are_read_as_people_write_them(said: object, meant: object) -> None:
    assert spans_of(said) == meant


WRONG = ("9-17", "17:00-09:00", "24:00-24:00", "09:60-10:00", "09:00-12:00,11:00-13:00", 9, [9])


@pytest.mark.parametrize("said", WRONG)
def test_what_is_no_span_is_refused(said: object) -> None:
    with pytest.raises(ValueError, match=r"span|before|time of day|spans"):
        spans_of(said)
