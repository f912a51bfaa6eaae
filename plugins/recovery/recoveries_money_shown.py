"""The tables and charts on money: who stayed, what it is worth, what it cost, and beside it what is quoted."""

from __future__ import annotations

from collections.abc import Iterator

from feedbackhub import Chart, ReportTable, Way
from feedbackhub.charts import Spot, intervals
from feedbackhub.reporting import Words
from feedbackhub.reporting.assumptions import LIST, Spread, plain
from feedbackhub.statistics import Interval, Share, share_sequence

from .money_assumptions import CLAIM, MARGIN, WORK
from .recoveries_figures import LOW, kind_of, why_not
from .recoveries_found import Found
from .recoveries_money import gestures_cost
from .recoveries_retention import LEVEL, Kept
from .recoveries_shown import Cells, cells

__all__ = ["assumed_table", "money_table", "return_chart", "stayed_chart", "stayed_table"]

PERCENT = 100


def stayed_table(t: Words, found: Found) -> ReportTable:
    """Return how many customers stayed, by what was done and by what chance decided."""
    kept = found.kept
    rows: list[Cells] = [
        _stayed(t("Made good within {days} days", days=found.within), kept.one),
        _stayed(t("Not made good by then"), kept.other),
        _differing(t("Difference within groups alike (association)"), kept),
    ]
    ways: list[Way | None] = [Way("answers", values=LOW), Way("answers", values=LOW), None]
    for name, trial in found.trials.items():
        rows += [
            _stayed(t("Trial {name}: something given", name=name), trial.one, share_sequence(trial.one, LEVEL)),
            _stayed(t("Trial {name}: nothing given", name=name), trial.other, share_sequence(trial.other, LEVEL)),
            _differing(t("Trial {name}: difference (drawn by chance)", name=name), trial),
        ]
        ways += [Way("report", "apology")] * 3
    columns = (
        t("Customers with a bad answer"), t("Stayed"), t("Of"), t("Stayed %, or points"), t("Interval from"),
        t("Interval to"),
    )  # fmt: skip
    return ReportTable(t("Did customers stay?"), columns, rows, _how(t, found), ways)


def _how(t: Words, found: Found) -> str:
    if found.by_attribute:
        return t(
            "Stayed: your own system says so today, of customers whose {days} days have passed. Those alike have the "
            "same first answer, segment and month.", days=found.within + found.follow,
        )  # fmt: skip
    return t(
        "Stayed: made contact again in the {follow} days after the first {within}; a contact may be a complaint. Those "
        "alike have the same first answer and segment.", follow=found.follow, within=found.within,
    )  # fmt: skip


def _stayed(label: str, of: Share, interval: Interval | None = None) -> Cells:
    return [label, of.part, of.whole, *cells(of, interval)]


def _differing(label: str, kept: Kept) -> Cells:
    if kept.difference is None or kept.interval is None:
        return [label, None, kept.compared, None, None, None]
    return [label, None, kept.compared, *(round(PERCENT * each, 1) for each in (kept.difference, *kept.interval))]


def stayed_chart(t: Words, found: Found) -> Chart | None:
    """Draw how many customers stayed; None where there are too few."""
    parts: list[tuple[str, Share, Interval | None]] = [
        (t("Made good"), found.kept.one, None), (t("Not made good"), found.kept.other, None),
    ]  # fmt: skip
    for name, trial in found.trials.items():
        # A trial may still run: its arms have intervals that hold however often they are looked at.
        one, other = share_sequence(trial.one, LEVEL), share_sequence(trial.other, LEVEL)
        parts += [(t("Trial {name}: something given", name=name), trial.one, one),
                  (t("Trial {name}: nothing given", name=name), trial.other, other)]  # fmt: skip
    spots = []
    for label, of, interval in parts:
        value, low, high = cells(of, interval)
        if isinstance(value, int) and isinstance(low, int) and isinstance(high, int):
            spots.append(Spot(label, value, low, high, of.whole))
    if len(spots) < 2:
        return None
    heads = (t("Customers"), t("Stayed %"), t("Interval from"), t("Interval to"), t("Customers"))
    title = t("Customers with a bad answer who stayed (association, not proof)")
    if found.trials:
        title = t("Customers with a bad answer who stayed")
    return intervals(title, spots, heads, digits=0, reach=(0, PERCENT), rtl=t.rtl)


def money_table(t: Words, found: Found) -> ReportTable:
    """Return step by step how the money comes about."""
    currency, money, of = found.account.currency, found.money, found.account
    kind = kind_of(t, found)
    rows: list[Cells] = [[t("Customers for whom it was made good"), None, of.kept.one.whole, None, t("counted")]]
    rows.append(_row(t("Customers kept"), money.customers, kind))
    rows.append(_row(t("Money in, {currency}", currency=currency or "–"), money.earned, kind))
    for code, cents in sorted(of.costs.cents.items()):
        label = t("Cost of gestures, {currency}", currency=code)
        rows.append([label, None, plain(cents / PERCENT), None, t("measured")])
    whole = gestures_cost(of.costs, currency)
    if currency and not of.foreign and whole > of.costs.cents[currency] / PERCENT:
        label = t("The same with those without a cost noted, {currency}", currency=currency)
        rows.append([label, None, plain(whole), None, t("those at the mean of their kind")])
    rows.append([t("Cases that were worked on"), None, of.cases, None, t("counted")])
    rows.append(_row(t("Money out, {currency}", currency=currency or "–"), money.spent, t("measured and assumed")))
    rows.append(_row(t("Return for each unit spent"), money.ratio, kind if money.ratio else why_not(t, found)))
    rows.append(_row(t("Money in less money out, {currency}", currency=currency or "–"), money.net, kind))
    claim = found.held[CLAIM].range
    if claim is not None:
        said = t("quoted, enters no calculation")
        rows.append([t("What others say it returns"), plain(claim.low), None, plain(claim.high), said])
    columns = (t("Step"), t("Lowest"), t("Middle"), t("Highest"), t("What it is"))
    return ReportTable(t("Money in against money out (estimate)"), columns, rows, _money_note(t))


def _money_note(t: Words) -> str:
    return t(
        "The work counts for all cases of the customers compared, also for those that came to nothing. Who stayed so "
        "long is taken to bring the margin of one year."
    )


def _row(label: str, found: Spread | None, kind: str) -> Cells:
    if found is None:
        return [label, None, None, None, kind]
    return [label, plain(found.low), plain(found.middle), plain(found.high), kind]


def return_chart(t: Words, found: Found) -> Chart | None:
    """Draw the return beside what is quoted and the line where money in equals money out; None without a return."""
    ratio, claim = found.money.ratio, found.held[CLAIM].range
    if ratio is None:
        return None
    label = t("Your own ({kind})", kind=kind_of(t, found))
    spots = [Spot(label, plain(ratio.middle), plain(ratio.low), plain(ratio.high), found.shown.compared)]
    if claim is not None:
        spots.append(Spot(t("Quoted by others"), None, plain(claim.low), plain(claim.high)))
    heads = (
        t("Whose number"), t("Return for each unit spent"), t("Interval from"), t("Interval to"), t("Customers"),
    )  # fmt: skip
    title = t("What each unit spent returns; at 1 it comes back")
    return intervals(title, spots, heads, digits=2, mark=1, rtl=t.rtl)


def assumed_table(t: Words, found: Found) -> ReportTable:
    """Return what is assumed, with its source and the way to change it."""
    rows: list[Cells] = []
    for held in found.held.values():
        about, range_ = held.about, held.range
        ends: Cells = [None, None, None]
        if range_ is not None:
            likely = None if about.kind == "span" else plain(range_.likely)
            ends = [plain(range_.low), likely, plain(range_.high)]
        elif about.is_word:
            ends = [None, held.word or None, None]
        source = held.source if held.entry is not None else t(held.source)
        rows.append([t(about.label) + _unit(found, about.name), *ends, source])
    columns = (t("Assumption"), t("Lowest"), t("Likely"), t("Highest"), t("Source"))
    ways = [Way("page", f"{LIST}/{name}") for name in found.held]
    return ReportTable(t("What is assumed"), columns, rows, ways=ways)


def _unit(found: Found, name: str) -> str:
    return f", {found.account.currency}" if name in (MARGIN, WORK) and found.account.currency else ""


def charts(t: Words, found: Found) -> Iterator[Chart]:
    """Yield the charts on money that can be drawn."""
    yield from filter(None, (stayed_chart(t, found), return_chart(t, found)))
