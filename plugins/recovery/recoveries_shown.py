"""The tables on cases, gestures and second answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedbackhub import Chart, ReportTable, Way
from feedbackhub.charts import Spot, intervals
from feedbackhub.reporting import N_, Words
from feedbackhub.statistics import Interval, Share, few, wilson

from .recoveries_again import Asked
from .recoveries_cases import NO, YES
from .recoveries_figures import LOW, cases_way
from .recoveries_found import Found, GroupFound

__all__ = ["again_chart", "again_table", "cells", "endings_table", "gestures_table", "groups_tables", "ways_table"]

Cells = list[str | int | float | None]
MOST_GROUPS = 30
PERCENT = 100
KINDS = {"apology": N_("apology"), "compensation": N_("compensation"), "call_back": N_("call back")}
MANNERS = {"plain": N_("plain"), "explanation": N_("with an explanation"), "promise": N_("with a promise")}
ENDINGS = {
    "solved": N_("solved"), "partly": N_("solved in part"), "not_solved": N_("not solved"),
    "unreachable": N_("customer not reached"), "unfounded": N_("unfounded"), "duplicate": N_("the same as another"),
    "erased": N_("customer erased"), "discarded": N_("answer discarded"),
}  # fmt: skip


def cells(of: Share, interval: Interval | None = None) -> Cells:
    """Return a share with its interval as per cent; nothing of few."""
    found = interval or wilson(of)
    if few(of.whole) in ("none", "counts") or of.value is None or found is None:
        return [None, None, None]
    return [round(PERCENT * each) for each in (of.value, *found)]


def endings_table(t: Words, found: Found) -> ReportTable:
    """Return what became of the cases."""
    counts, ended = found.cases, sorted(found.cases.outcomes.items())
    rows: list[Cells] = [[t("Opened"), counts.opened]]
    rows += [[t("Closed: {how}", how=_named(t, ENDINGS, name)), n] for name, n in ended]
    rows += [[t("Still open"), counts.unfinished], [t("Of these overdue"), counts.overdue]]
    ways = [None, *(cases_way(found, "closed") for _ in ended), cases_way(found, "all"), cases_way(found, "overdue")]
    return ReportTable(t("What became of the cases"), (t("Cases"), t("How many")), rows, ways=ways)


def gestures_table(t: Words, found: Found) -> ReportTable:
    """Return the gestures of the days by kind and manner, with their costs by currency."""
    rows: list[Cells] = []
    for (kind, manner, currency), costs in sorted(found.seen.gestures.items()):
        priced, unpriced = costs.priced.total(), costs.unpriced.total()
        cents = costs.cents[currency] if currency else None
        rows.append([
            _named(t, KINDS, kind), _named(t, MANNERS, manner), priced + unpriced, unpriced, currency,
            None if cents is None else cents / PERCENT,
        ])  # fmt: skip
    columns = (t("Gesture"), t("In what manner"), t("Made"), t("Without a cost noted"), t("Currency"), t("Cost"))
    note = t("Gestures made in these days, whatever they were about. Costs in several currencies are never added.")
    return ReportTable(t("What was done for customers"), columns, rows, note)


def _named(t: Words, names: dict[str, str], name: str) -> str:
    return t(names[name]) if name in names else name


def again_table(t: Words, found: Found) -> ReportTable:
    """Return how second answers compare with the first ones, by the first."""
    rows = [_again_row(_score(first), asked) for first, asked in found.again.by_first.items()]
    if len(rows) > 1:
        rows.append(_again_row(t("All"), found.again.all))
    columns = (
        t("First answer (0 to 100)"), t("Asked again"), t("Better"), t("The same"), t("Worse"), t("No answer"),
        t("Better %, of all asked"), t("Interval from"), t("Interval to"),
    )  # fmt: skip
    note = t(
        "Second answers rise by themselves: whoever was very displeased on one day is less so on most others, whatever "
        "is done (regression to the mean). Only a trial in which chance decides tells what an apology does."
    )
    ways = [Way("answers", values=LOW) for _ in rows]
    return ReportTable(t("Second answers against the first"), columns, rows, note, ways)


def _again_row(label: str, asked: Asked) -> Cells:
    return [label, asked.asked, asked.better, asked.same, asked.worse, asked.silent, *cells(asked.of_all)]


def _score(score: float) -> str:
    return f"{score:g}"


def again_chart(t: Words, found: Found) -> Chart | None:
    """Draw the share of better second answers by the first answer; None where there are too few."""
    spots = list(_again_spots(found))
    if not spots:
        return None
    heads = (
        t("First answer (0 to 100)"), t("Better %, of all asked"), t("Interval from"), t("Interval to"),
        t("Asked again"),
    )  # fmt: skip
    title = t("Better second answers by the first answer (they rise by themselves)")
    return intervals(title, spots, heads, digits=0, reach=(0, PERCENT), rtl=t.rtl)


def _again_spots(found: Found) -> Iterator[Spot]:
    for first, asked in found.again.by_first.items():
        part, low, high = cells(asked.of_all)
        if isinstance(part, int) and isinstance(low, int) and isinstance(high, int):
            yield Spot(_score(first), part, low, high, asked.asked)


def ways_table(t: Words, found: Found) -> ReportTable:
    """Return the share of better second answers, with those who gave none counted in three ways."""
    asked = found.again.all
    ways: Sequence[tuple[str, Share]] = (
        (t("No answer counts as not better"), asked.of_all),
        (t("Of those who answered"), asked.of_answers),
        (t("If all who gave none were better"), asked.at_most),
    )
    rows: list[Cells] = [[label, of.part, of.whole, *cells(of)] for label, of in ways]
    columns = (t("Way of counting"), t("Better"), t("Of"), t("Better %"), t("Interval from"), t("Interval to"))
    note = t("{n} customers may still answer and are left out.", n=found.again.waiting) if found.again.waiting else ""
    return ReportTable(t("Better second answers, counted in three ways"), columns, rows, note)


def groups_tables(t: Words, found: Found) -> list[ReportTable]:
    """Return the groups, in the order of their names; no group is ranked."""
    most = sorted(found.groups, key=lambda name: found.groups[name].cases.opened, reverse=True)[:MOST_GROUPS]
    names = [name for name in found.groups if name in most]
    note = t(
        "Groups stand in the order of their names, the {n} with the most cases. Shares of fewer than 10 are left out.",
        n=MOST_GROUPS,
    )  # fmt: skip
    ways = [Way("answers", values={found.query.by: name, **LOW}) if name else None for name in names]
    shown = [(name or t("(not given)"), found.groups[name]) for name in names]
    cases = (
        t("Group"), t("Cases"), t("Closed"), t("Overdue"), t("Taken on in time %"), t("Asked again"),
        t("Better %, of all asked"),
    )  # fmt: skip
    stayed = (
        t("Group"), t("Made good, followed"), t("Not made good, followed"), t("Stayed more often, points"),
        t("Interval from"), t("Interval to"),
    )  # fmt: skip
    return [
        ReportTable(t("Cases and second answers by group"), cases, [_cases_row(*each) for each in shown], note, ways),
        ReportTable(t("Did customers stay? By group"), stayed, [_stayed_row(*each) for each in shown], note, ways),
    ]


def _cases_row(label: str, group: GroupFound) -> Cells:
    taken = Share(group.cases.taken[YES], group.cases.taken[YES] + group.cases.taken[NO])
    counts, again = group.cases, group.again.all
    return [
        label, counts.opened, counts.closed, counts.overdue, cells(taken)[0], again.asked, cells(again.of_all)[0],
    ]  # fmt: skip


def _stayed_row(label: str, group: GroupFound) -> Cells:
    kept, ends = group.kept, list[str | int | float | None]([None, None, None])
    if kept.difference is not None and kept.interval is not None:
        ends = [round(PERCENT * each, 1) for each in (kept.difference, *kept.interval)]
    return [label, kept.one.whole, kept.other.whole, *ends]
