"""The table of groups: each with its numbers, and whether it differs from all others together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from ..contract.reports import Cell, ReportTable, Way
from ..statistics import few
from .counting import Counted
from .measures import Measure, Values
from .pictures import heads, rounded, spot
from .words import Words

__all__ = ["groups_table"]


def groups_table(
    t: Words, measure: Measure, now: Counted, names: Sequence[str], by: str,
    more: Mapping[str, Callable[[Values], Cell]] | None = None, way: Way | None = None,
) -> ReportTable:  # fmt: skip
    """Return each group with its numbers and whether it differs from all others together.

    Args:
        t: The words.
        measure: What is measured.
        now: The counts.
        names: The groups in the order shown.
        by: The dimension that they are values of.
        more: Further columns: what stands in them, by heading.
        way: Where a click on a group leads, which is kept to the group; the list of answers when left out.
    """
    # With many comparisons some differ by chance: each is held to a stricter level (Bonferroni).
    tested = sum(not measure.hidden(now.groups[name]) for name in names)
    level, more, whole = 1 - 0.05 / max(1, tested), more or {}, now.all_scores
    rows = [
        [
            *row(t, measure, now, name),
            *(cell(now.groups[name]) for cell in more.values()),
            *(answered(now, name) if now.sent else ()),
            against(t, measure, now.groups[name], whole - now.groups[name], level),
        ]
        for name in names
    ]
    asked = (t("Asked"), t("Response rate %")) if now.sent else ()
    columns = (*heads(t, measure, t("Group")), *more, *asked, t("Against the others"))
    note = t(
        "Groups stand in the order of their names. A difference is named only when chance would show one of these "
        "in fewer than 5 of 100 reports."
    )
    way = way or Way()
    ways = [Way(way.to, way.name, {**way.values, by: name}) if name else None for name in names]
    return ReportTable(t("Groups"), columns, rows, note, ways)


def row(t: Words, measure: Measure, now: Counted, name: str) -> list[Cell]:
    """Return the first cells of a group: its name, the estimate with its interval, and the number of answers."""
    place = spot(measure, name or t("(not given)"), now.groups[name])
    return [place.label, *(rounded(each, measure.digits) for each in (place.value, place.low, place.high)), place.n]


def answered(now: Counted, name: str) -> tuple[int, int | None]:
    """Return how many of a group were asked, and how many per cent of them answered unless they are few."""
    rate = now.rate(name)
    if rate is None or few(rate.whole) in ("none", "counts"):
        return now.sent[name], None
    return now.sent[name], round(100 * rate.part / rate.whole)


def against(t: Words, measure: Measure, values: Values, others: Counter[str], level: float) -> str:
    """Say whether a group differs from all others together."""
    if measure.hidden(values):
        return t.few(measure.few(values))
    difference = measure.difference(values, others, level)
    if few(min(measure.n(values), measure.n(others))) in ("none", "counts") or difference is None:
        return t("nothing to compare with")
    return t.moved(difference)
