"""What a mail reads off reports: what changed, which chart, and the rows of causes; whatever shape they have."""

from __future__ import annotations

from datetime import date

from feedbackhub import Chart, Figure, Report, ReportTable
from feedbackhub.charts import Bar, Spot, histogram, trend
from feedbackhub_plugins.digest.changes import change_in, changes_in
from feedbackhub_plugins.digest.collecting import Section
from feedbackhub_plugins.digest.pictures import chosen

NOW = Figure("Score", 30.0, 20.0, 40.0, 100, "points")
BARS = histogram("Scores", [Bar("5", 3)], ("Score", "Answers"))


def section(*figures: Figure) -> Section:
    return Section("x", "X", "https://example.org/", Report("?", figures))


def change(value: float | None, low: float | None, high: float | None, **more: object) -> Figure:
    return Figure("Change", value, low, high, change=True, **more)  # type: ignore[arg-type]


def over_time(*values: float | None) -> Chart:
    day = date(2026, 3, 1)
    spots = [
        Spot(day.replace(day=at).isoformat(), value, value, value, 10) for at, value in enumerate(values, 1)
    ]
    return trend("Over time", spots, ("From", "Score", "Low", "High", "Answers"))


def test_a_difference_counts_only_when_its_interval_leaves_zero_out() -> None:
    found = changes_in([
        section(NOW, change(5.0, 1.0, 9.0)),
        section(NOW, change(-5.0, -9.0, -1.0)),
        section(NOW, change(5.0, 0.0, 9.0)),
        section(NOW, change(None, None, None, few="counts")),
        section(NOW, change(5.0, 1.0, 9.0, few="counts")),
        section(NOW, change(5.0, None, None)),
        Section("gone", "Gone", "", None, "it failed"),
    ])  # fmt: skip
    assert [(each.is_up, each.by.value, each.by.low, each.by.high) for each in found.moved] == [
        (True, 5.0, 1.0, 9.0), (False, 5.0, 1.0, 9.0),
    ]  # fmt: skip
    assert (found.same, found.few) == (["Score"], ["Score"] * 3)


def test_a_report_without_a_change_is_taken_for_none() -> None:
    assert change_in(Report("?")) is None
    assert change_in(Report("?", [NOW])) is None
    assert change_in(Report("?", [NOW, NOW])) is None
    found = changes_in([section(), section(NOW), section(NOW, NOW)])
    assert (found.moved, found.same, found.few) == ([], [], [])


def test_the_chart_of_a_mail_shows_a_course_where_there_is_one() -> None:
    course, dot = over_time(1.0, 2.0), over_time(None, 2.0)
    assert chosen(Report("?", charts=[BARS, course])) == course
    assert chosen(Report("?", charts=[dot, BARS])) == BARS
    assert chosen(Report("?", charts=[dot])) == dot
    assert chosen(Report("?")) is None
    bare = Chart("Bare", {"mark": "bar"}, ReportTable("Bare", [], []))
    assert chosen(Report("?", charts=[bare])) == bare
