"""The main numbers of the report on recoveries, each with its interval or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from feedbackhub import Figure, Way
from feedbackhub.reporting import ShareMeasure, Words, change, estimate, joined, share
from feedbackhub.reporting.assumptions import LIST, Spread, plain
from feedbackhub.statistics import few

from .recoveries_cases import NO, YES
from .recoveries_found import Found
from .recoveries_times import Median

__all__ = ["LOW", "cases_way", "figures", "in_time", "kind_of", "why_not"]

LOW: Mapping[str, str] = {"low": "yes"}
POINTS = 100.0


def cases_way(found: Found, listed: str) -> Way:
    """Return the way to the list of cases: ``all`` that are open, ``overdue`` ones or ``closed`` ones."""
    return Way("page", values={"list": listed, "team": found.query.where.get("team", "")})


def in_time(t: Words) -> ShareMeasure:
    """Return what is measured of cases: the share taken on in time."""
    return ShareMeasure(
        t("Cases taken on in time"), t("Taken on in time %"), noun=t("Cases"), good=frozenset({YES}),
        among=frozenset({YES, NO}),
    )  # fmt: skip


def kind_of(t: Words, found: Found) -> str:
    """Say what kind of number anything about customers kept is; every such number carries it."""
    return t("estimate, drawn by chance") if found.lead else t("estimate, association")


def figures(t: Words, found: Found) -> list[Figure]:
    """Return the main numbers."""
    return [*_cases(t, found), *_again(t, found), *_kept(t, found), *_money(t, found)]


def _cases(t: Words, found: Found) -> Iterator[Figure]:
    measure, counts = in_time(t), found.cases
    yield estimate(t, measure, counts.taken, cases_way(found, "all"))
    if found.taken_before is not None:
        yield change(t, measure, counts.taken, found.taken_before)
    closing = replace(measure, label=t("Cases closed in time"), head=t("Closed in time %"))
    yield estimate(t, closing, counts.closed_in_time, cases_way(found, "closed"))
    if counts.opened:
        said = t("{open} of {opened} cases are still open", open=counts.unfinished, opened=counts.opened)
        way, open_ = cases_way(found, "overdue"), t("Open cases")
        yield Figure(t("Overdue now"), counts.overdue, n=counts.unfinished, note=said, way=way, counts=open_)
    yield _median(t, t("Business hours until half were taken on"), found.taken)
    yield _median(t, t("Business hours until half were closed"), found.closing)


def _median(t: Words, label: str, found: Median) -> Figure:
    how, open_ = few(found.n), found.n - found.over
    bare = Figure(label, None, n=found.n, note=t.few(how), few=how, counts=t("Cases"))
    if how in ("none", "counts"):
        return bare
    if found.value is None:
        return replace(bare, note=joined(t("more than half still wait"), t.few(how)))
    waiting = t("{n} still wait and count as at least so long", n=open_) if open_ else ""
    low, high = (None if end is None else round(end, 1) for end in (found.low, found.high))
    if low is None or high is None:
        endless = t("from {low} on, no upper end yet", low=low) if low is not None else ""
        return replace(bare, value=round(found.value, 1), note=joined(endless, waiting, t.few(how)))
    return replace(bare, value=round(found.value, 1), low=low, high=high, note=joined(waiting, t.few(how)))


def _again(t: Words, found: Found) -> Iterator[Figure]:
    label = t("Better second answers, of all who were asked again")
    figure = share(t, label, found.again.all.of_all, Way("answers", values=LOW))
    warning = t("second answers rise by themselves") if figure.value is not None else ""
    yield replace(figure, note=joined(figure.note, warning), counts=t("Customers"))


def _kept(t: Words, found: Found) -> Iterator[Figure]:
    kept = found.shown
    label = (
        t("Stayed more often, where something was given (estimate, drawn by chance)") if kept.by_chance
        else t("Stayed more often, where it was made good (estimate, association)")
    )  # fmt: skip
    counts = t("Customers")
    if kept.difference is None or kept.interval is None:
        n = kept.one.whole + kept.other.whole
        said = joined(why_not(t, found), _of_each(t, found) if n else "")
        yield Figure(label, None, n=n, unit="points", note=said, few="counts" if n else "none", counts=counts)
        return
    low, high = (round(POINTS * end, 1) for end in kept.interval)
    flag = few(kept.smaller)
    way = Way("report", "apology") if kept.by_chance else Way("answers", values=LOW)
    yield Figure(
        label, round(POINTS * kept.difference, 1), low, high, kept.compared, "points",
        note=joined(t.moved(kept.interval), t.few(flag)), few=flag, counts=counts, way=way,
    )  # fmt: skip


def _of_each(t: Words, found: Found) -> str:
    one, other = found.shown.one, found.shown.other
    return t(
        "{part} of {whole} stayed, of the others {other} of {all}", part=one.part, whole=one.whole, other=other.part,
        all=other.whole,
    )  # fmt: skip


def _money(t: Words, found: Found) -> Iterator[Figure]:
    money, kind, currency = found.money, kind_of(t, found), found.account.currency
    if money.customers is not None:
        yield _spread(t, t("Customers kept ({kind})", kind=kind), money.customers)
    if money.earned is not None:
        yield _spread(t, t("Money in: what they bring in a year ({kind})", kind=kind), money.earned, currency)
    if money.spent is not None:
        yield _spread(t, t("Money out: what making good cost"), money.spent, currency)
    label = t("Return for each unit spent ({kind})", kind=kind)
    if money.ratio is None:
        too_few = money.why == "few"
        yield Figure(label, None, note=why_not(t, found), few="counts" if too_few else "none", way=Way("page", LIST))
        return
    yield _spread(t, label, money.ratio)


def _spread(t: Words, label: str, found: Spread, unit: str = "") -> Figure:
    return Figure(
        label, plain(found.middle), plain(found.low), plain(found.high), None, unit,
        note=t("95 of 100 runs lie between the ends"), way=Way("page", LIST),
    )  # fmt: skip


def why_not(t: Words, found: Found) -> str:
    """Say why there is no return, empty where there is one."""
    foreign = ", ".join([*found.account.foreign, *filter(None, [found.account.currency])])
    said: Mapping[str, str] = {
        "": "",
        "nobody": t("no data: there is nobody in one of the two groups"),
        "few": t("too few to say"),
        "alone": t("nobody can be compared with anybody alike"),
        "currency": t("nothing entered: the currency is missing"),
        "margin": t("nothing entered: the margin of a customer is missing"),
        "work": t("nothing entered: the cost of the work on one case is missing"),
        "currencies": t("costs in several currencies are not added: {codes}", codes=foreign),
        "costs": t("nobody noted what compensations cost"),
        "nothing": t("nothing was spent, so there is no return for it"),
    }
    return said[found.money.why]

