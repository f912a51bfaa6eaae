"""Courtesy, empathy and solution side by side: being polite does not make up for a problem that stays."""

from __future__ import annotations

from dataclasses import replace

from feedbackhub import Chart, Query, Reader, ReportTable, Way
from feedbackhub.charts import intervals
from feedbackhub.reporting import Measure, Values, Words, heads, rounded, spot

from .kinds import ASPECTS, KINDS
from .study import Study, study

__all__ = ["aspects"]


def aspects(reader: Reader, t: Words, query: Query) -> tuple[list[Chart], list[ReportTable]]:
    """Return them as a chart and a table, nothing when fewer than two are asked.

    Args:
        reader: What may be read.
        t: The words.
        query: What was asked for; groups and the days before are left out.
    """
    alone = replace(query, by="", compare=False)
    found = [each for name in ASPECTS if (each := study(reader, t, alone, KINDS[name]))]
    if len(found) < 2 or not any(each.good.n(each.now.all_scores) for each in found):
        return [], []
    return [*drawn(t, found)], [table(t, found)]


def drawn(t: Words, found: list[Study]) -> list[Chart]:
    """Draw the shares of good answers, as far as there are enough answers."""
    spots = [spot(each.good, t(each.kind.title), each.now.all_scores) for each in found]
    if all(each.value is None for each in spots):
        return []
    first = found[0].good
    columns = heads(t, first, t("Asked about"))
    title = t("Courtesy, empathy and solution")
    return [intervals(title, spots, columns, digits=first.digits, reach=first.reach, rtl=t.rtl)]


def table(t: Words, found: list[Study]) -> ReportTable:
    """Return the numbers, with the means on each one's own scale."""
    rows = []
    for each in found:
        values = each.now.all_scores
        shares, means = cells(each.good, values), cells(each.mean, values)
        rows.append([t(each.kind.title), *shares, each.good.n(values), str(each.scale), *means, each.mean.n(values)])
    columns = (
        t("Asked about"), t("Share %"), t("Interval from"), t("Interval to"), t("Answers"), t("Scale"), t("Mean"),
        t("Mean from"), t("Mean to"), t("Answers on it"),
    )  # fmt: skip
    note = t(
        "Of the answers to each question, the share that is good: the top two of its scale. The same customers answer "
        "all of them, so intervals that overlap do not say that two are alike."
    )
    ways = [Way("report", "satisfaction", {"o-measure": each.kind.name}) for each in found]
    return ReportTable(t("Courtesy, empathy and solution"), columns, rows, note, ways)


def cells(measure: Measure, values: Values) -> list[float | None]:
    """Return an estimate with its interval, as tables show them."""
    place = spot(measure, "", values)
    return [rounded(each, measure.digits) for each in (place.value, place.low, place.high)]
