"""What is exported again and again: each day, week or month once, by the company's clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedbackhub import Filters, Refused
from feedbackhub.loop.core import Core
from feedbackhub.loop.export_slots import Every, slot_after, span_of
from feedbackhub.loop.exporting import run_exports
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.export_schedules import add_schedule, list_schedules, remove_schedule
from feedbackhub.office.exports import ExportWish, list_exports
from tests.exports.conftest import Answered

WISH = ExportWish("responses", "slow")


def test_a_schedule_exports_the_span_before_each_slot(answered: Answered, clock: SetClock) -> None:
    core = answered(10)  # Monday, 2026-03-02 09:00
    made = add_schedule(core, replace(WISH, filters=Filters(team="Team 1")), "day", 6, "ann@example.com")
    assert made.next_at == datetime(2026, 3, 3, 6, tzinfo=UTC)
    run_exports(core)
    assert list_exports(core) == []
    clock.move(timedelta(days=3))
    run_exports(core)
    found = sorted(list_exports(core), key=lambda each: str(each.filters.since))
    assert [(each.filters.since, each.filters.until) for each in found] == [
        (datetime(2026, 3, day, tzinfo=UTC), datetime(2026, 3, day + 1, tzinfo=UTC)) for day in (2, 3, 4)
    ]
    assert {(each.state, each.schedule, each.asked_by, each.filters.team) for each in found} == {
        ("done", made.id, "ann@example.com", "Team 1")
    }
    assert found[0].name == f"responses-2026-03-02-{found[0].id}.txt"
    assert list_schedules(core)[0].next_at == datetime(2026, 3, 6, 6, tzinfo=UTC)
    remove_schedule(core, made.id, "ann@example.com")
    clock.move(timedelta(days=1))
    run_exports(core)
    assert (len(list_exports(core)), list_schedules(core)) == (3, [])


@pytest.mark.parametrize(("every", "hour", "field"), [("year", 3, "every"), ("day", 24, "hour"), ("day", -1, "hour")])
def test_a_schedule_that_means_nothing_is_refused(every: str, hour: int, field: str, core: Core) -> None:
    with pytest.raises(Refused) as refused:
        add_schedule(core, WISH, every, hour, "tests")
    assert [each.field for each in refused.value.problems] == [field]


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("every", "moment", "slot", "begin", "end"),
    [
        ("day", "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-27T23:00Z", "2026-03-28T23:00Z"),
        ("day", "2026-03-29T12:00Z", "2026-03-30T01:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
        ("week", "2026-03-04T12:00Z", "2026-03-09T02:00Z", "2026-03-01T23:00Z", "2026-03-08T23:00Z"),
        ("month", "2026-01-31T12:00Z", "2026-02-01T02:00Z", "2025-12-31T23:00Z", "2026-01-31T23:00Z"),
        ("month", "2026-02-01T02:00Z", "2026-03-01T02:00Z", "2026-01-31T23:00Z", "2026-02-28T23:00Z"),
    ],
)
def test_slots_and_spans_follow_the_company_s_clock(every: Every, moment: str, slot: str, begin: str, end: str) -> None:
    found = slot_after(every, 3, BERLIN, datetime.fromisoformat(moment))
    assert found == datetime.fromisoformat(slot)
    assert span_of(every, BERLIN, found) == (datetime.fromisoformat(begin), datetime.fromisoformat(end))
