"""When digests are due: by the company's clocks, once a day, also where the clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub_plugins.digest.rhythm import RHYTHMS, Rhythm, following, latest, period

ZONES = ("UTC", "Asia/Jakarta", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe")
rhythms = st.builds(
    Rhythm, st.sampled_from(RHYTHMS), st.integers(0, 6), st.integers(0, 23), st.sampled_from([*map(ZoneInfo, ZONES)])
)
moments = st.integers(0, 20 * 366 * 24 * 60).map(lambda m: datetime(2009, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


@given(rhythm=rhythms, now=moments)
def test_slots_follow_each_other_without_a_gap(rhythm: Rhythm, now: datetime) -> None:
    before, after = latest(rhythm, now), following(rhythm, now)
    assert before.at <= now < after.at
    assert before.day < after.day
    assert rhythm.falls_on(before.day) and rhythm.falls_on(after.day)
    assert following(rhythm, before.at) == after
    most = {"daily": 2, "weekly": 8, "monthly": 32}[rhythm.every]
    assert after.at - before.at <= timedelta(days=most)


@pytest.mark.parametrize(("hour", "day", "utc"), [
    (2, date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # 02:00 is skipped: it is 03:00 then
    (2, date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC)),  # 02:00 comes twice: the first time
    (8, date(2026, 3, 28), datetime(2026, 3, 28, 7, tzinfo=UTC)),
    (8, date(2026, 3, 29), datetime(2026, 3, 29, 6, tzinfo=UTC)),
])  # fmt: skip
def test_where_the_clocks_are_changed_a_day_still_has_one_slot(hour: int, day: date, utc: datetime) -> None:
    rhythm = Rhythm("daily", 0, hour, ZoneInfo("Europe/Berlin"))
    assert rhythm.at(day) == utc
    assert (latest(rhythm, utc).day, following(rhythm, utc).day) == (day, day + timedelta(days=1))


def test_a_digest_is_about_whole_days_that_have_ended() -> None:
    assert period("daily", 0, datetime(2026, 3, 2, 1, tzinfo=UTC)) == (date(2026, 3, 1), date(2026, 3, 1))
    assert period("weekly", 0, datetime(2026, 3, 2, 1, tzinfo=UTC)) == (date(2026, 2, 23), date(2026, 3, 1))
    assert period("monthly", 0, datetime(2026, 3, 1, 7, tzinfo=UTC)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert period("monthly", 0, datetime(2026, 1, 1, 7, tzinfo=UTC)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert period("monthly", 0, datetime(2026, 3, 31, 23, tzinfo=UTC)) == (date(2026, 2, 28), date(2026, 3, 30))
    assert period("daily", 30, datetime(2026, 3, 2, 1, tzinfo=UTC)) == (date(2026, 1, 31), date(2026, 3, 1))
    # In Apia, at eight in the morning of the 2nd, the 1st has not ended in UTC, by which reports count.
    assert period("daily", 0, datetime(2026, 3, 1, 19, tzinfo=UTC)) == (date(2026, 2, 28), date(2026, 2, 28))
