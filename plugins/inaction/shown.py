"""The chart and the tables: what the result depends on, what it is made of, and where every input comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedbackhub import Chart, Query, ReportTable, Way
from feedbackhub.charts import Swing, tornado
from feedbackhub.reporting import Words
from feedbackhub.reporting.assumptions import LIST, Range, plain
from feedbackhub.statistics import few

from .figures import plainly
from .known import Known
from .measured import Measured
from .model import Cost
from .simulate import Chance, spread

__all__ = ["dependence", "groups_table", "inputs_table", "parts_table"]

MOST_GROUPS = 30
Cells = list[str | int | float | None]


def dependence(t: Words, known: Known, chance: Chance) -> tuple[Chart | None, list[str]]:
    """Return the chart of what the result depends on, and the inputs by how much it does."""
    middle, swung = chance.swings(known.ranges)
    in_money = bool(known.currency)

    def of(cost: Cost) -> float:
        return plain(cost.total if in_money else cost.lost)

    labels = {each.name: t(known.held[each.name].about.label) for each in swung}
    bars = {each.name: Swing(labels[each.name], of(each.low), of(each.high)) for each in swung}
    bars = {name: bar for name, bar in bars.items() if bar.low != bar.high}
    if not bars:
        return None, []
    most = sorted(bars, key=lambda name: abs(bars[name].high - bars[name].low), reverse=True)
    what = t("Cost of a year in {currency}", currency=known.currency) if in_money else t("Customers lost in a year")
    title = t("{what}: what it depends on (model, not a measurement)", what=what)
    heads = (t("Assumption"), t("At its lowest"), t("At its highest"))
    chart = tornado(title, list(bars.values()), heads, middle=of(middle), digits=0, rtl=t.rtl)
    return chart, [labels[name] for name in most]


def parts_table(t: Words, known: Known, costs: Sequence[Cost]) -> ReportTable:
    """Return what the cost is made of, part by part."""
    rows: list[tuple[str, list[float]]] = [
        (t("Problems brought forward"), [each.complaints for each in costs]),
        (t("Customers with a problem who keep silent"), [each.silent for each in costs]),
        (t("Customers lost of those who came forward"), [each.lost_complainers for each in costs]),
        (t("Customers lost of the silent"), [each.lost_silent for each in costs]),
    ]
    if known.currency:
        if "handling" in known.ranges or "rework" in known.ranges:
            handled = t("Handling and rework, {currency}", currency=known.currency)
            rows.append((handled, [each.handled for each in costs]))
        rows += [
            (t("Margin lost, {currency}", currency=known.currency), [each.margin_lost for each in costs]),
            (t("Margin not won, {currency}", currency=known.currency), [each.margin_not_won for each in costs]),
        ]
    cells: list[Cells] = [[label, *_three(results)] for label, results in rows]
    columns = (t("In a year"), t("5 of 100 runs lie below"), t("Half of the runs lie below"), t("5 of 100 lie above"))
    return ReportTable(t("What it is made of (model)"), columns, cells)


def _three(results: Sequence[float]) -> list[float]:
    found = plainly(spread(results))
    return [found.low, found.middle, found.high]


def _three_or_none(results: Sequence[float]) -> Cells:
    return [*_three(results)] if results else [None, None, None]


def _speaks(group: Measured) -> bool:
    """Tell whether a group has contacts enough to say how many there are in a month."""
    return few(group.contacts) not in ("none", "counts")


def inputs_table(t: Words, known: Known) -> ReportTable:
    """Return every input with its range, whether it is assumed or measured, and its source."""
    rows: list[Cells] = []
    ways: list[Way | None] = []
    for name, held in known.held.items():
        if held.about.is_word:
            continue
        range_ = known.ranges.get(name)
        rows.append([
            t(held.about.label) + (" (%)" if held.about.kind == "share" else ""),
            *_ends(range_, 100.0 if held.about.kind == "share" else 1.0),
            _origin(t, known, name), _source(t, known, name),
        ])  # fmt: skip
        ways.append(_way(known, name))
    columns = (t("Input"), t("Lowest"), t("Likely"), t("Highest"), t("What it is"), t("Source"))
    return ReportTable(t("What it rests on"), columns, rows, ways=ways)


def _ends(range_: Range | None, factor: float) -> Cells:
    if range_ is None:
        return [None, None, None]
    return [plain(end * factor) for end in (range_.low, range_.likely, range_.high)]


def _origin(t: Words, known: Known, name: str) -> str:
    if name not in known.ranges:
        return t("not entered")
    said = {"entered": t("assumption, entered"), "measured": t("measured"), "default": t("assumption, default")}
    return said[known.origins[name]]


def _source(t: Words, known: Known, name: str) -> str:
    """Say where an input comes from; of what was measured, what was counted."""
    if known.origins.get(name) == "entered":
        return known.held[name].source
    if known.origins.get(name) == "measured":
        share = known.measured.share_solved
        said = {
            "contacts": t("{n} inbound contacts in {days} days", n=known.measured.contacts, days=known.days),
            "solved": t("{part} of {whole} answers say that it was solved", part=share.part, whole=share.whole),
            "contacts_each": t("{n} answers to how often contact was made", n=known.measured.times.total()),
        }
        return said[name]
    return t(known.held[name].about.source)


def _way(known: Known, name: str) -> Way:
    if known.origins.get(name) == "measured" and name == "solved":
        return Way("answers", values={"solved": "no"})
    if known.origins.get(name) == "measured" and name == "contacts_each":
        return Way("answers")
    return Way("page", f"{LIST}/{name}")


def groups_table(
    t: Words, query: Query, known: Known, groups: Mapping[str, Measured], chance: Chance
) -> ReportTable:
    """Return what each group comes to under the same assumptions.

    Args:
        t: The words.
        query: What was asked for.
        known: The inputs for all together.
        groups: What was counted of each.
        chance: Where the runs come from.
    """
    most = sorted(groups, key=lambda name: groups[name].contacts, reverse=True)[:MOST_GROUPS]
    names = sorted(most, key=lambda name: (not name, name.casefold(), name))
    in_money = bool(known.currency)
    rows: list[Cells] = []
    for name in names:
        costs = chance.costs(known.of_group(groups[name])) if _speaks(groups[name]) else []
        lost = _three_or_none([each.lost for each in costs])
        money = _three_or_none([each.total for each in costs]) if in_money else []
        share = groups[name].share_solved
        rows.append([name or t("(not given)"), groups[name].contacts, share.whole, *lost, *money])
    heads = [t("Customers lost, low"), t("Customers lost, middle"), t("Customers lost, high")]
    if in_money:
        heads += [
            t("{currency}, low", currency=known.currency), t("{currency}, middle", currency=known.currency),
            t("{currency}, high", currency=known.currency),
        ]  # fmt: skip
    note = t(
        "Groups stand in the order of their names, the {n} with the most contacts. Each has its own contacts and "
        "answers, with fewer than 10 answers the share solved of all; every other input is the same for all. With "
        "fewer than 10 contacts nothing is worked out.",
        n=MOST_GROUPS,
    )  # fmt: skip
    ways = [Way("answers", values={query.by: name, "solved": "no"}) if name else None for name in names]
    columns = (t("Group"), t("Contacts"), t("Answers"), *heads)
    return ReportTable(t("By group (model)"), columns, rows, note, ways)
