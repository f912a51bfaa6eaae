"""The charts of a report; groups stand in the order of their names, for the order of their numbers is chance."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.chart_specs import Spot
from ..contract.charts import intervals, trend
from ..contract.reports import Chart, Query
from .counting import Counted
from .measures import Measure, Values
from .spans import spans, steps
from .words import Words

__all__ = ["heads", "of_groups", "over_time", "rounded", "spot"]

#: So many groups can be told apart in a picture; the table has them all.
MOST_DRAWN = 30


def heads(t: Words, measure: Measure, first: str) -> tuple[str, str, str, str, str]:
    """Return the names of a chart's columns."""
    return first, measure.head, t("Interval from"), t("Interval to"), measure.noun or t("Answers")


def rounded(number: float | None, digits: int) -> float | None:
    """Return a number as exact as its table shows it, as a whole one when it shows no decimals."""
    return None if number is None else round(number, digits or None)


def spot(measure: Measure, label: str, values: Values) -> Spot:
    """Return a place in a chart; without a value when answers are few."""
    n, value = measure.n(values), measure.value(values)
    if measure.hidden(values) or value is None:
        return Spot(label, None, n=n)
    interval = measure.interval(values)
    low, high = interval.times(measure.shown) if interval else (None, None)
    return Spot(label, value * measure.shown, low, high, n)


def over_time(t: Words, measure: Measure, query: Query, now: Counted, title: str) -> Chart | None:
    """Draw it by days, weeks or months; spans with few answers leave a gap, and None is returned for gaps only.

    Args:
        t: The words.
        measure: What is measured.
        query: What was asked for; its option ``step`` chooses the spans, else the answers do: long enough for an
            estimate in most of them.
        now: The counts.
        title: The chart's heading.
    """
    for step in steps(query.since, query.until, query.options.get("step", "")):
        parts = spans(query.since, query.until, step)
        spots = [spot(measure, name, now.scores_on(days)) for name, days in parts]
        estimates = sum(each.value is not None for each in spots)
        if estimates >= sum(bool(each.n) for each in spots) / 2:
            break
    else:
        return None
    columns = heads(t, measure, t("From"))
    return trend(title, spots, columns, digits=measure.digits, reach=measure.reach, rtl=t.rtl)


def of_groups(t: Words, measure: Measure, now: Counted, names: Sequence[str], title: str) -> Chart | None:
    """Draw the groups with enough answers, None when there are none.

    Args:
        t: The words.
        measure: What is measured.
        now: The counts.
        names: The groups in the order shown.
        title: The chart's heading.
    """
    enough = [name for name in names if not measure.hidden(now.groups[name])]
    most = sorted(enough, key=lambda name: measure.n(now.groups[name]), reverse=True)[:MOST_DRAWN]
    spots = [spot(measure, name or t("(not given)"), now.groups[name]) for name in enough if name in most]
    if not spots:
        return None
    overall = measure.value(now.all_scores)
    mark = None if overall is None else overall * measure.shown
    columns = heads(t, measure, t("Group"))
    return intervals(title, spots, columns, digits=measure.digits, reach=measure.reach, mark=mark, rtl=t.rtl)
