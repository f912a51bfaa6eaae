"""Quiet hours: never inside, never earlier, in order, and no later than need be; on days of clock changes too."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedbackhub import Ask, Contact
from feedbackhub_plugins.asking.quiet import QuietHours, is_free, next_free
from feedbackhub_plugins.asking.settings import WEEKDAYS, QuietSettings
from tests.asking.records import ASK, HISTORY, contact, customer

# Europe's and America's changes, one of half an hour, a zone of 45 minutes with changes at 2:45, one without any.
CHANGING = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham")
START = datetime(2024, 1, 1, tzinfo=UTC)
ZONES = tuple(map(ZoneInfo, (*CHANGING, "Asia/Jakarta", "America/St_Johns")))

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(tuple)
quiet = st.builds(QuietSettings, begin=times, end=times, weekdays=days)
nightly = st.builds(QuietSettings, begin=times, end=times)
moments = st.integers(0, 4 * 365 * 1440).map(lambda minutes: START + timedelta(minutes=minutes))
zones = st.sampled_from(ZONES)


def change_days(zone: ZoneInfo) -> list[datetime]:
    """Midnights (UTC) before the clocks of a zone are changed."""
    starts = [START + timedelta(days=number) for number in range(4 * 365)]
    return [s for s in starts if s.astimezone(zone).utcoffset() != (s + timedelta(days=1)).astimezone(zone).utcoffset()]


@st.composite
def near_changes(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    """A moment within two days of a clock change, and the zone."""
    zone = draw(st.sampled_from(ZONES[:4]))
    return draw(st.sampled_from(change_days(zone))) + timedelta(minutes=draw(st.integers(-2880, 2880))), zone


@given(moments, zones, quiet)
def test_nobody_is_disturbed_in_quiet_hours_and_nothing_comes_earlier(
    moment: datetime, zone: ZoneInfo, settings: QuietSettings
) -> None:
    moved = next_free(moment, zone, settings)
    assert moved >= moment
    assert is_free(moved, zone, settings)
    assert moved - moment < timedelta(days=8)


@given(near_changes(), quiet)
def test_that_holds_where_clocks_change(where: tuple[datetime, ZoneInfo], settings: QuietSettings) -> None:
    moment, zone = where
    moved = next_free(moment, zone, settings)
    assert moved >= moment
    assert is_free(moved, zone, settings)


@given(near_changes(), st.integers(0, 3 * 1440), quiet)
def test_what_is_due_earlier_is_not_moved_behind_what_is_due_later(
    where: tuple[datetime, ZoneInfo], minutes: int, settings: QuietSettings
) -> None:
    moment, zone = where
    assert next_free(moment, zone, settings) <= next_free(moment + timedelta(minutes=minutes), zone, settings)


@given(near_changes(), nightly)
def test_nothing_waits_longer_than_need_be(where: tuple[datetime, ZoneInfo], settings: QuietSettings) -> None:
    """Compared with looking at every minute."""
    moment, zone = where
    minutes = (moment + timedelta(minutes=number) for number in range(3 * 1440))
    assert next_free(moment, zone, settings) == next(each for each in minutes if is_free(each, zone, settings))


@given(moments, zones, quiet)
def test_moving_twice_is_moving_once(moment: datetime, zone: ZoneInfo, settings: QuietSettings) -> None:
    moved = next_free(moment, zone, settings)
    assert next_free(moved, zone, settings) == moved


@given(moments, zones, times)
def test_the_same_begin_and_end_means_no_quiet_hours(moment: datetime, zone: ZoneInfo, at: time) -> None:
    assert next_free(moment, zone, QuietSettings(begin=at, end=at)) == moment


@given(moments, zones, times, times)
def test_the_clock_shows_the_end_of_the_quiet_hours_on_ordinary_days(
    moment: datetime, zone: ZoneInfo, begin: time, end: time
) -> None:
    moved = next_free(moment, zone, QuietSettings(begin=begin, end=end))
    span = (moment - timedelta(days=1), moment, moment + timedelta(days=2))
    assume(len({each.astimezone(zone).utcoffset() for each in span}) == 1)
    assert moved == moment or moved.astimezone(zone).time() == end


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


NIGHT = QuietSettings(begin="21:00", end="08:00")


@pytest.mark.parametrize(("settings", "zone", "due", "moved"), [
    (NIGHT, "Asia/Jakarta", "2026-03-04T20:59", "2026-03-04T20:59"),
    (NIGHT, "Asia/Jakarta", "2026-03-04T21:00", "2026-03-05T08:00"),
    (NIGHT, "Asia/Jakarta", "2026-03-05T07:59", "2026-03-05T08:00"),
    (NIGHT, "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T08:00"),
    (NIGHT, "America/New_York", "2026-10-31T22:00", "2026-11-01T08:00"),
    (QuietSettings(begin="12:00", end="13:00"), "Asia/Kolkata", "2026-03-04T12:30", "2026-03-04T13:00"),
    # 2:30 does not exist on this night; the clocks go from 2:00 to 3:00.
    (QuietSettings(begin="22:00", end="02:30"), "Europe/Berlin", "2026-03-29T01:30", "2026-03-29T03:00"),
    (QuietSettings(weekdays=("mon", "tue", "wed", "thu", "fri")), "Asia/Jakarta", "2026-03-06T22:00",
     "2026-03-09T08:00"),
    (QuietSettings(begin="00:00", end="00:00", weekdays=("sun",)), "Asia/Dubai", "2026-03-04T12:00",
     "2026-03-08T00:00"),
])  # fmt: skip
def test_examples(settings: QuietSettings, zone: str, due: str, moved: str) -> None:
    assert next_free(local(due, zone), ZoneInfo(zone), settings).astimezone(ZoneInfo(zone)) == local(moved, zone)


def test_in_the_hour_that_comes_twice_the_first_end_counts() -> None:
    settings, zone = QuietSettings(begin="22:00", end="02:30"), "Europe/Berlin"
    due = local("2026-10-25T01:00", zone)
    assert next_free(due, ZoneInfo(zone), settings) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def decided(zone: str, settings: QuietSettings, **values: object) -> Ask:
    due = replace(ASK, due_at=datetime(2026, 3, 4, 20, tzinfo=UTC))
    ended: Contact = contact(customer=customer(timezone=zone), **values)
    return QuietHours(settings).decide(ended, HISTORY, due)


def test_the_customers_own_zone_comes_before_the_companys() -> None:
    settings = QuietSettings(begin="21:00", end="08:00", timezone="Asia/Jakarta")
    assert decided("Europe/London", settings).due_at == datetime(2026, 3, 4, 20, tzinfo=UTC)
    assert decided("", settings).due_at == datetime(2026, 3, 5, 1, tzinfo=UTC)
    assert decided("No/Where", settings).due_at == datetime(2026, 3, 5, 1, tzinfo=UTC)
    assert decided("../etc/passwd", settings).due_at == datetime(2026, 3, 5, 1, tzinfo=UTC)


def test_without_any_zone_tests_and_links_that_are_handed_over_are_not_moved() -> None:
    due = datetime(2026, 3, 4, 20, tzinfo=UTC)
    jakarta = QuietSettings(begin="21:00", end="08:00", timezone="Asia/Jakarta")
    assert decided("", NIGHT).due_at == due
    assert decided("", jakarta, test=True).due_at == due
    link = replace(ASK, due_at=due, channels=("link", "email"))
    assert QuietHours(jakarta).decide(contact(), HISTORY, link) is link
